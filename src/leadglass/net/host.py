"""One target's address, admitted by the gate, with its budget: the dialer that probes are handed."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

from leadglass.model.scope import Budget, Timing
from leadglass.model.target import literal_address
from leadglass.model.words import Permission, Status, Step, Vantage
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate, Grant
from leadglass.net.meter import Meter
from leadglass.net.names import addresses_of
from leadglass.net.networks import Address
from leadglass.net.stream import Stream, lost

Turn = Callable[[Address], Awaitable[None]]
"""Waits until a connection to an address may be made."""
_LATE_S = 0.05  # beyond its time, by which an idle process is never late
MAX_ADDRESSES = 4  # of one name: more than a dual-stack host has; the rest is a pool that we do not walk


class Host:
    """Dials one target within scope, budget and deadlines, one connection after another.

    Made by `open_host`. `address` is the address that answered last; a name with several is tried in order.
    """

    def __init__(
        self,
        name: str,
        grants: list[Grant],
        budget: Budget,
        timing: Timing,
        left_out: tuple[Address, ...] = (),
        turn: Turn | None = None,
    ) -> None:
        """`grants` holds at least one admitted address; `left_out` are addresses of the name that are not dialled.

        `turn` is awaited before each connection to an address: it keeps the pace, and may raise StepFailed.
        """
        self._turn = turn
        self._adopted: dict[int, socket.socket] = {}
        self.name = name
        self.left_out = left_out
        self._dialled: dict[Address, set[int]] = {grant.address: set() for grant in grants}
        self.meter = Meter(budget)
        self.timing = timing
        self._grants = grants
        self._loop = asyncio.get_running_loop()
        self.clock: Callable[[], float] = self._loop.time

    @property
    def address(self) -> Address:
        """The address that answered last, or the first to be tried."""
        return self._grants[0].address

    @property
    def vantage(self) -> Vantage:
        """From where the address is reached."""
        return self._grants[0].vantage

    @property
    def permits(self) -> tuple[Permission, ...]:
        """What may be asked: the same for all addresses of a target."""
        return self._grants[0].permits

    @property
    def called_ae_titles(self) -> tuple[str, ...]:
        """The AE titles that were given for this target alone: of a name, those that hold at each of its addresses."""
        first, *others = (grant.called_ae_titles for grant in self._grants)
        return tuple(title for title in first if all(title in titles for titles in others))

    @property
    def unasked(self) -> tuple[Address, ...]:
        """Addresses of the name that were not asked on every port that was, as another of them answered there."""
        ports = set().union(*self._dialled.values())
        return tuple(address for address, dialled in self._dialled.items() if dialled != ports)

    def may(self, permission: Permission) -> bool:
        """Whether the scope permits it."""
        return permission in self.permits

    def deadline(self) -> float:
        """When an answer to a question that is asked now must have come, in the loop's time."""
        return self.clock() + self.timing.reply_s

    async def dial(self, port: int) -> Stream:
        """A connection in clear. Raises StepFailed; where a name has several addresses, for the last of them."""
        if port in self._adopted:
            return await self._take_over(port)
        failure: StepFailed | None = None
        for grant in tuple(self._grants):
            if self._turn is not None:
                await self._turn(grant.address)
            self.meter.connect()
            self._dialled[grant.address].add(port)
            try:
                stream = await self._connect(grant.address, port)
            except StepFailed as error:
                failure = error
                continue
            self._prefer(grant)
            return stream
        raise failure or StepFailed(Status.UNREACHABLE, Step.CONNECT, "it has no address")

    def adopt(self, port: int, sock: socket.socket) -> None:
        """The next `dial` of the port takes over this connection to `address`, which a `Connector` has made.

        The pace was kept before it was made. What is not taken over is closed by `drop_adopted`.
        """
        before = self._adopted.pop(port, None)
        if before is not None:
            before.close()
        self._adopted[port] = sock

    def drop_adopted(self) -> None:
        """Closes the connections that were adopted and not taken over."""
        for sock in self._adopted.values():
            sock.close()
        self._adopted.clear()

    async def dial_tls(self, port: int, context: ssl.SSLContext) -> Stream:
        """A connection with TLS begun. Raises StepFailed."""
        stream = await self.dial(port)
        await stream.start_tls(context, self.server_name, self.deadline())
        return stream

    @property
    def server_name(self) -> str | None:
        """The name to ask for in TLS (RFC 6066 3: never an address)."""
        return None if literal_address(self.name) else self.name

    async def _take_over(self, port: int) -> Stream:
        """A stream over an adopted connection. Raises StepFailed where the budget has no room, or it is gone."""
        self.meter.connect()
        self._dialled[self.address].add(port)
        sock, stream = self._adopted.pop(port), Stream(self.meter, self._loop)
        try:
            await self._loop.create_connection(lambda: stream, sock=sock)
        except OSError as error:
            sock.close()
            raise lost(error, Step.CONNECT) from None
        return stream

    async def _connect(self, address: Address, port: int) -> Stream:
        begun = self.clock()
        try:
            return await self._connect_once(address, port)
        except StepFailed as failure:
            # A process that was late itself has not looked in time: that is no silence of the other's.
            late_s = self.clock() - begun - self.timing.connect_s
            if failure.status is not Status.CONNECTION_TIMEOUT or late_s < _LATE_S:
                raise
        if self._turn is not None:
            await self._turn(address)  # the lease, too, may be over by now
        self.meter.connect()
        return await self._connect_once(address, port)

    async def _connect_once(self, address: Address, port: int) -> Stream:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        stream = Stream(self.meter, self._loop)
        try:
            async with asyncio.timeout(self.timing.connect_s):
                await self._loop.create_connection(lambda: stream, str(address), port, family=family)
        except TimeoutError:
            raise StepFailed(Status.CONNECTION_TIMEOUT, Step.CONNECT, "no answer to a connection") from None
        except OSError as error:
            raise lost(error, Step.CONNECT) from None
        return stream

    def _prefer(self, grant: Grant) -> None:
        if self._grants[0] is not grant:
            self._grants.remove(grant)
            self._grants.insert(0, grant)


async def open_host(name: str, gate: Gate, budget: Budget, timing: Timing, turn: Turn | None = None) -> Host:
    """The dialer for a host name or address. Raises StepFailed where it has no address that may be touched."""
    grants: list[Grant] = []
    refusal: StepFailed | None = None
    addresses = await addresses_of(name, timing.reply_s)
    for address in addresses:
        try:
            grants.append(gate.admit(name, address))
        except StepFailed as error:
            refusal = refusal or error
    if not grants:
        raise refusal or StepFailed(Status.NAME_NOT_RESOLVED, Step.RESOLVE, f"{name} has no address")
    # A name that leads to networks of different standing is judged by the first; the others are left alone.
    grants = [grant for grant in grants if grant.vantage is grants[0].vantage][:MAX_ADDRESSES]
    dialled = {grant.address for grant in grants}
    return Host(name, grants, budget, timing, tuple(address for address in addresses if address not in dialled), turn)
