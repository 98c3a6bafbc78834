"""A figure is exact only where the server was seen to have no more; every record that came is counted."""

import pytest

from leadglass.measure.outcome import Measured
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import Budget
from leadglass.model.words import Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import Archive, Record, study
from tests.fakes.web_server import DICOM_JSON, Answer, Reply, Request, as_json

MANY = 1234


def _count(archive: Archive, budget: Budget | None = None) -> tuple[Measured, Exposure]:
    measured = ask(archive.routes(), measure=True, budget=budget).measured[SurfaceKind.DICOMWEB]
    assert measured.exposure is not None
    return measured, measured.exposure


def _many() -> list[Record]:
    return [study(n, patient=n // 3, modalities=("MR" if n % 2 else "CT",)) for n in range(MANY)]


def _behind_500(reply: Reply) -> dict[str, Answer]:
    """Many studies, of which the second page is this."""
    archive = Archive(_many())

    def search(request: Request) -> Reply:
        return reply if request.query.get("offset") == "500" else archive.search(request)

    return {**archive.routes(), "/dicom-web/studies": search}


def test_pages_are_counted_to_the_end() -> None:
    _, exposure = _count(Archive(_many()))
    assert exposure.studies == Count.exact(MANY)
    assert exposure.patients == Count.exact(len({n // 3 for n in range(MANY)}))
    assert exposure.images == Count.exact(3 * MANY)
    assert (exposure.years, exposure.modalities) == ((2001, 2020), {"CT": MANY // 2, "MR": MANY // 2})
    assert exposure.limits == ()


@pytest.mark.parametrize("most", [1, 7, 100, 499])
def test_a_server_with_smaller_pages_is_counted_to_the_end_too(most: int) -> None:
    studies = _many()[:150] if most < 100 else _many()
    _, exposure = _count(Archive(studies, cap=most))
    assert exposure.studies == Count.exact(len(studies))


def test_a_server_that_ignores_offset_is_never_called_exact() -> None:
    _, exposure = _count(Archive(_many(), obeys_offset=False))
    assert exposure.studies == Count.at_least(500)
    assert any("offset" in words for words in exposure.limits)


def test_a_capped_server_that_ignores_offset_is_never_called_exact() -> None:
    _, exposure = _count(Archive(_many(), obeys_offset=False, cap=100))
    assert exposure.studies == Count.at_least(100)


def test_a_server_that_ignores_limit_is_counted_and_told() -> None:
    measured, exposure = _count(Archive(_many(), obeys_limit=False))
    assert exposure.studies == Count.exact(MANY)
    assert measured.whole_archive is True


def test_a_server_that_ignores_limit_and_offset_is_told() -> None:
    measured, exposure = _count(Archive(_many(), obeys_limit=False, obeys_offset=False))
    assert exposure.studies is not None
    assert exposure.studies.count == MANY
    assert measured.whole_archive is True


def test_our_own_budget_ends_the_count() -> None:
    """A study that comes twice says that places are not studies, and the end is not looked for."""
    _, exposure = _count(Archive([_many()[0], *_many()]), Budget(max_records=700))
    assert exposure.studies is not None
    assert exposure.studies.kind == "at-least"
    assert 600 < exposure.studies.count <= 700


def test_images_are_at_least_where_a_study_left_them_out() -> None:
    _, exposure = _count(Archive([study(1, images=4), study(2, images=None)]))
    assert exposure.images == Count.at_least(4)
    _, exposure = _count(Archive([study(1, images=None)]))
    assert exposure.images is None


def test_a_modality_that_is_a_name_is_not_shown() -> None:
    _, exposure = _count(Archive([study(1, modalities=("DOEJANE", "CT")), study(2, modalities=("CANARYNAME",))]))
    assert exposure.modalities == {"other": 2, "CT": 1}


def test_a_failure_on_the_way_leaves_what_was_counted() -> None:
    exposure = ask(_behind_500(Reply(status=500)), measure=True).measured[SurfaceKind.DICOMWEB].exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(500)


@pytest.mark.parametrize("strange", [["x"], [{}], [7, None], {"a": 1}, "text", [[]]])
def test_a_page_of_something_else_ends_the_count(strange: object) -> None:
    exposure = ask(_behind_500(as_json(strange, DICOM_JSON)), measure=True).measured[SurfaceKind.DICOMWEB].exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(500)


@pytest.mark.parametrize(
    "value",
    [
        b"9" * 6000,
        b'"' + b"9" * 6000 + b'"',
        b"-1",
        b"1e999",
        b"null",
        b"true",
        b'"\\u001b[31m"',
        b'"\\udc00"',
        b"[[]]",
        b"{}",
        '"\N{SUPERSCRIPT TWO}"'.encode(),
        '"\N{ARABIC-INDIC DIGIT TWO}020\N{ARABIC-INDIC DIGIT TWO}101"'.encode(),
    ],
)
def test_hostile_values_count_for_nothing_and_raise_nothing(value: bytes) -> None:
    fields = b",".join(
        b'"%s":{"vr":"LO","Value":[%s]}' % (tag, value) for tag in (b"00100020", b"00080020", b"00080061", b"00201208")
    )
    record = b'{"0020000D":{"vr":"UI","Value":["1.2"]},' + fields + b"}"
    good = Archive([study(1)])

    def search(request: Request) -> Reply:
        if "includefield" not in request.target:
            return good.search(request)
        page = b"[" + record + b"]" if request.query.get("offset") == "0" else b"[]"
        return Reply(body=page, kind=DICOM_JSON)

    measured = ask({**good.routes(), "/dicom-web/studies": search}, measure=True).measured[SurfaceKind.DICOMWEB]
    assert measured.exposure is None or measured.exposure.years is None


def test_no_record_is_asked_for_beyond_the_budget() -> None:
    """One record proves the door; the questions that would bring more are not asked, and that is said."""
    seen = ask(Archive(_many()).routes(), budget=Budget(max_records=1))
    surface = seen.surface(SurfaceKind.DICOMWEB)
    assert surface.proof is Rung.READABLE
    assert surface.retrieval is Retrieval.NOT_ASKED
    assert sum(probe.surface.records_received for probe in seen.probes) == 1
