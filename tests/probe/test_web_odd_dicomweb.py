"""An open archive that answers the impossible key by an error, or behind a slash, is found as what it is."""

import pytest

from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import INSTANCE, SERIES, STUDY, Archive, study
from tests.fakes.web_server import DICOM_JSON, NOT_FOUND, Answer, Reply, Request, as_json, page, redirect, text

KIND = SurfaceKind.DICOMWEB
ERRORS = [NOT_FOUND, as_json({"error": "no studies"}, status=404), text("failed", 500), Reply(status=400)]


@pytest.mark.parametrize("narrow", ERRORS)
@pytest.mark.parametrize("base", ["/dicom-web", "/dcm4chee-arc/aets/DCM4CHEE/rs", "/pacs/rs"])
def test_an_error_for_the_impossible_key_hides_no_record(narrow: Reply, base: str) -> None:
    probe = ask(Archive(base=base, narrow=narrow).routes()).probe(KIND)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.surface.records_received == 4
    assert probe.way is not None


@pytest.mark.parametrize("narrow", ERRORS)
def test_a_study_is_asked_for_where_the_scope_permits_it_alone(narrow: Reply) -> None:
    seen = ask(Archive(narrow=narrow).routes(), permits=(Permission.CONNECT,))
    assert not seen.asked_for("/studies?limit=1")
    assert seen.kinds == [SurfaceKind.WEB]


def test_a_study_is_asked_for_under_no_common_path() -> None:
    seen = ask({}, path="/app")
    asked = [one.path for one in seen.requests if one.target.endswith("/studies?limit=1")]
    assert "/rs/studies" not in asked
    assert "/app/studies" not in asked
    assert len(asked) < 10
    assert not ask({}, page("app")).asked_for("/studies?limit=1")


def test_a_common_path_whose_error_is_dicoms_is_asked_for_a_study() -> None:
    error = as_json({"error": "no studies"}, DICOM_JSON, 404)
    assert ask(Archive(base="/rs", narrow=error).routes()).surface(KIND).proof is Rung.RETRIEVABLE


def test_an_empty_archive_behind_an_error_admits() -> None:
    surface = ask(Archive(studies=[], narrow=NOT_FOUND).routes()).surface(KIND)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def _slashed(archive: Archive) -> dict[str, Answer]:
    """Its routes behind a slash each; without it they lead on to it."""

    def lead_on(request: Request) -> Reply:
        return redirect(f"{request.path}/?{request.target.partition('?')[2]}")

    routes = archive.routes()
    return {f"{path}/": answer for path, answer in routes.items()} | dict.fromkeys(routes, lead_on)


@pytest.mark.parametrize("narrow", [None, NOT_FOUND])
def test_a_slash_at_the_end_is_followed(narrow: Reply | None) -> None:
    seen = ask(_slashed(Archive([study(1)], narrow=narrow)))
    probe = seen.probe(KIND)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.surface.records_received == 4
    assert seen.asked_for(f"/{STUDY}/series/{SERIES}/instances/{INSTANCE}/metadata/")


def test_a_server_that_puts_a_slash_behind_everything_is_no_dicomweb() -> None:
    def slash(request: Request) -> Reply:
        place, _, query = request.target.partition("?")
        return as_json([]) if place.endswith("/") else redirect(f"{place}/?{query}")

    assert KIND not in ask({}, slash).kinds


def test_no_other_redirect_is_followed() -> None:
    for to in ("/dicom-web/studies/x/", "/elsewhere/", "http://127.0.0.1:1/dicom-web/studies/"):
        seen = ask({"/dicom-web/studies": redirect(to)}, as_json([]))
        assert KIND not in seen.kinds
        assert not seen.asked_for("elsewhere")
