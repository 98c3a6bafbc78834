"""A web server that breaks every rule ends in a typed status, with what was proved before it did."""

from dataclasses import replace
from itertools import chain, repeat
from typing import Any

import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import Archive
from tests.fakes.web_server import DICOM_JSON, HANG, NOT_FOUND, After, Reply, changed, said

IMPATIENT = Timing(connect_s=0.5, reply_s=0.2)


@pytest.mark.parametrize(
    "words",
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
def test_what_is_not_http_is_other(words: bytes) -> None:
    seen = ask({}, said(words, after=After.NEXT), timing=IMPATIENT)
    (probe,) = seen.probes
    assert probe.surface.kind is SurfaceKind.UNKNOWN
    assert probe.surface.proof is Rung.OTHER
    # A line that could still become HTTP is waited for.
    assert probe.surface.status in (Status.PROTOCOL_ERROR, Status.IO_TIMEOUT)
    assert probe.try_other


def _endless(start: bytes, part: bytes) -> Reply:
    return Reply(raw=lambda: chain([start], repeat(part)))


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
    seen = ask({}, _endless(start, part), timing=IMPATIENT, budget=Budget(max_busy_s=2.0))
    assert seen.probes[0].surface.status in (Status.PROTOCOL_ERROR, Status.IO_TIMEOUT)


def test_an_endless_body_is_cut() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n["
    seen = ask({}, _endless(head, b"[" * 65536), budget=Budget(max_busy_s=10.0))
    assert all(not probe.surface.proof.at_least(Rung.SPEAKS) for probe in seen.probes)


def _stalling(start: bytes) -> Reply:
    return Reply(raw=lambda: (bytes([byte]) for byte in start), after=After.HANG)


@pytest.mark.parametrize("start", [b"HTTP", b"HTTP/1.1 200 OK\r\n", b"".join(Reply(body=b"x" * 1000).encoded())[:-1]])
def test_an_answer_that_never_ends_is_other_at_its_deadline(start: bytes) -> None:
    surface = ask({}, _stalling(start), timing=IMPATIENT).probes[0].surface
    assert (surface.status, surface.proof) == (Status.IO_TIMEOUT, Rung.OTHER)


def test_no_answer_at_all_is_silent() -> None:
    surface = ask({}, HANG, timing=IMPATIENT).probes[0].surface
    assert (surface.status, surface.proof) == (Status.IO_TIMEOUT, Rung.SILENT)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = Reply(body=b"\x1f\x8b" + b"\0" * 100_000, headers={"Content-Encoding": "gzip"}, kind=DICOM_JSON)
    seen = ask({}, lambda request: bomb if request.path.endswith("/studies") else NOT_FOUND)
    assert seen.kinds == [SurfaceKind.WEB]
    assert all(one.headers["accept-encoding"] == "identity" for one in seen.requests)


def test_a_server_that_closes_at_once_is_closed() -> None:
    seen = ask({}, said())
    assert seen.probes[0].surface.status in (Status.PROTOCOL_ERROR, Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)


def test_a_spent_budget_keeps_what_was_proved_before() -> None:
    seen = ask(Archive(series=HANG).routes(), budget=Budget(max_busy_s=0.6))
    assert seen.surface(SurfaceKind.DICOMWEB).proof is Rung.READABLE
    assert any(probe.surface.status is not Status.SUCCESS for probe in seen.probes)


@pytest.mark.parametrize("connections", range(1, 40))
def test_whatever_ends_the_budget_a_record_that_came_is_told(connections: int) -> None:
    closing: dict[str, Any] = {"headers": {"Connection": "close"}, "after": After.CLOSE}
    routes = changed(Archive().routes(), **closing)
    seen = ask(routes, replace(NOT_FOUND, **closing), budget=Budget(max_connections=connections))
    received = sum(probe.surface.records_received for probe in seen.probes)
    readable = any(probe.surface.proof.at_least(Rung.READABLE) for probe in seen.probes)
    assert readable == (received > 0)
    if connections < 15:  # far fewer than all questions need
        assert any(probe.surface.status is Status.BUDGET_SPENT for probe in seen.probes)


@pytest.mark.parametrize("name", ["Server", "WWW-Authenticate", "Location", "Content-Type"])
def test_a_header_of_any_bytes_harms_nobody(name: str) -> None:
    words = b"\xff\x1b[31m<script>" + b"A" * 3000
    head = b"HTTP/1.1 401 X\r\nContent-Length: 0\r\n" + name.encode() + b": " + words + b"\r\n\r\n"
    seen = ask({}, said(head, after=After.NEXT), timing=IMPATIENT)
    assert "\x1b" not in repr(seen.probes)
    assert "A" * 300 not in repr(seen.probes)
