"""A worker leases shards, visits their places, and writes what it found together with how far it has come."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from leadglass.model.snapshot import Lease, Listed
from leadglass.net.errors import StepFailed
from leadglass.net.pacing import Pacing
from leadglass.store.errors import LeaseLostError
from leadglass.survey.engine.desk import Desk, Post
from leadglass.survey.engine.layout import Layout
from leadglass.survey.engine.share import Share
from leadglass.survey.engine.visit import Visitor
from leadglass.survey.walk.order import Order
from leadglass.survey.walk.space import Places

WRITE_S = 1.0  # what a crash may cost in work that is done again
IN_FLIGHT = 512  # places that are visited at a time
GRACE_S = 15.0  # in which what is in flight may still be finished after a stop
_CHUNK = 256  # positions that are promised together
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
        visitor: Visitor,
        pacing: Pacing,
        clock: Callable[[], datetime],
    ) -> None:
        """`pacing` is given the share that the desk allots; `clock` gives aware UTC times."""
        self._hours = layout.scope.hours
        self._clock = clock
        self._desk, self._post = desk, post
        self._order = Order(layout.space.places, seed)
        self._places = Places(layout.space)
        self._visitor = visitor
        self._pacing = pacing
        self._shares: list[Share] = []
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self._visits: set[asyncio.Task[None]] = set()
        self._thread = ThreadPoolExecutor(1)
        self._loop = asyncio.get_running_loop()
        self._broken: BaseException | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Leaves when no shard is left that is not done, or after `stop`. Raises StoreError."""
        await self._report(stop)
        stopping = self._loop.create_task(stop.wait())
        feeding = self._loop.create_task(self._feed(stop))
        writing = self._loop.create_task(self._write_on(stop))
        try:
            await asyncio.wait((feeding, writing, stopping), return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set() and not writing.done():
                await self._finish_within(GRACE_S, writing)
        finally:
            for task in (stopping, feeding, writing, *self._visits):
                task.cancel()
            await asyncio.gather(stopping, feeding, writing, *self._visits, return_exceptions=True)
            try:
                if self._broken is None:
                    await self._write(last=True)
                    await self._call(self._desk.leave)
            finally:
                self._thread.shutdown()
        if self._broken is not None:
            raise self._broken

    async def _finish_within(self, grace_s: float, writing: "asyncio.Task[None]") -> None:
        """What is in flight may end by itself for a while; what is written meanwhile is safe."""
        visits = tuple(self._visits)
        if visits:
            done = self._loop.create_task(asyncio.wait(visits, timeout=grace_s))
            await asyncio.wait((done, writing), return_when=asyncio.FIRST_COMPLETED)
            done.cancel()

    async def _feed(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            asked_at = self._loop.time()
            lease = await self._call(self._desk.lease)
            if lease is None:
                if not self._shares and await self._call(self._desk.left) == 0:
                    return
                await asyncio.sleep(_AGAIN_S)
                continue
            share = Share(lease, asked_at + self._post.lease_s, self._loop.time)
            self._shares.append(share)
            await self._walk(share, stop)

    async def _walk(self, share: Share, stop: asyncio.Event) -> None:
        """Starts a visit to every place of the shard that is not done."""
        while share.next < share.lease.last and not (stop.is_set() or share.lost):
            await self._opening(stop)
            first, last = share.next, min(share.next + _CHUNK, share.lease.last)
            if last > share.marks.high and not await self._promised(share, last):
                return
            places = [(n, place) for n, place in self._order.walk(first, last) if not share.marks.is_done(n)]
            listed = await self._listed(share.lease, [place for _, place in places if place is not None])
            for position, place in places:
                await self._room.acquire()
                if stop.is_set() or share.lost:
                    self._room.release()
                    return
                self._start(share, position, place, listed)
                share.next = position + 1
            share.next = last

    async def _opening(self, stop: asyncio.Event) -> None:
        """Waits until the hours of the scope begin."""
        hours = self._hours
        while hours is not None and not stop.is_set() and not hours.open_at(self._clock()):
            with suppress(TimeoutError):
                async with asyncio.timeout(hours.seconds_until_open(self._clock())):
                    await stop.wait()

    def _start(self, share: Share, position: int, place: int | None, listed: dict[int, Listed]) -> None:
        number = None if place is None else self._places.number_at(place)
        address = None if place is None else self._places.address_at(place)
        if number is not None:
            work = self._visitor.listed(share, position, listed[number])
        elif address is not None:
            work = self._visitor.address(share, position, address)
        else:
            share.empty(position)
            self._room.release()
            return
        task = self._loop.create_task(self._visit(work))
        self._visits.add(task)
        task.add_done_callback(self._visited)

    async def _visit(self, work: Coroutine[Any, Any, None]) -> None:
        with suppress(StepFailed):  # the lease is over: somebody else visits the place
            await work

    def _visited(self, task: "asyncio.Task[None]") -> None:
        self._visits.discard(task)
        self._room.release()
        if not task.cancelled() and task.exception() is not None:
            self._broken = self._broken or task.exception()

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

    async def _write_on(self, stop: asyncio.Event) -> None:
        while self._broken is None:
            await asyncio.sleep(WRITE_S)
            await self._write(last=False)
            await self._report(stop)

    async def _report(self, stop: asyncio.Event) -> None:
        """Tells that this worker is there, and hears at what pace, and whether to end."""
        asked_at = self._loop.time()
        allotment = await self._call(self._desk.report)
        self._pacing.allot(allotment.share, self._loop.time(), asked_at + self._post.lease_s)
        if allotment.over:
            for share in tuple(self._shares):
                await self._lose(share)
        if allotment.stop:
            stop.set()

    async def _write(self, *, last: bool) -> None:
        """Writes what every shard has come to, and holds on to those that are not done."""
        for share in tuple(self._shares):
            try:
                await self._write_one(share, last=last)
            except LeaseLostError:
                await self._lose(share)

    async def _write_one(self, share: Share, *, last: bool) -> None:
        asked_at = self._loop.time()
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
        elif share.until - asked_at < self._post.lease_s * 2 / 3:
            share.lease = await self._call(lambda: self._desk.renew(share.lease))
            share.until = asked_at + self._post.lease_s

    async def _lose(self, share: Share) -> None:
        """What the shard's visits found is dropped, and their connections are counted as late."""
        share.lost = True
        if share in self._shares:
            self._shares.remove(share)
            await self._call(lambda: self._desk.count_late(share.contacts))

    async def _call(self, work: Callable[[], _T]) -> _T:
        return await self._loop.run_in_executor(self._thread, work)
