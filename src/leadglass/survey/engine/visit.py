"""One place of a survey is visited: who listens, what speaks there, how far a stranger gets, how much it gives away."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from leadglass.model.assessment import TargetResult
from leadglass.model.scope import Labels, Timing
from leadglass.model.snapshot import Listed, StoredResult
from leadglass.model.target import Scheme, Target
from leadglass.net.connector import Connector
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate, Grant
from leadglass.net.host import Host, Turn, open_host
from leadglass.net.networks import Address
from leadglass.net.pacing import Pacing
from leadglass.survey.assess import Turns
from leadglass.survey.conclude import conclude, unreached
from leadglass.survey.engine.knocking import Place
from leadglass.survey.engine.labels import LabelBook
from leadglass.survey.engine.layout import Layout
from leadglass.survey.engine.share import Share
from leadglass.survey.options import Options
from leadglass.survey.plan import TLS_WEB_PORTS, Attempt
from leadglass.survey.probing import Probing

ASKED = 32  # servers that are asked at a time: with more of them, one core is late for its own deadlines


class Visitor:
    """Visits places for one worker."""

    def __init__(
        self,
        layout: Layout,
        gate: Gate,
        options: Options,
        pacing: Pacing,
        connector: Connector,
        clock: Callable[[], datetime],
    ) -> None:
        """`connector` has learnt how long a connection is waited for; `clock` gives aware UTC times."""
        self.unbegun: set[asyncio.Task[Any] | None] = set()
        """Visits that have not contacted anybody."""
        self._gate = gate
        self._options = options
        self._pacing = pacing
        self._clock = clock
        self._connector = connector
        self._room = asyncio.Semaphore(ASKED)
        self._open = asyncio.Event()
        self._open.set()
        self._turns = Turns()
        self._book = LabelBook(layout.scope.entries)
        self._usual = self._attempts(layout.scope.dimse_ports, layout.scope.web_ports)
        self._web = frozenset(layout.scope.web_ports)
        self._dimse = frozenset(layout.scope.dimse_ports)

    def pause(self, paused: bool) -> None:
        """While paused, no visit begins that has not contacted anybody."""
        if paused:
            self._open.clear()
        else:
            self._open.set()

    def grant(self, address: Address) -> Grant | None:
        """What lets an address of a network be touched; None where the gate leaves it alone."""
        try:
            return self._gate.admit(str(address), address)
        except StepFailed:
            return None

    def labels(self, address: Address) -> Labels:
        """The labels of an address of a network."""
        return self._book.of(address)

    async def listening(self, place: Place) -> None:
        """An address of a network where something listens: it is asked, and kept."""
        share, address = place.share, place.grant.address
        target = Target(text=str(address), scheme=Scheme.ANY, host=str(address))
        host = Host(target.host, [place.grant], self._options.budget, self._timing(), turn=self._turn(share))
        attempts = tuple(attempt for attempt in self._usual if attempt.port in place.listening)
        if self._room.locked():
            place.hang_up()  # some servers take one caller at a time: none is kept waiting for us
        for port, sock in place.socks.items():
            host.adopt(port, sock)
        try:
            result = await self._asked(host, target, attempts, begun=bool(place.socks))
        finally:
            host.drop_adopted()
        share.check()
        labels = self.labels(address)
        share.found(StoredResult(position=place.position, labels=labels, at=self._clock(), result=result))

    async def listed(self, share: Share, position: int, one: Listed) -> None:
        """What was named one by one is kept whatever comes of it."""
        target = Target(text=one.target, scheme=Scheme.ANY, host=one.target)
        labels = (
            dict(one.labels) if target.address is None else {**dict(self._book.of(target.address)), **dict(one.labels)}
        )
        try:
            host = await self._host(share, target)
            result = await self._asked(host, target, self._named(one.ports))
        except StepFailed as failure:
            result = unreached(target, failure, self._clock())
        share.check()
        found = StoredResult(position=position, labels=tuple(sorted(labels.items())), at=self._clock(), result=result)
        share.found(found)

    async def _host(self, share: Share, target: Target) -> Host:
        return await open_host(target.host, self._gate, self._options.budget, self._timing(), self._turn(share))

    def _timing(self) -> Timing:
        return msgspec.structs.replace(self._options.timing, connect_s=self._connector.timeout_s)

    def _turn(self, share: Share) -> Turn:
        async def turn(address: Address) -> None:
            share.check()
            await self._pacing.turn(address)
            share.check()
            self.unbegun.discard(asyncio.current_task())
            share.contacts += 1

        return turn

    async def _asked(
        self, host: Host, target: Target, attempts: tuple[Attempt, ...], *, begun: bool = False
    ) -> TargetResult:
        probing = Probing(target, host, self._options, attempts)
        self.unbegun.add(asyncio.current_task())
        try:
            async with self._room, self._turns.of(host.address):
                if begun:
                    self.unbegun.discard(asyncio.current_task())
                else:
                    await self._open.wait()
                await probing.run()
        finally:
            self.unbegun.discard(asyncio.current_task())
        return conclude(target, host, probing.surfaces(), self._clock())

    def _named(self, ports: tuple[int, ...]) -> tuple[Attempt, ...]:
        """The attempts at the ports that another tool found, or at the scope's own."""
        if not ports:
            return self._usual
        web = tuple(port for port in ports if port in self._web and port not in self._dimse)
        return self._attempts(tuple(port for port in ports if port not in web), web)

    def _attempts(self, dimse: tuple[int, ...], web: tuple[int, ...]) -> tuple[Attempt, ...]:
        touch = self._options.manner.touch
        return (
            *(Attempt(port=port, web=False, only=touch) for port in dimse),
            *(Attempt(port=port, web=True, only=touch, tls=port in TLS_WEB_PORTS) for port in web),
        )
