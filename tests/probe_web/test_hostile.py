"""Whatever a peer sends, asking ends within its deadline in a typed status, and memory stays bounded."""

import asyncio
import gzip
import itertools
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.ways import CounterWay, DicomwebWay
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.fakes.asking import HASTY, ask, count
from tests.fakes.scripted_web import JSON, FakeServer, Reply, Request
from tests.fakes.web_products import Qido, orthanc

OK = b"HTTP/1.1 200 OK\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def says(data: bytes, *, end: bool = True) -> Talk:
    """Sends bytes after the question, then closes, or waits."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        await writer.drain()
        if not end:
            await reader.read()

    return talk


def streams(head: bytes, chunk: bytes) -> Talk:
    """Sends the same for ever."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        while True:
            writer.write(chunk)
            await writer.drain()

    return talk


async def banner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Speaks first, as SSH does."""
    writer.write(b"SSH-2.0-OpenSSH_9.9\r\n")
    await reader.read()


async def closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ends at once."""


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Breaks off in the middle of an answer."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK + b"Content-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()


GARBAGE = Status.PROTOCOL_ERROR
CASES: dict[str, tuple[Talk, set[Status]]] = {
    "closed at once": (closes, {Status.CONNECTION_CLOSED, Status.CONNECTION_RESET}),
    "closed after the question": (says(b""), {Status.CONNECTION_CLOSED, Status.CONNECTION_RESET}),
    "reset in the middle": (resets, {Status.CONNECTION_RESET, GARBAGE}),
    "silence": (says(b"", end=False), {Status.IO_TIMEOUT}),
    "half a header": (says(OK + b"Server: x", end=False), {Status.IO_TIMEOUT}),
    "half a body": (says(OK + b"Content-Length: 9\r\n\r\nhalf", end=False), {Status.IO_TIMEOUT}),
    "http/0.9": (says(b"<html>hello</html>"), {GARBAGE}),
    "ssh": (banner, {GARBAGE}),
    "rdp": (says(b"\x03\x00\x00\x0b\x06\xd0\x00\x00\x12\x34\x00"), {GARBAGE}),
    "random": (says(bytes(range(256)) * 40), {GARBAGE}),
    "endless garbage": (streams(b"", b"\x00" * 65_536), {GARBAGE}),
    "endless headers": (streams(OK, b"X-A: " + b"y" * 1000 + b"\r\n"), {GARBAGE}),
    "endless header": (streams(OK + b"X-A: ", b"y" * 65_536), {GARBAGE}),
    "two lengths": (says(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), {GARBAGE}),
    "a length of no number": (says(OK + b"Content-Length: -1\r\n\r\n"), {GARBAGE}),
    "a broken chunk": (says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), {GARBAGE}),
    "an unasked upgrade": (says(b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\nxxxx", end=False), {GARBAGE}),
    "endless 1xx": (streams(b"", b"HTTP/1.1 103 Early\r\n\r\n" * 100), {Status.IO_TIMEOUT, Status.BUDGET_SPENT}),
    "http/2": (says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" * 4), {GARBAGE}),
    "status 1000": (says(b"HTTP/1.1 1000 X\r\n\r\n"), {GARBAGE}),
    "a header of bytes": (says(OK + b"Ser\x00ver: x\r\n\r\n"), {GARBAGE}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_peer_that_is_not_the_web(case: str) -> None:
    talk, statuses = CASES[case]
    came = ask(FakeServer(talk=talk), timing=HASTY, budget=Budget(max_bytes=8_000_000))
    assert came.only.kind is SurfaceKind.UNKNOWN
    assert came.only.status in statuses
    heard = came.only.status not in (Status.IO_TIMEOUT, Status.BUDGET_SPENT)
    assert came.only.proof is (Rung.OTHER if heard else Rung.SILENT)
    assert came.only.detail
    assert came.connections <= 2


@pytest.mark.parametrize(
    "head", [b"Content-Length: 9999999999\r\n\r\n", b"\r\n", b"Transfer-Encoding: chunked\r\n\r\n"]
)
def test_an_endless_body_is_cut(head: bytes) -> None:
    chunk = b"10000\r\n" + b"y" * 65_536 + b"\r\n"
    tracemalloc.start()
    try:
        came = ask(FakeServer(talk=streams(OK + b"Content-Type: application/json\r\n" + head, chunk)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert came.only.kind is SurfaceKind.WEB
    assert peak < 24_000_000
    assert came.connections <= 30


def test_a_packed_body_is_not_unpacked() -> None:
    bomb = gzip.compress(b"[" * 50_000_000)
    packed = Reply(body=bomb, type=JSON, headers=(("Content-Encoding", "gzip"),))
    tracemalloc.start()
    try:
        came = ask(FakeServer(Qido(metadata=packed).routes() | {"/system": packed, "/": packed}))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert came.only.proof is Rung.READABLE
    assert peak < 8_000_000
    assert all(request.headers["accept-encoding"] == "identity" for request in came.requests)


JSONS = {
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "NaN": b"[NaN, Infinity]",
    "huge": b'[{"0020000D":{"vr":"UI","Value":[' + b"9" * 60_000 + b"]}}]",
    "huge exponent": b'{"CountStudies": 1e999999}',
    "latin-1": '[{"0020000D":{"vr":"Müller","Value":["ü"]}}]'.encode("latin-1"),
    "surrogate": b'[{"0020000D":{"vr":"UI","Value":["\\ud800"]}}]',
    "cut": b'[{"0020000D":{"vr":"UI","Va',
    "nothing": b"",
    "zeros": b"\0" * 1000,
    "byte order mark": b"\xef\xbb\xbf[]",
}


@pytest.mark.parametrize("name", JSONS)
def test_wrong_json_everywhere(name: str) -> None:
    reply = Reply(body=JSONS[name], type="application/dicom+json")
    routes = dict.fromkeys((*orthanc(), *Qido().routes(), "/search", "/dcm4chee-arc/aets"), reply)
    came = ask(FakeServer(routes))
    assert all(probe.surface.proof in (Rung.OTHER, Rung.READABLE) for probe in came.probes)
    for way in (
        DicomwebWay(port=1, secure=False, base="/dicom-web"),
        CounterWay(port=1, secure=False, product="orthanc", base=""),
    ):
        measured, _ = count(FakeServer(routes), way)
        assert measured.exposure is None or measured.exposure.studies is not None


def test_a_server_that_falls_silent_is_left_in_peace() -> None:
    class Talking:
        asked = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        Talking.asked += 1
        if Talking.asked == 1:
            writer.write(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            await reader.read()

    came = ask(FakeServer(talk=talk), timing=HASTY)
    assert Talking.asked == 4
    assert came.only.status is Status.IO_TIMEOUT


def test_a_question_that_broke_is_one_question() -> None:
    """A server that resets some paths is asked about the others."""
    turns = itertools.count()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = FakeServer(Qido().routes())
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/system" in head or b"/search" in head:
                writer.transport.abort()
                return
            target = head.split(b" ")[1].decode()
            writer.write(server.reply(Request("GET", target, {})).encoded())
            next(turns)

    assert ask(FakeServer(talk=talk)).only.proof is Rung.RETRIEVABLE


def test_a_kept_connection_that_had_ended_is_opened_again() -> None:
    """An idle connection may be closed by the server just as we ask: nothing is lost by that."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = FakeServer(Qido().routes())
        for _ in range(2):
            target = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
            writer.write(server.reply(Request("GET", target, {})).encoded())
        await reader.readuntil(b"\r\n\r\n")

    came = ask(FakeServer(talk=talk))
    assert came.only.proof is Rung.RETRIEVABLE
    assert came.cost.connections == came.connections


def test_a_slow_body_ends_at_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK + b"Content-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0)

    came = ask(FakeServer(talk=drip), timing=Timing(connect_s=1, reply_s=0.02))
    assert came.only.status is Status.IO_TIMEOUT
