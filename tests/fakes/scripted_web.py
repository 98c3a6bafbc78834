"""A web server on loopback that answers as it was told, in any broken way, and remembers what it was asked."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

HTML = "text/html; charset=utf-8"
JSON = "application/json"
DICOM_JSON = "application/dicom+json"


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path

    def value(self, name: str) -> str | None:
        """One value of the query."""
        return parse_qs(urlsplit(self.target).query).get(name, [None])[0]


@dataclass(frozen=True)
class Reply:
    """One answer; `headers` are added, `end` closes the connection after it, `length` may lie."""

    status: int = 200
    body: bytes = b""
    type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    end: bool = False
    length: int | None = None

    def encoded(self) -> bytes:
        """The bytes of the wire."""
        lines = [f"HTTP/1.1 {self.status} Whatever"]
        lines += [f"Content-Type: {self.type}"] if self.type else []
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.status != 204:
            lines.append(f"Content-Length: {len(self.body) if self.length is None else self.length}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


Answering = Reply | Callable[[Request], Reply]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NOT_FOUND = Reply(status=404, body=b"<html><title>Not found</title></html>")


@dataclass
class FakeServer:
    """Serves `routes` by path (or by "METHOD path"), and `fallback` for all others; `talk` takes over altogether."""

    routes: Mapping[str, Answering] = field(default_factory=dict)
    fallback: Answering = NOT_FOUND
    tls: ssl.SSLContext | None = None
    talk: Talk | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def __aenter__(self) -> Self:
        """Listens on a free port of loopback."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ends every conversation."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await (self.talk or self._converse)(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # the caller went away
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            reply = self.reply(read_request(await reader.readuntil(b"\r\n\r\n")))
            writer.write(reply.encoded())
            await writer.drain()
            if reply.end:
                return

    def reply(self, request: Request) -> Reply:
        """What a request gets; it is remembered."""
        self.requests.append(request)
        chosen = self.routes.get(f"{request.method} {request.path}") or self.routes.get(request.path) or self.fallback
        return chosen if isinstance(chosen, Reply) else chosen(request)


def read_request(head: bytes) -> Request:
    """The request of a head; ours are always well-formed."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    return Request(method, target, {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)})
