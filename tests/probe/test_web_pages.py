"""A page that answers everything alike proves nothing; a viewer is known by its title, a login by its marks."""

import itertools
from urllib.parse import quote

import pytest

from leadglass.model.encode import to_json
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import challenge_of
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import Archive
from tests.fakes.web_server import Reply, as_json, login, page

FORM = '<form method=post><input name=user><INPUT name="p" type="password"></form>'


@pytest.mark.parametrize(
    "words", [b"The plain HTTP request was sent to HTTPS port", b"This combination of host and port requires TLS."]
)
def test_a_request_in_clear_on_a_tls_port_is_understood(words: bytes) -> None:
    probe = ask({}, Reply(status=400, body=words)).probe(SurfaceKind.WEB)
    assert web_of(probe).marks == ("says that it speaks HTTPS",)
    assert probe.surface.status is Status.PROTOCOL_ERROR


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


def test_a_path_of_any_letters_is_asked_for() -> None:
    seen = ask({quote("/röntgen/ü"): page("OHIF Viewer")}, path="/röntgen/ü")
    assert seen.surface(SurfaceKind.VIEWER).status is Status.SUCCESS


def test_any_other_login_is_nothing_of_ours() -> None:
    for reply in (login("router"), Reply(status=403), Reply(status=401)):
        probe = ask({}, reply).probe(SurfaceKind.WEB)
        assert (probe.surface.proof, web_of(probe).catch_all) == (Rung.OTHER, True)
        assert not probe.try_other
    assert ask({}, login("router")).web(SurfaceKind.WEB).challenge == "Basic"


def test_a_page_that_answers_everything_is_no_service() -> None:
    found = ask({}, page("Welcome", "<div id=app></div>"))
    probe = found.probe(SurfaceKind.WEB)
    assert (probe.surface.proof, web_of(probe).catch_all, web_of(probe).login_form) == (Rung.OTHER, True, False)
    walled = ask({}, page("Sign in", '<form><input name=p type="password"></form>'))
    assert walled.web(SurfaceKind.WEB).login_form is True


def test_a_service_behind_a_page_that_answers_everything_is_found() -> None:
    found = ask(Archive().routes(), page("OHIF Viewer"))
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert found.surface(SurfaceKind.VIEWER).proof is Rung.ADMITS


def test_a_title_that_only_begins_like_a_viewers_is_none() -> None:
    assert ask({"/": page("Horoscopes")}).kinds == [SurfaceKind.WEB]
    assert ask({"/": page("Horos")}).kinds == [SurfaceKind.VIEWER]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ('Basic realm="a b"', ("Basic", "a b")),
        ("Digest Realm=x, qop=auth", ("Digest", "x")),
        ("Bearer", ("Bearer", None)),
        ("", (None, None)),
        ('Basic realm="', ("Basic", None)),
    ],
)
def test_challenges(field: str, told: tuple[str | None, str | None]) -> None:
    answer = WebAnswer(status_code=401, headers={"www-authenticate": field}, body=b"", whole=True)
    assert challenge_of(answer) == told


@pytest.mark.parametrize(
    ("title", "product"),
    [("Orthanc Explorer", "Orthanc"), ("XERO Viewer", "Agfa XERO"), ("OHIF Viewer", "OHIF Viewer")],
)
def test_viewers_by_title(title: str, product: str) -> None:
    probe = ask({"/": page(f"  {title} &mdash; PID4711")}).probe(SurfaceKind.VIEWER)
    assert (probe.surface.proof, web_of(probe).products) == (Rung.ADMITS, (product,))
    assert "PID4711" not in repr(probe)
    walled = ask({"/": page(title, "<input type='password'>")}).probe(SurfaceKind.VIEWER)
    assert (walled.surface.proof, web_of(walled).login_form) == (Rung.SPEAKS, True)
