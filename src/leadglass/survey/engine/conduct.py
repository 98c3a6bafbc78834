"""A run of a survey is held by one, worked on by its workers, and ends with its state and record in the store."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import msgspec

from leadglass import __version__
from leadglass.model.snapshot import RunRow, Standing, SurveyState
from leadglass.store.errors import HeldError
from leadglass.store.store import Store
from leadglass.survey.engine.crew import Crew
from leadglass.survey.engine.desk import Post
from leadglass.survey.engine.duty import layout_of, manner_of
from leadglass.survey.engine.holder import dead_holder, holder_here

HOLD_S = 30.0
LEASE_S = 30.0
LOST_S = 30.0  # in which the workers of a run that lost its survey may end
_REPORT_S = 1.0


class Conductor:
    """Runs one survey, from where it stands to its end or to a stop."""

    def __init__(
        self, store: Store, name: str, crew: Crew, clock: Callable[[], datetime], lease_s: float = LEASE_S
    ) -> None:
        """Reads the survey; raises StoreError where there is none. `clock` gives aware UTC times.

        A worker that is silent for `lease_s` loses what it works on.
        """
        self._store, self._name, self._crew, self._clock = store, name, crew, clock
        self._lease_s = lease_s
        self._survey = store.survey(name)
        self.layout = layout_of(self._survey)

    async def run(self, stop: asyncio.Event, told: Callable[[Standing], None]) -> SurveyState:
        """Works until nothing is left or `stop` is set; `told` hears how it stands, at its beginning and once a second.

        Raises HeldError where another run holds the survey, StoreError where the store fails, WorkersLostError.
        """
        holder = holder_here()
        self._take(holder)
        run = self._begin(holder)
        state, how = SurveyState.STOPPED, "failed"
        try:
            told(self._store.standing(self._name))
            await self._work(holder, run, stop, told)
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

    def _begin(self, holder: str) -> RunRow:
        run = RunRow(
            number=0,
            started=self._clock(),
            holder=holder,
            tool_version=__version__,
            probes=manner_of(self.layout, self._clock()).versions(),
            settings=msgspec.json.encode(
                {"depth": self.layout.scope.depth, "without": self.layout.without, "wish": self.layout.wish}
            ),
        )
        return msgspec.structs.replace(run, number=self._store.start_run(self._name, run))

    async def _work(self, holder: str, run: RunRow, stop: asyncio.Event, told: Callable[[Standing], None]) -> None:
        post = Post(survey=self._name, run=run.number, worker=holder, lease_s=self._lease_s, version=__version__)
        loop = asyncio.get_running_loop()
        working = loop.create_task(self._crew.work(self._store, post, stop))
        watching = loop.create_task(self._watch(holder, stop, told))
        try:
            await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
            if watching.done() and watching.exception() is None:
                await asyncio.wait((working,), timeout=LOST_S)
        finally:
            for task in (working, watching):
                task.cancel()
            ended = await asyncio.gather(working, watching, return_exceptions=True)
        for failure in ended:
            if isinstance(failure, Exception):
                raise failure
        told(self._store.standing(self._name))

    async def _watch(self, holder: str, stop: asyncio.Event, told: Callable[[Standing], None]) -> None:
        """Holds on to the survey, and tells how it stands; who has lost it stops."""
        ending = False
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_REPORT_S):
                    await (asyncio.sleep(_REPORT_S) if ending else stop.wait())
            if stop.is_set() and not ending:
                ending = True
                await asyncio.to_thread(self._store.end_soon, self._name, holder)
            if not await asyncio.to_thread(self._store.keep, self._name, holder, HOLD_S):
                stop.set()
                return
            told(await asyncio.to_thread(self._store.standing, self._name))
