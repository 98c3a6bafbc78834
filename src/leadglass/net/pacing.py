"""Connections are made no faster than the scope allows: overall, to each network, and to each address.

Each limit is a virtual schedule (ITU-T I.371, the generic cell rate algorithm): a connection's place on it is reserved
at once, so that whoever waits need not be woken to look again.
"""

import asyncio

from leadglass.model.pace import Pace
from leadglass.net.networks import Address, unwrap

_BURST_S = 0.05  # what of the overall pace may come at once: timers are not exact
_FORGET = 50_000  # schedules that are held before those in the past are forgotten


class Pacing:
    """The pace of one process: its `share` of the scope's."""

    def __init__(self, pace: Pace, share: float = 1.0) -> None:
        """`share` from 0 to 1: all workers together keep the scope's pace."""
        self._all_s = 1 / (pace.per_second * share)
        self._network_s = 1 / (pace.per_network * share)
        self._address_s = 1 / (pace.per_address * share)
        self._next = 0.0
        self._networks: dict[int, float] = {}
        self._addresses: dict[Address, float] = {}

    async def turn(self, address: Address) -> None:
        """Waits until a connection to the address may be made, which it is then taken for."""
        loop = asyncio.get_running_loop()
        wait = self.reserve(address, loop.time())
        if wait > 0:
            await asyncio.sleep(wait)
        wait = self.reserve_overall(loop.time())
        if wait > 0:
            await asyncio.sleep(wait)

    def reserve(self, address: Address, now: float) -> float:
        """Seconds until the address and its network may be called."""
        plain = unwrap(address)
        network = int(plain) >> 8 if plain.version == 4 else -1 - (int(plain) >> 80)
        if len(self._networks) + len(self._addresses) > _FORGET:
            self._networks = {key: at for key, at in self._networks.items() if at > now}
            self._addresses = {key: at for key, at in self._addresses.items() if at > now}
        at = max(now, self._networks.get(network, now), self._addresses.get(plain, now))
        self._networks[network] = at + self._network_s
        self._addresses[plain] = at + self._address_s
        return at - now

    def reserve_overall(self, now: float) -> float:
        """Seconds until one more connection may be made at all."""
        at = max(self._next, now - _BURST_S)
        self._next = at + self._all_s
        return max(0.0, at - now)
