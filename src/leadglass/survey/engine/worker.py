"""A worker leases shards, visits their places, and writes what it found together with how far it has come."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from leadglass.model.snapshot import Allotment, Lease, Listed
from leadglass.net.pacing import Pacing
from leadglass.store.errors import LeaseLostError
from leadglass.survey.engine.desk import Desk, Post
from leadglass.survey.engine.layout import Layout
from leadglass.survey.engine.lease_clock import lease_seconds
from leadglass.survey.engine.pulse import Pulse
from leadglass.survey.engine.rounds import Rounds
from leadglass.survey.engine.share import Share
from leadglass.survey.walk.order import Order
from leadglass.survey.walk.space import Places

WRITE_S = 1.0  # what a crash may cost in work that is done again
GRACE_S = 15.0  # in which what is in flight may still be finished after a stop
_AHEAD_LEAST, _AHEAD_MOST = 256, 16_384  # positions that are promised together, a second's worth between them
_HOURS_S = 0.5  # between two looks at the clock
_AGAIN_S = 0.5  # between two questions whether a shard has become free
_T = TypeVar("_T")


class Worker:
    """Works on one survey until nothing is left, or until it is told to stop."""

    def __init__(
        self,
        desk: Desk,
        post: Post,
        layout: Layout,
        seed: str,
        rounds: Rounds,
        pacing: Pacing,
        clock: Callable[[], datetime],
        seconds: Callable[[], float] = lease_seconds,
    ) -> None:
        """`pacing` is given the share that the desk allots; `clock` gives aware UTC times, `seconds` what leases last.

        The loop's own time would not do for leases: it stands still while the loop is busy.
        """
        self._hours = layout.scope.hours
        self._ahead = round(min(_AHEAD_MOST, max(_AHEAD_LEAST, layout.scope.pace.per_second * WRITE_S)))
        self._clock = clock
        self._desk, self._post = desk, post
        self._order = Order(layout.space.places, seed)
        self._places = Places(layout.space)
        self._rounds = rounds
        self._pacing = pacing
        self._shares: list[Share] = []
        self._thread = ThreadPoolExecutor(1)
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._stop, self._over = asyncio.Event(), asyncio.Event()
        self._pulse = Pulse(desk, self._thread, post.lease_s, seconds, self._allotted, self._fail)

    async def run(self, stop: asyncio.Event) -> None:
        """Leaves when no shard is left that is not done, or after `stop`. Raises StoreError."""
        self._stop = stop
        before = self._loop.get_exception_handler()
        self._loop.set_exception_handler(self._unhandled)
        try:
            await self._run(stop)
        finally:
            self._loop.set_exception_handler(before)

    async def _run(self, stop: asyncio.Event) -> None:
        await self._call(lambda: self._pulse.beat(()))
        self._pulse.start(lambda: tuple(self._shares))
        stopping = self._loop.create_task(stop.wait())
        feeding = self._loop.create_task(self._feed())
        writing = self._loop.create_task(self._write_on())
        watching = self._loop.create_task(self._watch_hours())
        try:
            await asyncio.wait((feeding, writing, stopping), return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set() and not writing.done():
                ending = self._loop.create_task(self._rounds.finished_within(GRACE_S))
                await asyncio.wait((ending, writing), return_when=asyncio.FIRST_COMPLETED)
                ending.cancel()
        finally:
            for task in (stopping, feeding, watching):
                task.cancel()
            self._over.set()  # a write that has begun ends, or its results would be written once more
            ended = await asyncio.gather(stopping, feeding, watching, writing, return_exceptions=True)
            await self._rounds.close()
            await asyncio.to_thread(self._pulse.stop)
            broken = next((failure for failure in ended if isinstance(failure, Exception)), self._rounds.broken)
            try:
                if broken is None:
                    await self._write(last=True)
                    await self._call(self._desk.leave)
            finally:
                self._thread.shutdown()
        if broken is not None:
            raise broken

    async def _feed(self) -> None:
        while not self._stop.is_set():
            await self._rounds.wanting()
            asked_at = self._seconds()
            lease = await self._call(self._desk.lease)
            if lease is None:
                if not self._shares and await self._call(self._desk.left) == 0:
                    return
                await asyncio.sleep(_AGAIN_S)
                continue
            share = Share(lease, asked_at + self._post.lease_s, self._seconds)
            self._shares.append(share)
            await self._walk(share)

    async def _walk(self, share: Share) -> None:
        """Starts a visit to every place of the shard that is not done."""
        while share.next < share.lease.last and not (self._stop.is_set() or share.lost):
            await self._opening()
            first, last = share.next, min(share.next + self._ahead, share.lease.last)
            if last > share.marks.high and not await self._promised(share, last):
                return
            places = [(n, place) for n, place in self._order.walk(first, last) if not share.marks.is_done(n)]
            listed = await self._listed(share.lease, [place for _, place in places if place is not None])
            for position, place in places:
                await self._rounds.room()
                if self._stop.is_set() or share.lost:
                    return
                self._start(share, position, place, listed)
                share.next = position + 1
            share.next = last

    async def _opening(self) -> None:
        """Waits until the hours of the scope begin."""
        hours = self._hours
        while hours is not None and not self._stop.is_set() and not hours.open_at(self._clock()):
            with suppress(TimeoutError):
                async with asyncio.timeout(hours.seconds_until_open(self._clock())):
                    await self._stop.wait()

    async def _watch_hours(self) -> None:
        """What was begun may end outside of the hours of the scope; nothing else is contacted then."""
        hours = self._hours
        while hours is not None:
            self._rounds.pause(not hours.open_at(self._clock()))
            await asyncio.sleep(_HOURS_S)

    def _start(self, share: Share, position: int, place: int | None, listed: dict[int, Listed]) -> None:
        number = None if place is None else self._places.number_at(place)
        address = None if place is None else self._places.address_at(place)
        if number is not None:
            self._rounds.listed(share, position, listed[number])
        elif address is not None:
            self._rounds.address(share, position, address)
        else:
            share.empty(position)

    async def _promised(self, share: Share, high: int) -> bool:
        try:
            await self._call(lambda: self._desk.promise(share.lease, high))
        except LeaseLostError:
            await self._lose(share)
            return False
        share.marks.promise(high)
        return True

    async def _listed(self, lease: Lease, places: list[int]) -> dict[int, Listed]:
        numbers = [number for place in places if (number := self._places.number_at(place)) is not None]
        return await self._call(lambda: self._desk.listed(lease, numbers)) if numbers else {}

    def _allotted(self, allotment: Allotment, ends: float) -> None:
        """Hears at what pace to go, and whether to end."""
        now = self._loop.time()
        self._pacing.allot(allotment.share, now, now + ends - self._seconds())
        if allotment.over:
            for share in self._shares:
                share.lost = True
        if allotment.stop:
            self._stop.set()

    def _fail(self, error: BaseException) -> None:
        self._rounds.broken = self._rounds.broken or error

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A bug in a callback: the place that it was about would never be done, and the run would wait for it."""
        if "handle" in context and isinstance(context.get("exception"), Exception):
            self._fail(context["exception"])
        else:
            loop.default_exception_handler(context)

    async def _write_on(self) -> None:
        while self._rounds.broken is None and not self._over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(WRITE_S):
                    await self._over.wait()
            if not self._over.is_set():
                await self._write(last=False)

    async def _write(self, *, last: bool) -> None:
        """Writes what every shard has come to."""
        for share in tuple(self._shares):
            try:
                await self._write_one(share, last=last)
            except LeaseLostError:
                await self._lose(share)

    async def _write_one(self, share: Share, *, last: bool) -> None:
        if share.lost:
            raise LeaseLostError
        if share.changed or last:
            batch = share.batch()
            await self._call(lambda: self._desk.commit(share.lease, batch))
            share.written(batch)
            if batch.done:
                self._shares.remove(share)
                return
        if last:
            await self._call(lambda: self._desk.give_back(share.lease))

    async def _lose(self, share: Share) -> None:
        """What the shard's visits found is dropped, and their connections are counted as late."""
        share.lost = True
        if share in self._shares:
            self._shares.remove(share)
            await self._call(lambda: self._desk.count_late(share.contacts))

    async def _call(self, work: Callable[[], _T]) -> _T:
        return await self._loop.run_in_executor(self._thread, work)
