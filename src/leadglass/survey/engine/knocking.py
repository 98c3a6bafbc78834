"""Addresses of networks are knocked at, port by port at the scope's pace; only those that listen cost more than that.

An address that answers nothing is a small record in a row of those whose turn comes; it has no task of its own.
"""

import asyncio
import logging
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from leadglass.model.words import Status
from leadglass.net.connector import Connector, Knock
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Grant
from leadglass.net.pacing import Pacing
from leadglass.survey.engine.share import Share

_TICK_S = 0.002  # turns that come within it are taken together
_LOOK_S = 1.0  # how soon a turn is looked at again that a smaller share of the pace has put off
_FULL_S = 0.05  # until a machine without room is asked again
_GUESS = 64  # connections to one that listens, before anything is known
_SILENCE_S = 1.0
_LATELY = 4_096  # connections after which what was met before counts half
_log = logging.getLogger(__name__)


class Place:
    """One address on its way through the ports."""

    __slots__ = (
        "address_at",
        "grant",
        "listening",
        "network_at",
        "order",
        "overall_at",
        "port",
        "position",
        "share",
        "socks",
        "status",
    )

    def __init__(self, share: Share, position: int, grant: Grant) -> None:
        """Not knocked at yet."""
        self.share, self.position, self.grant = share, position, grant
        self.port = 0
        self.listening: list[int] = []
        self.socks: dict[int, Any] = {}
        """A connection to each port that listens, until they are closed."""
        self.status = Status.CONNECTION_TIMEOUT
        self.order, self.address_at, self.network_at, self.overall_at = 0, 0.0, 0.0, -1.0

    def __lt__(self, other: "Place") -> bool:
        """Which came first."""
        return self.order < other.order

    def hang_up(self) -> None:
        """Closes the connections."""
        for sock in self.socks.values():
            sock.close()
        self.socks.clear()


class Knocking:
    """Takes places through their ports, and gives each back with the connections that it answered."""

    def __init__(
        self,
        connector: Connector,
        pacing: Pacing,
        ports: tuple[int, ...],
        most: int,
        done: Callable[[Place], None],
        askable: Callable[[], int],
    ) -> None:
        """Made inside a running loop. `most` places are under way at a time; `done` is handed each in the end.

        `askable` says of how many more that listen something can be asked soon: knocking waits for them, so that who
        listens is asked over the connection that was made, and called once.
        """
        self._connector, self._pacing, self._ports, self._done = connector, pacing, ports, done
        self._askable = askable
        self._answers, self._listened = _GUESS, 1
        self._young, self._younger, self._window = 0, 0, 0.0
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._turns: list[tuple[float, Place]] = []
        self._under_way = 0
        self._orders = 0
        self._pump: asyncio.TimerHandle | None = None
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._told = self._stopped = False

    @property
    def under_way(self) -> int:
        """Places whose last port was not heard of."""
        return self._under_way

    async def room(self) -> None:
        """Waits until one more place may begin."""
        await self._roomy.wait()

    def begin(self, place: Place) -> None:
        """A place takes its turn, and its ports theirs."""
        self._under_way += 1
        if self._under_way >= self._most:
            self._roomy.clear()
        self._orders += 1
        place.order = self._orders
        self._queue(place)

    def go_on(self) -> None:
        """More can be asked now."""
        if self._turns:
            self._wake(self._turns[0][0])

    def drop(self) -> None:
        """Forgets every place whose turn has not come, and those that have further turns; the others end."""
        self._stopped = True
        for _, place in self._turns:
            place.hang_up()
        self._under_way -= len(self._turns)
        self._turns.clear()

    def close(self) -> None:
        """Ends everything, answered or not."""
        if self._pump is not None:
            self._pump.cancel()
        self.drop()
        self._connector.close()

    def _queue(self, place: Place) -> None:
        now = self._loop.time()
        place.address_at, place.network_at = self._pacing.reserve(place.grant.address, now)
        place.overall_at = -1.0
        self._put(place, max(place.address_at, now + self._pacing.until(place.network_at, now)))

    def _put(self, place: Place, at: float) -> None:
        heappush(self._turns, (at, place))
        if self._pump is None or self._pump.when() > at + _TICK_S:
            self._wake(at)

    def _wake(self, at: float) -> None:
        if self._pump is not None:
            self._pump.cancel()
        self._pump = self._loop.call_at(max(at, self._loop.time() + _TICK_S), self._take_turns)

    def _take_turns(self) -> None:
        """Knocks for everyone whose turn has come."""
        self._pump = None
        now, turns = self._loop.time(), self._turns
        free = min(self._connector.room(), self._still_askable(now))
        full = free <= 0
        while turns and turns[0][0] <= now and free > 0:
            free -= 1
            _, place = heappop(turns)
            wait = self._wait(place, now)
            if wait > 0:
                heappush(turns, (now + min(max(wait, _TICK_S), _LOOK_S), place))
            else:
                self._knock(place)
        if turns and self._pump is None:
            self._wake(now + _FULL_S if full else turns[0][0])

    def _still_askable(self, now: float) -> int:
        """How many connections more bring forth no more that listen than can be asked, by what was met lately.

        Who has not answered within a second counts as one that does not listen.
        """
        if now - self._window > _SILENCE_S:
            self._young, self._younger, self._window = self._younger, 0, now
        if self._answers > _LATELY:
            self._answers, self._listened = self._answers // 2, max(1, self._listened // 2)
        open_ = min(self._connector.in_flight, self._young + self._younger)
        silent = self._connector.in_flight - open_
        return max(0, self._askable()) * (self._answers + silent) // self._listened - open_

    def _wait(self, place: Place, now: float) -> float:
        """How long a place still has to wait, since shares of the pace change, and the overall one comes last."""
        wait = self._pacing.until(place.network_at, now)
        if wait > 0:
            return wait
        if place.overall_at < 0:
            place.overall_at = self._pacing.reserve_overall(now)
        return self._pacing.until(place.overall_at, now)

    def _knock(self, place: Place) -> None:
        try:
            place.share.check()
        except StepFailed:  # the lease is over: somebody else visits the place
            place.hang_up()
            self._end()
            return
        place.share.contacts += 1
        self._younger += 1
        self._connector.knock(place.grant, self._ports[place.port], lambda knock: self._heard(place, knock))

    def _heard(self, place: Place, knock: Knock) -> None:
        if knock.status is Status.INTERNAL_ERROR:
            self._put_off(place)
            return
        place.status = knock.status
        self._answers += 1
        if knock.sock is not None:
            self._listened += 1
            place.listening.append(knock.port)
            place.socks[knock.port] = knock.sock
        place.port += 1
        if place.port == len(self._ports):
            self._end()
            self._done(place)
        elif self._stopped:
            self._end()
            place.hang_up()
        else:
            self._queue(place)

    def _put_off(self, place: Place) -> None:
        """This machine had no room for the connection: nothing was sent, and it is tried again."""
        place.share.contacts -= 1
        if not self._told:
            self._told = True
            _log.warning("this machine has no room for as many connections as the pace asks for: it goes slower")
        if self._stopped:
            self._end()
            place.hang_up()
        else:
            self._put(place, self._loop.time() + _FULL_S)

    def _end(self) -> None:
        self._under_way -= 1
        if self._under_way < self._most:
            self._roomy.set()
