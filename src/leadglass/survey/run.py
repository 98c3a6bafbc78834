"""Several targets at once, each its own failure: the others go on, and the results keep the order of the targets."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from leadglass.model.assessment import TargetResult
from leadglass.model.target import Target, UnreadableTarget
from leadglass.net.gate import Gate
from leadglass.survey.assess import Assessing, Turns, Unread
from leadglass.survey.options import Options


class Survey:
    """Several targets being assessed; where that is cancelled, `results` still tells what was found until then."""

    def __init__(
        self,
        targets: Sequence[Target | UnreadableTarget],
        gate: Gate,
        options: Options,
        clock: Callable[[], datetime],
    ) -> None:
        """Nothing is asked yet."""
        turns = Turns()
        self._each = [
            Unread(target, clock)
            if isinstance(target, UnreadableTarget)
            else Assessing(target, gate, options, clock, turns)
            for target in targets
        ]
        self._gate = gate
        self._room = options.concurrency

    async def run(self, done: Callable[[TargetResult], None]) -> None:
        """Assesses them all; `done` hears each result as it comes."""
        await self._gate.learn_addresses()
        room = asyncio.Semaphore(self._room)

        async def one(assessing: Assessing | Unread) -> None:
            async with room:
                result = await assessing.run()
            done(result)

        async with asyncio.TaskGroup() as group:
            for assessing in self._each:
                group.create_task(one(assessing))

    def results(self) -> tuple[TargetResult, ...]:
        """The results in the order of the targets; a target that is not finished is interrupted."""
        return tuple(assessing.result() for assessing in self._each)


async def assess_all(
    targets: Sequence[Target],
    gate: Gate,
    options: Options,
    clock: Callable[[], datetime],
    done: Callable[[TargetResult], None],
) -> tuple[TargetResult, ...]:
    """The results in the order of `targets`; `done` hears each as it comes."""
    survey = Survey(targets, gate, options, clock)
    await survey.run(done)
    return survey.results()
