"""A scripted web server is probed and counted through the real gate, meter and client, and no canary comes out."""

import asyncio
import ssl
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
from tests.fakes.dicomweb import CANARIES
from tests.fakes.web_server import NOT_FOUND, Answer, FakeWeb, Request, Routes

CONTACT = "tests@leadglass.example"
PATIENT = Timing(connect_s=5.0, reply_s=10.0)


@dataclass(frozen=True)
class Seen:
    """What became of one port, and what it was asked for that."""

    probes: tuple[Probe, ...]
    measured: dict[SurfaceKind, Measured]
    web_server: FakeWeb
    cost: Ledger

    @property
    def kinds(self) -> list[SurfaceKind]:
        """The kinds of all surfaces, in order."""
        return [probe.surface.kind for probe in self.probes]

    @property
    def requests(self) -> list[Request]:
        """Everything that was asked."""
        return self.web_server.requests

    def asked_for(self, part: str) -> list[str]:
        """The requests, as "METHOD target", that have `part` in them."""
        return [str(request) for request in self.requests if part in str(request)]

    def probe(self, kind: SurfaceKind) -> Probe:
        """The one probe of a kind."""
        (found,) = [probe for probe in self.probes if probe.surface.kind is kind]
        return found

    def surface(self, kind: SurfaceKind) -> Surface:
        """The one surface of a kind."""
        return self.probe(kind).surface

    def web(self, kind: SurfaceKind) -> WebFacts:
        """The web facts of the one surface of a kind."""
        return web_of(self.probe(kind))

    def shown(self) -> str:
        """Everything that came out, in every form in which it could be shown."""
        values = [*(probe.surface for probe in self.probes), *self.measured.values()]
        written = b"".join(msgspec.json.encode(value, enc_hook=repr) for value in values).decode()
        return repr(self.probes) + repr(values) + written


@dataclass(frozen=True)
class Counted:
    """What counting came to, and what was asked for it."""

    measured: Measured
    requests: list[Request]
    cost: Ledger


def web_of(probe: Probe) -> WebFacts:
    """The web facts of a surface, which it must have."""
    assert probe.surface.facts.web is not None
    return probe.surface.facts.web


async def host_of(
    permits: tuple[Permission, ...] = ALL_PERMISSIONS, budget: Budget | None = None, timing: Timing = PATIENT
) -> Host:
    """The dialer of loopback, narrowed by a scope to what `permits` says."""
    scope = Scope(authority="tests", contact=CONTACT, targets=("127.0.0.1",), opt_out=(), permits=permits)
    return await open_host("127.0.0.1", Gate(scope), budget or Budget(), timing)


def ask(
    routes: Routes | None = None,
    otherwise: Answer = NOT_FOUND,
    *,
    permits: tuple[Permission, ...] = ALL_PERMISSIONS,
    path: str = "",
    titles: tuple[str, ...] = (),
    tls: ssl.SSLContext | None = None,
    budget: Budget | None = None,
    timing: Timing = PATIENT,
    measure: bool = False,
) -> Seen:
    """Probes a server of these routes, and counts its surfaces where `measure` says so."""

    async def run() -> Seen:
        async with FakeWeb(routes or {}, otherwise, tls) as server:
            host = await host_of(permits, budget, timing)
            probes = await probe_web(
                host, server.port, secure=tls is not None, path=path, contact=CONTACT, called_ae_titles=titles
            )
            probing = host.meter.ledger()
            connections = sum(probe.surface.connections for probe in probes)
            assert tls or connections <= server.connections  # the server does not see a handshake that failed
            assert sum(probe.surface.records_received for probe in probes) == probing.records_received
            measured = {
                probe.surface.kind: await count_surface(host, probe.way, CONTACT)
                for probe in probes
                if measure and probe.way is not None
            }
            return Seen(probes, measured, server, probing)

    seen = asyncio.run(run())
    shown = seen.shown()
    assert not [canary for canary in CANARIES if canary in shown]
    return seen


def count(routes: Routes, way: Way, *, otherwise: Answer = NOT_FOUND, budget: Budget | None = None) -> Counted:
    """Counts alone, by a way whose port is replaced by the server's."""

    async def run() -> Counted:
        async with FakeWeb(routes, otherwise) as server:
            host = await host_of(budget=budget)
            measured = await count_surface(host, msgspec.structs.replace(way, port=server.port), CONTACT)
            return Counted(measured, server.requests, host.meter.ledger())

    counted = asyncio.run(run())
    assert not [canary for canary in CANARIES if canary in repr(counted.measured)]
    return counted
