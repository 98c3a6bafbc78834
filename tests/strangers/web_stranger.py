"""A stranger asks a scripted web server through the real gate, meter and client, and counts what it may."""

import asyncio

from leadglass.measure.count import count_surface
from leadglass.measure.outcome import Measured
from leadglass.model.facts import WebFacts
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope, Timing
from leadglass.model.words import Permission, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.net.host import open_host
from leadglass.probe.outcome import Probe
from leadglass.probe.web import probe_web
from tests.strangers.web_server import Asked, Routes, serving

CONTACT = "tests@leadglass.example"
QUICK = Timing(connect_s=2.0, reply_s=2.0)


class Seen:
    """What became of one port, and what it was asked for that."""

    def __init__(self, probes: tuple[Probe, ...], asked: list[Asked], measured: dict[SurfaceKind, Measured]) -> None:
        """As it came."""
        self.probes = probes
        self.asked = asked
        self.measured = measured

    @property
    def kinds(self) -> list[SurfaceKind]:
        """The surfaces' kinds, in order."""
        return [probe.surface.kind for probe in self.probes]

    def probe(self, kind: SurfaceKind) -> Probe:
        """The one surface of a kind."""
        (found,) = [probe for probe in self.probes if probe.surface.kind is kind]
        return found

    def web(self, kind: SurfaceKind) -> WebFacts:
        """The web facts of the one surface of a kind."""
        facts = self.probe(kind).surface.facts.web
        assert facts is not None
        return facts


def ask(
    routes: Routes,
    *,
    path: str = "",
    permits: tuple[Permission, ...] = ALL_PERMISSIONS,
    budget: Budget | None = None,
    timing: Timing = QUICK,
    called_ae_titles: tuple[str, ...] = (),
    measure: bool = False,
) -> Seen:
    """Probes a server that answers by `routes`, and counts its surfaces where `measure` says so."""
    scope = Scope(authority="the tests", contact=CONTACT, targets=("127.0.0.0/8",), opt_out=(), permits=permits)

    async def run() -> Seen:
        async with serving(routes) as server:
            host = await open_host("127.0.0.1", Gate(scope), budget or Budget(), timing)
            probes = await probe_web(
                host, server.port, secure=False, path=path, contact=CONTACT, called_ae_titles=called_ae_titles
            )
            measured = {
                probe.surface.kind: await count_surface(host, probe.way, CONTACT)
                for probe in probes
                if measure and probe.way is not None
            }
            assert sum(probe.surface.connections for probe in probes) <= server.connections
            return Seen(probes, server.asked, measured)

    return asyncio.run(run())
