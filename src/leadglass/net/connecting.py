"""A connection that is being made costs neither a task nor a timer where the system tells which of many are made.

That is epoll: one set of all that are under way, which the event loop watches as one file. Elsewhere each has a task.
"""

import asyncio
import errno
import select
import socket
import sys
from collections.abc import Callable
from typing import Protocol

Place = tuple[str, int]
"""Address and port, as sockets take them."""
Ended = Callable[[int, int | None], None]
"""Gets a socket's file number when its connection is made (0), or failed: the error, None where the socket knows."""
UNDER_WAY = errno.EINPROGRESS
_AT_ONCE = 256  # that are told before the event loop has another turn
_NONBLOCKING = socket.SOCK_NONBLOCK if sys.platform == "linux" else 0


class Connecting(Protocol):
    """Makes connections of sockets that do not block."""

    def begin(self, sock: socket.socket, place: Place) -> int:
        """0 where the connection is made at once, `UNDER_WAY` where its end will be told, else the error."""

    def release(self, sock: socket.socket) -> None:
        """The socket, of which was told, is somebody else's from now on."""

    def abandon(self, sock: socket.socket) -> None:
        """Closes a socket of which was not told yet, and of which nothing will be."""

    def look(self) -> None:
        """Tells of all that have ended by now, where the event loop may not have come to it yet."""

    def close(self) -> None:
        """Ends the watch; what was under way has been abandoned before."""


def connecting(loop: asyncio.AbstractEventLoop, ended: Ended) -> Connecting:
    """The way that costs least on this system; `ended` is called from the loop."""
    return EpollSet(loop, ended) if sys.platform == "linux" else Tasks(loop, ended)


def new_socket(family: int) -> socket.socket:
    """A TCP socket that does not block. Raises OSError."""
    sock = socket.socket(family, socket.SOCK_STREAM | _NONBLOCKING, socket.IPPROTO_TCP)
    if not _NONBLOCKING:
        sock.setblocking(False)
    return sock


if sys.platform == "linux":

    class EpollSet:
        """Connections are watched in one set, and each is told in the loop's turn after it ended."""

        def __init__(self, loop: asyncio.AbstractEventLoop, ended: Ended) -> None:
            """`ended` is called from the loop, and from `look`."""
            self._loop = loop
            self._ended = ended
            self._epoll = select.epoll()
            loop.add_reader(self._epoll.fileno(), self._tell)

        def begin(self, sock: socket.socket, place: Place) -> int:
            """0, `UNDER_WAY` or the error."""
            error = sock.connect_ex(place)
            if error == UNDER_WAY:
                self._epoll.register(sock.fileno(), select.EPOLLOUT)
            return error

        def release(self, sock: socket.socket) -> None:
            """The loop has a set of its own, in which the socket may stand next."""
            self._epoll.unregister(sock.fileno())

        def abandon(self, sock: socket.socket) -> None:
            """Closing takes it out of the set."""
            sock.close()

        def look(self) -> None:
            """Whoever answered while this process was busy has answered in time."""
            while self._tell() == _AT_ONCE:
                pass

        def close(self) -> None:
            """Ends the watch."""
            if not self._epoll.closed:
                self._loop.remove_reader(self._epoll.fileno())
                self._epoll.close()

        def _tell(self) -> int:
            """Tells of some, and how many: those that are left show in the loop's next turn."""
            if self._epoll.closed:
                return 0
            events = self._epoll.poll(0, _AT_ONCE)
            for number, event in events:
                self._ended(number, 0 if event == select.EPOLLOUT else None)
            return len(events)


class Tasks:
    """Connections are made by the event loop, each in a task."""

    def __init__(self, loop: asyncio.AbstractEventLoop, ended: Ended) -> None:
        """`ended` is called from the loop."""
        self._loop = loop
        self._ended = ended
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, sock: socket.socket, place: Place) -> int:
        """Always `UNDER_WAY`."""
        self._tasks[sock.fileno()] = self._loop.create_task(self._connect(sock, place))
        return UNDER_WAY

    def release(self, sock: socket.socket) -> None:
        """The loop has let go of it already."""

    def abandon(self, sock: socket.socket) -> None:
        """Closed once the loop has let go of it: until then its number must not be given away again."""
        task = self._tasks.pop(sock.fileno())
        task.add_done_callback(lambda _: sock.close())  # by the loop, even where the task has never run
        task.cancel()

    def look(self) -> None:
        """The loop alone knows."""

    def close(self) -> None:
        """What was abandoned ends by itself."""

    async def _connect(self, sock: socket.socket, place: Place) -> None:
        error = 0
        try:
            await self._loop.sock_connect(sock, place)
        except OSError as failure:
            error = failure.errno or errno.EHOSTUNREACH
        if self._tasks.pop(sock.fileno(), None) is not None:
            self._ended(sock.fileno(), error)
