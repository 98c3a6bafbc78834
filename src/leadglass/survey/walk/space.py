"""What a survey may visit has a number for each place: addresses of networks first, then what was named one by one."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import accumulate

from leadglass.model.record import Record
from leadglass.net.networks import Address, Network, special_networks

Interval = tuple[int, int, int]  # version, first and last address as numbers
_TOP = {4: 1 << 32, 6: 1 << 128}


class Space(Record):
    """The places of a survey. `listed` counts those that were named one by one, and that stand after the networks'.

    `intervals` are disjoint and in order. `named` are the IPv4 addresses within them that were named one by one too:
    they are visited under that name, and not once more.
    """

    intervals: tuple[Interval, ...]
    listed: int
    named: bytes = b""

    @property
    def addresses(self) -> int:
        """Addresses of the networks."""
        return sum(last - first + 1 for _, first, last in self.intervals)

    @property
    def places(self) -> int:
        """All places."""
        return self.addresses + self.listed


class Places:
    """Looks up the places of a space by their numbers."""

    def __init__(self, space: Space) -> None:
        """Reads the space once."""
        self._intervals = space.intervals
        self._ends = list(accumulate(last - first + 1 for _, first, last in space.intervals))
        self._addresses = self._ends[-1] if self._ends else 0
        self._named = array("I")
        self._named.frombytes(space.named)

    def address_at(self, place: int) -> Address | None:
        """The address at a place; None where it was named one by one and is visited as such, or is no address's."""
        if place >= self._addresses:
            return None
        which = bisect_right(self._ends, place)
        version, _, last = self._intervals[which]
        number = last - (self._ends[which] - 1 - place)
        if version == 6:
            return IPv6Address(number)
        return None if self._is_named(number) else IPv4Address(number)

    def number_at(self, place: int) -> int | None:
        """The number in the list of what was named one by one, None for an address of a network."""
        return place - self._addresses if place >= self._addresses else None

    def _is_named(self, number: int) -> bool:
        if not self._named:
            return False
        at = bisect_left(self._named, number)
        return at < len(self._named) and self._named[at] == number


def make_space(networks: Iterable[str], left_out: Iterable[str], named: Iterable[Address], listed: int) -> Space:
    """The space of `networks` in CIDR form without those of `left_out`.

    Special-purpose networks are left out as well, but for what lies within a network that names them or a part of
    them: 0.0.0.0/0 is the internet, and 10.0.0.0/8 somebody's own network. `named` are the addresses among the
    `listed` targets.
    """
    wanted = [ip_network(one) for one in networks]
    away = _merged([_interval(network) for text in left_out if (network := _network(text)) is not None])
    special = _merged([_interval(network) for network in special_networks()])
    meant = [one for one in wanted if any(_within(one, network) for network in special_networks())]
    general = [one for one in wanted if one not in set(meant)]
    intervals = _minus(_merged([_interval(one) for one in general]), special)
    intervals = _minus(_merged([*intervals, *map(_interval, meant)]), away)
    numbers = array("I", sorted({int(one) for one in named if one.version == 4} if intervals else ()))
    kept = array("I", (number for number in numbers if _holds(intervals, number)))
    return Space(intervals=tuple(intervals), listed=listed, named=kept.tobytes())


def _network(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None  # a name: the gate knows its addresses


def _within(one: Network, network: Network) -> bool:
    return one.version == network.version and one.subnet_of(network)  # type: ignore[arg-type]


def _interval(network: Network) -> Interval:
    return network.version, int(network.network_address), int(network.broadcast_address)


def _merged(intervals: list[Interval]) -> list[Interval]:
    """The same addresses as disjoint intervals in order."""
    merged: list[Interval] = []
    for version, first, last in sorted(intervals):
        if merged and merged[-1][0] == version and first <= merged[-1][2] + 1:
            merged[-1] = (version, merged[-1][1], max(last, merged[-1][2]))
        else:
            merged.append((version, first, last))
    return merged


def _minus(intervals: list[Interval], away: list[Interval]) -> list[Interval]:
    """`intervals` without `away`; both disjoint and in order."""
    left: list[Interval] = []
    at = 0
    for version, first, last in intervals:
        while at < len(away) and (away[at][0], away[at][2]) < (version, first):
            at += 1
        ahead, start = at, first
        while ahead < len(away) and away[ahead][0] == version and away[ahead][1] <= last:
            if start < away[ahead][1]:
                left.append((version, start, away[ahead][1] - 1))
            start = max(start, away[ahead][2] + 1)
            ahead += 1
        if start <= last:
            left.append((version, start, last))
    return left


def _holds(intervals: list[Interval], number: int) -> bool:
    at = bisect_right(intervals, (4, number, _TOP[4])) - 1
    return at >= 0 and intervals[at][0] == 4 and number <= intervals[at][2]
