"""One target assessed: resolved, admitted, asked when it is its address's turn, and the facts judged."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from weakref import WeakValueDictionary

from leadglass.model.assessment import TargetResult
from leadglass.model.target import Target, UnreadableTarget
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.host import open_host
from leadglass.net.networks import Address, unwrap
from leadglass.survey.conclude import conclude, unreached
from leadglass.survey.options import Options
from leadglass.survey.probing import Probing


class Turns:
    """One server is asked by one target at a time, however many targets lead to it."""

    def __init__(self) -> None:
        """Nobody is being asked."""
        self._locks: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()  # forgotten with the last turn

    def of(self, address: Address) -> asyncio.Lock:
        """The lock of one address, whatever envelope it comes in: ::ffff:127.0.0.1 is 127.0.0.1."""
        return self._locks.setdefault(unwrap(address), asyncio.Lock())


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
        self._probing: Probing | None = None
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
        self._probing = Probing(self._target, host, self._options)
        async with self._turns.of(host.address):
            await self._probing.run()
        return conclude(self._target, host, self._probing.surfaces(), self._clock())

    def result(self) -> TargetResult:
        """The result so far."""
        if self._finished is not None:
            return self._finished
        if self._probing is not None:
            return conclude(self._target, self._probing.host, self._probing.surfaces(), self._clock())
        return unreached(self._target, StepFailed(Status.INTERRUPTED, Step.RESOLVE, ""), self._clock())


class Unread:
    """A target that could not be read: its result says so, and nothing is asked."""

    def __init__(self, target: UnreadableTarget, clock: Callable[[], datetime]) -> None:
        """`clock` gives aware UTC times."""
        self._target = target
        self._clock = clock

    async def run(self) -> TargetResult:
        """The result."""
        return self.result()

    def result(self) -> TargetResult:
        """The result."""
        failure = StepFailed(Status.UNREADABLE_TARGET, Step.SCOPE, self._target.detail)
        return unreached(self._target, failure, self._clock())
