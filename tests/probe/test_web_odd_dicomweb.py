"""An open archive that answers the impossible key by an error, or behind a slash, is found as what it is."""

import pytest

from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import INSTANCE, SERIES, STUDY, Archive, study
from tests.fakes.web_server import DICOM_JSON, NOT_FOUND, Answer, Reply, Request, as_json, login, page, redirect, text

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


def test_a_refusal_of_every_key_is_a_refusal() -> None:
    seen = ask(Archive(narrow=as_json([], DICOM_JSON), wide=Reply(status=403)).routes())
    assert (seen.surface(KIND).proof, seen.surface(KIND).facts.no_record) == (Rung.ADMITS, NoRecord.REFUSED)
    assert len(seen.asked_for("GET /dicom-web/studies?")) == 4


def test_a_login_is_not_asked_again_with_a_key() -> None:
    seen = ask(Archive(narrow=as_json([], DICOM_JSON), wide=login("pacs")).routes())
    assert seen.surface(KIND).facts.no_record is NoRecord.REFUSED
    assert len(seen.asked_for("GET /dicom-web/studies?")) == 2


def test_a_login_behind_an_error_is_a_closed_door() -> None:
    surface = ask(Archive(narrow=Reply(status=400), wide=login("pacs")).routes()).surface(KIND)
    assert (surface.proof, surface.facts.web and surface.facts.web.realm) == (Rung.SPEAKS, "pacs")


def test_a_server_that_accepts_nothing_is_not_asked_twice() -> None:
    seen = ask({}, Reply(status=406))
    assert seen.kinds == [SurfaceKind.WEB]
    assert seen.surface(SurfaceKind.WEB).status is Status.NOT_ANSWERED
    assert len({str(request) for request in seen.requests}) == len(seen.requests)


@pytest.mark.parametrize("status", [400, 406, 413, 422, 429, 500, 502, 503])
def test_an_error_on_dicoms_path_alone_decides_nothing(status: int) -> None:
    seen = ask({"/dicom-web/studies": Reply(status=status)})
    assert KIND not in seen.kinds
    surface = seen.surface(SurfaceKind.WEB)
    assert surface.status is Status.NOT_ANSWERED
    assert str(status) in surface.detail


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_an_error_that_says_that_nothing_is_there_is_believed(status: int) -> None:
    seen = ask({"/dicom-web/studies": Reply(status=status)})
    assert seen.surface(SurfaceKind.WEB).status is Status.SUCCESS


def test_an_error_that_nonsense_meets_too_decides_nothing_and_leaves_nothing_open() -> None:
    assert ask({"/": text("hello")}, Reply(status=400)).surface(SurfaceKind.WEB).status is Status.SUCCESS


@pytest.mark.parametrize("status", [400, 406, 421, 426])
def test_a_start_page_that_is_such_an_error_too_leaves_everything_open(status: int) -> None:
    """A server of many names answers so to an address (RFC 9110 15.5.20), and to one of them otherwise."""
    surface = ask({}, Reply(status=status)).surface(SurfaceKind.WEB)
    assert surface.status is Status.NOT_ANSWERED
    assert f"start page answers with HTTP status {status}" in surface.detail


@pytest.mark.parametrize(
    ("to", "words"),
    [
        ("https://127.0.0.1:8443/dicom-web/studies", "lead on to https://127.0.0.1:8443, which"),
        ("http://pacs.example/dicom-web/studies", "lead on to http://pacs.example, which"),
        ("/x", "/dicom-web/studies leads on to another path"),
    ],
)
def test_a_path_of_dicoms_that_leads_elsewhere_leaves_open_what_is_there(to: str, words: str) -> None:
    seen = ask({"/dicom-web/studies": redirect(to)})
    surface = seen.surface(SurfaceKind.WEB)
    assert surface.status is Status.NOT_ANSWERED
    assert words in surface.detail
    assert not seen.asked_for("/x")


def test_where_everything_is_led_elsewhere_dicoms_path_tells_nothing() -> None:
    surface = ask({}, redirect("https://127.0.0.1:8443/")).surface(SurfaceKind.WEB)
    assert surface.status is Status.SUCCESS
    assert surface.facts.web is not None
    assert surface.facts.web.redirects_to == "https://127.0.0.1:8443"


def test_a_root_that_the_server_chose_is_never_shown() -> None:
    """It may hold anything, a patient's identifier too."""
    routes = {**Archive(base="/of/CANARYPID").routes(), "/dicom-web/studies": redirect("/of/CANARYPID/studies")}
    seen = ask(routes)
    surface = seen.surface(KIND)
    assert surface.proof is Rung.RETRIEVABLE
    assert surface.facts.web is not None
    assert surface.facts.web.base == "/{redirected}"
    assert "CANARYPID" not in seen.shown()
