"""What the tests of the connector share: grants, a list that hears knocks, a place that is silent, both ways."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from leadglass.model.words import Status, Vantage
from leadglass.net.connector import Knock
from leadglass.net.gate import Grant


def grant(address: str) -> Grant:
    """As the gate would give it."""
    return Grant(address=ip_address(address), vantage=Vantage.LOOPBACK, permits=())


class Ear:
    """Hears knocks, and closes their connections."""

    def __init__(self) -> None:
        self.knocks: list[Knock] = []
        self._more = asyncio.Event()

    def __call__(self, knock: Knock) -> None:
        self.knocks.append(knock)
        if knock.sock is not None:
            knock.sock.close()
        self._more.set()

    async def heard(self, count: int) -> list[Status]:
        """The statuses once `count` knocks were heard."""
        async with asyncio.timeout(10):
            while len(self.knocks) < count:
                self._more.clear()
                await self._more.wait()
        return [knock.status for knock in self.knocks]


@contextmanager
def listening(address: str = "127.0.0.1", backlog: int = 8) -> Iterator[int]:
    """A port at which the system accepts."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind((address, 0))
        server.listen(backlog)
        yield server.getsockname()[1]


@contextmanager
def silent() -> Iterator[int]:
    """A port that answers nobody: on Linux so does one whose queue of callers is full."""
    with listening(backlog=0) as port:
        callers = [socket.socket() for _ in range(4)]
        try:
            for caller in callers:
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.1", port))
            yield port
        finally:
            for caller in callers:
                caller.close()


def refusing() -> int:
    """A port at which nothing listens."""
    with listening() as port:
        return port
