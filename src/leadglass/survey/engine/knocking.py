"""Addresses of networks are knocked at, port by port at the scope's pace; only those that listen cost more than that.

An address that answers nothing is a small record in a row of those whose turn comes; it has no task of its own.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from leadglass.model.words import Status
from leadglass.net.connector import Connector, Knock
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Grant
from leadglass.net.pacing import Pacing, network_of
from leadglass.survey.engine.share import Share

_TICK_S = 0.002  # turns that come within it are taken together
_LOOK_S = 5.0  # how soon a turn is looked at again at the latest, since shares of the pace change
_FULL_S = 0.05  # until a machine without room is asked again
_GUESS = 64  # connections to one that listens, before anything is known
_SILENCE_S = 1.0
_LATELY = 4_096  # connections after which what was met before counts half
_log = logging.getLogger(__name__)


class Place:
    """One address on its way through the ports."""

    __slots__ = (
        "grant",
        "listening",
        "order",
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
        self.order = 0

    def __lt__(self, other: "Place") -> bool:
        """Which came first."""
        return self.order < other.order

    @property
    def begun(self) -> bool:
        """Whether one of its ports was knocked at."""
        return self.port > 0

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
        self._lines: dict[int, deque[Place]] = {}
        """Who stands in line for a network, behind the one whose turn comes next."""
        self._under_way = 0
        self._orders = 0
        self._pump: asyncio.TimerHandle | None = None
        self._pump_at = 0.0  # a uvloop timer that ends at once does not know its time
        self._roomy = asyncio.Event()
        self._roomy.set()
        self._told = self._stopped = self._closed = self._paused = False

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

    def pause(self, paused: bool) -> None:
        """While paused, nobody is knocked at who was not before."""
        if paused is not self._paused:
            self._paused = paused
            self._stand_again(lambda _: True)

    def drop(self) -> None:
        """Forgets every place that was not knocked at; the others may go through their ports."""
        self._stopped = True
        self._stand_again(lambda place: place.begun)

    def close(self) -> None:
        """Ends everything, answered or not."""
        self._stopped = self._closed = True
        if self._pump is not None:
            self._pump.cancel()
        self._stand_again(lambda _: False)
        self._connector.close()

    def _stand_again(self, who: Callable[[Place], bool]) -> None:
        """Puts all who wait in line anew, and forgets the others."""
        waiting = [place for _, place in self._turns] + [place for line in self._lines.values() for place in line]
        self._turns.clear()
        self._lines.clear()
        for place in waiting:
            if who(place):
                self._queue(place)
            else:
                place.hang_up()
                self._end()

    def _queue(self, place: Place) -> None:
        """Gets in line; who has begun comes first."""
        line = self._lines.get(network_of(place.grant.address))
        if line is None:
            self._lines[network_of(place.grant.address)] = deque()
            self._put(place)
        elif place.begun:
            line.appendleft(place)
        else:
            line.append(place)

    def _put(self, place: Place) -> None:
        now = self._loop.time()
        at = now + min(self._pacing.wait(place.grant.address, now), _LOOK_S)
        heappush(self._turns, (at, place))
        if self._pump is None or self._pump_at > at + _TICK_S:
            self._wake(at)

    def _next_in_line(self, place: Place) -> None:
        """A place has had its turn: the next one of its network is looked at."""
        network = network_of(place.grant.address)
        line = self._lines[network]
        if line:
            self._put(line.popleft())
        else:
            del self._lines[network]

    def _wake(self, at: float) -> None:
        if self._pump is not None:
            self._pump.cancel()
        self._pump_at = max(at, self._loop.time() + _TICK_S)
        self._pump = self._loop.call_at(self._pump_at, self._take_turns)

    def _take_turns(self) -> None:
        """Knocks for everyone whose turn has come."""
        self._pump = None
        now, turns = self._loop.time(), self._turns
        free = min(self._connector.room(), self._still_askable(now))
        wait = _FULL_S if free <= 0 else 0.0
        while turns and turns[0][0] <= now and free > 0 and not wait:
            wait = self._pacing.wait_overall(now)
            if not wait:
                free -= self._take_turn(heappop(turns)[1], now)
        if turns:
            self._wake(now + min(wait, _LOOK_S) if wait else turns[0][0])

    def _take_turn(self, place: Place, now: float) -> bool:
        """Knocks, where the pace allows it by now; whether it did."""
        line = self._lines[network_of(place.grant.address)]
        if self._paused and not place.begun and line and line[0].begun:
            line.append(place)
            place = line.popleft()
        wait = self._pacing.wait(place.grant.address, now)
        if self._paused and not place.begun:
            wait = max(wait, _LOOK_S)
        if wait > 0:
            heappush(self._turns, (now + min(max(wait, _TICK_S), _LOOK_S), place))
            return False
        self._pacing.take(place.grant.address, now)
        self._next_in_line(place)
        self._knock(place)
        return True

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
        else:
            self._queue(place)

    def _put_off(self, place: Place) -> None:
        """This machine had no room for the connection: nothing was sent, and it is tried again."""
        place.share.contacts -= 1
        if not self._told:
            self._told = True
            _log.warning("this machine has no room for as many connections as the pace asks for: it goes slower")
        self._loop.call_later(_FULL_S, self._try_again, place)

    def _try_again(self, place: Place) -> None:
        if self._closed or (self._stopped and not place.begun):
            place.hang_up()
            self._end()
        else:
            self._queue(place)

    def _end(self) -> None:
        self._under_way -= 1
        if self._under_way < self._most:
            self._roomy.set()
