"""Web servers whose heads, lengths, bodies and ends break HTTP, or never come to an end."""

import gzip
from collections.abc import Iterator
from functools import cache
from itertools import repeat

from leadglass.lab.http import Request
from leadglass.lab.zoo.animal import After, web
from leadglass.lab.zoo.caller import bytes_of

BOMB_BYTES = 16 * 1024 * 1024
HTML, JSON, DICOM_JSON = "text/html; charset=utf-8", "application/json", "application/dicom+json"


def reply(body: bytes = b"", kind: str = HTML, status: int = 200, **headers: str) -> bytes:
    """A proper answer; an underscore in a header's name stands for a hyphen."""
    fields = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *lines, "", ""]).encode("utf-8", "surrogateescape") + body


@cache
def bomb() -> bytes:
    """Zeros that were packed a thousandfold."""
    return gzip.compress(bytes(BOMB_BYTES), mtime=0)


@web(After.HANG)
def web_silence(request: Request) -> Iterator[bytes]:
    """Takes a request and never answers it."""
    yield from ()


@web(After.CLOSE)
def hanging_up(request: Request) -> Iterator[bytes]:
    """Hangs up on every request without a word."""
    yield from ()


@web()
def gzip_bomb(request: Request) -> Iterator[bytes]:
    """Answers everything by 16 MB of zeros, packed into 16 kB."""
    kind = DICOM_JSON if "/studies" in request.path else HTML
    yield reply(bomb(), kind, Content_Encoding="gzip")


@web()
def endless_headers(request: Request) -> Iterator[bytes]:
    """Sends headers without an end."""
    yield b"HTTP/1.1 200 OK\r\n"
    yield from repeat(b"X-Filler: " + b"a" * 1000 + b"\r\n")


@web()
def endless_header_line(request: Request) -> Iterator[bytes]:
    """Sends one header without an end."""
    yield b"HTTP/1.1 200 OK\r\nX: "
    yield from repeat(b"a" * 1000)


@web()
def endless_processing(request: Request) -> Iterator[bytes]:
    """Says again and again that an answer is being worked on."""
    yield from repeat(b"HTTP/1.1 102 Processing\r\n\r\n")


@web()
def endless_chunk_head(request: Request) -> Iterator[bytes]:
    """Sends an extension of a chunk's head without an end."""
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from repeat(b"1;" + b"a" * 5000)


@web()
def endless_json(request: Request) -> Iterator[bytes]:
    """Answers everything by a list of records without an end."""
    yield f"HTTP/1.1 200 OK\r\nContent-Type: {DICOM_JSON}\r\n\r\n".encode()
    yield b'[{"0020000D": {"vr": "UI", "Value": ["1.2"]}},'
    yield from repeat(b'{"00100010": {"vr": "PN"}},' * 100)


@web()
def endless_page(request: Request) -> Iterator[bytes]:
    """Answers everything by a page without an end."""
    yield f"HTTP/1.1 200 OK\r\nContent-Type: {HTML}\r\n\r\n<title>".encode()
    yield from repeat(b"<p>" * 1000)


@web(After.HANG)
def dripping_head(request: Request) -> Iterator[bytes]:
    """Sends a head a byte at a time, and stops before its end."""
    yield from bytes_of(b"HTTP/1.1 200 OK\r\nContent-Ty")


@web(After.HANG)
def body_without_its_end(request: Request) -> Iterator[bytes]:
    """Sends a body of which the last byte never comes."""
    yield reply(b"x" * 1000)[:-1]


@web(After.CLOSE)
def length_that_lies(request: Request) -> Iterator[bytes]:
    """Says that its body is longer than it is, and hangs up."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\nContent-Length: 4294967296\r\n\r\n[]"


@web(After.CLOSE)
def negative_length(request: Request) -> Iterator[bytes]:
    """Says that its body has a length below zero."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n"


@web(After.CLOSE)
def two_lengths(request: Request) -> Iterator[bytes]:
    """Gives two lengths for one body."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"


@web(After.CLOSE)
def chunk_size_that_is_none(request: Request) -> Iterator[bytes]:
    """Sends a chunk whose size is no number."""
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"


@web(After.CLOSE)
def chunk_size_that_lies(request: Request) -> Iterator[bytes]:
    """Announces a chunk of 4 GiB, sends five bytes and hangs up."""
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nhello"


@web(After.CLOSE)
def status_that_is_none(request: Request) -> Iterator[bytes]:
    """Answers by a status in words."""
    yield b"HTTP/1.1 two hundred\r\n\r\n"


@web(After.CLOSE)
def page_without_a_head(request: Request) -> Iterator[bytes]:
    """Answers as in 1991: a page and nothing before it."""
    yield b"<html><title>Orthanc Explorer</title></html>"


@web(After.HANG)
def switching_protocols(request: Request) -> Iterator[bytes]:
    """Changes to a protocol that nobody asked for."""
    yield b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x05hello"


@web()
def two_answers(request: Request) -> Iterator[bytes]:
    """Answers each request twice."""
    yield reply(b"<html><title>First</title></html>") + reply(b"<html><title>Second</title></html>")


@web(After.CLOSE)
def shell_for_the_web(request: Request) -> Iterator[bytes]:
    """Answers a web request as an SSH server greets."""
    yield b"SSH-2.0-OpenSSH_9.2\r\n"


@web(After.CLOSE)
def tls_for_the_web(request: Request) -> Iterator[bytes]:
    """Answers a request in clear by a record of TLS."""
    yield b"\x16\x03\x01\x00\x05hello"


@web(After.CLOSE)
def zeros_for_the_web(request: Request) -> Iterator[bytes]:
    """Answers by 4 kB of zeros."""
    yield b"\x00" * 4096
