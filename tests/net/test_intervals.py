"""Sorted spans hold exactly the addresses of the networks that they were made from."""

import random
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from leadglass.net.intervals import Intervals


def test_they_agree_with_the_networks_themselves() -> None:
    chance = random.Random(4)
    networks = [IPv4Network((chance.randrange(4096) << 20, chance.randrange(12, 33)), strict=False) for _ in range(40)]
    networks += [IPv4Network((int(network[0]), 32)) for network in networks[:20]]  # some lie within others
    networks += [IPv4Network((int(network[2]), 32)) for network in networks[:20] if network.prefixlen < 29]
    singles = [chance.randrange(2**32) for _ in range(40)]
    spans = Intervals([*networks, IPv6Network("2001:db8::/126"), IPv6Network("2001:db8::2/127")], singles)
    edges = [int(end) + step for n in networks for end in (n[0], n[-1]) for step in (-1, 0, 1)]
    edges += [number + step for number in singles for step in (-1, 0, 1)]
    for number in (*edges, 0, 2**32 - 1, *(chance.randrange(2**32) for _ in range(500))):
        if not 0 <= number < 2**32:
            continue
        address = IPv4Address(number)
        assert (address in spans) is (number in singles or any(address in network for network in networks)), address


def test_versions_are_kept_apart_and_ends_belong() -> None:
    spans = Intervals([IPv6Network("::/120"), IPv4Network("255.255.255.255/32")], [0])
    assert [IPv4Address(number) in spans for number in (0, 1, 2**32 - 2, 2**32 - 1)] == [True, False, False, True]
    assert [IPv6Address(number) in spans for number in (0, 255, 256, 2**32 - 1, 2**128 - 1)] == [
        True,
        True,
        *[False] * 3,
    ]
    assert IPv4Address(7) not in Intervals([])
