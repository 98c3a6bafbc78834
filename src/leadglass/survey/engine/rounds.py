"""A worker's visits: as many at a time as the process bears, begun in the order of the walk, ended in any."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from leadglass.model.snapshot import Listed
from leadglass.net.connector import Connector
from leadglass.net.errors import StepFailed
from leadglass.net.networks import Address
from leadglass.net.open_files import allow_as_many
from leadglass.net.pacing import Pacing
from leadglass.survey.engine.knocking import Knocking, Place
from leadglass.survey.engine.share import Share
from leadglass.survey.engine.visit import ASKED, Visitor

IN_FLIGHT = 512  # visits at a time, most of which wait for their turn
MOST_KNOCKS, LEAST_KNOCKS = 50_000, 256  # connections at a time
_SPARE = 8  # that may wait to be asked, so that somebody always is
_FILES = 1_024  # for the visits, the store and the process itself
_LOOKAHEAD_S = 2.0  # of the pace, that may wait for their network's turn


class Rounds:
    """Starts visits, and follows them."""

    def __init__(
        self, visitor: Visitor, pacing: Pacing, connector: Connector, ports: tuple[int, ...], most: int
    ) -> None:
        """Made inside a running loop. `ports` are the scope's; `most` addresses are knocked at at a time."""
        self._visitor = visitor
        self._visits: set[asyncio.Task[None]] = set()
        self._listening: deque[Place] = deque()
        self._loop = asyncio.get_running_loop()
        self._free, self._idle = asyncio.Event(), asyncio.Event()
        self._free.set()
        self._wanting = asyncio.Event()
        self._wanting.set()
        self._knocking = Knocking(connector, pacing, ports, most, self._knocked, self._askable)
        self.broken: BaseException | None = None
        """A bug, or a store that failed: the first."""

    async def room(self) -> None:
        """Waits until one more place may be begun."""
        await self._free.wait()
        await self._knocking.room()

    async def wanting(self) -> None:
        """Waits until fewer listen than can be asked at a time: another shard would lie here while others are idle."""
        await self._wanting.wait()

    def address(self, share: Share, position: int, address: Address) -> None:
        """Begins with an address of a network."""
        grant = self._visitor.grant(address)
        if grant is None:
            share.empty(position)
        else:
            self._knocking.begin(Place(share, position, grant))

    def listed(self, share: Share, position: int, one: Listed) -> None:
        """Begins with what was named one by one."""
        self._start(self._visitor.listed(share, position, one))

    def pause(self, paused: bool) -> None:
        """While paused, nobody is contacted who was not before."""
        self._knocking.pause(paused)
        self._visitor.pause(paused)

    async def finished_within(self, seconds: float) -> None:
        """What has not contacted anybody is dropped; the others may end by themselves for a while."""
        self._knocking.drop()
        self._listening.clear()
        for task in tuple(self._visitor.unbegun):
            if task is not None:
                task.cancel()
        self._idle.clear()
        self._look_whether_idle()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    async def close(self) -> None:
        """Ends everything."""
        self._knocking.close()
        self._listening.clear()
        for task in self._visits:
            task.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    def _askable(self) -> int:
        return ASKED + _SPARE - len(self._visits) - len(self._listening)

    def _look_whether_idle(self) -> None:
        if self.broken is not None or not (self._visits or self._knocking.under_way):
            self._idle.set()

    def _knocked(self, place: Place) -> None:
        if not place.listening:
            if not place.share.lost:
                place.share.nothing(place.position, self._visitor.labels(place.grant.address), place.status)
        elif self._free.is_set():
            self._start(self._visitor.listening(place))
        else:
            place.hang_up()
            self._listening.append(place)
        self._look_whether_idle()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(_until_lost(work))
        self._visits.add(task)
        if len(self._visits) >= IN_FLIGHT:
            self._free.clear()
        if self._askable() <= 0:
            self._wanting.clear()
        task.add_done_callback(self._visited)

    def _visited(self, task: "asyncio.Task[None]") -> None:
        self._visits.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.broken = self.broken or task.exception()
        if self._listening:
            self._start(self._visitor.listening(self._listening.popleft()))
        elif len(self._visits) < IN_FLIGHT:
            self._free.set()
        if self._askable() > 0:
            self._wanting.set()
        self._knocking.go_on()
        self._look_whether_idle()


def knocks_at_a_time(per_second: float, timeout_s: float) -> int:
    """As many as the pace needs where nothing answers, within the limits of the process, which are raised for it."""
    wanted = min(MOST_KNOCKS, max(LEAST_KNOCKS, round(per_second * (timeout_s + _LOOKAHEAD_S))))
    return max(LEAST_KNOCKS, allow_as_many(wanted + _FILES) - _FILES)


async def _until_lost(work: Coroutine[Any, Any, None]) -> None:
    with suppress(StepFailed):  # the lease is over: somebody else visits the place
        await work
