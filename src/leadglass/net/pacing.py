"""Connections are made no faster than the scope allows: overall, to each network, and to each address.

Each limit is a virtual schedule (ITU-T I.371, the generic cell rate algorithm) that a connection is entered into when
it is made, and never before: what was put off, or slept through, does not come all at once later. Where several workers
keep one scope's pace together, the schedules overall and of networks run on a clock that goes as fast as the worker's
share of the pace.
"""

import asyncio
from collections.abc import Callable
from math import inf
from weakref import WeakValueDictionary

from leadglass.model.pace import Pace
from leadglass.net.networks import Address, unwrap

_LATE_S = 0.05  # by which a connection may be late without the next ones being later too: timers are not exact
_FORGET = 50_000  # schedules that are held before those in the past are forgotten
_LOOK_S = 1.0  # how often who waits looks whether the share has changed


class Pacing:
    """The pace of one process: its share of the scope's."""

    def __init__(self, pace: Pace, share: float = 1.0) -> None:
        """`share` from 0 to 1: the shares of all workers add up to 1 at most."""
        self._all_s = 1 / pace.per_second
        self._network_s = 1 / pace.per_network
        self._address_s = 1 / pace.per_address
        self._share, self._shared, self._since, self._ends = share, 0.0, 0.0, inf
        self._next = -inf
        self._networks: dict[int, float] = {}
        self._addresses: dict[Address, float] = {}
        self._first: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """Who waits in `turn` for a network, one after another."""
        self._ready = 0
        """How many in `turn` wait for the overall pace alone."""

    def allot(self, share: float, now: float, ends: float = inf) -> None:
        """From `now` on this process has another share, until it `ends`; with none, nothing is connected."""
        self._shared, self._since = self._time(now), now
        self._share, self._ends = share, ends

    async def turn(self, address: Address) -> None:
        """Waits until a connection to the address may be made, which it is then taken for.

        Who waits here has a conversation to go on with, and comes before those who ask by `wait`.
        """
        now = asyncio.get_running_loop().time
        network = network_of(address)
        first = self._first.setdefault(network, asyncio.Lock())
        while True:
            await _passed(lambda: self._until_address(address, now()))
            async with first:
                await _passed(lambda: self._until_network(network, now()))
                self._ready += 1
                try:
                    await _passed(lambda: self.until(self._next, now()))
                finally:
                    self._ready -= 1
                if max(self._until_network(network, now()), self._until_address(address, now())) <= 0:
                    self.take(address, now())
                    return

    def wait(self, address: Address, now: float) -> float:
        """Seconds until a connection to the address may be made by somebody who begins; 0 where it may be now.

        Overall limits are another question: see `wait_overall`.
        """
        network = network_of(address)
        wait = max(self._until_address(address, now), self._until_network(network, now))
        first = self._first.get(network)
        return wait if first is None or not first.locked() else max(wait, min(self._network_s, _LOOK_S))

    def wait_overall(self, now: float) -> float:
        """Seconds until somebody who begins may connect to anybody; what others wait for in `turn` is left to them."""
        return self.until(self._next + self._ready * self._all_s, now)

    def take(self, address: Address, now: float) -> None:
        """A connection to the address is made now."""
        shared, network, plain = self._time(now), network_of(address), unwrap(address)
        if len(self._networks) + len(self._addresses) > _FORGET:
            self._networks = {key: at for key, at in self._networks.items() if at > shared - _LATE_S}
            self._addresses = {key: at for key, at in self._addresses.items() if at > now - _LATE_S}
        self._next = _due(self._next, shared) + self._all_s
        self._networks[network] = _due(self._networks.get(network, -inf), shared) + self._network_s
        self._addresses[plain] = _due(self._addresses.get(plain, -inf), now) + self._address_s

    def until(self, shared_at: float, now: float) -> float:
        """Seconds until the shared clock shows a time, as long as the share stays; not yet where there is no share."""
        if self._share <= 0 or now >= self._ends:
            return _LOOK_S
        return max(0.0, (shared_at - self._time(now)) / self._share)

    def _until_address(self, address: Address, now: float) -> float:
        return self._addresses.get(unwrap(address), -inf) - now

    def _until_network(self, network: int, now: float) -> float:
        return self.until(self._networks.get(network, -inf), now)

    def _time(self, now: float) -> float:
        """The shared clock: it goes as fast as the share."""
        return self._shared + max(0.0, min(now, self._ends) - self._since) * self._share


def _due(planned: float, now: float) -> float:
    """From when on the next connection is reckoned: a little lateness is made good, a pause is not."""
    return planned if now - planned <= _LATE_S else now


async def _passed(left: Callable[[], float]) -> None:
    """Waits until nothing is `left` to wait, in seconds, which may change."""
    while True:
        wait = left()
        if wait <= 0:
            return
        await asyncio.sleep(min(wait, _LOOK_S))


def network_of(address: Address) -> int:
    """The number of the address's network: a /24, or a /48 of IPv6."""
    plain = unwrap(address)
    return int(plain) >> 8 if plain.version == 4 else -1 - (int(plain) >> 80)
