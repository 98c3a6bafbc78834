"""A web server that breaks every rule ends in a typed status, with what was proved before it did."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.strangers.dicomweb import Archive, study
from tests.strangers.web_server import Asked, reply
from tests.strangers.web_stranger import ask

IMPATIENT = Timing(connect_s=0.5, reply_s=0.2)


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x00\x05hello",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x00" * 4096,
    ],
)
def test_what_is_not_http_is_other(said: bytes) -> None:
    seen = ask(lambda _: said, timing=IMPATIENT)
    (probe,) = seen.probes
    assert probe.surface.kind is SurfaceKind.UNKNOWN
    assert probe.surface.proof is Rung.OTHER
    # A line that could still become HTTP is waited for.
    assert probe.surface.status in (Status.PROTOCOL_ERROR, Status.IO_TIMEOUT)
    assert probe.try_other


async def _endless(start: bytes, part: bytes) -> AsyncIterator[bytes]:
    yield start
    while True:
        yield part
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Header: " + b"a" * 1000 + b"\r\n"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a" * 1000),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"a" * 5000),
    ],
)
def test_an_endless_head_ends(start: bytes, part: bytes) -> None:
    seen = ask(lambda _: _endless(start, part), timing=IMPATIENT, budget=Budget(max_busy_s=2.0))
    assert seen.probes[0].surface.status in (Status.PROTOCOL_ERROR, Status.IO_TIMEOUT)


def test_an_endless_body_is_cut() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n["
    seen = ask(lambda _: _endless(head, b"[" * 65536), budget=Budget(max_busy_s=10.0))
    assert all(not probe.surface.proof.at_least(Rung.SPEAKS) for probe in seen.probes)


async def _stalling(start: bytes = b"") -> AsyncIterator[bytes]:
    for byte in start:
        yield bytes([byte])
    await asyncio.Event().wait()


@pytest.mark.parametrize("start", [b"HTTP", b"HTTP/1.1 200 OK\r\n", reply("x" * 1000)[:-1]])
def test_an_answer_that_never_ends_is_other_at_its_deadline(start: bytes) -> None:
    surface = ask(lambda _: _stalling(start), timing=IMPATIENT).probes[0].surface
    assert (surface.status, surface.proof) == (Status.IO_TIMEOUT, Rung.OTHER)


def test_no_answer_at_all_is_silent() -> None:
    surface = ask(lambda _: _stalling(), timing=IMPATIENT).probes[0].surface
    assert (surface.status, surface.proof) == (Status.IO_TIMEOUT, Rung.SILENT)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = reply(b"\x1f\x8b" + b"\0" * 100_000, headers={"Content-Encoding": "gzip"}, kind="application/dicom+json")
    seen = ask(lambda asked: bomb if asked.path.endswith("/studies") else None)
    assert seen.kinds == [SurfaceKind.WEB]
    assert all(one.headers["accept-encoding"] == "identity" for one in seen.asked)


def test_a_server_that_closes_at_once_is_closed() -> None:
    seen = ask(lambda _: _saying())
    assert seen.probes[0].surface.status in (Status.PROTOCOL_ERROR, Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)


def test_a_spent_budget_keeps_what_was_proved_before() -> None:
    archive = Archive([study(1)])
    spent = Budget(max_busy_s=0.6)

    def routes(asked: Asked) -> "bytes | AsyncIterator[bytes] | None":
        if "/series" in asked.path:
            return _stalling()
        return archive(asked)

    seen = ask(routes, budget=spent)
    assert seen.probe(SurfaceKind.DICOMWEB).surface.proof is Rung.READABLE
    assert any(probe.surface.status is not Status.SUCCESS for probe in seen.probes)


@pytest.mark.parametrize("connections", range(1, 40))
def test_whatever_ends_the_budget_a_record_that_came_is_told(connections: int) -> None:
    archive = Archive([study(1)])

    def routes(asked: Asked) -> AsyncIterator[bytes]:
        whole = archive(asked) or reply(status=404)
        return _saying(whole.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))

    seen = ask(routes, budget=Budget(max_connections=connections))
    received = sum(probe.surface.records_received for probe in seen.probes)
    readable = any(probe.surface.proof.at_least(Rung.READABLE) for probe in seen.probes)
    assert readable == (received > 0)
    if connections < 15:  # far fewer than all questions need
        assert any(probe.surface.status is Status.BUDGET_SPENT for probe in seen.probes)


async def _saying(*parts: bytes) -> AsyncIterator[bytes]:
    """Says this, and closes the connection."""
    for part in parts:
        yield part


@pytest.mark.parametrize("name", ["Server", "WWW-Authenticate", "Location", "Content-Type"])
def test_a_header_of_any_bytes_harms_nobody(name: str) -> None:
    said = b"\xff\x1b[31m<script>" + b"A" * 3000
    head = b"HTTP/1.1 401 X\r\nContent-Length: 0\r\n" + name.encode() + b": " + said + b"\r\n\r\n"
    seen = ask(partial(lambda answer, _: answer, head), timing=IMPATIENT)
    assert "\x1b" not in repr(seen.probes)
    assert "A" * 300 not in repr(seen.probes)
