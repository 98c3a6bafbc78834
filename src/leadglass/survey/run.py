"""Several targets at once, each its own failure: the others go on, and the results keep the order of the targets."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from leadglass.model.assessment import TargetResult
from leadglass.model.target import Target
from leadglass.net.gate import Gate
from leadglass.survey.assess import Turns, assess
from leadglass.survey.options import Options


async def assess_all(
    targets: Sequence[Target],
    gate: Gate,
    options: Options,
    clock: Callable[[], datetime],
    done: Callable[[TargetResult], None],
) -> tuple[TargetResult, ...]:
    """The results in the order of `targets`; `done` hears each as it comes."""
    turns, room = Turns(), asyncio.Semaphore(options.concurrency)

    async def one(target: Target) -> TargetResult:
        async with room:
            result = await assess(target, gate, options, clock, turns)
        done(result)
        return result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(target)) for target in targets]
    return tuple(task.result() for task in tasks)
