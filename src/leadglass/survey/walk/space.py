"""What a survey may visit has a number for each place: addresses of networks first, then what was named one by one."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import accumulate

from leadglass.model.record import Record
from leadglass.net.networks import Address, Network, special_networks, unmapped, unmapped_network

Interval = tuple[int, int, int]  # version, first and last address as numbers
_TOP = {4: 1 << 32, 6: 1 << 128}
_BYTES = 16  # of an IPv6 address


class Space(Record):
    """The places of a survey. `listed` counts those that were named one by one, and that stand after the networks'.

    `intervals` are disjoint and in order. `named` are the IPv4 addresses within them that were named one by one too,
    `named_v6` the IPv6 addresses, 16 bytes each: they are visited under that name, and not once more.
    """

    intervals: tuple[Interval, ...]
    listed: int
    named: bytes = b""
    named_v6: bytes = b""

    @property
    def addresses(self) -> int:
        """Addresses of the networks."""
        return sum(last - first + 1 for _, first, last in self.intervals)

    @property
    def places(self) -> int:
        """All places."""
        return self.addresses + self.listed

    def holds(self, address: Address) -> bool:
        """Whether an address lies in the networks."""
        plain = unmapped(address)
        return _holds(self.intervals, plain.version, int(plain))


class Places:
    """Looks up the places of a space by their numbers."""

    def __init__(self, space: Space) -> None:
        """Reads the space once."""
        self._intervals = space.intervals
        self._ends = list(accumulate(last - first + 1 for _, first, last in space.intervals))
        self._addresses = self._ends[-1] if self._ends else 0
        self._named = array("I")
        self._named.frombytes(space.named)
        self._named_v6 = space.named_v6

    def address_at(self, place: int) -> Address | None:
        """The address at a place; None where it was named one by one and is visited as such, or is no address's."""
        if place >= self._addresses:
            return None
        which = bisect_right(self._ends, place)
        version, _, last = self._intervals[which]
        number = last - (self._ends[which] - 1 - place)
        if version == 6:
            return None if self._is_named_v6(number) else IPv6Address(number)
        return None if self._is_named(number) else IPv4Address(number)

    def number_at(self, place: int) -> int | None:
        """The number in the list of what was named one by one, None for an address of a network."""
        return place - self._addresses if place >= self._addresses else None

    def _is_named(self, number: int) -> bool:
        if not self._named:
            return False
        at = bisect_left(self._named, number)
        return at < len(self._named) and self._named[at] == number

    def _is_named_v6(self, number: int) -> bool:
        many, wanted = len(self._named_v6) // _BYTES, number.to_bytes(_BYTES)
        at = bisect_left(range(many), wanted, key=self._v6_at)
        return at < many and self._v6_at(at) == wanted

    def _v6_at(self, at: int) -> bytes:
        return self._named_v6[at * _BYTES : (at + 1) * _BYTES]


def make_space(networks: Iterable[str], left_out: Iterable[str], named: Iterable[Address], listed: int) -> Space:
    """The space of `networks` in CIDR form without those of `left_out`.

    Special-purpose networks are left out as well, but for what lies within a network that names them or a part of
    them: 0.0.0.0/0 is the internet, and 10.0.0.0/8 somebody's own network. `named` are the addresses among the
    `listed` targets.
    """
    wanted = [unmapped_network(ip_network(one)) for one in networks]
    away = _merged([_interval(network) for text in left_out if (network := _network(text)) is not None])
    special = _merged([_interval(network) for network in special_networks()])
    meant = [one for one in wanted if any(_within(one, network) for network in special_networks())]
    known = set(meant)
    general = [one for one in wanted if one not in known]
    intervals = _minus(_merged([_interval(one) for one in general]), special)
    intervals = _minus(_merged([*intervals, *map(_interval, meant)]), away)
    v4, v6 = _held(intervals, named)
    named_v6 = b"".join(number.to_bytes(_BYTES) for number in v6)
    return Space(intervals=tuple(intervals), listed=listed, named=array("I", v4).tobytes(), named_v6=named_v6)


def _held(intervals: list[Interval], named: Iterable[Address]) -> tuple[list[int], list[int]]:
    """Those of the named addresses that lie in the intervals, by version and in order, each once."""
    held: dict[int, set[int]] = {4: set(), 6: set()}
    if intervals:
        for one in map(unmapped, named):
            if _holds(intervals, one.version, int(one)):
                held[one.version].add(int(one))
    return sorted(held[4]), sorted(held[6])


def _network(text: str) -> Network | None:
    try:
        return unmapped_network(ip_network(text))
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


def _holds(intervals: Sequence[Interval], version: int, number: int) -> bool:
    at = bisect_right(intervals, (version, number, _TOP[version])) - 1
    return at >= 0 and intervals[at][0] == version and number <= intervals[at][2]
