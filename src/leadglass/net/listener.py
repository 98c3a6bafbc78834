"""A DICOM acceptor for the lab: listens on loopback alone, every wait bounded, hands each message to a service."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from leadglass.model.scope import Budget
from leadglass.model.target import literal_address
from leadglass.model.words import Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.meter import Meter
from leadglass.net.networks import vantage_of
from leadglass.net.stream import Stream

Serve = Callable[[Stream, str], Awaitable[None]]
IDLE_S = 60.0
_BACKLOG = 4096  # callers of a bench come by the hundred
_NO_BUDGET = Budget(max_bytes=1 << 62, max_connections=1 << 62)


class Listener:
    """Accepts connections on loopback addresses, on as many as it is started on."""

    def __init__(self, serve: Serve, *, tls: ssl.SSLContext | None = None) -> None:
        """`serve` gets each connection with the address that it was called on."""
        self._serve = serve
        self._tls = tls
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, address: str = "127.0.0.1", port: int = 0) -> int:
        """Listens on one more address; the port that it got. Raises ValueError for an address that others can reach."""
        plain = literal_address(address)
        if plain is None or vantage_of(plain) is not Vantage.LOOPBACK:
            raise ValueError("the lab listens on loopback only: write an address of 127.0.0.0/8 or ::1")
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._accept, address, port, ssl=self._tls, backlog=_BACKLOG)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Closes the ports and ends every conversation."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self) -> Stream:
        return _Accepted(self)

    def begin(self, stream: "_Accepted") -> None:
        """Starts the conversation of a connection that was made."""
        task = asyncio.get_running_loop().create_task(self._run(stream))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, stream: "_Accepted") -> None:
        try:
            await self._serve(stream, stream.called_on)
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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.called_on = transport.get_extra_info("sockname")[0]
        self._listener.begin(self)


async def read_or_end(stream: Stream, loop: asyncio.AbstractEventLoop) -> bytes:
    """The next bytes of a caller, b"" where it is gone or idle for too long."""
    try:
        return await stream.read(loop.time() + IDLE_S, Step.REQUEST)
    except StepFailed:
        return b""
