"""Whether an address lies in any of a million networks is told in a microsecond, from a few bytes for each."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, MutableSequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_Span = tuple[int, int]


class Intervals:
    """Addresses from any number of networks, as sorted spans that neither touch nor overlap."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network], singles: Iterable[int] = ()) -> None:
        """`singles` are IPv4 addresses as numbers: a list of a million of them makes no million of networks."""
        spans: dict[int, list[_Span]] = {4: [], 6: []}
        for network in networks:
            spans[network.version].append((int(network.network_address), int(network.broadcast_address)))
        merged = _Merging(array("I"), array("I"))
        if spans[4]:
            merged.add(sorted([*spans[4], *((number, number) for number in singles)]))
        else:
            merged.add((number, number) for number in sorted(singles))
        self._v4 = merged
        self._v6 = _Merging([], [])
        self._v6.add(sorted(spans[6]))

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        return self.covers(int(address), address.version)

    def covers(self, number: int, version: int) -> bool:
        """Whether the address of IP `version` with this number lies in one of the networks."""
        spans = self._v4 if version == 4 else self._v6
        at = bisect_right(spans.firsts, number)
        return at > 0 and number <= spans.lasts[at - 1]


class _Merging:
    """Spans in order of their beginnings, those that touch made one."""

    def __init__(self, firsts: MutableSequence[int], lasts: MutableSequence[int]) -> None:
        self.firsts = firsts
        self.lasts = lasts

    def add(self, ordered: Iterable[_Span]) -> None:
        firsts, lasts = self.firsts, self.lasts
        for first, last in ordered:
            if not lasts or first > lasts[-1] + 1:
                firsts.append(first)
                lasts.append(last)
            elif last > lasts[-1]:
                lasts[-1] = last
