"""A server that answers every path alike is understood as that, whatever it says."""

from itertools import count

import pytest

from leadglass.model.words import NoRecord, Rung, SurfaceKind
from tests.fakes.asking import ask, web
from tests.fakes.scripted_web import JSON, FakeServer, Reply, Request
from tests.fakes.web_products import UID, dcm4chee, element, listing, orthanc, page

ORTHANC_WALL = Reply(status=401, headers=(("WWW-Authenticate", 'Basic realm="Orthanc Secure Area"'),))


@pytest.mark.parametrize(
    "reply",
    [
        page("A shop"),
        listing([], JSON),
        listing([]),
        Reply(status=204, type=None),
        Reply(body=b"", type=None),
        listing({"CountStudies": 3}, JSON),
        listing([{"0020000D": element("UI", UID)}]),
        Reply(body=b"[" + b" " * 300_000 + b"]", type=JSON),
        Reply(status=403, body=b"no"),
        Reply(status=500, body=b"no"),
        Reply(status=401, headers=(("WWW-Authenticate", 'Digest realm="Staff", nonce="x"'),)),
    ],
)
def test_one_answer_for_everything_is_no_service(reply: Reply) -> None:
    came = ask(FakeServer(fallback=reply))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.WEB, Rung.OTHER)
    assert came.probing.records_received == 0
    assert web(came.only).catch_all is (reply.status != 500)


def test_an_answer_that_changes_is_the_same_answer() -> None:
    numbers = count(1)
    for shape in (b"<html><p>visitor %d</p></html>", b'[{"0020000D":{"vr":"UI","Value":["1.2.%d"]}}]'):
        kind = "text/html" if shape.startswith(b"<") else JSON

        def change(request: Request, shape: bytes = shape, kind: str = kind) -> Reply:
            return Reply(body=shape % next(numbers), type=kind)

        came = ask(FakeServer(fallback=change))
        assert came.only.kind is SurfaceKind.WEB


def test_a_refusal_that_changes_is_the_same_refusal() -> None:
    """Spring's error page carries the time and the path."""
    words = count(1)

    def refuse(request: Request) -> Reply:
        body = f'{{"id":"{"x" * (next(words) % 7)}","path":"{request.path}"}}'.encode()
        return Reply(status=403 if next(words) % 3 else 401, body=body, type=JSON)

    assert ask(FakeServer(fallback=refuse)).only.kind is SurfaceKind.WEB


def test_an_echo_of_the_question_is_no_answer() -> None:
    def echo(request: Request) -> Reply:
        return Reply(body=b'{"you asked":"%s"}' % request.target.encode().replace(b"/", b"\\/"), type=JSON)

    assert ask(FakeServer(fallback=echo)).only.kind is SurfaceKind.WEB


def test_a_login_for_everything_with_orthancs_realm_speaks() -> None:
    came = ask(FakeServer(fallback=ORTHANC_WALL))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.ORTHANC_REST, Rung.SPEAKS)
    assert (web(came.only).challenge, web(came.only).realm) == ("Basic", "Orthanc Secure Area")
    assert web(came.only).catch_all is True


def test_orthanc_that_is_open_behind_such_a_wall_is_open() -> None:
    came = ask(FakeServer(orthanc(), fallback=ORTHANC_WALL))
    assert came.surface(SurfaceKind.ORTHANC_REST).proof is Rung.RETRIEVABLE


def test_a_login_page_for_everything_is_no_service() -> None:
    away = Reply(status=302, headers=(("Location", "/login?next=/Canaryname"),))
    came = ask(FakeServer({"/login": page("Sign in", login=True)}, fallback=away))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.WEB, Rung.OTHER)
    assert web(came.only).login_form is True
    assert "Canaryname" not in came.said()


def test_several_ways_to_log_in_are_read_together() -> None:
    ways = (("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "Basic realm=plain"))
    came = ask(FakeServer(fallback=Reply(status=401, headers=ways)))
    assert (web(came.only).challenge, web(came.only).realm) == ("Basic", "plain")


def test_a_real_service_among_pages_for_everything_is_found() -> None:
    for fallback in (page("OHIF Viewer"), listing([], JSON), Reply(status=403, body=b"no")):
        came = ask(FakeServer(dcm4chee("DCM4CHEE"), fallback=fallback))
        assert came.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
        assert came.surface(SurfaceKind.DCM4CHEE_REST).facts.no_record is NoRecord.UNDECIDED
