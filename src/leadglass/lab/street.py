"""A placed population stands on loopback: each server at its address, and every other address refuses.

A server that refuses has nobody bound to its address, one that is silent a full queue of callers on each usual port.
An address of the network without a server refuses too, also where the world's truth says that it would not answer:
dropped packets are not to be had on plain loopback for a million addresses.
"""

import asyncio
import errno
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from ipaddress import IPv4Network
from typing import Any

from leadglass.lab.cost import Spend
from leadglass.lab.placing import Placed
from leadglass.lab.population import Server
from leadglass.lab.ports import Port, ports_of, silent_ports
from leadglass.lab.posture import Presence, Tls
from leadglass.net.listener import Listener, Meet, Visit
from leadglass.net.open_files import TooManyFilesError, allow_open_files
from leadglass.net.server_tls import server_context
from leadglass.net.silence import FILES_A_PORT, Silence
from leadglass.net.stream import Stream

_LOOPBACK = IPv4Network("127.0.0.0/8")
_ROOM_FOR_CALLERS = 512  # open files beside those that listen


class StreetError(ValueError):
    """A population cannot be served here; the message says why, and what would help."""


class Street:
    """Listeners and silences of one population, until `close`. `not_silent` are ports that only refuse."""

    def __init__(self, placed: Placed, spend: Spend = asyncio.sleep) -> None:
        """Nothing listens yet."""
        self.placed = placed
        self.not_silent: set[int] = set()
        self._spend = spend
        self._listeners: list[Listener] = []
        self._in_clear: dict[int, tuple[Listener, dict[str, Meet]]] = {}
        self._silence = Silence()

    async def open(self) -> None:
        """Binds every port. Raises StreetError."""
        if not self.placed.network.subnet_of(_LOOPBACK):
            raise StreetError(
                f"{self.placed.population.name} lies in {self.placed.network}, and only {_LOOPBACK} can be served, "
                "which no other machine can reach: give the file such a `network`"
            )
        try:
            allow_open_files(_files(self.placed))
        except TooManyFilesError as error:
            raise StreetError(str(error)) from None
        for server in self.placed.servers:
            for number in silent_ports(server):
                self._hold(server, number)
            for port in ports_of(server, self._spend):
                await self._listen(server, port)

    async def close(self) -> None:
        """Lets go of every port, and ends every conversation."""
        self._silence.close()
        for listener in self._listeners:
            await listener.stop()

    def _hold(self, server: Server, number: int) -> None:
        try:
            self._silence.hold(server.address, number)
        except PermissionError:  # a port below 1024: whoever is not root can only let it refuse
            self.not_silent.add(number)
        except OSError as error:
            raise _no_place(server.address, number, error) from None

    async def _listen(self, server: Server, port: Port) -> None:
        try:
            if port.tls is Tls.NONE:
                listener, by_address = self._shared(port.number)
                by_address[server.address] = port.meet
            else:  # a certificate of its own
                context = server_context(f"{server.group}.example", mutual=port.tls is Tls.MUTUAL)
                listener = Listener(port.meet, tls=context)
                self._listeners.append(listener)
            await listener.start(server.address, port.number)
        except OSError as error:
            raise _no_place(server.address, port.number, error) from None

    def _shared(self, number: int) -> tuple[Listener, dict[str, Meet]]:
        """The one listener for a port of all addresses, and who answers at which."""
        if number not in self._in_clear:
            by_address: dict[str, Meet] = {}

            def meet(stream: Stream, called_on: str) -> Visit | Coroutine[Any, Any, None]:
                return by_address[called_on](stream, called_on)

            listener = Listener(meet)
            self._listeners.append(listener)
            self._in_clear[number] = (listener, by_address)
        return self._in_clear[number]


@asynccontextmanager
async def on_street(placed: Placed, spend: Spend = asyncio.sleep) -> AsyncIterator[Street]:
    """The population, served for the length of a `with`. Raises StreetError."""
    street = Street(placed, spend)
    try:
        await street.open()
        yield street
    finally:
        await street.close()


def presences(placed: Placed) -> Counter[Presence]:
    """How many servers of a world meet a caller in which way."""
    return Counter(server.presence for server in placed.servers)


def _files(placed: Placed) -> int:
    """How many files are open at once."""
    listening = sum(len(ports_of(server)) for server in placed.servers)
    silent = sum(len(silent_ports(server)) for server in placed.servers)
    return listening + silent * FILES_A_PORT + _ROOM_FOR_CALLERS


def _no_place(address: str, port: int, error: OSError) -> StreetError:
    """Why nobody can stand there, and what would help."""
    where = f"port {port} of {address}"
    if error.errno == errno.EADDRNOTAVAIL:
        return StreetError(
            f"this machine does not have the address {address}. Linux has every address of 127.0.0.0/8; macOS has "
            f"127.0.0.1 alone, until each further one is added: sudo ifconfig lo0 alias {address}"
        )
    if error.errno == errno.EADDRINUSE:
        return StreetError(f"{where} is taken: another population may be served, or another program listens there")
    if error.errno == errno.EACCES:
        return StreetError(f"{where} is below 1024: on most systems only root may listen there")
    return StreetError(f"{where} cannot be used: {error.strerror}")
