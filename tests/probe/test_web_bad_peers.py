"""A web server that breaks every rule ends in a typed status, with what was proved before it did."""

import asyncio
from itertools import chain, repeat

import msgspec
import pytest

from leadglass.lab.zoo import web
from leadglass.lab.zoo.animal import WebAnswer
from leadglass.model.scope import Budget, Timing
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.probe.web import probe_web
from tests.fakes.asking import CONTACT, ask, host_of
from tests.fakes.dicomweb import Archive, record
from tests.fakes.web_server import (
    DICOM_JSON,
    HANG,
    NOT_FOUND,
    After,
    Reply,
    Request,
    as_json,
    changed,
    of_the_zoo,
    page,
    said,
)

IMPATIENT = Timing(connect_s=5.0, reply_s=0.3)
NASTY = "\x1b]0;owned\x07\u202e<script>alert(1)</script>"


@pytest.mark.parametrize(
    "answer",
    [
        web.shell_for_the_web,
        web.tls_for_the_web,
        web.status_that_is_none,
        web.negative_length,
        web.two_lengths,
        web.chunk_size_that_is_none,
        web.zeros_for_the_web,
    ],
)
def test_what_is_not_http_is_other(answer: WebAnswer) -> None:
    seen = ask({}, of_the_zoo(answer), timing=IMPATIENT)
    (probe,) = seen.probes
    assert probe.surface.kind is SurfaceKind.UNKNOWN
    assert probe.surface.proof is Rung.OTHER
    # A line that could still become HTTP is waited for.
    assert probe.surface.status in (Status.PROTOCOL_ERROR, Status.IO_TIMEOUT)
    assert probe.try_other


@pytest.mark.parametrize(
    "answer", [web.endless_headers, web.endless_processing, web.endless_header_line, web.endless_chunk_head]
)
def test_an_endless_head_ends(answer: WebAnswer) -> None:
    seen = ask({}, of_the_zoo(answer), timing=IMPATIENT, budget=Budget(max_busy_s=2.0))
    assert seen.probes[0].surface.status in (Status.PROTOCOL_ERROR, Status.IO_TIMEOUT)


def test_an_endless_body_is_cut() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n["
    seen = ask({}, Reply(raw=lambda: chain([head], repeat(b"[" * 65536))), budget=Budget(max_busy_s=10.0))
    assert all(not probe.surface.proof.at_least(Rung.SPEAKS) for probe in seen.probes)


def _stalling(start: bytes) -> Reply:
    return Reply(raw=lambda: (bytes([byte]) for byte in start), after=After.HANG)


@pytest.mark.parametrize("start", [b"HTTP", b"HTTP/1.1 200 OK\r\n", b"".join(Reply(body=b"x" * 1000).encoded())[:-1]])
def test_an_answer_that_never_ends_is_other_at_its_deadline(start: bytes) -> None:
    surface = ask({}, _stalling(start), timing=IMPATIENT).probes[0].surface
    assert (surface.status, surface.proof) == (Status.IO_TIMEOUT, Rung.OTHER)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = of_the_zoo(web.gzip_bomb)
    seen = ask({}, lambda request: bomb(request) if request.path.endswith("/studies") else NOT_FOUND)
    assert seen.kinds == [SurfaceKind.WEB]
    assert all(one.headers["accept-encoding"] == "identity" for one in seen.requests)


@pytest.mark.parametrize("name", ["Server", "WWW-Authenticate", "Location", "Content-Type"])
def test_a_header_of_any_bytes_harms_nobody(name: str) -> None:
    words = b"\xff\x1b[31m<script>" + b"A" * 3000
    head = b"HTTP/1.1 401 X\r\nContent-Length: 0\r\n" + name.encode() + b": " + words + b"\r\n\r\n"
    seen = ask({}, said(head, after=After.NEXT), timing=IMPATIENT)
    assert "\x1b" not in repr(seen.probes)
    assert "A" * 300 not in repr(seen.probes)


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
    (probe,) = ask({}, HANG, timing=Timing(connect_s=5.0, reply_s=0.3)).probes
    assert (probe.surface.proof, probe.surface.status) == (Rung.SILENT, Status.IO_TIMEOUT)
    assert probe.try_other


def test_a_question_without_an_answer_is_not_a_closed_door() -> None:
    routes = {"/dicom-web/studies": HANG, "/": page("Orthanc Explorer")}
    found = ask(routes, timing=Timing(connect_s=5.0, reply_s=0.4))
    assert found.surface(SurfaceKind.WEB).status is Status.IO_TIMEOUT
    late = ask(Archive(wide=HANG).routes(), timing=Timing(connect_s=5.0, reply_s=0.4))
    surface = late.surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.status) == (Rung.ADMITS, Status.IO_TIMEOUT)


def test_a_server_that_stops_answering_is_left_alone() -> None:
    class Stops:
        asked = 0

        def __call__(self, request: Request) -> Reply:
            self.asked += 1
            return Reply(status=404) if self.asked == 1 else HANG

    found = ask({}, Stops(), timing=Timing(connect_s=5.0, reply_s=0.4))
    assert len(found.requests) == 4
    assert found.surface(SurfaceKind.WEB).status is Status.IO_TIMEOUT


def test_endless_headers_end() -> None:
    (probe,) = ask({}, of_the_zoo(web.endless_headers)).probes
    assert probe.surface.status is Status.PROTOCOL_ERROR
    assert probe.surface.bytes_received < 1_000_000


def test_an_endless_list_of_records_is_cut_off() -> None:
    archive, endless = Archive(), of_the_zoo(web.endless_json)

    def search(request: Request) -> Reply:
        return archive.search(request) if "StudyInstanceUID" in request.query else endless(request)

    surface = ask({**archive.routes(), "/dicom-web/studies": search}).surface(SurfaceKind.DICOMWEB)
    assert surface.proof is Rung.READABLE


def test_an_endless_page_is_cut_off() -> None:
    everywhere = ask({}, of_the_zoo(web.endless_page))
    assert everywhere.kinds == [SurfaceKind.WEB]


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


def test_a_server_that_hangs_up_without_a_word_is_asked_again() -> None:
    routes = changed(Archive().routes(), after=After.CLOSE)
    found = ask(routes, Reply(status=404, after=After.CLOSE))
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert {probe.surface.status for probe in found.probes} == {Status.SUCCESS}
