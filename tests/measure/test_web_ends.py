"""A long list over the web is counted by the end of it, and whatever misleads there is never a silent undercount."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from leadglass.measure.qido import dicomweb
from leadglass.measure.qido.records import told_total
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import WITHOUT_END, Budget
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import CountKind
from leadglass.net.web import WebAnswer
from tests.fakes.asking import Counted, count
from tests.fakes.dicomweb import Archive, Record, studies, study
from tests.fakes.web_server import Reply, Request, as_json

WAY = DicomwebWay(port=1, secure=False, base="/dicom-web")
MANY = 7_321
IMAGES = 3 * MANY
MOST_REQUESTS = 80
_STUDIES = studies(MANY)
REALLY_COSTS_LESS = dicomweb.reading_costs_less


@pytest.fixture(autouse=True)
def _looking_is_cheaper(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a server of the test takes for what is chance."""
    monkeypatch.setattr(dicomweb, "reading_costs_less", lambda *cost: False)


def counted(archive: Archive, way: DicomwebWay = WAY, budget: Budget | None = None) -> tuple[Exposure, Counted]:
    """The exposure, and all that came of counting: with few requests, and hardly more records than pages have."""
    came = count(archive.routes(), way, budget=budget)
    assert came.measured.exposure is not None
    assert len(came.requests) <= MOST_REQUESTS
    assert came.cost.records_received <= dicomweb.FEW_STUDIES + MOST_REQUESTS
    return came.measured.exposure, came


def few(archive: Archive) -> tuple[Count | None, tuple[str, ...]]:
    """The studies, and what is said of them."""
    exposure, _ = counted(archive)
    return exposure.studies, exposure.limits


def many(**habits: object) -> Archive:
    """A long list, and the list of its images."""
    return Archive(_STUDIES, **{"images": IMAGES, **habits})  # type: ignore[arg-type]


def test_studies_and_images_are_exact_and_patients_at_least() -> None:
    exposure, came = counted(many())
    assert exposure.studies == Count.exact(MANY)
    assert exposure.images == Count.exact(IMAGES)
    assert exposure.patients == Count.at_least(1_000)
    assert exposure.years == (2001, 2020)
    assert exposure.modalities == {"CT": 2_000, "SR": 2_000}
    assert exposure.limits == ("2,000 studies were read: patients, years and modalities are theirs alone",)
    assert len(came.requests) <= 4 + 2 * 20
    assert came.cost.records_received <= 2_000 + 25


@pytest.mark.parametrize("there", [1_999, 2_000, 2_001, 2_003])
def test_a_list_that_is_about_as_long_as_the_pages(there: int) -> None:
    exposure, _ = counted(Archive(studies(there), images=3 * there))
    assert exposure.studies == Count.exact(there)
    assert exposure.images == Count.exact(3 * there)


def test_a_raised_budget_is_the_wish_to_read_everything() -> None:
    for budget in (WITHOUT_END, Budget(max_records=50_001)):
        came = count(many().routes(), WAY, budget=budget)
        exposure = came.measured.exposure
        assert exposure is not None
        assert (exposure.studies, exposure.patients) == (Count.exact(MANY), Count.exact((MANY + 1) // 2))
        assert exposure.limits == ()
        assert came.cost.records_received == MANY + 2


def test_pages_that_cost_less_are_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicomweb, "reading_costs_less", lambda *cost: True)
    came = count(many().routes(), WAY)
    assert came.measured.exposure is not None
    assert came.measured.exposure.patients == Count.exact((MANY + 1) // 2)
    assert came.measured.exposure.limits == ()
    assert came.cost.records_received < MANY + 10


@pytest.mark.parametrize(
    ("page_s", "look_s", "high", "records_left", "less"),
    [
        (0.275, 0.138, 6_000, 48_000, True),  # Orthanc with 6,000 studies, as measured
        (0.404, 0.489, 34_000, 48_000, False),  # and with 19,107
        (0.275, 0.138, 6_000, 3_999, False),  # what is left does not reach
        (0.275, 0.138, None, 48_000, False),
        (30.0, 0.01, 6_000, 48_000, False),
    ],
)
def test_reading_on_is_weighed_by_the_servers_time(
    page_s: float, look_s: float, high: int | None, records_left: int, less: bool
) -> None:
    pages = SimpleNamespace(page_s=page_s, paging=SimpleNamespace(offset=2_000, pages=4))
    low = 4_001 if high == 6_000 else 18_001
    end = SimpleNamespace(low=low, high=high, requests_left=2 + (low - 1).bit_length())
    places = SimpleNamespace(asked=3, busy_s=3 * look_s)
    assert REALLY_COSTS_LESS(pages, places, end, records_left) is less  # type: ignore[arg-type]


TOLD: dict[str, Callable[[int, int, int], dict[str, str]]] = {
    "X-Total-Count": lambda offset, came, all_: {"X-Total-Count": str(all_)},
    "Content-Range": lambda offset, came, all_: {"Content-Range": f"studies {offset}-{offset + came}/{all_}"},
    "Content-Range, none": lambda offset, came, all_: {"Content-Range": f"items */{all_}"},
    "dcm4chee-arc": lambda offset, came, all_: (
        {"Warning": f'299 pacs:80 "There are {left} additional results that can be requested"'}
        if (left := all_ - offset - came) > 0
        else {}
    ),
}


@pytest.mark.parametrize("header", TOLD)
def test_a_total_that_is_told_is_proved_by_two_places(header: str) -> None:
    exposure, came = counted(many(says=TOLD[header]))
    assert (exposure.studies, exposure.images) == (Count.exact(MANY), Count.exact(IMAGES))
    assert len(came.requests) == 4 + 2 + 3 + 3
    assert came.cost.records_received == 2_000 + 1 + 2 + 1


@pytest.mark.parametrize("told", ["7320", "7322", "2000", "10", "0", "9" * 13, "9" * 5_000, "-3", "²", "many", ""])
@pytest.mark.parametrize("header", ["X-Total-Count", "Content-Range"])
def test_a_total_that_is_told_and_wrong_is_never_believed(told: str, header: str) -> None:
    value = told if header == "X-Total-Count" else f"items 0-0/{told}"
    exposure, _ = counted(many(says=lambda *place: {header: value.encode("utf-8").decode("latin-1")}))
    assert (exposure.studies, exposure.images) == (Count.exact(MANY), Count.exact(IMAGES))


@pytest.mark.parametrize("value", ["²", "1²", "٣", " ", "+3", "1e3", "3.0", "0x3"])
def test_what_only_looks_like_a_number_is_no_total(value: str) -> None:
    """As a header's bytes come, which a server may choose freely."""
    for headers in ({"x-total-count": value}, {"content-range": f"items 0-0/{value}"}):
        assert told_total(WebAnswer(status_code=200, headers=headers, body=b"", whole=True), 0, 1) is None


def test_a_warning_of_matching_is_no_word_of_more() -> None:
    """It is sent with every answer, and so behind the last record too."""
    words = "299 pacs: The fuzzymatching parameter is not supported. Only literal matching has been performed."
    for archive in (many(says=lambda *place: {"Warning": words}), Archive(says=lambda *place: {"Warning": words})):
        exposure, _ = counted(archive)
        assert exposure.studies == Count.exact(len(archive.studies))
    both = f"{words}, 299 pacs: There are additional results that can be requested."
    assert few(many(says=lambda *place: {"Warning": both}))[0] == Count.at_least(MANY)


@pytest.mark.parametrize(
    "behind", [Reply(status=204, kind=None), as_json([]), Reply(status=404), Reply(status=416)], ids=str
)
def test_nothing_is_told_in_many_ways(behind: Reply) -> None:
    exposure, _ = counted(many(behind=behind))
    assert (exposure.studies, exposure.images) == (Count.exact(MANY), Count.exact(IMAGES))


@pytest.mark.parametrize("farthest", [4_999, 3_999, 4_095])
@pytest.mark.parametrize("behind", [None, Reply(status=204, kind=None), Reply(status=404)], ids=str)
def test_a_limit_on_offset_that_answers_nothing_is_looked_behind(farthest: int, behind: Reply | None) -> None:
    exposure, _ = counted(many(farthest=farthest, behind=behind))
    assert exposure.studies == Count.at_least(farthest + 1)
    assert any("more lie behind" in limit for limit in exposure.limits)
    assert exposure.images is not None
    assert exposure.images.kind is CountKind.AT_LEAST


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_limit_on_offset_that_is_an_error_is_at_least(status: int) -> None:
    found, limits = few(many(farthest=5_122, behind=Reply(status=status)))
    assert found == Count.at_least(5_123)
    assert any(f"{status} behind 5,123 records, which may be its limit" in limit for limit in limits)


@pytest.mark.parametrize("most", [2_001, 2_501, 2_517, 4_000, 5_001, 6_100])
def test_a_limit_on_the_whole_list_is_found_by_its_parts(most: int) -> None:
    """For each list by itself, so that it hides studies of every day, as Orthanc's does."""
    mixed = [_STUDIES[n * 1_009 % MANY] for n in range(MANY)]
    exposure, came = counted(Archive(mixed, images=IMAGES, most=most))
    assert exposure.studies == Count.at_least(most)
    assert any("more lie behind" in limit for limit in exposure.limits)
    assert came.cost.records_received <= 2_000 + 60


@pytest.mark.parametrize("there", [8_000, 4_096, 4_097])
def test_a_round_number_of_studies_is_exact_where_two_parts_hold_no_more(there: int) -> None:
    exposure, _ = counted(Archive(studies(there), images=3 * there + 1))
    assert exposure.studies == Count.exact(there)


def test_a_round_number_is_at_least_where_dates_are_not_heeded_or_missing() -> None:
    found, limits = few(Archive(studies(8_000), images=24_001, obeys_keys=False))
    assert found == Count.at_least(8_000)
    assert any("perhaps one" in limit for limit in limits)
    undated = [study(n) for n in range(7_999)]
    undated.append({**study(7_999), "00080020": {"vr": "DA", "Value": ["        "]}})
    found, limits = few(Archive(undated, images=24_001))
    assert found == Count.at_least(8_000)
    assert any("perhaps one" in limit for limit in limits)


def _first_pages(archive: Archive, then: Callable[[Request], Reply]) -> dict[str, object]:
    """The archive as it is while pages are read, and another as soon as places are looked at."""

    def search(request: Request) -> Reply:
        return archive.search(request) if request.query.get("limit") == "500" else then(request)

    return {**archive.routes(), "/dicom-web/studies": search}


@pytest.mark.parametrize(
    ("then", "why"),
    [
        (lambda request: as_json([study(1)]), "same record at two places"),
        (lambda request: as_json([study(2_500)]), "same record at two places"),
        (lambda request: as_json(studies(25)), "ignores `limit`"),
        (lambda request: as_json(studies(5_000)), "ignores `limit`"),
        (lambda request: as_json([{"00080018": {"vr": "UI", "Value": ["1.2.3"]}}]), "something else"),
        (lambda request: as_json({"x": 1}), "something else"),
        (lambda request: Reply(body=b"<html>"), "something else"),
        (lambda request: Reply(status=500), "500"),
        (lambda request: Reply(status=401), "401"),
        (lambda request: Reply(status=429), "429"),
    ],
)
def test_places_that_tell_nothing_leave_what_was_read(then: Callable[[Request], Reply], why: str) -> None:
    came = count(_first_pages(many(), then), WAY)  # type: ignore[arg-type]
    exposure = came.measured.exposure
    assert exposure is not None
    assert exposure.studies is not None
    assert (exposure.studies.kind, exposure.studies.count in (2_000, 2_001)) == (CountKind.AT_LEAST, True)
    assert any(why in limit for limit in exposure.limits)
    assert len(came.requests) < 40
    assert came.cost.records_received < 2_000 + 150  # as many as 64 kB hold, where all came at once


def test_an_offset_that_is_ignored_for_images_alone() -> None:
    def first(request: Request) -> Reply:
        return many().instances(Request("GET", "/dicom-web/instances?limit=1&offset=0", {}))

    came = count({**many().routes(), "/dicom-web/instances": first}, WAY)
    exposure = came.measured.exposure
    assert exposure is not None
    assert (exposure.studies, exposure.images) == (Count.exact(MANY), Count.at_least(6_000))
    assert any("fewer images than its studies have" in limit for limit in exposure.limits)


@pytest.mark.parametrize(
    "reply",
    [None, Reply(status=400), Reply(status=404), Reply(status=501), Reply(status=403), as_json([])],
    ids=str,
)
def test_images_that_are_told_by_study_alone_are_at_least(reply: Reply | None) -> None:
    """By what the studies say that were read."""
    exposure, came = counted(Archive(_STUDIES, relational=reply))
    assert (exposure.studies, exposure.images) == (Count.exact(MANY), Count.at_least(6_000))
    assert any("all images together could not be counted" in limit for limit in exposure.limits)
    assert sum("/instances" in request.target for request in came.requests) == 1


def test_images_of_which_no_study_tells_are_counted() -> None:
    silent: list[Record] = [study(n, images=None) for n in range(MANY)]
    exposure, _ = counted(Archive(silent, images=IMAGES))
    assert exposure.images == Count.exact(IMAGES)
    exposure, _ = counted(Archive(silent))
    assert exposure.images is None


def test_fewer_images_than_studies_have_are_not_believed() -> None:
    exposure, _ = counted(many(images=5_000))
    assert exposure.images == Count.at_least(6_000)
    assert any("fewer images" in limit for limit in exposure.limits)


def test_an_archive_that_grows_meanwhile_is_counted_as_it_stands_at_the_end() -> None:
    growing = list(_STUDIES[:5_000])
    archive = Archive(growing, images=IMAGES)

    def search(request: Request) -> Reply:
        if request.query.get("limit") == "1" and len(growing) < 5_003:
            growing.append(_STUDIES[len(growing)])
        return archive.search(request)

    came = count({**archive.routes(), "/dicom-web/studies": search}, WAY)
    assert came.measured.exposure is not None
    assert came.measured.exposure.studies == Count.exact(5_003)


def test_a_list_with_a_study_at_two_places_is_read_to_its_end() -> None:
    """Its places are not its studies."""
    came = count(Archive([study(0), *studies(3_001)], images=9_000).routes(), WAY)
    assert came.measured.exposure is not None
    assert came.measured.exposure.studies == Count.at_least(3_001)
    assert 3_002 <= came.cost.records_received <= 3_002 + 4


def test_a_key_that_every_query_wants_keeps_all_figures_at_least() -> None:
    way = DicomwebWay(port=1, secure=False, base="/dicom-web", matching="StudyDate=19000101-21001231")
    exposure, came = counted(many(), way)
    assert (exposure.studies, exposure.images) == (Count.at_least(MANY), Count.at_least(IMAGES))
    assert all("StudyDate=19000101-21001231" in request.target for request in came.requests)


@pytest.mark.parametrize("left", range(0, 60, 7))
def test_the_budget_of_records_holds_while_ends_are_looked_for(left: int) -> None:
    exposure, came = counted(many(), budget=Budget(max_records=2_000 + left))
    assert came.cost.records_received <= 2_000 + left
    assert exposure.studies is not None
    assert exposure.studies == Count.exact(MANY)


@pytest.mark.parametrize("records", [1, 2, 6, 11, 16])
def test_a_small_budget_of_records_holds_too(records: int) -> None:
    exposure, came = counted(many(), budget=Budget(max_records=records))
    assert came.cost.records_received <= records
    assert exposure.studies is not None
    assert 1 <= exposure.studies.count <= MANY
    assert any("--max-records" in limit for limit in exposure.limits)


def test_a_server_that_fails_is_asked_for_no_further_study() -> None:
    replies: Iterator[int] = iter(range(100))

    def slow(request: Request) -> Reply:
        return many().search(request) if next(replies) < 7 else Reply(status=503)

    came = count({**many().routes(), "/dicom-web/studies": slow}, WAY)
    assert sum("/studies" in request.target for request in came.requests) == 8
