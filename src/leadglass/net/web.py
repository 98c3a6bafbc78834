"""Web questions over the same gated, metered, bounded streams: no redirect followed, nothing decompressed."""

import asyncio
import logging
import math
import re
import ssl
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import httpcore
import msgspec

from leadglass.model.record import Record
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.identity import user_agent
from leadglass.net.stream import Stream

# httpcore writes every header of an answer into its debug log, and a Location may name a patient's study.
logging.getLogger("httpcore").setLevel(logging.CRITICAL)
ANSWERS_IN_TLS = "it answers in TLS, though it was asked in clear"
DEFAULT_MAX_BODY_BYTES = 262_144  # a title, a counter or one record; a page of records says its own limit


class WebAnswer(Record):
    """One answer. `headers` has lower-case names; `whole` is False where the body was longer than was read."""

    status_code: int
    headers: dict[str, str]
    body: bytes
    whole: bool

    @property
    def media_type(self) -> str:
        """The type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def packed(self) -> bool:
        """Whether it holds something, in an encoding that nobody asked for: it is not unpacked, and so not read."""
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        return bool(self.body) and encoding not in ("", "identity")

    def json(self) -> Any:
        """The body as JSON, None where it is cut or is not JSON."""
        if not self.whole:
            return None
        for body in (self.body, self.body.decode("utf-8", "replace")):  # old archives send Latin-1 as if it were UTF-8
            try:
                return msgspec.json.decode(body)
            except UnicodeDecodeError:
                continue
            except (ValueError, RecursionError):  # msgspec.DecodeError is a ValueError
                return None
        return None


class WebClient:
    """Asks one port of one host, over one connection at a time. Use as an async context manager."""

    def __init__(self, host: Host, port: int, tls: ssl.SSLContext | None, contact: str) -> None:
        """`contact` goes into the User-Agent; `tls` is None for http."""
        self._host = host
        self._port = port
        self.secure = tls is not None
        self._agent = user_agent(contact)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=1,
            max_keepalive_connections=1,
            retries=0,
            network_backend=_Backend(host),
        )

    async def __aenter__(self) -> Self:
        """Opens nothing yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the connection."""
        await self._pool.aclose()

    async def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
        within_s: float | None = None,
    ) -> WebAnswer:
        """The answer to one request without a body; `within_s` bounds the wait more narrowly. Raises StepFailed.

        A body longer than `max_body_bytes` is cut there and the connection closed. `path` begins with a slash and
        is percent-encoded already.
        """
        if method not in ("GET", "PROPFIND", "OPTIONS"):
            raise ValueError("Leadglass only asks: GET, PROPFIND, OPTIONS")
        meter, clock = self._host.meter, self._host.clock
        meter.check(Step.REQUEST)
        started, left_s = clock(), meter.busy_left_s
        reply_s = min(self._host.timing.reply_s, within_s or math.inf)
        try:
            async with asyncio.timeout(min(reply_s, left_s)):
                return await self._again_where_stale(
                    path, method, {"Accept": accept, **(headers or {})}, max_body_bytes
                )
        except TimeoutError:
            if left_s < reply_s:
                raise meter.out_of_time(Step.REQUEST) from None
            raise StepFailed(Status.IO_TIMEOUT, Step.REQUEST, "it did not answer in time") from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            raise StepFailed(Status.PROTOCOL_ERROR, Step.REQUEST, "its answer is not HTTP, or breaks it") from None
        except (httpcore.NetworkError, httpcore.TimeoutException):
            raise StepFailed(Status.CONNECTION_RESET, Step.REQUEST, "the connection broke") from None
        finally:
            meter.busy_s += clock() - started

    async def _again_where_stale(self, path: str, method: str, headers: Mapping[str, str], limit: int) -> WebAnswer:
        """Asks once more where a kept connection had been ended by the server before it read the question."""
        meter = self._host.meter
        connections, received = meter.connections, meter.bytes
        try:
            return await self._request(path, method, headers, limit)
        except (StepFailed, httpcore.RemoteProtocolError) as failure:
            if meter.bytes != received or (isinstance(failure, StepFailed) and failure.status not in _ENDED):
                raise
            if meter.connections != connections:  # a new connection: it is the question that was not answered
                raise _unanswered(failure) from None
        return await self._request(path, method, headers, limit)

    async def _request(self, path: str, method: str, headers: Mapping[str, str], limit: int) -> WebAnswer:
        host = f"[{self._host.name}]" if ":" in self._host.name else self._host.name
        url = httpcore.URL(
            scheme="https" if self.secure else "http", host=self._host.name, port=self._port, target=path
        )
        fields = {
            "Host": f"{host}:{self._port}",
            "User-Agent": self._agent,
            "Accept-Encoding": "identity",
            **headers,
        }
        async with self._pool.stream(method, url, headers=list(fields.items())) as response:
            body, whole = bytearray(), True
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) > limit:
                    del body[limit:]
                    whole = False
                    break
            return WebAnswer(
                status_code=response.status,
                headers=_joined(response.headers),
                body=bytes(body),
                # We asked for no encoding: what comes encoded all the same is not unpacked (gzip bombs end here).
                whole=whole and not any(name.lower() == b"content-encoding" for name, _ in response.headers),
            )


_HTTP = b"HTTP/"  # RFC 9112 4: how every answer begins
_TLS_ALERT = re.compile(rb"\x15(?:\x03|\Z)")  # RFC 8446 5.1: its type, and the first byte of every version
_ENDED = (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)


def _unanswered(failure: StepFailed | httpcore.RemoteProtocolError) -> StepFailed:
    if isinstance(failure, StepFailed):
        return failure
    return StepFailed(Status.CONNECTION_CLOSED, Step.REQUEST, "it closed the connection without an answer")


def _joined(fields: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by name; those of one name are one list (RFC 9110 5.3)."""
    headers: dict[str, list[str]] = {}
    for name, value in fields:
        headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return {name: ", ".join(values) for name, values in headers.items()}


class _Backend(httpcore.AsyncNetworkBackend):
    """httpcore's way to our dialer: the gate, the meter and the deadlines are the host's."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the one host that this client is for."""
        if host != self._host.name:
            raise StepFailed(Status.OUT_OF_SCOPE, Step.SCOPE, "a request to another host")
        return _Stream(self._host, await self._host.dial(port))

    async def sleep(self, seconds: float) -> None:
        """Never needed: there are no retries."""
        await asyncio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """One of our streams as httpcore wants it."""

    def __init__(self, host: Host, stream: Stream) -> None:
        self._host = host
        self._stream = stream
        self._begun = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        data = await self._stream.read(self._host.deadline(), Step.REQUEST)
        if len(self._begun) < len(_HTTP):
            self._begun = (self._begun + data)[: len(_HTTP)]
            if _TLS_ALERT.match(self._begun):
                raise StepFailed(Status.PROTOCOL_ERROR, Step.REQUEST, ANSWERS_IN_TLS)
            if not _HTTP.startswith(self._begun):  # a banner of another protocol could keep us waiting for a header
                raise httpcore.RemoteProtocolError
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._stream.write(buffer)
        await self._stream.drain(self._host.deadline(), Step.REQUEST)

    async def aclose(self) -> None:
        self._stream.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        await self._stream.start_tls(ssl_context, self._host.server_name, self._host.deadline())
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # a kept connection that has something to say before it is asked has ended
            return self._stream.has_input
        return self._stream.tls_object() if info == "ssl_object" else None
