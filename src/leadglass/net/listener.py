"""A DICOM acceptor for the lab: listens on loopback alone, every wait bounded, hands each message to a service."""

import asyncio
import socket
import ssl
import sys
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from leadglass.model.scope import Budget
from leadglass.model.target import literal_address
from leadglass.model.words import Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.meter import Meter
from leadglass.net.networks import vantage_of
from leadglass.net.stream import Stream


class Visit(Protocol):
    """One caller's conversation: what can be answered at once is, and a task is made for the rest alone."""

    def heard(self, data: bytes) -> bool:
        """Answers `data`, or keeps it for `run`: then False."""

    async def run(self) -> None:
        """Goes on from what was kept to the end of the connection."""


Meet = Callable[[Stream, str], Visit | Coroutine[Any, Any, None]]
"""Gets a connection, with the address that it was called on: a visit, or all of the conversation as one coroutine."""
IDLE_S = 60.0
_LOOPBACK = ("127.", "::1")
_BACKLOG = 4096  # callers of a bench come by the hundred
_NO_BUDGET = Budget(max_bytes=1 << 62, max_connections=1 << 62)


class Listener:
    """Accepts connections on loopback addresses, on as many as it is started on."""

    def __init__(self, meet: Meet, *, tls: ssl.SSLContext | None = None) -> None:
        """`meet` gets each connection."""
        self.meet = meet
        self._tls = tls
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.streams: set[Stream] = set()
        """The connections that stand."""

    async def start(self, address: str = "127.0.0.1", port: int = 0) -> int:
        """Listens on one more address; the port that it got. Raises ValueError for an address that others can reach."""
        plain = literal_address(address)
        if plain is None or vantage_of(plain) is not Vantage.LOOPBACK:
            raise ValueError("the lab listens on loopback only: write an address of 127.0.0.0/8 or ::1")
        heard = bound_to_loopback(plain.version)
        try:
            heard.bind((str(plain), port))
            server = await asyncio.get_running_loop().create_server(
                self._accept, sock=heard, ssl=self._tls, backlog=_BACKLOG
            )
        except OSError:
            heard.close()
            raise
        self._servers.append(server)
        return int(heard.getsockname()[1])

    async def start_everywhere(self, port: int = 0) -> int:
        """Listens on every address of 127.0.0.0/8 at once; the port that it got. Raises OSError where that cannot be.

        One socket hears them all and is bound to the loopback device, so that no other machine reaches it (Linux,
        socket(7), SO_BINDTODEVICE).
        """
        if not sys.platform.startswith("linux"):
            raise OSError("only Linux has every address of 127.0.0.0/8: name the addresses to listen on")
        heard = bound_to_loopback(4)
        try:
            heard.bind(("0.0.0.0", port))  # noqa: S104 - of one device alone, which leads nowhere
            loop = asyncio.get_running_loop()
            server = await loop.create_server(self._accept, sock=heard, ssl=self._tls, backlog=_BACKLOG)
        except OSError:
            heard.close()
            raise
        self._servers.append(server)
        return int(heard.getsockname()[1])

    async def stop(self) -> None:
        """Closes the ports and ends every conversation."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for stream in tuple(self.streams):  # visits have no task, and some callers never close TLS
            stream.abort()
        await asyncio.sleep(0)

    def _accept(self) -> Stream:
        return _Accepted(self)

    def begin(self, stream: "_Accepted", work: Coroutine[Any, Any, None]) -> None:
        """Starts a conversation, or what is left of it."""
        task = asyncio.get_running_loop().create_task(_to_its_end(stream, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def bound_to_loopback(version: int) -> socket.socket:
    """A socket that hears the loopback device alone, where the system can say so. Raises OSError.

    A machine that routes loopback's addresses (Linux, `route_localnet`) would else let its neighbours reach them.
    """
    # By its number asyncio knows TCP, and turns Nagle's wait for a full packet off, as uvloop does anyway.
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    heard = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        heard.setblocking(False)
        if sys.platform != "win32":  # there it lets another program take the port
            heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "linux":
            heard.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    except OSError:
        heard.close()
        raise
    return heard


async def _to_its_end(stream: "_Accepted", work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except StepFailed:
        pass  # the caller went away: nobody is left to be told
    finally:
        stream.close()


class _Accepted(Stream):
    """A stream whose other side called us."""

    def __init__(self, listener: Listener) -> None:
        super().__init__(Meter(_NO_BUDGET), asyncio.get_running_loop())
        self._listener = listener
        self.called_on = ""
        self._visit: Visit | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._heard_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._listener.streams.add(self)
        self.called_on = transport.get_extra_info("sockname")[0]
        if not self.called_on.startswith(_LOOPBACK):
            self.abort()  # this machine itself, by one of its other addresses: the loopback device carries that too
            return
        met = self._listener.meet(self, self.called_on)
        if isinstance(met, Coroutine):
            self._listener.begin(self, met)
        else:
            self._visit = met
            self._heard_at = self._loop.time()
            self._idle = self._loop.call_later(IDLE_S, self._look_idle)

    def data_received(self, data: bytes) -> None:
        visit = self._visit
        if visit is None:
            super().data_received(data)
        elif visit.heard(data):
            self._heard_at = self._loop.time()
        else:
            self._part()
            self._listener.begin(self, visit.run())

    def connection_lost(self, exc: Exception | None) -> None:
        self._part()
        super().connection_lost(exc)
        self._listener.streams.discard(self)

    def _part(self) -> None:
        """No more is answered at once."""
        self._visit = None
        if self._idle is not None:
            self._idle.cancel()

    def _look_idle(self) -> None:
        """Closes on a caller who has been silent for too long."""
        left = self._heard_at + IDLE_S - self._loop.time()
        if left > 0:
            self._idle = self._loop.call_later(left, self._look_idle)
        else:
            self.close()


async def read_or_end(stream: Stream, loop: asyncio.AbstractEventLoop) -> bytes:
    """The next bytes of a caller, b"" where it is gone or idle for too long."""
    try:
        return await stream.read(loop.time() + IDLE_S, Step.REQUEST)
    except StepFailed:
        return b""
