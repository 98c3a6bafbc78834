"""An address has the labels of the networks that hold it, the narrower one's word above the wider's."""

from ipaddress import ip_network, summarize_address_range
from typing import Any

from leadglass.model.scope import Labels, TargetEntry
from leadglass.model.target import literal_address
from leadglass.net.networks import Address


class LabelBook:
    """Looks up labels by address."""

    def __init__(self, entries: tuple[TargetEntry, ...]) -> None:
        """`entries` are networks and ranges; those without labels are not looked at."""
        self._by_size: dict[tuple[int, int], dict[int, dict[str, str]]] = {}
        for entry in entries:
            if entry.labels:
                for network in _networks(entry.text):
                    shift = network.max_prefixlen - network.prefixlen
                    held = self._by_size.setdefault((network.version, shift), {})
                    held.setdefault(int(network.network_address) >> shift, {}).update(entry.labels)
        self._sizes = sorted(self._by_size, key=lambda size: -size[1])

    def of(self, address: Address) -> Labels:
        """The labels of an address."""
        found: dict[str, str] = {}
        for version, shift in self._sizes:
            if version == address.version:
                found.update(self._by_size[version, shift].get(int(address) >> shift, {}))
        return tuple(sorted(found.items()))


def _networks(text: str) -> list[Any]:
    first, dash, last = text.partition("-")
    if not dash:
        return [ip_network(text)]
    start, end = literal_address(first), literal_address(last)
    if start is None or end is None:
        return []
    return list(summarize_address_range(start, end))
