"""Who listens is found out with tens of thousands of connections in flight, each at the cost of a few system calls."""

import asyncio
import errno
import socket
import time
from collections import deque
from collections.abc import Callable
from itertools import islice, takewhile
from typing import Self

from leadglass.model.record import Record
from leadglass.model.words import Status
from leadglass.net.connecting import UNDER_WAY, connecting, new_socket
from leadglass.net.gate import Grant
from leadglass.net.networks import Address
from leadglass.net.patience import Patience

_TICK_S = 0.05  # between two looks for knocks whose time is over: this much later than its time may one end
_AT_ONCE = 256  # whose time is over that are ended before the event loop has another turn
_TRIES = 16  # of one knock for which this system has no socket or port left
# Errors that say nothing about the other end: files, memory or ports of this system have run out.
_SHORTAGES = frozenset(
    {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.EADDRNOTAVAIL,
        errno.EADDRINUSE,
        errno.EAGAIN,
    }
)
# What is not listed has not reached the address: no route, ICMP that says so, or a firewall of this system's.
_STATUSES = {
    0: Status.SUCCESS,
    errno.ECONNREFUSED: Status.CONNECTION_REFUSED,
    errno.ETIMEDOUT: Status.CONNECTION_TIMEOUT,
    errno.ECONNRESET: Status.CONNECTION_RESET,
    errno.ECONNABORTED: Status.CONNECTION_RESET,
    errno.EPIPE: Status.CONNECTION_RESET,
}
_ANSWERS = frozenset({Status.SUCCESS, Status.CONNECTION_REFUSED, Status.CONNECTION_RESET})


class Knock(Record):
    """One connection that was tried.

    `status` is success, connection-refused, -reset or -timeout, or unreachable. It is internal-error where this system
    had no socket or port left, which says nothing about the address.
    """

    address: Address
    port: int
    status: Status
    sock: socket.socket | None
    """The connection, which does not block, where there is one: whoever hears of it closes it."""
    took_s: float


Heard = Callable[[Knock], None]


class Connector:
    """Knocks at addresses that the gate has admitted, at most `most` at a time.

    Made in a running event loop. Whoever calls keeps the pace, asks for `room`, and has allowed enough open files.
    """

    def __init__(self, *, most: int, timeout_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """A knock is waited for `timeout_s` seconds at most, and less once the answers have shown that less will do."""
        # An event loop's own time stands still while it calls, and one call may start thousands.
        self._clock = clock
        self._most = most
        self._patience = Patience(timeout_s)
        self._loop = asyncio.get_running_loop()
        self._connecting = connecting(self._loop, self._ended)
        self._flying: dict[int, _Flight] = {}  # by file number, the oldest first
        self._waiting: deque[_Flight] = deque()  # for a socket or a port of this system
        self._settled: deque[tuple[_Flight, int]] = deque()  # at once: told in the loop's next turn
        self._tick: asyncio.TimerHandle | None = None
        self._closed = False

    def __enter__(self) -> Self:
        """Closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what is in flight unheard."""
        self.close()

    @property
    def in_flight(self) -> int:
        """Knocks of which was not heard yet."""
        return len(self._flying) + len(self._waiting) + len(self._settled)

    @property
    def timeout_s(self) -> float:
        """How long a knock is waited for now, in seconds: learnt from the answers."""
        return self._patience.wait_s

    def room(self) -> int:
        """How many more knocks may be started now."""
        return max(0, self._most - self.in_flight)

    def knock(self, grant: Grant, port: int, heard: Heard) -> None:
        """Starts a connection. `heard` is called once, later, from the event loop."""
        self._start(_Flight(grant.address, port, heard))

    def close(self) -> None:
        """Closes everything in flight, of which nothing will be heard; a closed one takes no knock any more."""
        self._closed = True
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        for flight in self._flying.values():
            if flight.sock is not None:
                self._connecting.abandon(flight.sock)
        for flight, _ in self._settled:
            flight.drop()
        for several in (self._flying, self._settled, self._waiting):
            several.clear()
        self._connecting.close()

    def _start(self, flight: "_Flight") -> None:
        """One more connection under way, or settled at once, or put off until this system has room."""
        if self._closed:
            raise RuntimeError("the connector is closed")
        flight.begun = self._clock()
        sock = None
        try:
            flight.sock = sock = new_socket(socket.AF_INET if flight.address.version == 4 else socket.AF_INET6)
            error = self._connecting.begin(sock, (str(flight.address), flight.port))
        except OSError as failure:
            error = failure.errno or errno.EHOSTUNREACH
        if error == UNDER_WAY and sock is not None:
            self._flying[sock.fileno()] = flight
            if self._tick is None:
                self._tick = self._loop.call_later(_TICK_S, self._expire)
            return
        if error:
            flight.drop()
        if error in _SHORTAGES and self._flying and flight.tries < _TRIES:
            flight.tries += 1
            self._waiting.append(flight)
            return
        self._settled.append((flight, error))
        self._loop.call_soon(self._tell)

    def _ended(self, number: int, error: int | None) -> None:
        """The connection under this file number was made, or has failed."""
        flight = self._flying.pop(number, None)
        if flight is None or flight.sock is None:
            return
        if error is None:
            error = flight.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            flight.drop()
        else:
            self._connecting.release(flight.sock)
        self._retry()
        self._hear(flight, _status(error))

    def _tell(self) -> None:
        """One knock that was settled at once."""
        if self._settled:
            flight, error = self._settled.popleft()
            self._hear(flight, _status(error))

    def _expire(self) -> None:
        """Ends the knocks whose time is over: they began before all others."""
        late: list[_Flight] = []
        now = self._clock()
        try:
            self._connecting.look()
            over = now - self._patience.wait_s
            late += islice(takewhile(lambda flight: flight.begun <= over, self._flying.values()), _AT_ONCE)
            for flight in late:
                self._give_up(flight)
        finally:
            pause_s = 0 if len(late) == _AT_ONCE else _TICK_S
            self._tick = self._loop.call_later(pause_s, self._expire) if self._flying else None

    def _give_up(self, flight: "_Flight") -> None:
        sock = flight.sock
        if sock is None or self._flying.pop(sock.fileno(), None) is None:  # whoever heard of another may have closed
            return
        self._connecting.abandon(sock)
        flight.sock = None
        self._retry()
        self._hear(flight, Status.CONNECTION_TIMEOUT)

    def _retry(self) -> None:
        """This system may have room for one more again, and where nothing is in flight it never will by waiting."""
        while self._waiting:
            self._start(self._waiting.popleft())
            if self._flying:
                return

    def _hear(self, flight: "_Flight", status: Status) -> None:
        took_s = max(0.0, self._clock() - flight.begun)
        if status in _ANSWERS:
            self._patience.answered(took_s)
        sock, flight.sock = flight.sock, None
        flight.heard(Knock(address=flight.address, port=flight.port, status=status, sock=sock, took_s=took_s))


class _Flight:
    """One knock under way."""

    __slots__ = ("address", "begun", "heard", "port", "sock", "tries")

    def __init__(self, address: Address, port: int, heard: Heard) -> None:
        self.address = address
        self.port = port
        self.heard = heard
        self.begun = 0.0
        self.tries = 0
        self.sock: socket.socket | None = None

    def drop(self) -> None:
        """Closes the socket that failed, or that nobody wants."""
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def _status(error: int) -> Status:
    """What an error of a connection says of the address; a shortage of this system's says nothing of it."""
    if error in _SHORTAGES:
        return Status.INTERNAL_ERROR
    return _STATUSES.get(error, Status.UNREACHABLE)
