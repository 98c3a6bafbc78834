"""Connections are made no faster than the scope allows: overall, to each network, and to each address.

Each limit is a virtual schedule (ITU-T I.371, the generic cell rate algorithm): a connection's place on it is reserved
at once. Where several workers keep one scope's pace together, the schedules overall and of networks run on a clock that
goes as fast as the worker's share of the pace: a reservation stays right when the share changes.
"""

import asyncio
from collections.abc import Callable
from math import inf

from leadglass.model.pace import Pace
from leadglass.net.networks import Address, unwrap

_BURST_S = 0.05  # what of the overall pace may come at once: timers are not exact
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
        self._next = 0.0
        self._networks: dict[int, float] = {}
        self._addresses: dict[Address, float] = {}

    def allot(self, share: float, now: float, ends: float = inf) -> None:
        """From `now` on this process has another share, until it `ends`; with none, nothing is connected."""
        self._shared, self._since = self._time(now), now
        self._share, self._ends = share, ends

    async def turn(self, address: Address) -> None:
        """Waits until a connection to the address may be made, which it is then taken for."""
        now = asyncio.get_running_loop().time
        address_at, network_at = self.reserve(address, now())
        await self._pass(address_at, network_at, now)
        await self._pass(0.0, self.reserve_overall(now()), now)

    async def _pass(self, at: float, shared_at: float, now: Callable[[], float]) -> None:
        """Waits for both clocks."""
        while True:
            wait = max(at - now(), self.until(shared_at, now()))
            if wait <= 0:
                return
            await asyncio.sleep(min(wait, _LOOK_S))

    def reserve(self, address: Address, now: float) -> tuple[float, float]:
        """When the address may be called by the clock, and when its network by the shared one."""
        plain, shared = unwrap(address), self._time(now)
        network = int(plain) >> 8 if plain.version == 4 else -1 - (int(plain) >> 80)
        if len(self._networks) + len(self._addresses) > _FORGET:
            self._networks = {key: at for key, at in self._networks.items() if at > shared}
            self._addresses = {key: at for key, at in self._addresses.items() if at > now}
        address_at = max(now, self._addresses.get(plain, now))
        network_at = max(self._networks.get(network, shared), self._time(address_at))
        self._networks[network] = network_at + self._network_s
        self._addresses[plain] = max(address_at, now + self.until(network_at, now)) + self._address_s
        return address_at, network_at

    def reserve_overall(self, now: float) -> float:
        """When one more connection may be made at all, by the shared clock."""
        at = max(self._next, self._time(now) - _BURST_S)
        self._next = at + self._all_s
        return at

    def _time(self, now: float) -> float:
        """The shared clock: it goes as fast as the share."""
        return self._shared + max(0.0, min(now, self._ends) - self._since) * self._share

    def until(self, shared_at: float, now: float) -> float:
        """Seconds until the shared clock shows a time, as long as the share stays; not yet where there is no share."""
        if self._share <= 0 or now >= self._ends:
            return _LOOK_S
        return max(0.0, (shared_at - self._time(now)) / self._share)
