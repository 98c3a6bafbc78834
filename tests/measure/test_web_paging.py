"""QIDO-RS is counted to its end, whatever the server does with `limit` and `offset`, or said to be at least so much."""

import json

import pytest

from leadglass.measure.qido import paging
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import Budget
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import CountKind
from tests.fakes.asking import Counted, count
from tests.fakes.dicomweb import Archive, element, studies, study
from tests.fakes.web_server import DICOM_JSON, Reply, Request, as_json, login

WAY = DicomwebWay(port=1, secure=False, base="/dicom-web")


def counted(archive: Archive, budget: Budget | None = None) -> tuple[Exposure, Counted]:
    """The exposure, and all that came of counting."""
    came = count(archive.routes(), WAY, budget=budget)
    assert came.measured.exposure is not None
    return came.measured.exposure, came


def figures(exposure: Exposure) -> tuple[int | None, int | None, int | None]:
    """Patients, studies and images."""
    all_three = (exposure.patients, exposure.studies, exposure.images)
    patients, studies, images = (figure.count if figure else None for figure in all_three)
    return patients, studies, images


@pytest.mark.parametrize("there", [1, 3, 499, 500, 501, 1000, 1203])
def test_pages_are_counted_to_the_end(there: int) -> None:
    exposure, came = counted(Archive(studies(there)))
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.EXACT
    assert figures(exposure) == ((there + 1) // 2, there, 3 * there)
    assert there <= came.cost.records_received <= there + 10
    doubts = 2 if there >= 5 else 0  # others are looked for in two halves
    assert len(came.requests) == there // 500 + 1 + (there % 500 > 0) + doubts
    assert exposure.limits == ()
    assert came.measured.whole_archive is None


def test_years_and_modalities_are_told() -> None:
    exposure, _ = counted(Archive([study(n, modalities=(("CT", "MR", "US")[n % 3], "SR")) for n in range(60)]))
    assert exposure.years == (2001, 2020)
    assert exposure.modalities == {"SR": 60, "CT": 20, "MR": 20, "US": 20}


@pytest.mark.parametrize("there", [50, 99, 100, 101, 300, 1203])
def test_a_servers_own_cap_is_not_the_end(there: int) -> None:
    exposure, came = counted(Archive(studies(there), cap=100))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (there, CountKind.EXACT)
    assert there <= came.cost.records_received <= there + 10
    assert len(came.requests) <= there // 100 + 2 + 3


def test_a_limit_that_is_ignored_gives_all_at_once() -> None:
    exposure, came = counted(Archive(studies(1203), obeys_limit=False))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (1203, CountKind.EXACT)
    assert came.measured.whole_archive is True
    assert (len(came.requests), came.cost.records_received) == (1, 1203)


def test_a_round_number_for_everything_is_at_least() -> None:
    exposure, _ = counted(Archive(studies(1000), obeys_limit=False))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (1000, CountKind.AT_LEAST)


def test_an_offset_that_is_ignored_ends_it() -> None:
    """Whatever the number: a server that repeats its page may have more than it can be asked for."""
    for there in (1203, 7, 137):
        exposure, came = counted(Archive(studies(there), obeys_offset=False))
        assert exposure.studies == Count.at_least(min(500, there))
        assert len(came.requests) == 2
        assert came.cost.records_received == 2 * min(500, there)
        assert not any("more than once" in limit for limit in exposure.limits)
        assert any(f"{there:,} at a time are probably its limit" in limit for limit in exposure.limits) is (there < 500)


def test_a_cap_with_an_offset_that_is_ignored_is_at_least() -> None:
    exposure, _ = counted(Archive(studies(1203), cap=100, obeys_offset=False))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind) == (100, CountKind.AT_LEAST)


@pytest.mark.parametrize("there", [7, 503])
def test_an_error_behind_the_last_page_is_its_end_where_it_says_so(there: int) -> None:
    """Any other error where another page was asked for may be a limit; nothing at all is the end."""
    for status in (400, 413, 500):
        exposure, _ = counted(Archive(studies(there), behind=Reply(status=status, body=b"no")))
        assert exposure.studies == Count.at_least(there)
        assert any(f"{status} behind {there} records" in limit for limit in exposure.limits)
    for behind in (Reply(status=404), Reply(status=416), Reply(status=204, kind=None), as_json([], DICOM_JSON)):
        exposure, _ = counted(Archive(studies(there), behind=behind))
        assert (exposure.studies, exposure.limits) == (Count.exact(there), ())


def test_no_such_page_behind_one_that_was_full_or_round_is_no_end() -> None:
    for there, cap in ((500, None), (300, 100)):
        exposure, _ = counted(Archive(studies(there), cap=cap, behind=Reply(status=404)))
        assert exposure.studies == Count.at_least(there)


def test_a_limit_behind_which_an_error_stands_is_no_end() -> None:
    """One page of 137 studies, and an error for any other: what a server of 1,203 may do as well."""
    archive = Archive(studies(1203), cap=137)

    def search(request: Request) -> Reply:
        return archive.search(request) if request.query.get("offset") == "0" else Reply(status=400)

    exposure = count({"/dicom-web/studies": search}, WAY).measured.exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(137)


def test_pages_that_overlap_are_counted_on_and_not_called_exact() -> None:
    shifting = [study(n) for n in range(500)] + [study(n) for n in range(450, 703)]
    for behind in (None, Reply(status=404)):
        exposure, _ = counted(Archive(shifting, behind=behind))
        assert exposure.studies == Count.at_least(703)
        assert any("repeated studies of others" in limit for limit in exposure.limits)


def test_a_study_that_one_page_lists_twice_is_no_gap() -> None:
    """It may be two patients' to the server: at least so many."""
    exposure, _ = counted(Archive([study(n % 41) for n in range(42)]))
    assert exposure.studies == Count.at_least(41)
    assert not any("gap" in limit or "changed" in limit for limit in exposure.limits)


def test_the_patients_of_a_study_that_comes_under_two_are_two() -> None:
    exposure, _ = counted(Archive([study(1, patient=1), study(1, patient=2), study(1, patient=1)]))
    assert (exposure.studies, exposure.patients) == (Count.at_least(1), Count.exact(2))


def test_a_login_in_the_middle_is_at_least() -> None:
    exposure, _ = counted(Archive(studies(503), behind=login()))
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.AT_LEAST
    assert any("401" in limit for limit in exposure.limits)


def test_the_budget_ends_the_reading_and_the_end_is_looked_for() -> None:
    exposure, came = counted(Archive(studies(1203)), Budget(max_records=700))
    assert exposure.studies == Count.exact(1203)
    assert exposure.patients == Count.at_least(300)
    assert 600 < came.cost.records_received <= 640
    assert [request.query["limit"] for request in came.requests[:3]] == ["500", "100", "1"]
    assert any("--max-records" in limit for limit in exposure.limits)


def test_the_budget_ends_it() -> None:
    """Where a study came twice its place in the list tells nothing: it is read as far as the budget goes."""
    exposure, came = counted(Archive([study(0), *studies(1202)]), Budget(max_records=700))
    assert (exposure.studies, came.cost.records_received) == (Count.at_least(699), 700)
    assert [request.query.get("limit") for request in came.requests] == ["500", "200"]
    assert any("--max-records" in limit for limit in exposure.limits)


def test_a_budget_that_is_gone_is_said() -> None:
    measured = count(Archive().routes(), WAY, budget=Budget(max_records=0)).measured
    assert measured.exposure is not None
    assert measured.exposure.studies == Count.at_least(1), "the proof has shown one"
    assert any("--max-records" in limit for limit in measured.exposure.limits)


def test_a_server_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 20)

    def endless(request: Request) -> Reply:
        return as_json([study(int(request.query.get("offset", 0)))])

    came = count({"/dicom-web/studies": endless}, WAY, budget=Budget(max_records=10**6))
    exposure = came.measured.exposure
    assert exposure is not None
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.AT_LEAST
    assert came.cost.records_received == 20


def test_a_study_that_comes_twice_is_counted_once() -> None:
    exposure, came = counted(Archive([study(n % 701) for n in range(900)]))
    assert exposure.studies is not None
    assert (exposure.studies.count, came.cost.records_received) == (701, 900)
    assert any("more than once" in limit for limit in exposure.limits)


def test_a_page_too_long_is_counted_as_far_as_it_was_read() -> None:
    long = element("LO", "x" * 20_000)
    exposure, came = counted(Archive([{**one, "00081030": long} for one in studies(400)]))
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.AT_LEAST
    assert 150 < exposure.studies.count == came.cost.records_received < 250


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
    pages = iter([Reply(body=body, kind=DICOM_JSON), Reply(status=204, kind=None)])
    came = count({"/dicom-web/studies": lambda request: next(pages)}, WAY)
    exposure = came.measured.exposure
    assert exposure is not None
    assert exposure.studies is not None
    assert exposure.studies.kind is CountKind.AT_LEAST
    assert came.cost.records_received in (len(records), 0)


def test_records_that_name_no_study_are_said() -> None:
    exposure, came = counted(Archive([*studies(4), {"00100020": element("LO", "x")}]))
    assert exposure.studies is not None
    assert (exposure.studies.count, exposure.studies.kind, came.cost.records_received) == (4, CountKind.AT_LEAST, 5)
    assert any("name no study" in limit for limit in exposure.limits)


def test_images_that_are_not_told_are_not_counted_as_none() -> None:
    exposure, _ = counted(Archive([study(n, images=None) for n in range(4)]))
    assert exposure.images is None
    exposure, _ = counted(Archive([study(n, images=5 if n else None) for n in range(4)]))
    assert exposure.images is not None
    assert (exposure.images.count, exposure.images.kind) == (15, CountKind.AT_LEAST)


@pytest.mark.parametrize("most", [5, 10, 37, 38, 100, 137, 500, 501, 1000, 1202])
def test_a_limit_on_all_pages_together_is_found_by_two_halves(most: int) -> None:
    """Also where it hides a single study, and wherever that stands."""
    for place in (0, 700, 1202):
        among = studies(1203)
        among.append(among.pop(place))
        exposure, came = counted(Archive(among, most=most))
        assert exposure.studies == Count.at_least(most)
        assert any("more lie behind" in limit for limit in exposure.limits)
        assert came.cost.records_received <= most + 4


@pytest.mark.parametrize("there", [1, 2, 5, 10, 12, 19, 20, 100])
@pytest.mark.parametrize("days", [1, 2, 40])
def test_a_small_archive_is_exact(there: int, days: int) -> None:
    """Two small questions prove it, but for a round number on a single day: that half may be cut as well."""
    some = [
        {**study(n), "00080020": element("DA", f"2019{1 + n % days // 28:02}{1 + n % days % 28:02}")}
        for n in range(there)
    ]
    exposure, came = counted(Archive(some))
    proved = days > 1 or there < 20
    assert exposure.studies == (Count.exact(there) if proved else Count.at_least(there))
    assert came.cost.records_received <= there + 2
    assert len(came.requests) <= 2 + 2


def test_a_study_of_another_day_than_the_only_one_shows_a_limit() -> None:
    one_day = [{**study(n), "00080020": element("DA", "19000101")} for n in range(37)]
    exposure, _ = counted(Archive([*one_day, study(99)], most=37))
    assert exposure.studies == Count.at_least(37)


def test_an_odd_number_where_dates_tell_nothing_stays_exact() -> None:
    """They are not heeded, or not there, or a question by date is an error."""
    undated = [{**study(n), "00080020": {"vr": "DA"}} for n in range(37)]
    for archive in (
        Archive(studies(37), obeys_keys=False),
        Archive(undated),
        Archive([*undated[:20], *studies(41)[20:]]),
    ):
        exposure, _ = counted(archive)
        assert exposure.studies == Count.exact(len({one["0020000D"]["Value"][0] for one in archive.studies}))

    def no_dates(request: Request) -> Reply:
        return Reply(status=400) if "StudyDate" in request.query else Archive(studies(37)).search(request)

    came = count({"/dicom-web/studies": no_dates}, WAY)
    assert came.measured.exposure is not None
    assert came.measured.exposure.studies == Count.exact(37)


def test_a_budget_that_leaves_no_question_about_more_is_said() -> None:
    exposure, _ = counted(Archive([study(0), *studies(37)]), Budget(max_records=39))
    assert exposure.studies == Count.at_least(37)
    assert any("--max-records" in limit for limit in exposure.limits)


def test_a_round_number_where_dates_are_not_heeded_is_at_least() -> None:
    exposure, _ = counted(Archive(studies(300), obeys_keys=False))
    assert exposure.studies == Count.at_least(300)
    assert any("perhaps one" in limit for limit in exposure.limits)


def test_a_server_that_says_that_there_is_more_is_believed() -> None:
    exposure, _ = counted(Archive(studies(37), warns=True))
    assert exposure.studies == Count.at_least(37)
    assert any("more results" in limit for limit in exposure.limits)


def test_studies_without_a_number_of_images_are_told() -> None:
    exposure, _ = counted(Archive([study(n, images=None) for n in range(4)]))
    assert any("left out of 4 studies" in limit for limit in exposure.limits)
