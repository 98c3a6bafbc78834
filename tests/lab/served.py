"""The lab server runs in a thread of its own for as long as a block lasts, so that blocking clients can ask it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

from leadglass.lab.archive import Archive
from leadglass.lab.cost import Spend
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.negotiation import OWN
from leadglass.lab.placing import Placed
from leadglass.lab.population import Identity
from leadglass.lab.posture import OPEN, Posture
from leadglass.lab.server import serving
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.street import Street, on_street
from leadglass.net.loop import loop_factory
from leadglass.wire.queries import STUDY

SPEC = ArchiveSpec(seed=3, studies=200, patients=87, images=6_400, undated=2, migrated=9)
ARCHIVE = Archive(SPEC)
STUDIES = tuple(ARCHIVE.records(STUDY))
_START_S = 10
_T = TypeVar("_T")


@contextmanager
def served(
    archive: Archive = ARCHIVE,
    posture: Posture = OPEN,
    *,
    habits: Habits = PLAIN,
    identity: Identity = OWN,
    spend: Spend = asyncio.sleep,
) -> Iterator[int]:
    """The port of a server on 127.0.0.1."""
    with _in_a_thread(serving(archive, posture, habits=habits, identity=identity, spend=spend)) as port:
        yield port


@contextmanager
def street_served(placed: Placed) -> Iterator[Street]:
    """A whole population."""
    with _in_a_thread(on_street(placed)) as street:
        yield street


@contextmanager
def _in_a_thread(server: AbstractAsyncContextManager[_T]) -> Iterator[_T]:
    ready, given = threading.Event(), list[_T]()
    stop: asyncio.Event | None = None
    loop: asyncio.AbstractEventLoop | None = None

    async def serve() -> None:
        nonlocal stop, loop
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        async with server as running:
            given.append(running)
            ready.set()
            await stop.wait()

    def work() -> None:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve())

    thread = threading.Thread(target=work)
    thread.start()
    try:
        if not ready.wait(_START_S):
            raise RuntimeError("the lab server did not start")
        yield given[0]
    finally:
        if loop is not None and stop is not None:
            loop.call_soon_threadsafe(stop.set)
        thread.join(_START_S)
