"""Those who work on a run: this process alone, several beside it, or machines of a cluster."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from leadglass.store.store import Store
from leadglass.survey.engine.desk import Post, StoreDesk
from leadglass.survey.engine.duty import serve
from leadglass.survey.engine.holder import worker_here
from leadglass.survey.engine.worker import GRACE_S

_ENDING_S = 5.0  # in which a worker that has nothing left to do ends


class WorkersLostError(ValueError):
    """No worker is left, and the survey is not done; the message says what to do."""


class Crew(Protocol):
    """Whoever works on a run."""

    async def work(self, store: Store, post: Post, stop: asyncio.Event) -> None:
        """Ends when nothing is left, or soon after `stop`. `post` is the run's, under its holder's name.

        A worker takes it under a name of its own. Raises StoreError or WorkersLostError. Cancelled, it leaves no worker
        behind.
        """
        ...


class Ending:
    """When a run goes on without workers that do not end: one may be frozen, and hears of it when it thaws."""

    def __init__(self, store: Store, survey: str, clock: Callable[[], float]) -> None:
        """`clock` gives seconds."""
        self._store, self._survey, self._clock = store, survey, clock
        self._since: float | None = None

    async def reached(self, *, stop: bool, at_work: bool) -> bool:
        """Whether the run is at its end; `at_work` where workers have not ended."""
        left = await asyncio.to_thread(self._store.shards.left, self._survey)
        if left and not stop:
            return False
        self._since = self._clock() if self._since is None else self._since
        return not at_work or self._clock() - self._since > (GRACE_S if left else 0.0) + _ENDING_S


class Alone:
    """This process is the only worker."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        """`clock` gives aware UTC times."""
        self._clock = clock

    async def work(self, store: Store, post: Post, stop: asyncio.Event) -> None:
        """See `Crew`."""
        mine = msgspec.structs.replace(post, worker=worker_here(post.worker))
        await serve(mine, StoreDesk(store, mine), self._clock, stop)
