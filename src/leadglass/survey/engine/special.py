"""An address with a special purpose is touched where the scope names it or its network, and not for a wider one."""

from array import array
from collections.abc import Iterable
from ipaddress import IPv4Address, ip_network

from leadglass.net.intervals import Intervals
from leadglass.net.networks import Address, Network, is_special, special_networks, unmapped, unmapped_network
from leadglass.net.scope_entries import is_plain_ipv4


class Special:
    """The rule of `make_space`, for single addresses."""

    def __init__(self, targets: Iterable[str]) -> None:
        """`targets` are the scope's, as the gate compares them."""
        singles, meant = array("I"), list[Network]()
        for text in targets:
            if is_plain_ipv4(text):
                address = IPv4Address(text)
                if is_special(address):
                    singles.append(int(address))
            elif (network := _network(text)) is not None and _is_within_special(network):
                meant.append(network)
        self._meant = Intervals(meant, singles)

    def leaves_out(self, address: Address) -> bool:
        """Whether an address is left alone though a network of the scope holds it."""
        plain = unmapped(address)
        return is_special(plain) and plain not in self._meant


def _network(text: str) -> Network | None:
    try:
        return unmapped_network(ip_network(text))
    except ValueError:
        return None  # a name


def _is_within_special(network: Network) -> bool:
    return any(
        network.version == special.version and network.subnet_of(special)  # type: ignore[arg-type]
        for special in special_networks()
    )
