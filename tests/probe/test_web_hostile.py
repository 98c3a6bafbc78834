"""A hostile web server ends in a typed status: no redirect out of scope, no endless read, nothing raw in the facts."""

import asyncio
from collections.abc import Iterator
from itertools import repeat

import msgspec
import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.probe.web import probe_web
from tests.fakes.asking import CONTACT, ask, host_of, web_of
from tests.fakes.dicomweb import CANARIES, Archive, record
from tests.fakes.web_server import DICOM_JSON, HANG, After, Reply, Request, as_json, changed, page, redirect, said

NASTY = "\x1b]0;owned\x07\u202e<script>alert(1)</script>"


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
    ],
)
def test_a_redirect_elsewhere_is_recorded_and_not_followed(location: str, shown: str) -> None:
    found = ask({"/": redirect(location)})
    probe = found.probe(SurfaceKind.WEB)
    assert web_of(probe).redirects_to == shown
    assert "CANARY" not in repr(found.probes)
    assert "K4711Q" not in repr(found.probes)
    assert not found.asked_for("CANARY")


def test_redirects_within_the_server_are_followed_three_times() -> None:
    assert SurfaceKind.VIEWER in ask({"/": redirect("app/x.html"), "/app/x.html": page("Orthanc Explorer")}).kinds
    found = ask({"/": redirect("/?next=/")})
    assert len(found.asked_for("GET /?next")) == 3
    found = ask({"/": redirect("/K4711Q \x01x")})
    assert "K4711Q" not in repr(found.probes)


@pytest.mark.parametrize(
    "words", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x03\x00\x00\x13\x0e\xd0", bytes(range(256)), b"", b"\x00"]
)
def test_what_is_not_http_is_tried_otherwise(words: bytes) -> None:
    (probe,) = ask({}, said(words)).probes
    surface = probe.surface
    assert (surface.kind, surface.proof, probe.try_other) == (SurfaceKind.UNKNOWN, Rung.OTHER, True)
    assert surface.status in (Status.PROTOCOL_ERROR, Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)


def test_a_port_where_nobody_listens_is_silent() -> None:
    async def go() -> None:
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        for secure in (False, True):
            host = await host_of(timing=Timing(connect_s=1.0, reply_s=1.0))
            (probe,) = await probe_web(host, port, secure=secure, contact=CONTACT)
            assert probe.surface.proof is Rung.SILENT
            assert probe.surface.status is Status.CONNECTION_REFUSED
            assert not probe.try_other

    asyncio.run(go())


def test_a_port_without_tls_is_tried_otherwise() -> None:
    async def go() -> None:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        host = await host_of(timing=Timing(connect_s=1.0, reply_s=1.0))
        port = server.sockets[0].getsockname()[1]
        (probe,) = await probe_web(host, port, secure=True, contact=CONTACT)
        server.close()
        assert (probe.surface.proof, probe.surface.tls, probe.try_other) == (Rung.OTHER, True, True)
        assert probe.surface.status is Status.TLS_ERROR

    asyncio.run(go())


def test_silence_after_the_connection_ends_in_time() -> None:
    (probe,) = ask({}, HANG, timing=Timing(connect_s=0.2, reply_s=0.2)).probes
    assert (probe.surface.proof, probe.surface.status) == (Rung.SILENT, Status.IO_TIMEOUT)
    assert probe.try_other


def test_a_question_without_an_answer_is_not_a_closed_door() -> None:
    routes = {"/dicom-web/studies": HANG, "/": page("Orthanc Explorer")}
    found = ask(routes, timing=Timing(connect_s=0.3, reply_s=0.3))
    assert found.surface(SurfaceKind.WEB).status is Status.IO_TIMEOUT
    late = ask(Archive(wide=HANG).routes(), timing=Timing(connect_s=0.3, reply_s=0.3))
    surface = late.surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.status) == (Rung.ADMITS, Status.IO_TIMEOUT)


def test_a_server_that_stops_answering_is_left_alone() -> None:
    class Stops:
        asked = 0

        def __call__(self, request: Request) -> Reply:
            self.asked += 1
            return Reply(status=404) if self.asked == 1 else HANG

    found = ask({}, Stops(), timing=Timing(connect_s=0.1, reply_s=0.1))
    assert len(found.requests) == 4
    assert found.surface(SurfaceKind.WEB).status is Status.IO_TIMEOUT


def endless_headers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from repeat(b"X-Filler: " + b"a" * 1000 + b"\r\n")


def endless_body() -> Iterator[bytes]:
    yield b'[{"0020000D": {"vr": "UI", "Value": ["1.2"]}},'
    yield from repeat(b'{"00100010": {"vr": "PN"}},' * 100)


def test_endless_headers_end() -> None:
    (probe,) = ask({}, Reply(raw=endless_headers)).probes
    assert probe.surface.status is Status.PROTOCOL_ERROR
    assert probe.surface.bytes_received < 1_000_000


def test_an_endless_body_is_cut_off() -> None:
    endless = Reply(parts=endless_body, kind=DICOM_JSON)
    found = ask(Archive(wide=endless).routes())
    surface = found.surface(SurfaceKind.DICOMWEB)
    assert surface.proof is Rung.READABLE
    everywhere = ask({}, Reply(parts=lambda: repeat(b"<p>" * 1000)))
    assert everywhere.kinds == [SurfaceKind.WEB]


def test_the_budget_ends_everything() -> None:
    small = Budget(max_bytes=20_000)
    found = ask({}, page("x", "y" * 9000), budget=small)
    assert found.surface(SurfaceKind.WEB).status is Status.BUDGET_SPENT
    closing = {"Connection": "close"}
    found = ask({}, Reply(status=404, headers=closing), budget=Budget(max_connections=5))
    assert found.surface(SurfaceKind.WEB).status is Status.BUDGET_SPENT
    assert found.surface(SurfaceKind.WEB).connections == 5


def test_a_peers_words_are_harmless_in_every_field() -> None:
    hostile = {"Server": NASTY.replace("\x07", ""), "WWW-Authenticate": f'{NASTY[:9]} realm="{NASTY}"'}
    routes = {
        "/": page(NASTY),
        "/system": as_json({"ApiVersion": 1, "Version": NASTY, "DicomAet": NASTY}),
        "/dcm4chee-arc/aets": as_json([{"dicomAETitle": NASTY[:16]}]),
        "/dicom-web/studies": Reply(status=401, headers=hostile),
        "/dicom-web/studies?limit=1": as_json([record()], DICOM_JSON),
        "PROPFIND /webdav/": Reply(status=207, body=NASTY.encode() * 99, headers=hostile),
    }
    found = ask(routes, Reply(status=404, headers={"Server": "x\x1b[31m"}))
    text = msgspec.json.encode([probe.surface for probe in found.probes]).decode()
    for bad in ("\\u001b", "\x1b", "\u202e", "\\u0007"):
        assert bad not in text


def test_the_sum_of_the_surfaces_is_what_the_port_cost() -> None:
    found = ask(Archive().routes() | {"/": page("OHIF Viewer")})
    surfaces = [probe.surface for probe in found.probes]
    assert sum(s.connections for s in surfaces) == found.cost.connections
    assert sum(s.bytes_received for s in surfaces) == found.cost.bytes_received
    assert sum(s.records_received for s in surfaces) == found.cost.records_received
    assert abs(sum(s.busy_s for s in surfaces) - found.cost.busy_s) < 1e-3


def test_a_server_that_hangs_up_without_a_word_is_asked_again() -> None:
    routes = changed(Archive().routes(), after=After.CLOSE)
    found = ask(routes, Reply(status=404, after=After.CLOSE))
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert {probe.surface.status for probe in found.probes} == {Status.SUCCESS}


def test_a_request_in_clear_on_a_tls_port_is_understood() -> None:
    probe = ask({}, Reply(status=400, body=b"The plain HTTP request was sent to HTTPS port")).probe(SurfaceKind.WEB)
    assert web_of(probe).marks == ("says that it speaks HTTPS",)


def test_every_log_at_debug_holds_templates_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ask(Archive().routes(), Reply(status=404, headers={"Location": "/CANARY"}))
    told = [entry.getMessage() for entry in caplog.records]
    assert any("{study}" in line for line in told)
    assert not any(secret in line for line in told for secret in ("CANARY", *CANARIES, "2.25."))
