"""Which networks are our own, judged on the address that an envelope really leads to: a literal list."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from leadglass.model.words import Vantage
from leadglass.net.intervals import Intervals

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOOPBACK = Intervals(ip_network(n) for n in ("127.0.0.0/8", "::1/128"))
# RFC 1918, RFC 3927, RFC 4193, RFC 4291 2.5.6. Shared space (100.64.0.0/10) belongs to a provider: not private.
_PRIVATE = Intervals(
    ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)
# Never one host's address: unspecified, multicast, reserved and broadcast (RFC 6890, RFC 5771, RFC 4291 2.7).
_NOBODY = Intervals(
    ip_network(n) for n in ("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8", "2001:db8::/32")
)
# What the IANA registries of special-purpose addresses list (RFC 6890, RFC 8190 and the RFCs beside each row), the
# widest network of each purpose alone, with the multicast and the withdrawn ones, which stand in other registries.
# Whether IANA calls a row globally reachable is not asked: anycast services and relays are no hospital's servers.
_SPECIAL: tuple[Network, ...] = (
    IPv4Network("0.0.0.0/8"),  # this network, RFC 791
    IPv4Network("10.0.0.0/8"),  # private, RFC 1918
    IPv4Network("100.64.0.0/10"),  # shared, RFC 6598
    IPv4Network("127.0.0.0/8"),  # loopback, RFC 1122
    IPv4Network("169.254.0.0/16"),  # link local, RFC 3927
    IPv4Network("172.16.0.0/12"),  # private, RFC 1918
    IPv4Network("192.0.0.0/24"),  # IETF protocols, with PCP and TURN anycast and NAT64 discovery, RFC 6890
    IPv4Network("192.0.2.0/24"),  # documentation, RFC 5737
    IPv4Network("192.31.196.0/24"),  # AS112, RFC 7535
    IPv4Network("192.52.193.0/24"),  # AMT, RFC 7450
    IPv4Network("192.88.99.0/24"),  # 6to4 relay anycast, RFC 7526
    IPv4Network("192.168.0.0/16"),  # private, RFC 1918
    IPv4Network("192.175.48.0/24"),  # AS112, RFC 7534
    IPv4Network("198.18.0.0/15"),  # benchmarking, RFC 2544
    IPv4Network("198.51.100.0/24"),  # documentation, RFC 5737
    IPv4Network("203.0.113.0/24"),  # documentation, RFC 5737
    IPv4Network("224.0.0.0/4"),  # multicast, RFC 5771
    IPv4Network("240.0.0.0/4"),  # reserved, RFC 1112, with limited broadcast, RFC 919
    IPv6Network("::/96"),  # unspecified and loopback, RFC 4291; IPv4-compatible, withdrawn by RFC 4291 2.5.5.1
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped, RFC 4291
    IPv6Network("64:ff9b::/96"),  # IPv4/IPv6 translation, RFC 6052
    IPv6Network("64:ff9b:1::/48"),  # local translation, RFC 8215
    IPv6Network("100::/64"),  # discard, RFC 6666
    IPv6Network("100:0:0:1::/64"),  # dummy prefix, RFC 9780
    IPv6Network("2001::/23"),  # IETF protocols, with Teredo, benchmarking, ORCHIDs and DRIP, RFC 2928
    IPv6Network("2001:db8::/32"),  # documentation, RFC 3849
    IPv6Network("2002::/16"),  # 6to4, RFC 3056
    IPv6Network("2620:4f:8000::/48"),  # AS112, RFC 7534
    IPv6Network("3fff::/20"),  # documentation, RFC 9637
    IPv6Network("5f00::/16"),  # segment routing, RFC 9602
    IPv6Network("fc00::/7"),  # unique local, RFC 4193
    IPv6Network("fe80::/10"),  # link local, RFC 4291
    IPv6Network("fec0::/10"),  # site local, withdrawn by RFC 3879
    IPv6Network("ff00::/8"),  # multicast, RFC 4291
)
_IN_SPECIAL = Intervals(_SPECIAL)
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


def unmapped(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped one is another form of: the very same peer. Any other as it is."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def unmapped_network(network: Network) -> Network:
    """The same of a network."""
    return unwrap_network(network) if network.version == 6 and network.subnet_of(_MAPPED) else network


def vantage_of(address: Address) -> Vantage:
    """From where `address` is reached: this machine, a private network or the internet."""
    plain = unwrap(address)
    if plain in _LOOPBACK:
        return Vantage.LOOPBACK
    return Vantage.PRIVATE if plain in _PRIVATE else Vantage.PUBLIC


def is_nobody(address: Address) -> bool:
    """Whether `address` can never be one server's."""
    return unwrap(address) in _NOBODY


def special_networks() -> tuple[Network, ...]:
    """The networks that IANA keeps for special purposes: a survey leaves them out where they are not named."""
    return _SPECIAL


def is_special(address: Address) -> bool:
    """Whether `address` lies in one of the `special_networks`; every envelope for an IPv4 address does."""
    return address in _IN_SPECIAL
