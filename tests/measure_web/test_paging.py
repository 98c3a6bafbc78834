"""QIDO-RS is counted to its end, whatever the server does with `limit` and `offset`, or said to be at least so much."""

import json

import pytest

from leadglass.measure import paging
from leadglass.measure.outcome import Measured
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import Budget
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import CountKind
from tests.fakes.asking import count
from tests.fakes.scripted_web import DICOM_JSON, FakeServer, Reply, Request
from tests.fakes.web_products import CANARIES, REFUSED, Qido, element, listing, study

WAY = DicomwebWay(port=1, secure=False, base="/dicom-web")


def counted(service: Qido, budget: Budget | None = None) -> tuple[Measured, Exposure, FakeServer, int]:
    """Measured, its exposure, the server and the records received."""
    server = FakeServer(service.routes())
    measured, cost = count(server, WAY, budget=budget)
    assert measured.exposure is not None
    assert not [word for word in CANARIES if word in repr(measured)]
    return measured, measured.exposure, server, cost.records_received


def figures(exposure: Exposure) -> tuple[int | None, int | None, int | None]:
    """Patients, studies and images."""
    all_three = (exposure.patients, exposure.studies, exposure.images)
    patients, studies, images = (figure.count if figure else None for figure in all_three)
    return patients, studies, images


@pytest.mark.parametrize("studies", [1, 3, 499, 500, 501, 1000, 1203])
def test_pages_are_counted_to_the_end(studies: int) -> None:
    measured, exposure, server, received = counted(Qido(studies=studies))
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.EXACT
    assert figures(exposure) == ((studies + 1) // 2, studies, 3 * studies)
    assert received == studies
    assert len(server.requests) == studies // 500 + 1 + (studies % 500 > 0)
    assert exposure.limits == ()
    assert measured.whole_archive is None


def test_years_and_modalities_are_told() -> None:
    _, exposure, _, _ = counted(Qido(studies=60))
    assert exposure.years == (2001, 2020)
    assert exposure.modalities is not None
    assert exposure.modalities["SR"] == 60
    assert sum(exposure.modalities.values()) == 120


@pytest.mark.parametrize("studies", [50, 99, 100, 101, 300, 1203])
def test_a_servers_own_cap_is_not_the_end(studies: int) -> None:
    _, exposure, server, received = counted(Qido(studies=studies, cap=100))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (studies, CountKind.EXACT)
    assert received == studies
    assert len(server.requests) <= studies // 100 + 2


def test_a_limit_that_is_ignored_gives_all_at_once() -> None:
    measured, exposure, server, received = counted(Qido(studies=1203, limits=False))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (1203, CountKind.EXACT)
    assert measured.whole_archive is True
    assert (len(server.requests), received) == (1, 1203)


def test_a_round_number_for_everything_is_at_least() -> None:
    _, exposure, _, _ = counted(Qido(studies=1000, limits=False))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (1000, CountKind.AT_LEAST)


def test_an_offset_that_is_ignored_ends_it() -> None:
    for studies, kind, requests in ((1203, CountKind.AT_LEAST, 2), (7, CountKind.EXACT, 2)):
        _, exposure, server, received = counted(Qido(studies=studies, offsets=False))
        assert exposure.studies is not None
        assert (exposure.studies.count, exposure.studies.kind) == (min(500, studies), kind)
        assert len(server.requests) == requests
        assert received == 2 * min(500, studies)
        assert not any("more than once" in limit for limit in exposure.limits)


def test_a_cap_with_an_offset_that_is_ignored_is_at_least() -> None:
    _, exposure, _, _ = counted(Qido(studies=1203, cap=100, offsets=False))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (100, CountKind.AT_LEAST)


def test_no_page_behind_the_last_may_be_an_error() -> None:
    for status, kind in ((404, CountKind.EXACT), (400, CountKind.EXACT), (500, CountKind.AT_LEAST)):
        _, exposure, _, _ = counted(Qido(studies=503, behind=Reply(status=status, body=b"no")))
        assert exposure.studies is not None
        assert (exposure.studies.count, exposure.studies.kind) == (503, kind)


def test_a_login_in_the_middle_is_at_least() -> None:
    _, exposure, _, _ = counted(Qido(studies=503, behind=REFUSED))
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.AT_LEAST
    assert any("401" in limit for limit in exposure.limits)


def test_the_budget_ends_it() -> None:
    _, exposure, server, received = counted(Qido(studies=1203), Budget(max_records=700))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind, received) == (700, CountKind.AT_LEAST, 700)
    assert [request.value("limit") for request in server.requests] == ["500", "200"]
    assert any("budget" in limit for limit in exposure.limits)


def test_a_budget_that_is_gone_is_said() -> None:
    measured, _ = count(FakeServer(Qido().routes()), WAY, budget=Budget(max_records=0))
    assert measured.exposure is not None
    assert measured.exposure.studies == Count.at_least(1), "the proof has shown one"
    assert any("--max-records" in limit for limit in measured.exposure.limits)


def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 20)

    def endless(request: Request) -> Reply:
        return listing([study(int(request.value("offset") or 0))])

    measured, cost = count(FakeServer({"/dicom-web/studies": endless}), WAY, budget=Budget(max_records=10**6))
    assert measured.exposure is not None
    assert measured.exposure.studies is not None
    assert measured.exposure.studies.kind is CountKind.AT_LEAST
    assert cost.records_received == 20


def test_a_study_that_comes_twice_is_counted_once() -> None:
    _, exposure, _, received = counted(Qido(studies=900, make=lambda n: study(n % 700)))
    assert exposure.studies is not None
    assert (exposure.studies.count, received) == (700, 900)
    assert any("more than once" in limit for limit in exposure.limits)


def test_a_page_too_long_is_counted_as_far_as_it_was_read() -> None:
    def long(number: int) -> dict[str, object]:
        return {**study(number), "00081030": element("LO", "x" * 20_000)}

    _, exposure, _, received = counted(Qido(studies=400, make=long))
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.AT_LEAST
    assert 150 < exposure.studies.count == received < 250


def test_odd_values_in_a_record_break_nothing() -> None:
    odd: list[object] = [None, True, 1.5, {"Alphabetic": "x"}, [[]], "\ud800", 10**40, -1, "", "\\", "a" * 70_000]
    records: list[dict[str, object]] = []
    for number, value in enumerate(odd):
        values = element("LO", value)
        record = dict.fromkeys(("00100020", "00080020", "00080061", "00201208"), values)
        records.append({"0020000D": element("UI", f"1.2.{number}"), **record})
    broken: tuple[object, ...] = (None, [], {"Value": 3}, {"Value": [{}]}, {"Value": []})
    records += [{"0020000D": value} for value in broken]
    body = json.dumps(records).encode()
    pages = iter([Reply(body=body, type=DICOM_JSON), Reply(status=204, type=None)])
    measured, cost = count(FakeServer({"/dicom-web/studies": lambda r: next(pages)}), WAY)
    assert measured.exposure is not None
    assert measured.exposure.studies is not None
    assert measured.exposure.studies.kind is CountKind.AT_LEAST
    assert cost.records_received in (len(records), 0)


def test_records_that_name_no_study_are_said() -> None:
    _, exposure, _, received = counted(
        Qido(studies=5, make=lambda n: study(n) if n else {"00100020": element("LO", "x")})
    )
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind, received) == (4, CountKind.AT_LEAST, 5)
    assert any("name no study" in limit for limit in exposure.limits)


def test_images_that_are_not_told_are_not_counted_as_none() -> None:
    _, exposure, _, _ = counted(Qido(studies=4, make=lambda n: study(n, images=None)))
    assert exposure.images is None
    _, exposure, _, _ = counted(Qido(studies=4, make=lambda n: study(n, images=5 if n else None)))
    assert exposure.images is not None
    assert (exposure.images.count, exposure.images.kind) == (15, CountKind.AT_LEAST)
