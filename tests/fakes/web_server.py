"""A web server on loopback answers whatever a test scripts, in any broken way, and remembers what it was asked."""

import asyncio
import json
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from leadglass.lab import http
from leadglass.lab.zoo.animal import WebAnswer

HTML = "text/html; charset=utf-8"
JSON = "application/json"
DICOM_JSON = "application/dicom+json"


@dataclass(frozen=True)
class Request:
    """One request as it came; `path` is quoted as it was on the wire, `query` has the first value of each name."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's values, unquoted."""
        return {name: values[0] for name, values in parse_qs(self.target.partition("?")[2]).items()}

    def __str__(self) -> str:
        """Method and target."""
        return f"{self.method} {self.target}"


class After(Enum):
    """What the server does when it has answered."""

    NEXT = auto()  # reads the next request
    CLOSE = auto()  # closes the connection, without having said that it would
    HANG = auto()  # says no more and does not close


Parts = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Reply:
    """One answer: `length` may lie, `parts` are a body without a length, `raw` stands for all of the answer."""

    status: int = 200
    body: bytes = b""
    kind: str | None = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    parts: Parts | None = None
    raw: Parts | None = None
    after: After = After.NEXT

    def encoded(self) -> Iterable[bytes]:
        """The bytes of the wire, part by part, perhaps without end."""
        if self.raw is not None:
            yield from self.raw()
            return
        fields = {"Content-Type": self.kind} if self.kind else {}
        if self.status != 204 and self.parts is None:
            fields["Content-Length"] = str(len(self.body) if self.length is None else self.length)
        lines = [f"{name}: {value}" for name, value in {**fields, **self.headers}.items()]
        yield "\r\n".join([f"HTTP/1.1 {self.status} Whatever", *lines, "", ""]).encode("utf-8") + self.body
        if self.parts is not None:
            yield from self.parts()


Answer = Reply | Callable[[Request], Reply | None]
Routes = Mapping[str, Answer]
NOT_FOUND = Reply(status=404, body=b"<html><title>Not found</title></html>")
HANG = Reply(raw=tuple, after=After.HANG)


def as_json(value: object, kind: str = JSON, status: int = 200) -> Reply:
    """A value as JSON."""
    return Reply(status=status, body=json.dumps(value).encode(), kind=kind)


def page(title: str, body: str = "") -> Reply:
    """A page of HTML."""
    return Reply(body=f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode())


def text(words: str, status: int = 200) -> Reply:
    """Plain words."""
    return Reply(status=status, body=words.encode(), kind="text/plain")


def login(realm: str = "somewhere") -> Reply:
    """A Basic login."""
    return Reply(status=401, headers={"WWW-Authenticate": f'Basic realm="{realm}"'})


def redirect(location: str) -> Reply:
    """A redirect."""
    return Reply(status=302, headers={"Location": location})


def said(*words: bytes, after: After = After.CLOSE) -> Reply:
    """These bytes and no others."""
    return Reply(raw=lambda: words, after=after)


def of_the_zoo(answer: WebAnswer) -> Callable[[Request], Reply]:
    """What an animal of the lab's zoo answers."""

    def reply(request: Request) -> Reply:
        asked = http.Request(
            method=request.method, path=request.path, query=request.query, headers=dict(request.headers)
        )
        return Reply(raw=lambda: answer(asked))

    return reply


def changed(routes: Routes, **changes: Any) -> dict[str, Answer]:
    """The same routes with every answer changed, as by `dataclasses.replace`."""

    def change(answer: Answer) -> Answer:
        return lambda request: replace(_reply(answer, request) or NOT_FOUND, **changes)

    return {route: change(answer) for route, answer in routes.items()}


def _reply(answer: Answer, request: Request) -> Reply | None:
    return answer if isinstance(answer, Reply) else answer(request)


class FakeWeb:
    """A route is "path" or "METHOD path", with or without the query; `otherwise` answers all else."""

    def __init__(self, routes: Routes, otherwise: Answer = NOT_FOUND, tls: ssl.SSLContext | None = None) -> None:
        """Not listening yet."""
        self._routes = routes
        self._otherwise = otherwise
        self._tls = tls
        self.requests: list[Request] = []
        self.connections = 0
        self.port = 0

    async def __aenter__(self) -> Self:
        """Listens on a free port of loopback."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ends every conversation; a mistake in a test's own script comes out here."""
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._failures:
            raise self._failures[0]

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            self._failures.append(failure)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                after = await self._answer(read_request(await reader.readuntil(b"\r\n\r\n")), writer)
                if after is After.HANG:
                    await reader.read()
                if after is not After.NEXT:
                    return
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # the caller went away
        finally:
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> After:
        self.requests.append(request)
        reply = self._find(request)
        for part in reply.encoded():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)  # an answer without end leaves room for who reads it
        unbounded = reply.parts is not None and reply.after is After.NEXT  # only its end says that such a body is whole
        return After.CLOSE if unbounded else reply.after

    def _find(self, request: Request) -> Reply:
        keys = (str(request), request.target, f"{request.method} {request.path}", request.path)
        chosen = next((self._routes[key] for key in keys if key in self._routes), self._otherwise)
        return _reply(chosen, request) or NOT_FOUND


def read_request(head: bytes) -> Request:
    """The request of a head; ours are always well-formed."""
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    return Request(method, target, {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)})
