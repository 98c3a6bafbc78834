"""A caller's HTTP/1.1 requests are answered one after another on one connection; h11 knows the protocol (RFC 9112)."""

import asyncio
from collections.abc import Callable
from urllib.parse import parse_qsl

import h11
import msgspec

from leadglass.model.record import Record
from leadglass.model.words import Step
from leadglass.net.listener import IDLE_S, read_or_end
from leadglass.net.stream import Stream

MAX_HEAD_BYTES = 16_384


class Request(Record):
    """One request without its body; `query` holds the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


class Reply(Record):
    """One answer, whole; without a media type its header is left out."""

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


NOT_FOUND = Reply(status=404, body=b"<html><head><title>Not found</title></head></html>")


def json_reply(value: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=msgspec.json.encode(value), media_type=media_type)


async def answer_http(stream: Stream, answer: Callable[[Request], Reply]) -> None:
    """Answers until the caller leaves, asks for an end, or breaks the protocol."""
    loop = asyncio.get_running_loop()
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
    try:
        while (request := await next_request(stream, connection, loop)) is not None:
            reply = answer(request)
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


def _encoded(connection: h11.Connection, reply: Reply, *, with_body: bool) -> bytes:
    headers = [("Content-Length", str(len(reply.body))), *reply.headers]
    if reply.body and reply.media_type:
        headers.insert(0, ("Content-Type", reply.media_type))
    parts = [connection.send(h11.Response(status_code=reply.status, headers=headers))]
    if with_body and reply.body:
        parts.append(connection.send(h11.Data(data=reply.body)))
    parts.append(connection.send(h11.EndOfMessage()))
    return b"".join(part for part in parts if part)
