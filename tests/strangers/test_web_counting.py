"""A figure is exact only where the server was seen to have no more; every record that came is counted."""

import pytest

from leadglass.measure.outcome import Measured
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import Budget
from leadglass.model.words import Retrieval, Rung, SurfaceKind
from tests.strangers.dicomweb import Archive, study
from tests.strangers.web_server import Asked, reply
from tests.strangers.web_stranger import ask

MANY = 1234


def _count(archive: Archive, budget: Budget | None = None) -> tuple[Measured, Exposure]:
    measured = ask(archive, measure=True, budget=budget).measured[SurfaceKind.DICOMWEB]
    assert measured.exposure is not None
    return measured, measured.exposure


def _many() -> list[dict[str, object]]:
    return [study(n, patient=n // 3, modality="MR" if n % 2 else "CT") for n in range(MANY)]


def test_pages_are_counted_to_the_end() -> None:
    _, exposure = _count(Archive(_many()))
    assert exposure.studies == Count.exact(MANY)
    assert exposure.patients == Count.exact(len({n // 3 for n in range(MANY)}))
    assert exposure.images == Count.exact(2 * MANY)
    assert (exposure.years, exposure.modalities) == ((2000, 2019), {"CT": MANY // 2, "MR": MANY // 2})
    assert exposure.limits == ()


@pytest.mark.parametrize("most", [1, 7, 100, 499])
def test_a_server_with_smaller_pages_is_counted_to_the_end_too(most: int) -> None:
    studies = _many()[:150] if most < 100 else _many()
    _, exposure = _count(Archive(studies, most=most))
    assert exposure.studies == Count.exact(len(studies))


def test_a_server_that_ignores_offset_is_never_called_exact() -> None:
    _, exposure = _count(Archive(_many(), obeys_offset=False))
    assert exposure.studies == Count.at_least(500)
    assert any("offset" in words for words in exposure.limits)


def test_a_capped_server_that_ignores_offset_is_never_called_exact() -> None:
    _, exposure = _count(Archive(_many(), obeys_offset=False, most=100))
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
    _, exposure = _count(Archive(_many()), Budget(max_records=700))
    assert exposure.studies is not None
    assert exposure.studies.kind == "at-least"
    assert 600 < exposure.studies.count <= 700


def test_images_are_at_least_where_a_study_left_them_out() -> None:
    _, exposure = _count(Archive([study(1, images=4), study(2, images=None)]))
    assert exposure.images == Count.at_least(4)
    _, exposure = _count(Archive([study(1, images=None)]))
    assert exposure.images is None


def test_a_failure_on_the_way_leaves_what_was_counted() -> None:
    archive = Archive(_many())

    def routes(asked: Asked) -> bytes | None:
        return reply(status=500) if asked.query.get("offset") == "500" else archive(asked)

    exposure = ask(routes, measure=True).measured[SurfaceKind.DICOMWEB].exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(500)


@pytest.mark.parametrize("page", [["x"], [{}], [7, None], {"a": 1}, "text", [[]]])
def test_a_page_of_something_else_ends_the_count(page: object) -> None:
    archive = Archive(_many())

    def routes(asked: Asked) -> bytes | None:
        strange = asked.query.get("offset") == "500"
        return reply(page, kind="application/dicom+json") if strange else archive(asked)

    exposure = ask(routes, measure=True).measured[SurfaceKind.DICOMWEB].exposure
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

    def routes(asked: Asked) -> bytes | None:
        if "includefield" not in asked.target:
            return good(asked)
        page = b"[" + record + b"]" if asked.query.get("offset") == "0" else b"[]"
        return reply(page, kind="application/dicom+json")

    measured = ask(routes, measure=True).measured[SurfaceKind.DICOMWEB]
    assert measured.exposure is None or measured.exposure.years is None


def test_no_record_is_asked_for_beyond_the_budget() -> None:
    """One record proves the door; the questions that would bring more are not asked, and that is said."""
    seen = ask(Archive(_many()), budget=Budget(max_records=1))
    surface = seen.probe(SurfaceKind.DICOMWEB).surface
    assert surface.proof is Rung.READABLE
    assert surface.retrieval is Retrieval.NOT_ASKED
    assert sum(probe.surface.records_received for probe in seen.probes) == 1
