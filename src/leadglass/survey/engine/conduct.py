"""A run of a survey is held by one, worked on by its workers, and ends with its state and record in the store."""

import asyncio
import os
import platform
from collections.abc import Callable
from datetime import datetime

import msgspec

from leadglass import __version__
from leadglass.model.snapshot import RunRow, Standing, SurveyState
from leadglass.model.words import Depth
from leadglass.net.gate import Gate
from leadglass.net.pacing import Pacing
from leadglass.probe.manner import Manner
from leadglass.store.errors import HeldError
from leadglass.store.store import Store
from leadglass.survey.engine.layout import Layout
from leadglass.survey.engine.visit import Visitor
from leadglass.survey.engine.worker import Worker
from leadglass.survey.options import Options

HOLD_S = 30.0
_REPORT_S = 1.0


def holder_here() -> str:
    """Who runs a survey from this process: machine and process number."""
    return f"{platform.node() or 'a machine'}, process {os.getpid()}"


def dead_holder(holder: str | None) -> str | None:
    """The holder where it was a process of this machine and is gone, else None."""
    machine, _, number = (holder or "").rpartition(", process ")
    if machine != (platform.node() or "a machine") or not number.isdigit() or os.name == "nt":
        return None
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return holder
    except PermissionError:
        return None
    return None


class Conductor:
    """Runs one survey, from where it stands to its end or to a stop."""

    def __init__(self, store: Store, name: str, clock: Callable[[], datetime]) -> None:
        """Reads the survey; raises StoreError where there is none. `clock` gives aware UTC times."""
        self._store, self._name, self._clock = store, name, clock
        self._survey = store.survey(name)
        self.layout = msgspec.json.decode(self._survey.plan, type=Layout)

    async def run(self, stop: asyncio.Event, told: Callable[[Standing], None]) -> SurveyState:
        """Works until nothing is left or `stop` is set; `told` hears how it stands, once a second.

        Raises HeldError where another run holds the survey, StoreError where the store fails.
        """
        holder = holder_here()
        self._take(holder)
        manner = Manner(
            today=self._clock().date(),
            touch=self.layout.scope.depth is Depth.TOUCH,
            without=self.layout.without,
        )
        run = self._begin(holder, manner)
        state, how = SurveyState.STOPPED, "failed"
        try:
            await self._work(holder, run, manner, stop, told)
            state = SurveyState.DONE if self._store.shards.left(self._name) == 0 else SurveyState.STOPPED
            how = "done" if state is SurveyState.DONE else "stopped"
        finally:
            ended = msgspec.structs.replace(run, ended=self._clock(), ended_how=how)
            self._store.end_run(self._name, ended)
            self._store.let_go(self._name, holder, state)
        return state

    def _take(self, holder: str) -> None:
        try:
            self._store.take(self._name, holder, HOLD_S)
        except HeldError as held:
            dead = dead_holder(held.holder)
            if dead is None:
                raise
            self._store.take(self._name, holder, HOLD_S, dead=dead)

    def _begin(self, holder: str, manner: Manner) -> RunRow:
        run = RunRow(
            number=0,
            started=self._clock(),
            holder=holder,
            tool_version=__version__,
            probes=manner.versions(),
            settings=msgspec.json.encode({"depth": self.layout.scope.depth, "without": self.layout.without}),
        )
        return msgspec.structs.replace(run, number=self._store.start_run(self._name, run))

    async def _work(
        self, holder: str, run: RunRow, manner: Manner, stop: asyncio.Event, told: Callable[[Standing], None]
    ) -> None:
        scope = self.layout.scope
        gate = Gate(scope)
        await gate.learn_addresses()
        options = Options(
            manner=manner,
            contact=scope.contact,
            budget=self.layout.budget,
            timing=self.layout.timing,
            called_ae_titles=scope.called_ae_titles,
            measure=scope.depth is Depth.MEASURE,
        )
        visitor = Visitor(self.layout, gate, options, Pacing(scope.pace), self._clock)
        worker = Worker(
            self._store, self._name, run.number, holder, self.layout, self._survey.seed, visitor, self._clock
        )
        watching = asyncio.get_running_loop().create_task(self._watch(holder, stop, told))
        try:
            await worker.run(stop)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        told(self._store.standing(self._name))

    async def _watch(self, holder: str, stop: asyncio.Event, told: Callable[[Standing], None]) -> None:
        """Holds on to the survey, and tells how it stands; who has lost it stops."""
        while True:
            await asyncio.sleep(_REPORT_S)
            if not await asyncio.to_thread(self._store.keep, self._name, holder, HOLD_S):
                stop.set()
                return
            told(await asyncio.to_thread(self._store.standing, self._name))
