"""A redirect is followed within the server alone, and of any other no more than its host is told."""

import itertools

import pytest

from leadglass.model.words import SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.web_server import NOT_FOUND, Reply, Request, page, redirect


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("http://192.0.2.7/patients/CANARY?id=K4711Q", "http://192.0.2.7"),
        ("https://127.0.0.1/", "https://127.0.0.1"),
        ("//evil.example/x", "http://evil.example"),
        ("http://127.0.0.1:1/CANARY", "http://127.0.0.1:1"),
        ("http://user:K4711Q@evil.example:81/", "http://evil.example:81"),
        ("file:///etc/passwd", "file:"),
        ("javascript:alert('CANARY')", "javascript:"),
        ("http://[::1", "an address that cannot be read"),
        ("http://a:99999/", "an address that cannot be read"),
        ("https://elsewhere.example/patients/CANARYPID1?x=1", "https://elsewhere.example"),
        ("gopher://127.0.0.1/", "gopher://127.0.0.1"),
    ],
)
def test_a_redirect_elsewhere_is_recorded_and_not_followed(location: str, shown: str) -> None:
    found = ask({"/": redirect(location)})
    probe = found.probe(SurfaceKind.WEB)
    assert web_of(probe).redirects_to == shown
    assert "CANARY" not in repr(found.probes)
    assert "K4711Q" not in repr(found.probes)
    assert not found.asked_for("CANARY")
    assert [one.path for one in found.requests].count("/") == 1


def test_redirects_within_the_server_are_followed_three_times() -> None:
    assert SurfaceKind.VIEWER in ask({"/": redirect("app/x.html"), "/app/x.html": page("Orthanc Explorer")}).kinds
    found = ask({"/": redirect("/?next=/")})
    assert len(found.asked_for("GET /?next")) == 3
    found = ask({"/": redirect("/K4711Q \x01x")})
    assert "K4711Q" not in repr(found.probes)


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


def test_a_loop_of_redirects_ends() -> None:
    count = itertools.count()
    seen = ask({}, lambda request: redirect(f"/{next(count)}"))
    assert seen.kinds == [SurfaceKind.WEB]
    assert len(seen.requests) < 60
