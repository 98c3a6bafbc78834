"""A worker's leases and its share of the pace are renewed from a thread, however busy its event loop is."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor

from leadglass.model.snapshot import Allotment
from leadglass.store.errors import LeaseLostError
from leadglass.survey.engine.desk import Desk
from leadglass.survey.engine.share import Share

_MOST_S = 1.0  # between two reports: a stop is heard of so late


class Pulse:
    """Reports for one worker."""

    def __init__(
        self,
        desk: Desk,
        executor: Executor,
        lease_s: float,
        clock: Callable[[], float],
        heard: Callable[[Allotment, float], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Made inside the running loop. `executor` has one thread, which all questions to the desk go through.

        `heard` gets each allotment and when it ends by `clock`, `failed` why there will be no more; both in the loop.
        """
        self._desk, self._executor, self._lease_s, self._clock = desk, executor, lease_s, clock
        self._heard, self._failed = heard, failed
        self._loop = asyncio.get_running_loop()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, shares: Callable[[], Iterable[Share]]) -> None:
        """Begins to report, and to renew the leases of `shares`."""
        self._thread = threading.Thread(target=self._go_on, args=(shares,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No more reports; waits until the last one is over."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def beat(self, shares: Iterable[Share]) -> None:
        """One report, and the leases that need it renewed. Raises StoreError."""
        asked_at = self._clock()
        allotment = self._desk.report()
        self._loop.call_soon_threadsafe(self._heard, allotment, asked_at + self._lease_s)
        for share in shares:
            asked_at = self._clock()
            if share.lost or share.until - asked_at > self._lease_s * 2 / 3:
                continue
            try:
                share.lease = self._desk.renew(share.lease)
            except LeaseLostError:
                share.lost = True
            else:
                share.until = asked_at + self._lease_s

    def _go_on(self, shares: Callable[[], Iterable[Share]]) -> None:
        while not self._over.wait(min(_MOST_S, self._lease_s / 6)):
            failure = self._executor.submit(self.beat, shares()).exception()
            if failure is not None:  # whatever it is: without reports the worker would wait for ever
                self._loop.call_soon_threadsafe(self._failed, failure)
                return
