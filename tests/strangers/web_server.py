"""A web server of a few lines answers exactly what a test scripts, byte for byte, and remembers what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, unquote, urlsplit

HTML = "text/html; charset=utf-8"
DICOM_JSON = "application/dicom+json"
_WORDS = {200: "OK", 204: "No Content", 207: "Multi-Status", 302: "Found", 401: "Unauthorized", 404: "Not Found"}


class Asked:
    """One request as it came."""

    def __init__(self, method: str, target: str, headers: Mapping[str, str]) -> None:
        """`headers` has lower-case names."""
        self.method = method
        self.target = target
        self.headers = headers
        parts = urlsplit(target)
        self.path = unquote(parts.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    def __repr__(self) -> str:
        """Method and target."""
        return f"{self.method} {self.target}"


Endless = AsyncIterator[bytes]
Routes = Callable[[Asked], "bytes | Endless | None"]
"""What a request is answered with: bytes as they are, more and more bytes, or None for 404."""


def reply(
    body: bytes | str | object = b"",
    status: int = 200,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A whole answer. Text is a page; what is neither text nor bytes becomes JSON."""
    if isinstance(body, str):
        body, kind = body.encode(), kind or HTML
    elif not isinstance(body, bytes):
        body, kind = json.dumps(body).encode(), kind or "application/json"
    fields = {"Content-Length": str(len(body)), **({"Content-Type": kind} if kind else {}), **(headers or {})}
    lines = [f"HTTP/1.1 {status} {_WORDS.get(status, 'Said')}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def login(realm: str | None = None, body: bytes | str | object = b"") -> bytes:
    """A 401, with a Basic challenge where a realm is given."""
    challenge = {"WWW-Authenticate": f'Basic realm="{realm}"'} if realm is not None else {}
    return reply(body, 401, headers=challenge)


class WebServer:
    """A running server: its port and all that it was asked."""

    def __init__(self, routes: Routes) -> None:
        """Not listening yet."""
        self._routes = routes
        self.port = 0
        self.asked: list[Asked] = []
        self.connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def paths(self) -> list[str]:
        """Every path asked, in order."""
        return [one.path for one in self.asked]

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it ends."""
        self.connections += 1
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        try:
            while (asked := await _request(reader)) is not None:
                self.asked.append(asked)
                answer = self._routes(asked)
                if isinstance(answer, AsyncIterator):
                    async for part in answer:
                        writer.write(part)
                        await writer.drain()
                    break
                writer.write(reply(b"", 404) if answer is None else answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the stranger went away, which is what it should do with some of these servers, or the test ended
        finally:
            writer.close()
            if task is not None:
                self._tasks.discard(task)

    async def end(self) -> None:
        """Ends what is still being said."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, _, rest = first.partition(" ")
    fields = (line.partition(":") for line in lines if line)
    return Asked(method, rest.rpartition(" ")[0], {name.lower(): value.strip() for name, _, value in fields})


@asynccontextmanager
async def serving(routes: Routes) -> AsyncIterator[WebServer]:
    """A server on a free port of 127.0.0.1 for the length of a `with`."""
    server = WebServer(routes)
    listening = await asyncio.start_server(server.accept, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.end()
