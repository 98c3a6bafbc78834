"""An address has the labels of the networks that hold it, the narrower one's word above the wider's."""

from ipaddress import ip_network, summarize_address_range

from leadglass.model.scope import Labels, TargetEntry
from leadglass.model.target import literal_address
from leadglass.net.networks import Address, Network, unmapped, unmapped_network


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
        plain = unmapped(address)
        for version, shift in self._sizes:
            if version == plain.version:
                found.update(self._by_size[version, shift].get(int(plain) >> shift, {}))
        return tuple(sorted(found.items()))


def _networks(text: str) -> list[Network]:
    first, dash, last = text.partition("-")
    if not dash:
        return [unmapped_network(ip_network(text))]
    start, end = literal_address(first), literal_address(last)
    if start is None or end is None:
        return []
    return [unmapped_network(network) for network in summarize_address_range(start, end)]
