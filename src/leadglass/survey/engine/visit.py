"""One place of a survey is visited: who listens, what speaks there, how far a stranger gets, how much it gives away."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec

from leadglass.model.assessment import TargetResult
from leadglass.model.snapshot import Listed, StoredResult
from leadglass.model.target import Scheme, Target
from leadglass.model.words import Status
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.host import Host, open_host
from leadglass.net.networks import Address
from leadglass.net.pacing import Pacing
from leadglass.net.patience import Patience
from leadglass.survey.assess import Turns
from leadglass.survey.conclude import conclude, unreached
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
        self, layout: Layout, gate: Gate, options: Options, pacing: Pacing, clock: Callable[[], datetime]
    ) -> None:
        """`clock` gives aware UTC times."""
        self._gate = gate
        self._options = options
        self._pacing = pacing
        self._clock = clock
        self._patience = Patience(options.timing.connect_s)
        self._room = asyncio.Semaphore(ASKED)
        self._turns = Turns()
        self._book = LabelBook(layout.scope.entries)
        self._usual = self._attempts(layout.scope.dimse_ports, layout.scope.web_ports)
        self._web = frozenset(layout.scope.web_ports)
        self._dimse = frozenset(layout.scope.dimse_ports)

    async def address(self, share: Share, position: int, address: Address) -> None:
        """An address of a network: it is kept only where something listens."""
        labels = self._book.of(address)
        target = Target(text=str(address), scheme=Scheme.ANY, host=str(address))
        try:
            host = await self._host(share, target)
        except StepFailed:
            share.empty(position)  # the gate leaves it alone
            return
        try:
            listening, status = await self._knock(host)
            if not listening:
                share.check()
                share.nothing(position, labels, status)
                return
            result = await self._asked(host, target, listening)
            share.check()
        finally:
            host.hang_up()
        share.found(StoredResult(position=position, labels=labels, at=self._clock(), result=result))

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
        async def turn(address: Address) -> None:
            share.check()
            await self._pacing.turn(address)
            share.check()
            share.contacts += 1

        timing = msgspec.structs.replace(self._options.timing, connect_s=self._patience.wait_s)
        return await open_host(target.host, self._gate, self._options.budget, timing, turn)

    async def _knock(self, host: Host) -> tuple[tuple[Attempt, ...], Status]:
        """The ports that listen, each with a connection that the first question takes; else what the last one said."""
        listening, status = [], Status.CONNECTION_TIMEOUT
        for attempt in self._usual:
            begun = host.clock()
            try:
                host.keep(attempt.port, await host.dial(attempt.port))
            except StepFailed as failure:
                if failure.status is Status.CONNECTION_REFUSED:
                    self._patience.answered(host.clock() - begun)
                if failure.status is Status.INTERRUPTED:
                    raise
                status = failure.status
            else:
                self._patience.answered(host.clock() - begun)
                listening.append(attempt)
        return tuple(listening), status

    async def _asked(self, host: Host, target: Target, attempts: tuple[Attempt, ...]) -> TargetResult:
        probing = Probing(target, host, self._options, attempts)
        async with self._room, self._turns.of(host.address):
            await probing.run()
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
