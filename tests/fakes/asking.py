"""One web port of a fake server assessed, and counted, as `leadglass check` would: everything that came out."""

import asyncio
from dataclasses import dataclass

import msgspec

from leadglass.measure.count import count_surface
from leadglass.measure.outcome import Measured
from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import WebFacts
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope, Timing
from leadglass.model.ways import Way
from leadglass.model.words import Permission, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.net.host import Host, open_host
from leadglass.probe.outcome import Probe
from leadglass.probe.web import probe_web
from tests.fakes.scripted_web import FakeServer, Request

CONTACT = "tests@leadglass.example"
PATIENT = Timing(connect_s=5.0, reply_s=10.0)
HASTY = Timing(connect_s=1.0, reply_s=0.15)


@dataclass(frozen=True)
class Came:
    """What came of asking one port."""

    probes: tuple[Probe, ...]
    measured: dict[SurfaceKind, Measured]
    requests: tuple[Request, ...]
    connections: int
    probing: Ledger
    cost: Ledger
    port: int

    @property
    def only(self) -> Surface:
        """The one surface."""
        assert len(self.probes) == 1, [(p.surface.kind, p.surface.proof) for p in self.probes]
        return self.probes[0].surface

    def surface(self, kind: SurfaceKind) -> Surface:
        """The one surface of a kind."""
        [found] = [probe.surface for probe in self.probes if probe.surface.kind is kind]
        return found

    def kinds(self) -> set[SurfaceKind]:
        """The kinds of all surfaces."""
        return {probe.surface.kind for probe in self.probes}

    def said(self) -> str:
        """Everything that came out, in every form that it could be shown in."""
        values = [*self.probes, *self.measured.values()]
        return repr(values) + b"".join(map(msgspec.json.encode, values)).decode()


def web(surface: Surface) -> WebFacts:
    """The facts of a web surface."""
    assert surface.facts.web is not None
    return surface.facts.web


async def host_of(
    permits: tuple[Permission, ...] = ALL_PERMISSIONS, budget: Budget | None = None, timing: Timing = PATIENT
) -> Host:
    """The dialer of loopback, narrowed by a scope to what `permits` says."""
    scope = Scope(authority="tests", contact=CONTACT, targets=("127.0.0.1",), opt_out=(), permits=permits)
    return await open_host("127.0.0.1", Gate(scope), budget or Budget(), timing)


def ask(
    server: FakeServer,
    *,
    permits: tuple[Permission, ...] = ALL_PERMISSIONS,
    secure: bool | None = None,
    path: str = "",
    titles: tuple[str, ...] = (),
    budget: Budget | None = None,
    timing: Timing = PATIENT,
) -> Came:
    """Probes and counts. `secure` follows the server where it is None."""

    async def run() -> Came:
        async with server:
            host = await host_of(permits, budget, timing)
            tls = server.tls is not None if secure is None else secure
            probes = await probe_web(host, server.port, secure=tls, path=path, contact=CONTACT, called_ae_titles=titles)
            probing, measured = host.meter.ledger(), {}
            for probe in probes:
                if probe.way is not None:
                    measured[probe.surface.kind] = await count_surface(host, probe.way, CONTACT)
            return Came(
                probes=probes,
                measured=measured,
                requests=tuple(server.requests),
                connections=server.connections,
                probing=probing,
                cost=host.meter.ledger(),
                port=server.port,
            )

    return asyncio.run(run())


def count(
    server: FakeServer, way: Way, *, budget: Budget | None = None, timing: Timing = PATIENT
) -> tuple[Measured, Ledger]:
    """Counts alone, by a way whose port is replaced by the server's."""

    async def run() -> tuple[Measured, Ledger]:
        async with server:
            host = await host_of(budget=budget, timing=timing)
            measured = await count_surface(host, msgspec.structs.replace(way, port=server.port), CONTACT)
            return measured, host.meter.ledger()

    return asyncio.run(run())
