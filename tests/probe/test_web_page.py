"""A page that answers everything alike proves nothing; a viewer is known by its title, and no redirect is obeyed."""

import itertools
from urllib.parse import quote

import pytest

from leadglass.model.encode import to_json
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.web_server import NOT_FOUND, Reply, Request, as_json, login, page, redirect

FORM = '<form method=post><input name=user><INPUT name="p" type="password"></form>'


@pytest.mark.parametrize(
    "answer",
    [
        page("Welcome"),
        page("Sign in", FORM),
        as_json({"error": "no such route"}),
        as_json([]),
        Reply(kind=None),
        as_json({"results": [], "numResults": 0}),
        as_json({"CountPatients": 1, "CountStudies": 2, "CountInstances": 3}),
        as_json([{"dicomAETitle": "DCM4CHEE"}]),
    ],
)
def test_one_answer_to_everything_is_other(answer: Reply) -> None:
    seen = ask({}, answer, measure=True)
    assert seen.kinds == [SurfaceKind.WEB]
    assert seen.surface(SurfaceKind.WEB).proof is Rung.OTHER
    assert seen.web(SurfaceKind.WEB).catch_all is True


def test_a_page_that_changes_with_every_answer_is_one_page() -> None:
    count = itertools.count()
    seen = ask({}, lambda _: page("Welcome", f"visitor {next(count)}"))
    assert seen.kinds == [SurfaceKind.WEB]


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_before_everything_is_other_however_its_words_change(status: int) -> None:
    count = itertools.count()
    seen = ask(
        {}, lambda request: as_json({"timestamp": next(count), "status": status, "path": request.path}, status=status)
    )
    assert seen.kinds == [SurfaceKind.WEB]
    surface = seen.surface(SurfaceKind.WEB)
    assert surface.proof is Rung.OTHER


def test_orthancs_realm_speaks() -> None:
    seen = ask({}, login("Orthanc Secure Area"))
    assert seen.kinds == [SurfaceKind.ORTHANC_REST]
    surface = seen.surface(SurfaceKind.ORTHANC_REST)
    assert surface.proof is Rung.SPEAKS
    assert seen.web(SurfaceKind.ORTHANC_REST).realm == "Orthanc Secure Area"


def test_another_realm_is_other_and_is_told() -> None:
    seen = ask({}, login("Router\x1b[31m <b>"))
    web = seen.web(SurfaceKind.WEB)
    assert (web.challenge, web.catch_all) == ("Basic", True)
    assert web.realm is not None
    assert "\x1b" not in web.realm


def test_a_viewer_without_a_login_admits() -> None:
    seen = ask({"/": page(" OHIF\nViewer ")})
    assert seen.surface(SurfaceKind.VIEWER).proof is Rung.ADMITS
    assert seen.web(SurfaceKind.VIEWER).products == ("OHIF Viewer",)


def test_a_viewer_behind_its_login_form_speaks() -> None:
    seen = ask({}, page("XERO Viewer", FORM))
    surface = seen.surface(SurfaceKind.VIEWER)
    assert surface.proof is Rung.SPEAKS


def test_a_title_is_never_kept() -> None:
    seen = ask({"/": page("Canarysson^Astrid - OHIF Viewer\x1b[2J")})
    shown = to_json(seen.surface(SurfaceKind.VIEWER)).decode()
    assert "anary" not in shown
    assert "\\u001b" not in shown


def test_a_redirect_at_the_same_door_is_followed() -> None:
    seen = ask(
        {"/": redirect("/app/explorer.html?page=CANARYPID"), "/app/explorer.html": page("Orthanc Explorer")},
    )
    assert SurfaceKind.VIEWER in seen.kinds
    assert "CANARY" not in repr(seen.probes)


def test_a_path_that_the_server_chose_is_not_repeated() -> None:
    def routes(request: Request) -> Reply:
        if request.path == "/":
            return redirect("/patients/CANARYPID1/<script>")
        return page("Weasis") if request.path.startswith("/patients") else NOT_FOUND

    seen = ask({}, routes)
    assert SurfaceKind.VIEWER in seen.kinds
    assert "CANARYPID1" not in repr(seen.probes)
    assert "script" not in repr(seen.probes)


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://elsewhere.example/patients/CANARYPID1?x=1", "https://elsewhere.example"),
        ("//elsewhere.example/x", "//elsewhere.example"),
        ("file:///etc/passwd", "file:"),
        ("javascript:alert(1)", "javascript:"),
        ("http://user:CANARY@elsewhere.example/", "http://elsewhere.example"),
        ("http://[::1", "read"),
        ("http://127.0.0.1:1/", "http://127.0.0.1"),
        ("gopher://127.0.0.1/", "gopher://127.0.0.1"),
    ],
)
def test_a_redirect_elsewhere_is_told_and_not_followed(location: str, told: str) -> None:
    seen = ask({"/": redirect(location)})
    assert [one.path for one in seen.requests].count("/") == 1
    shown = seen.web(SurfaceKind.WEB).redirects_to
    assert shown is not None
    assert told in shown
    assert not any(word in shown for word in ("/x", "passwd", "alert"))
    assert "CANARY" not in repr(seen.probes)


def test_a_loop_of_redirects_ends() -> None:
    count = itertools.count()
    seen = ask({}, lambda request: redirect(f"/{next(count)}"))
    assert seen.kinds == [SurfaceKind.WEB]
    assert len(seen.requests) < 60


def test_a_path_of_any_letters_is_asked_for() -> None:
    seen = ask({quote("/röntgen/ü"): page("OHIF Viewer")}, path="/röntgen/ü")
    assert seen.surface(SurfaceKind.VIEWER).status is Status.SUCCESS
