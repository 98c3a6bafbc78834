"""One connection whose every wait has a deadline and whose every byte is metered."""

import asyncio
import ssl
from collections import deque

from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.meter import Meter

# More than one large read; a peer that sends faster than we read waits in its own buffers.
MAX_HELD_BYTES = 1_048_576
# Real servers do not answer TLS's closing alert while they wait for an association, and take no other call meanwhile.
SHUTDOWN_S = 0.5


class Stream(asyncio.Protocol):
    """Bytes to and from one peer."""

    def __init__(self, meter: Meter, loop: asyncio.AbstractEventLoop) -> None:
        """Not connected yet."""
        self._meter = meter
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._paused = False
        self._ended = False
        self._error: Exception | None = None
        self._over_budget = False
        self._reader: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._watch_at = 0.0  # a uvloop timer that ends at once does not know its time
        self._writer: asyncio.Future[None] | None = None
        self.received = 0

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is open, or has become a TLS one."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports share no base class

    def data_received(self, data: bytes) -> None:
        """More bytes from the peer."""
        self.received += len(data)
        if not self._meter.receive(len(data)):
            self._over_budget = True
            self._ended = True
            self.abort()
        else:
            self._chunks.append(data)
            self._held += len(data)
            if self._held > MAX_HELD_BYTES and not self._paused and self._transport is not None:
                self._paused = True
                self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        """The peer sends no more."""
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._ended = True
        self._error = self._error or exc
        if self._watch is not None:
            self._watch.cancel()
        self._wake()
        self.resume_writing()

    def pause_writing(self) -> None:
        """The peer reads too slowly."""
        if self._writer is None:
            self._writer = self._loop.create_future()

    def resume_writing(self) -> None:
        """The peer has caught up."""
        if self._writer is not None and not self._writer.done():
            self._writer.set_result(None)
        self._writer = None

    # What those who were handed the stream call.

    @property
    def has_input(self) -> bool:
        """Whether `read` would answer without waiting."""
        return bool(self._chunks) or self._ended

    @property
    def is_closing(self) -> bool:
        """Whether nothing that is written now would be sent."""
        return self._transport is None or self._transport.is_closing()

    async def read(self, deadline: float, step: Step) -> bytes:
        """Bytes that are there, or the next ones; b"" where the peer has ended. Between two reads others have a turn.

        `deadline` is in the loop's time. Raises StepFailed on a reset, at the deadline and at the byte budget.
        """
        if not self._chunks and not self._ended:
            await self._wait(deadline, step)
        else:
            await asyncio.sleep(0)  # a peer that is always ahead of us must not keep the others from being heard
        if self._chunks:
            data = self._chunks.popleft()
            self._held -= len(data)
            if self._paused and self._held <= MAX_HELD_BYTES // 2 and self._transport is not None:
                self._paused = False
                self._transport.resume_reading()
            return data
        if self._over_budget:
            self._meter.check(step)
        if self._error is not None:
            raise lost(self._error, step)
        return b""

    def write(self, data: bytes) -> None:
        """Queues `data`; a connection that is gone shows at the next read."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self, deadline: float, step: Step) -> None:
        """Waits until the peer has taken enough. Raises StepFailed at the deadline."""
        if self._writer is not None:
            try:
                async with asyncio.timeout_at(deadline):
                    await asyncio.shield(self._writer)
            except TimeoutError:
                raise StepFailed(Status.IO_TIMEOUT, step, "it stopped reading what was sent") from None

    async def start_tls(self, context: ssl.SSLContext, server_name: str | None, deadline: float) -> None:
        """Begins TLS. Raises StepFailed."""
        if self._transport is None or self._ended:
            raise lost(self._error or ConnectionResetError(), Step.TLS)
        # The loop's own limit on a handshake ends it as if the peer had reset it: ours comes first.
        later = max(0.0, deadline - self._loop.time()) + 60.0
        try:
            async with asyncio.timeout_at(deadline):
                transport = await self._loop.start_tls(
                    self._transport,
                    self,
                    context,
                    server_hostname=server_name,
                    ssl_handshake_timeout=later,
                    ssl_shutdown_timeout=SHUTDOWN_S,
                )
        except (OSError, ValueError) as error:  # ssl.SSLError and TimeoutError are OSErrors
            self.abort()
            raise lost(error, Step.TLS) from None
        self._transport = transport

    def tls_object(self) -> ssl.SSLObject | None:
        """The TLS connection, None in clear."""
        return self._transport.get_extra_info("ssl_object") if self._transport is not None else None

    def close(self) -> None:
        """Sends what is queued, then closes."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Closes at once."""
        if self._transport is not None:
            self._transport.abort()

    async def _wait(self, deadline: float, step: Step) -> None:
        reader = self._reader = self._loop.create_future()
        self._deadline = deadline
        # One timer serves all waits of a connection: deadlines mostly move on, and it is set anew when it is early.
        if self._watch is None or self._watch_at > deadline:
            self._set_watch(deadline)
        try:
            await reader
        except TimeoutError:
            raise StepFailed(Status.IO_TIMEOUT, step, "it did not answer in time") from None
        finally:
            self._reader = None

    def _set_watch(self, when: float) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch_at = when
        self._watch = self._loop.call_at(when, self._look)

    def _look(self) -> None:
        """Ends a wait whose deadline has come; where none has, looks again at the next."""
        self._watch = None
        if self._reader is None or self._reader.done():
            return
        if self._loop.time() < self._deadline:
            self._set_watch(self._deadline)
        else:
            self._reader.set_exception(TimeoutError())

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


def lost(error: Exception, step: Step) -> StepFailed:
    """The failure that an exception of the transport stands for."""
    if isinstance(error, ssl.SSLError):
        return StepFailed(Status.TLS_ERROR, step, f"TLS failed: {_reason(error)}")
    if isinstance(error, TimeoutError):
        return StepFailed(Status.IO_TIMEOUT, step, "it did not answer in time")
    if isinstance(error, ConnectionRefusedError):
        return StepFailed(Status.CONNECTION_REFUSED, step, "nothing listens there")
    if isinstance(error, ConnectionError):
        return StepFailed(Status.CONNECTION_RESET, step, "the connection was reset")
    if isinstance(error, OSError):
        return StepFailed(Status.UNREACHABLE, step, "the address cannot be reached")
    return StepFailed(Status.CONNECTION_RESET, step, "the connection broke")


def _reason(error: ssl.SSLError) -> str:
    """OpenSSL's own name for what happened; certificate errors name theirs."""
    return (error.reason or type(error).__name__).replace("_", " ").lower()
