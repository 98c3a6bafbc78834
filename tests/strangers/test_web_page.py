"""A page that answers everything alike proves nothing; a viewer is known by its title, and no redirect is obeyed."""

import itertools

import pytest

from leadglass.model.encode import to_json
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.strangers.web_server import Asked, login, reply
from tests.strangers.web_stranger import ask

FORM = '<form method=post><input name=user><INPUT name="p" type="password"></form>'


@pytest.mark.parametrize(
    "page",
    [
        "<title>Welcome</title>",
        f"<title>Sign in</title>{FORM}",
        {"error": "no such route"},
        [],
        b"",
        {"results": [], "numResults": 0},
        {"CountPatients": 1, "CountStudies": 2, "CountInstances": 3},
        [{"dicomAETitle": "DCM4CHEE"}],
    ],
)
def test_one_answer_to_everything_is_other(page: object) -> None:
    seen = ask(lambda _: reply(page), measure=True)
    assert seen.kinds == [SurfaceKind.WEB]
    assert seen.probe(SurfaceKind.WEB).surface.proof is Rung.OTHER
    assert seen.web(SurfaceKind.WEB).catch_all is True


def test_a_page_that_changes_with_every_answer_is_one_page() -> None:
    count = itertools.count()
    seen = ask(lambda _: reply(f"<title>Welcome</title> visitor {next(count)}"))
    assert seen.kinds == [SurfaceKind.WEB]


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_before_everything_is_other_however_its_words_change(status: int) -> None:
    count = itertools.count()
    seen = ask(lambda asked: reply({"timestamp": next(count), "status": status, "path": asked.path}, status))
    assert seen.kinds == [SurfaceKind.WEB]
    surface = seen.probe(SurfaceKind.WEB).surface
    assert surface.proof is Rung.OTHER


def test_orthancs_realm_speaks() -> None:
    seen = ask(lambda _: login("Orthanc Secure Area"))
    assert seen.kinds == [SurfaceKind.ORTHANC_REST]
    surface = seen.probe(SurfaceKind.ORTHANC_REST).surface
    assert surface.proof is Rung.SPEAKS
    assert seen.web(SurfaceKind.ORTHANC_REST).realm == "Orthanc Secure Area"


def test_another_realm_is_other_and_is_told() -> None:
    seen = ask(lambda _: login("Router\x1b[31m <b>"))
    web = seen.web(SurfaceKind.WEB)
    assert (web.challenge, web.catch_all) == ("Basic", True)
    assert web.realm is not None
    assert "\x1b" not in web.realm


def test_a_viewer_without_a_login_admits() -> None:
    seen = ask(lambda asked: reply("<title> OHIF\nViewer </title>") if asked.path == "/" else None)
    assert seen.probe(SurfaceKind.VIEWER).surface.proof is Rung.ADMITS
    assert seen.web(SurfaceKind.VIEWER).products == ("OHIF Viewer",)


def test_a_viewer_behind_its_login_form_speaks() -> None:
    seen = ask(lambda asked: reply(f"<title>XERO Viewer</title>{FORM}"))
    surface = seen.probe(SurfaceKind.VIEWER).surface
    assert surface.proof is Rung.SPEAKS


def test_a_title_is_never_kept() -> None:
    seen = ask(
        lambda asked: reply("<title>Canarysson^Astrid - OHIF Viewer\x1b[2J</title>") if asked.path == "/" else None
    )
    shown = to_json(seen.probe(SurfaceKind.VIEWER).surface).decode()
    assert "Canary" not in shown
    assert "\\u001b" not in shown


def test_a_redirect_at_the_same_door_is_followed() -> None:
    def routes(asked: Asked) -> bytes | None:
        if asked.path == "/":
            return reply(status=302, headers={"Location": "/app/explorer.html?page=CANARYPID"})
        return reply("<title>Orthanc Explorer</title>") if asked.path == "/app/explorer.html" else None

    seen = ask(routes)
    assert SurfaceKind.VIEWER in seen.kinds
    assert "CANARY" not in repr(seen.probes)


def test_a_path_that_the_server_chose_is_not_repeated() -> None:
    def routes(asked: Asked) -> bytes | None:
        if asked.path == "/":
            return reply(status=302, headers={"Location": "/patients/CANARYPID1/<script>"})
        return reply("<title>Weasis</title>") if asked.path.startswith("/patients") else None

    seen = ask(routes)
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
    seen = ask(lambda asked: reply(status=302, headers={"Location": location}) if asked.path == "/" else None)
    assert [one.path for one in seen.asked].count("/") == 1
    shown = seen.web(SurfaceKind.WEB).redirects_to
    assert shown is not None
    assert told in shown
    assert not any(word in shown for word in ("/x", "passwd", "alert"))
    assert "CANARY" not in repr(seen.probes)


def test_a_loop_of_redirects_ends() -> None:
    count = itertools.count()
    seen = ask(lambda asked: reply(status=302, headers={"Location": f"/{next(count)}"}))
    assert seen.kinds == [SurfaceKind.WEB]
    assert len(seen.asked) < 60


def test_a_path_of_any_letters_is_asked_for() -> None:
    seen = ask(
        lambda asked: reply("<title>OHIF Viewer</title>") if asked.path == "/röntgen/ü" else None, path="/röntgen/ü"
    )
    assert seen.probe(SurfaceKind.VIEWER).surface.status is Status.SUCCESS
