"""AE titles that an owner gave for some of the targets are tried on those alone."""

from collections.abc import Iterable
from ipaddress import ip_network

from leadglass.model.scope import Titled
from leadglass.net.networks import Address, unwrap_network
from leadglass.net.scope_entries import networks_of


class TitleBook:
    """Looks up AE titles by address and by name."""

    def __init__(self, titled: Iterable[Titled]) -> None:
        """`titled` are addresses, networks, ranges and names with their titles."""
        self._names: dict[str, list[str]] = {}
        self._by_size: dict[tuple[int, int], dict[int, list[str]]] = {}
        for entry in titled:
            for text in networks_of(entry.text):
                try:
                    network = unwrap_network(ip_network(text))
                except ValueError:
                    self._names.setdefault(_plain(text), []).extend(entry.called_ae_titles)
                    continue
                shift = network.max_prefixlen - network.prefixlen
                held = self._by_size.setdefault((network.version, shift), {})
                held.setdefault(int(network.network_address) >> shift, []).extend(entry.called_ae_titles)

    def of(self, host: str, address: Address | None) -> tuple[str, ...]:
        """The titles for a target of that name, at that address (unwrapped) where it is known."""
        found = list(self._names.get(_plain(host), ()))
        if address is not None:
            for (version, shift), held in self._by_size.items():
                if version == address.version:
                    found += held.get(int(address) >> shift, ())
        return tuple(dict.fromkeys(found))


def _plain(name: str) -> str:
    return name.lower().rstrip(".")
