"""A host's ports are probed one after another, each by the protocol that it speaks, and what is open is counted."""

import asyncio
from collections.abc import Awaitable

import msgspec

from leadglass.measure.contradicted import heeding_counters
from leadglass.measure.count import count_surface
from leadglass.measure.kinds.kinds import with_kinds, without_kinds
from leadglass.measure.outcome import Measured, not_nothing
from leadglass.measure.retrieving.retrievable import with_retrievable, without_retrievable
from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import SurfaceFacts
from leadglass.model.target import Target
from leadglass.model.ways import Way
from leadglass.model.words import Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.probe.dimse import probe_dimse
from leadglass.probe.manner import Switch
from leadglass.probe.outcome import Probe, make_surface
from leadglass.probe.web import probe_web
from leadglass.survey.options import Options
from leadglass.survey.plan import Attempt, plan
from leadglass.survey.wall import walled

HELLO_S = 4.0  # in which servers answer an association request, unless they look up the caller's name first


class Probing:
    """Collects the surfaces of one host."""

    def __init__(
        self, target: Target, host: Host, options: Options, attempts: tuple[Attempt, ...] | None = None
    ) -> None:
        """Nothing is probed yet. `attempts` are the ports where they are known, None where the target says them."""
        self._target = target
        self.host = host
        self._options = options
        given = (target.called_ae_title, *host.called_ae_titles, *options.called_ae_titles)
        self._titles = tuple(dict.fromkeys(title for title in given if title))
        self._waiting = list(plan(target) if attempts is None else attempts)
        self._surfaces: list[Surface] = []
        self._told: list[Probe] = []
        """What the probe at work has finished."""

    def surfaces(self) -> tuple[Surface, ...]:
        """What was found; a port that was not asked to the end is there too, so that nobody takes it for closed."""
        cut = StepFailed(Status.INTERRUPTED, Step.CONNECT, "")
        told = (self._until_counted(probe) for probe in self._told)
        return (*self._surfaces, *told, *(failed_surface(kind_of(left), left, cut, Ledger()) for left in self._waiting))

    async def run(self) -> None:
        """Probes every port of the plan; after the first that does not answer, the rest are looked for together."""
        looked = False
        while self._waiting:
            probes = await self._probed(self._waiting[0])
            self._waiting.pop(0)
            self._told = []
            await self._measure(probes)
            silent = self._surfaces[-1].status is Status.CONNECTION_TIMEOUT
            if silent and len(self._waiting) > 1 and not looked:
                self._waiting, looked = await self._look(self._waiting), True

    async def _probed(self, attempt: Attempt) -> tuple[Probe, ...]:
        """What the port is by the protocol that it speaks; where nobody named one, the other is tried too."""
        if attempt.only:
            return await (self._web(attempt) if attempt.web else self._dimse(attempt))
        # A web server waits in silence for the end of an association request: its turn comes before patience ends.
        probes = await (self._either(attempt) if attempt.web else self._dimse(attempt, HELLO_S))
        if not any(probe.try_other for probe in probes):
            return probes
        # A port whose protocol nobody named speaks TLS where the first probe has just seen it do so.
        tls = attempt.tls or any(probe.surface.tls for probe in probes)
        other = msgspec.structs.replace(attempt, tls=tls)
        others = await (self._dimse(other) if attempt.web else self._either(other))
        if any(_understood(probe) or _wants_certificate(probe) for probe in others):
            return others
        slow = not attempt.web and probes[0].surface.status is Status.IO_TIMEOUT
        return await self._dimse(attempt) if slow and self._options.timing.reply_s > HELLO_S else probes

    async def _measure(self, probes: tuple[Probe, ...]) -> None:
        """Keeps the surfaces at once, since counting may be interrupted, and each again with its exposure."""
        start = len(self._surfaces)
        self._surfaces += map(self._until_counted, probes)
        for place, probe in enumerate(probes, start):
            self._surfaces[place] = await self._measured(probe)
        self._surfaces[start:] = heeding_counters(self._surfaces[start:])

    def _until_counted(self, probe: Probe) -> Surface:
        """The surface as it stands while its counting is not done."""
        if not self._options.measure or probe.way is None:
            return probe.surface
        return msgspec.structs.replace(
            probe.surface, status=Status.INTERRUPTED, step=Step.QUERY, detail="counting was not finished"
        )

    async def _dimse(self, attempt: Attempt, hello_s: float | None = None) -> tuple[Probe, ...]:
        self._told = []
        work = probe_dimse(
            self.host,
            attempt.port,
            manner=self._options.manner,
            titles=self._titles,
            tls=attempt.tls or None,
            hello_s=hello_s,
            told=self._told,
        )
        return await self._guarded(work, attempt, SurfaceKind.DIMSE)

    async def _either(self, attempt: Attempt) -> tuple[Probe, ...]:
        """A web port whose scheme nobody named: what does not answer in the one is asked once in the other."""
        probes = await self._web(attempt)
        if not any(probe.try_scheme for probe in probes):
            return probes
        others = await self._web(msgspec.structs.replace(attempt, tls=not attempt.tls), HELLO_S)
        told = any((_understood(probe) and not probe.try_scheme) or _spoke_tls(probe) for probe in others)
        return others if told else probes

    async def _web(self, attempt: Attempt, hello_s: float | None = None) -> tuple[Probe, ...]:
        self._told = []
        work = probe_web(
            self.host,
            attempt.port,
            secure=bool(attempt.tls),
            path=self._target.path,
            contact=self._options.contact,
            called_ae_titles=self._titles,
            hello_s=hello_s,
            told=self._told,
            touch=self._options.manner.touch,
        )
        return await self._guarded(work, attempt, SurfaceKind.WEB)

    async def _guarded(
        self, work: Awaitable[tuple[Probe, ...]], attempt: Attempt, kind: SurfaceKind
    ) -> tuple[Probe, ...]:
        """The probe inside its wall; what failed is a surface too, beside those that were finished before it."""
        before = self.host.meter.ledger()
        try:
            return await walled(work, Step.REQUEST if kind is SurfaceKind.WEB else Step.ASSOCIATE)
        except StepFailed as failure:
            cost = _rest(self.host.meter.since(before), self._told)
            return (*self._told, Probe(surface=failed_surface(kind, attempt, failure, cost)))

    async def _measured(self, probe: Probe) -> Surface:
        """The surface with its exposure, where there is a way to count it."""
        surface, way = probe.surface, probe.way
        if way is None or not self._options.measure:
            return surface
        before = self.host.meter.ledger()
        try:
            counting = count_surface(self.host, way, self._options.contact, self._options.wish)
            measured = await walled(counting, Step.QUERY)
        except StepFailed as failure:
            surface = msgspec.structs.replace(
                surface, status=failure.status, detail=f"counting ended: {failure.detail}"
            )
            measured = Measured(exposure=None)
        if surface.proof.at_least(Rung.READABLE):
            measured = await self._with_kinds(way, not_nothing(measured))
            measured = await self._with_retrievable(way, measured)
        return _with(surface, measured, self.host.meter.since(before))

    async def _with_kinds(self, way: Way, measured: Measured) -> Measured:
        """What was counted, with the kinds of data that a few of the records show."""
        try:
            return await walled(with_kinds(self.host, way, measured, self._options.contact), Step.QUERY)
        except StepFailed as failure:
            return without_kinds(measured, failure.detail)

    async def _with_retrievable(self, way: Way, measured: Measured) -> Measured:
        """What was counted, with the images that would be handed over."""
        if not self._options.manner.asks(Switch.RETRIEVABLE_IMAGES):
            return measured
        try:
            return await walled(with_retrievable(self.host, way, measured), Step.RETRIEVE)
        except StepFailed as failure:
            return without_retrievable(measured, failure.detail)

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
                self._surfaces.append(failed_surface(kind_of(attempt), attempt, failure, Ledger(connections=1)))
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


def _spoke_tls(probe: Probe) -> bool:
    """Whether a handshake was answered in TLS, whatever came of it."""
    tls = probe.surface.facts.tls
    return tls is not None and (tls.version is not None or tls.client_certificate == "required")


def _wants_certificate(probe: Probe) -> bool:
    tls = probe.surface.facts.tls
    return tls is not None and tls.client_certificate == "required"


def kind_of(attempt: Attempt) -> SurfaceKind:
    return SurfaceKind.WEB if attempt.web else SurfaceKind.DIMSE


def _rest(cost: Ledger, told: list[Probe]) -> Ledger:
    """What is left of a cost when the surfaces that were told have taken their part."""
    return Ledger(
        connections=cost.connections - sum(probe.surface.connections for probe in told),
        records_received=cost.records_received - sum(probe.surface.records_received for probe in told),
        busy_s=max(0.0, round(cost.busy_s - sum(probe.surface.busy_s for probe in told), 6)),
        bytes_received=cost.bytes_received - sum(probe.surface.bytes_received for probe in told),
    )


def failed_surface(kind: SurfaceKind, attempt: Attempt, failure: StepFailed, cost: Ledger) -> Surface:
    """A port that was asked for nothing, or for which that failed."""
    return make_surface(
        kind,
        attempt.port,
        tls=bool(attempt.tls),
        proof=Rung.SILENT,
        facts=SurfaceFacts(),
        cost=cost,
        failure=failure,
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
            retrieval_sample=measured.sample,
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
