"""One target assessed: its ports probed one after another, what was open counted, and the facts judged."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from leadglass.measure.count import count_surface
from leadglass.measure.outcome import Measured
from leadglass.model.assessment import Ledger, Surface, TargetResult
from leadglass.model.facts import SurfaceFacts
from leadglass.model.target import Target
from leadglass.model.words import Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.host import Host, open_host
from leadglass.probe.dimse import probe_dimse
from leadglass.probe.outcome import Probe
from leadglass.probe.web import probe_web
from leadglass.survey.conclude import conclude, unreached
from leadglass.survey.options import Options
from leadglass.survey.plan import Attempt, plan
from leadglass.survey.wall import walled


class Turns:
    """One server is asked by one target at a time, however many targets lead to it."""

    def __init__(self) -> None:
        """Nobody is being asked."""
        self._locks: dict[str, asyncio.Lock] = {}

    def of(self, address: str) -> asyncio.Lock:
        """The lock of one address."""
        return self._locks.setdefault(address, asyncio.Lock())


class Assessing:
    """One target being assessed: its result can be told at any time, as interrupted until it is finished."""

    def __init__(
        self, target: Target, gate: Gate, options: Options, clock: Callable[[], datetime], turns: Turns
    ) -> None:
        """Nothing is asked yet. `clock` gives aware UTC times."""
        self._target = target
        self._gate = gate
        self._options = options
        self._clock = clock
        self._turns = turns
        self._probing: _Probing | None = None
        self._finished: TargetResult | None = None

    async def run(self) -> TargetResult:
        """The result, whatever happens to the target."""
        self._finished = await self._run()
        return self._finished

    async def _run(self) -> TargetResult:
        try:
            host = await open_host(self._target.host, self._gate, self._options.budget, self._options.timing)
        except StepFailed as failure:
            return unreached(self._target, failure, self._clock())
        self._probing = _Probing(self._target, host, self._options)
        async with self._turns.of(str(host.address)):
            await self._probing.run()
        return conclude(self._target, host, self._probing.surfaces(), self._clock())

    def result(self) -> TargetResult:
        """The result so far."""
        if self._finished is not None:
            return self._finished
        if self._probing is not None:
            return conclude(self._target, self._probing.host, self._probing.surfaces(), self._clock())
        return unreached(self._target, StepFailed(Status.INTERRUPTED, Step.RESOLVE, ""), self._clock())


class _Probing:
    """Collects the surfaces of one host."""

    def __init__(self, target: Target, host: Host, options: Options) -> None:
        self._target = target
        self.host = host
        self._options = options
        given = (target.called_ae_title, *options.called_ae_titles)
        self._titles = tuple(dict.fromkeys(title for title in given if title))
        self._waiting = list(plan(target))
        self._surfaces: list[Surface] = []

    def surfaces(self) -> tuple[Surface, ...]:
        """What was found; a port that was not asked to the end is there too, so that nobody takes it for closed."""
        cut = StepFailed(Status.INTERRUPTED, Step.CONNECT, "")
        return (*self._surfaces, *(_failed_surface(_kind(left), left, cut, Ledger()) for left in self._waiting))

    async def run(self) -> None:
        """Probes every port of the plan; after the first that does not answer, the rest are looked for together."""
        looked = False
        while self._waiting:
            probes = await self._probed(self._waiting[0])
            self._waiting.pop(0)
            await self._measure(probes)
            silent = self._surfaces[-1].status is Status.CONNECTION_TIMEOUT
            if silent and len(self._waiting) > 1 and not looked:
                self._waiting, looked = await self._look(self._waiting), True

    async def _probed(self, attempt: Attempt) -> tuple[Probe, ...]:
        first, second = (self._web, self._dimse) if attempt.web else (self._dimse, self._web)
        probes = await first(attempt)
        if not attempt.only and any(probe.try_other for probe in probes):
            # A port whose protocol nobody named speaks TLS where the first probe has just seen it do so.
            tls = attempt.tls or any(probe.surface.tls for probe in probes)
            others = await second(msgspec.structs.replace(attempt, tls=tls))
            if any(_understood(probe) for probe in others):
                return others
        return probes

    async def _measure(self, probes: tuple[Probe, ...]) -> None:
        """Keeps the surfaces at once, since counting may be interrupted, and each again with its exposure."""
        start = len(self._surfaces)
        counted = self._options.measure
        self._surfaces += [_uncounted(p.surface) if counted and p.way else p.surface for p in probes]
        for place, probe in enumerate(probes, start):
            self._surfaces[place] = await self._measured(probe)

    async def _dimse(self, attempt: Attempt) -> tuple[Probe, ...]:
        today = self._options.today
        work = probe_dimse(self.host, attempt.port, today=today, titles=self._titles, tls=attempt.tls or None)
        return await self._guarded(work, attempt, SurfaceKind.DIMSE)

    async def _web(self, attempt: Attempt) -> tuple[Probe, ...]:
        work = probe_web(
            self.host,
            attempt.port,
            secure=bool(attempt.tls),
            path=self._target.path,
            contact=self._options.contact,
            called_ae_titles=self._titles,
        )
        return await self._guarded(work, attempt, SurfaceKind.WEB)

    async def _guarded(
        self, work: Awaitable[tuple[Probe, ...]], attempt: Attempt, kind: SurfaceKind
    ) -> tuple[Probe, ...]:
        """The probe inside its wall; a failure that came out of it is a surface too."""
        before = self.host.meter.ledger()
        try:
            return await walled(work, Step.REQUEST if kind is SurfaceKind.WEB else Step.ASSOCIATE)
        except StepFailed as failure:
            cost = self.host.meter.since(before)
            return (Probe(surface=_failed_surface(kind, attempt, failure, cost)),)

    async def _measured(self, probe: Probe) -> Surface:
        """The surface with its exposure, where there is a way to count it."""
        surface, way = probe.surface, probe.way
        if way is None or not self._options.measure:
            return surface
        before = self.host.meter.ledger()
        try:
            measured = await walled(count_surface(self.host, way, self._options.contact), Step.QUERY)
        except StepFailed as failure:
            surface = msgspec.structs.replace(
                surface, status=failure.status, detail=f"counting ended: {failure.detail}"
            )
            measured = Measured(exposure=None)
        return _with(surface, measured, self.host.meter.since(before))

    async def _look(self, attempts: list[Attempt]) -> list[Attempt]:
        """The attempts whose ports listen, found by connecting to all at once; the others become surfaces."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._listens(attempt)) for attempt in attempts]
        listening = []
        for attempt, task in zip(attempts, tasks, strict=True):
            failure = task.result()
            if failure is None:
                listening.append(attempt)
            else:
                self._surfaces.append(_failed_surface(_kind(attempt), attempt, failure, Ledger(connections=1)))
        return listening

    async def _listens(self, attempt: Attempt) -> StepFailed | None:
        try:
            (await self.host.dial(attempt.port)).close()
        except StepFailed as failure:
            return failure
        return None


def _understood(probe: Probe) -> bool:
    """Whether the port answered in this probe's protocol: that tells more than the one that was not understood."""
    return probe.surface.proof.at_least(Rung.OTHER if not probe.try_other else Rung.SPEAKS)


def _kind(attempt: Attempt) -> SurfaceKind:
    return SurfaceKind.WEB if attempt.web else SurfaceKind.DIMSE


def _uncounted(surface: Surface) -> Surface:
    """The surface until its counting is done."""
    return msgspec.structs.replace(
        surface, status=Status.INTERRUPTED, step=Step.QUERY, detail="counting was not finished"
    )


def _failed_surface(kind: SurfaceKind, attempt: Attempt, failure: StepFailed, cost: Ledger) -> Surface:
    return Surface(
        kind=kind,
        port=attempt.port,
        tls=bool(attempt.tls),
        status=failure.status,
        proof=Rung.SILENT,
        retrieval=Retrieval.NOT_ASKED,
        facts=SurfaceFacts(),
        step=failure.step,
        detail=failure.detail,
        records_received=cost.records_received,
        connections=cost.connections,
        busy_s=cost.busy_s,
        bytes_received=cost.bytes_received,
    )


def _with(surface: Surface, measured: Measured, cost: Ledger) -> Surface:
    """The surface with what counting it came to and cost."""
    facts = surface.facts
    if facts.dimse is not None:
        dimse = msgspec.structs.replace(
            facts.dimse,
            queries=facts.dimse.queries + measured.queries,
            whole_archive=measured.whole_archive,
            cap=measured.cap,
        )
        facts = msgspec.structs.replace(facts, dimse=dimse)
    if facts.web is not None:
        web = msgspec.structs.replace(facts.web, whole_archive=measured.whole_archive)
        facts = msgspec.structs.replace(facts, web=web)
    return msgspec.structs.replace(
        surface,
        facts=facts,
        exposure=measured.exposure,
        records_received=surface.records_received + cost.records_received,
        connections=surface.connections + cost.connections,
        busy_s=round(surface.busy_s + cost.busy_s, 6),
        bytes_received=surface.bytes_received + cost.bytes_received,
    )
