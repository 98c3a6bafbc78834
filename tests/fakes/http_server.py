"""A web server that answers by a script and remembers what it was asked."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

MAX_PIECES = 100_000


@dataclass(frozen=True)
class Reply:
    """One answer; `pieces` makes a body without a length, `raw` replaces all of it, `hang` answers nothing,
    `hang_up` closes after the answer without a word of it."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Callable[[], Iterator[bytes]] | None = None
    raw: Callable[[], Iterator[bytes]] | None = None
    hang: bool = False
    hang_up: bool = False


def as_json(value: Any, content_type: str = "application/json", status: int = 200) -> Reply:
    """A value as JSON."""
    return Reply(status=status, body=json.dumps(value).encode(), content_type=content_type)


def login(realm: str, status: int = 401) -> Reply:
    """A Basic login."""
    return Reply(status=status, headers={"WWW-Authenticate": f'Basic realm="{realm}"'})


def page(title: str, body: str = "") -> Reply:
    """A page of HTML."""
    return Reply(body=f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


NOT_FOUND = Reply(status=404, body=b"nothing here")


class FakeWeb:
    """Routes are `path` or `METHOD path`, with or without the query; `otherwise` answers the rest."""

    def __init__(self, routes: Mapping[str, Reply], otherwise: Reply | Callable[[str], Reply]) -> None:
        self.routes = dict(routes)
        self.otherwise = otherwise
        self.asked: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.port = 0

    def asked_for(self, part: str) -> list[str]:
        """The requests whose target has `part` in it."""
        return [target for target in self.asked if part in target]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):  # ssl.SSLError is an OSError
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        self.asked.append(f"{method} {target}")
        self.fields.append({k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)})
        reply = self._find(method, target)
        if reply.hang:
            await reader.read()
            return False
        if reply.raw is not None:
            return await _send(writer, reply.raw())
        fields = {"Content-Type": reply.content_type, **reply.headers}
        if reply.pieces is None:
            fields["Content-Length"] = str(len(reply.body))
        lines = [f"HTTP/1.1 {reply.status} Whatever", *(f"{k}: {v}" for k, v in fields.items() if v), "", ""]
        writer.write("\r\n".join(lines).encode("utf-8"))
        if reply.pieces is not None:
            return await _send(writer, reply.pieces())
        writer.write(reply.body)
        await writer.drain()
        return not reply.hang_up

    def _find(self, method: str, target: str) -> Reply:
        place = target.partition("?")[0]
        for key in (f"{method} {target}", target, f"{method} {place}", place):
            if key in self.routes:
                return self.routes[key]
        return self.otherwise if isinstance(self.otherwise, Reply) else self.otherwise(target)


async def _send(writer: asyncio.StreamWriter, pieces: Iterator[bytes]) -> bool:
    for sent, piece in enumerate(pieces):
        writer.write(piece)
        await writer.drain()
        if sent > MAX_PIECES:
            break
    return False


@asynccontextmanager
async def serving(
    routes: Mapping[str, Reply] | None = None,
    otherwise: Reply | Callable[[str], Reply] = NOT_FOUND,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[FakeWeb]:
    """The server on a free port of loopback while the block runs."""
    fake = FakeWeb(routes or {}, otherwise)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(fake.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
