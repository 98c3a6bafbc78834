"""A caller's HTTP/1.1 requests are answered one after another on one connection; h11 knows the protocol (RFC 9112)."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl

import h11
import msgspec

from leadglass.model.record import Record
from leadglass.model.words import Step
from leadglass.net.listener import IDLE_S, read_or_end
from leadglass.net.stream import Stream

MAX_HEAD_BYTES = 16_384
_PART_BYTES = 1 << 16  # of a list that is written as it is made


class Request(Record):
    """One request without its body; `query` holds the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


class Reply(Record):
    """One answer; without a media type its header is left out.

    `parts` stand for the body of an answer whose length nobody knows beforehand: read once, as they are sent.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    parts: Iterator[bytes] | None = None


NOT_FOUND = Reply(status=404, body=b"<html><head><title>Not found</title></head></html>")


def json_reply(value: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=msgspec.json.encode(value), media_type=media_type)


def json_list(values: Iterable[object], *, media_type: str) -> Reply:
    """A list in JSON that is never in memory as a whole."""
    return Reply(media_type=media_type, parts=_written(values))


def _written(values: Iterable[object]) -> Iterator[bytes]:
    written, between = bytearray(b"["), b""
    for value in values:
        written += between + msgspec.json.encode(value)
        between = b","
        if len(written) >= _PART_BYTES:
            yield bytes(written)
            written.clear()
    yield bytes(written + b"]")


async def answer_http(stream: Stream, answer: Callable[[Request], Reply]) -> None:
    """Answers until the caller leaves, asks for an end, or breaks the protocol."""
    loop = asyncio.get_running_loop()
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
    try:
        while (request := await next_request(stream, connection, loop)) is not None:
            reply = answer(request)
            if reply.parts is not None and request.method != "HEAD":
                await _send_parts(stream, connection, reply, reply.parts)
            else:
                stream.write(_encoded(connection, reply, with_body=request.method != "HEAD"))
            await stream.drain(loop.time() + IDLE_S, Step.REQUEST)
            if connection.our_state is h11.MUST_CLOSE:
                return
            connection.start_next_cycle()
    except h11.ProtocolError:
        return  # who does not speak HTTP is not answered


async def next_request(stream: Stream, connection: h11.Connection, loop: asyncio.AbstractEventLoop) -> Request | None:
    """The next request when its body has been passed over, None where there is no other. Raises h11.ProtocolError."""
    request: Request | None = None
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await read_or_end(stream, loop))
        elif isinstance(event, h11.Request):
            request = _read(event)
        elif isinstance(event, h11.EndOfMessage):
            return request
        elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
            return None


def _read(event: h11.Request) -> Request:
    path, _, query = event.target.decode("ascii", "replace").partition("?")
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
    return Request(method=event.method.decode("ascii"), path=path, query=dict(parse_qsl(query, True)), headers=headers)


async def _send_parts(stream: Stream, connection: h11.Connection, reply: Reply, parts: Iterator[bytes]) -> None:
    """Sends part after part while the caller takes them, and lets others be answered meanwhile."""
    stream.write(connection.send(_first(reply)) or b"")
    for part in parts:
        stream.write(connection.send(h11.Data(data=part)) or b"")
        await asyncio.sleep(0)
        await stream.drain(asyncio.get_running_loop().time() + IDLE_S, Step.REQUEST)
        if stream.is_closing:
            break
    stream.write(connection.send(h11.EndOfMessage()) or b"")


def _encoded(connection: h11.Connection, reply: Reply, *, with_body: bool) -> bytes:
    sent = [connection.send(_first(reply))]
    if with_body and reply.body:
        sent.append(connection.send(h11.Data(data=reply.body)))
    sent.append(connection.send(h11.EndOfMessage()))
    return b"".join(part for part in sent if part)


def _first(reply: Reply) -> h11.Response:
    """The first lines of an answer; one that is made in parts has no length, and is sent in chunks (RFC 9112 7.1)."""
    headers = list(reply.headers)
    if reply.parts is None:
        headers.insert(0, ("Content-Length", str(len(reply.body))))
    if (reply.body or reply.parts is not None) and reply.media_type:
        headers.insert(0, ("Content-Type", reply.media_type))
    return h11.Response(status_code=reply.status, headers=headers)
