"""Which networks are our own, judged on the address that an envelope really leads to: a literal list."""

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from leadglass.model.words import Vantage

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOOPBACK = tuple(ip_network(n) for n in ("127.0.0.0/8", "::1/128"))
# RFC 1918, RFC 3927, RFC 4193, RFC 4291 2.5.6. Shared space (100.64.0.0/10) belongs to a provider: not private.
_PRIVATE = tuple(
    ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)
# Never one host's address: unspecified, multicast, reserved and broadcast (RFC 6890, RFC 5771, RFC 4291 2.7).
_NOBODY = tuple(
    ip_network(n) for n in ("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8", "2001:db8::/32")
)
_MAPPED = IPv6Network("::ffff:0:0/96")  # RFC 4291 2.5.5.2
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_6TO4 = IPv6Network("2002::/16")  # RFC 3056


def unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped, NAT64 or 6to4 address leads to; any other address as it is."""
    if isinstance(address, IPv4Address):
        return address
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _6TO4:
        return IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address


def unwrap_network(network: Network) -> Network:
    """The IPv4 network that a network of IPv4-mapped or NAT64 addresses stands for; any other as it is."""
    if isinstance(network, IPv6Network) and (network.subnet_of(_MAPPED) or network.subnet_of(_NAT64)):
        return IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network


def vantage_of(address: Address) -> Vantage:
    """From where `address` is reached: this machine, a private network or the internet."""
    plain = unwrap(address)
    if _is_in(plain, _LOOPBACK):
        return Vantage.LOOPBACK
    return Vantage.PRIVATE if _is_in(plain, _PRIVATE) else Vantage.PUBLIC


def is_nobody(address: Address) -> bool:
    """Whether `address` can never be one server's."""
    return _is_in(unwrap(address), _NOBODY)


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    """Whether one of `networks` holds `address`, by its bits: this is asked of every address of a survey."""
    number = int(address)
    return any(number >> shift == prefix for shift, prefix in _bits(networks, address.version))


@cache
def _bits(networks: tuple[Network, ...], version: int) -> tuple[tuple[int, int], ...]:
    """How far to shift an address of `version`, and what is left then of one that each network holds."""
    shifts = ((n, n.max_prefixlen - n.prefixlen) for n in networks if n.version == version)
    return tuple((shift, int(network.network_address) >> shift) for network, shift in shifts)
