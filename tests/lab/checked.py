"""A placed population is served and checked in this process, as `leadglass lab up` and `leadglass check` do it."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime

from leadglass.lab.placing import Placed
from leadglass.lab.street import on_street
from leadglass.model.assessment import TargetResult
from leadglass.model.scope import Timing
from leadglass.model.target import parse_target
from leadglass.net.gate import Gate
from leadglass.net.loop import loop_factory
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all

TODAY = date(2026, 11, 23)
# Loopback answers at once or never.
_TIMING = Timing(connect_s=1.0)


def checked(placed: Placed, targets: Iterable[str], titles: tuple[str, ...] = ()) -> dict[str, TargetResult]:
    """What a check of each target comes to while the population is served."""

    async def work() -> dict[str, TargetResult]:
        options = Options(today=TODAY, contact="a test", timing=_TIMING, called_ae_titles=titles)
        asked = [parse_target(target) for target in targets]
        async with on_street(placed):
            results = await assess_all(asked, Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
        return {result.target: result for result in results}

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(work())
