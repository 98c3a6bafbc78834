"""A start page is a viewer by its title; a redirect is followed at the same door only, and its text is not kept."""

import time

import pytest

from leadglass.model.words import NoRecord, Permission, Rung, SurfaceKind
from tests.fakes.asking import ask, web
from tests.fakes.scripted_web import FakeServer, Reply, Request
from tests.fakes.web_products import page

SPITEFUL = "\x1b[31mOHIF Viewer\x1b[0m <script>alert(1)</script>"


@pytest.mark.parametrize(
    ("title", "login", "kind", "proof"),
    [
        ("OHIF Viewer", False, SurfaceKind.VIEWER, Rung.ADMITS),
        ("OHIF Viewer", True, SurfaceKind.VIEWER, Rung.SPEAKS),
        ("  orthanc\n explorer ", False, SurfaceKind.VIEWER, Rung.ADMITS),
        ("Weasis", False, SurfaceKind.VIEWER, Rung.ADMITS),
        ("A blog about Weasis by Canaryname", False, SurfaceKind.WEB, Rung.OTHER),
        ("Canaryname - Oviyam", False, SurfaceKind.VIEWER, Rung.ADMITS),
        ("Router login", True, SurfaceKind.WEB, Rung.OTHER),
        ("", False, SurfaceKind.WEB, Rung.OTHER),
    ],
)
def test_a_title_names_a_viewer_and_is_not_kept(title: str, login: bool, kind: SurfaceKind, proof: Rung) -> None:
    came = ask(FakeServer({"/": page(title, login=login)}))
    assert (came.only.kind, came.only.proof) == (kind, proof)
    assert web(came.only).login_form is login
    assert "Canaryname" not in came.said()
    no_record = {Rung.SPEAKS: NoRecord.REFUSED, Rung.ADMITS: NoRecord.UNDECIDED}.get(proof)
    assert came.only.facts.no_record is no_record


def test_what_was_not_permitted_is_not_undecided() -> None:
    came = ask(FakeServer({"/": page("OHIF Viewer")}), permits=(Permission.CONNECT,))
    assert came.only.facts.no_record is NoRecord.NOT_ASKED


def test_a_viewer_behind_a_login_speaks() -> None:
    viewer = page("OHIF Viewer")
    refusal = Reply(status=401, body=viewer.body, headers=(("WWW-Authenticate", "Basic"),))
    came = ask(FakeServer({"/": refusal}))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.VIEWER, Rung.SPEAKS)
    assert web(came.only).challenge == "Basic"


def test_a_viewer_that_answers_every_path_is_found() -> None:
    assert ask(FakeServer(fallback=page("OHIF Viewer"))).only.kind is SurfaceKind.VIEWER


def away(location: str, status: int = 302) -> Reply:
    """A redirect."""
    return Reply(status=status, headers=(("Location", location),), type=None)


@pytest.mark.parametrize(
    "location", ["/app/explorer.html", "app/explorer.html", "//127.0.0.1:{port}/app/explorer.html"]
)
def test_a_redirect_at_the_same_door_is_followed(location: str) -> None:
    server = FakeServer({"/app/explorer.html": page("Orthanc Explorer")})
    server.routes = {**server.routes, "/": lambda r: away(location.format(port=server.port))}
    came = ask(server)
    assert came.only.kind is SurfaceKind.VIEWER
    assert web(came.only).redirects_to is None


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("http://evil.example/{ID}", "http://evil.example"),
        ("//evil.example/x", "http://evil.example"),
        ("https://127.0.0.1:{port}/", "https://127.0.0.1:{port}"),
        ("https://127.0.0.1/", "https://127.0.0.1"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1"),
        ("http://[::1]:{port}/", "http://[::1]:{port}"),
        ("http://wanda:secret@127.0.0.1:{port}/x", "http://127.0.0.1:{port}"),
        ("http://127.0.0.1:{port}@evil.example/", "http://evil.example"),
        ("file:///etc/passwd", "file:"),
        ("javascript:alert(1)", "javascript:"),
        ("http://[::1/", "an address that cannot be read"),
        ("http://127.0.0.1:99999/", "an address that cannot be read"),
        ("/x y\x7f", "http://127.0.0.1:{port}"),
        ("http://evil\x1b.example/", "http://evil\ufffd.example"),
        ("http://evil\x9b.example/", "http://evil\ufffd.example"),
    ],
)
def test_a_redirect_elsewhere_is_told_and_not_followed(location: str, shown: str) -> None:
    server = FakeServer()
    server.routes = {"/": lambda r: away(location.replace("{port}", str(server.port)))}
    came = ask(server)
    told = web(came.only).redirects_to
    assert told == shown.replace("{port}", str(came.port))
    assert [r.target for r in came.requests if r.path in ("/", "/x", "/etc/passwd")] == ["/"]
    assert not any(word in came.said() for word in ("secret", "wanda", "passwd", "\x1b"))


def test_a_redirect_loop_ends() -> None:
    hop = {f"/{a}": away(f"/{b}") for a, b in ((1, 2), (2, 3), (3, 4), (4, 1))}
    came = ask(FakeServer({"/": away("/1"), **hop}))
    assert len([r for r in came.requests if r.path in {"/", *hop}]) == 4
    assert came.only.proof is Rung.OTHER


def test_where_a_redirect_leads_is_not_kept() -> None:
    came = ask(FakeServer({"/": away("/patients/CANARYID"), "/patients/CANARYID": page("OHIF Viewer")}))
    assert came.only.kind is SurfaceKind.VIEWER
    assert "CANARYID" not in came.said()
    assert [e.path for e in web(came.only).endpoints] == ["/", "/{redirected}"]


def test_a_hostile_header_or_page_shows_nothing_of_itself() -> None:
    def answer(request: Request) -> Reply:
        headers = (("Server", "a\x1b[31mb\x9bc\u202e".encode("utf-8").decode("latin-1")),)
        wall = (("WWW-Authenticate", 'Basic realm="<b>\x9b2J' + "x" * 9000 + '"'),)
        return Reply(status=401, body=page(SPITEFUL).body, headers=headers + wall)

    came = ask(FakeServer(fallback=answer))
    said = came.said()
    assert "<script>" not in said
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in said)
    assert len(web(came.only).realm or "") <= 200


@pytest.mark.parametrize("bait", [b"<title", b"<title ", b"<input ", b"<input type", b"<input type =" + b" " * 300])
def test_no_page_keeps_us_matching(bait: bytes) -> None:
    body = bait * (262_144 // len(bait))
    started = time.process_time()
    ask(FakeServer({"/": Reply(body=body)}))
    assert time.process_time() - started < 2
