"""A placed population is served and checked in this process, as `leadglass lab up` and `leadglass check` do it."""

import asyncio
import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from ipaddress import IPv4Network

from leadglass.lab.catalogue import load
from leadglass.lab.placing import Placed, place
from leadglass.lab.population import Population
from leadglass.lab.street import on_street
from leadglass.model.assessment import TargetResult
from leadglass.model.scope import Timing
from leadglass.model.target import parse_target
from leadglass.net.gate import Gate
from leadglass.net.loop import loop_factory
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all

TODAY = date(2026, 11, 23)
# Each worker of a run has addresses of its own: two that serve one world would be in each other's way.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
# Loopback answers at once or never.
_TIMING = Timing(connect_s=1.0)


def own_network(population: Population) -> str:
    """A network like the population's, which nobody else serves."""
    return f"127.{128 + 16 * _WORKER}.0.0/{IPv4Network(population.network).prefixlen}"


def placed_apart(world: str) -> Placed:
    """A world that comes with Leadglass, in a network that nobody else serves."""
    population = load(world)
    return place(population, own_network(population))


def checked(placed: Placed, targets: Iterable[str], titles: tuple[str, ...] = ()) -> dict[str, TargetResult]:
    """What a check of each target comes to while the population is served."""

    async def work() -> dict[str, TargetResult]:
        options = Options(manner=Manner(today=TODAY), contact="a test", timing=_TIMING, called_ae_titles=titles)
        asked = [parse_target(target) for target in targets]
        async with on_street(placed):
            results = await assess_all(asked, Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
        return {result.target: result for result in results}

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(work())
