"""An address is judged by where it leads, whatever envelope it comes in."""

from ipaddress import ip_address

import pytest

from leadglass.model.words import Vantage
from leadglass.net.networks import is_nobody, is_special, special_networks, unwrap, vantage_of

LOOPBACK, PRIVATE, PUBLIC = Vantage.LOOPBACK, Vantage.PRIVATE, Vantage.PUBLIC
VANTAGES = [
    ("127.0.0.1", LOOPBACK),
    ("127.255.255.254", LOOPBACK),
    ("128.0.0.1", PUBLIC),
    ("10.0.0.0", PRIVATE),
    ("9.255.255.255", PUBLIC),
    ("11.0.0.0", PUBLIC),
    ("172.15.255.255", PUBLIC),
    ("172.16.0.1", PRIVATE),
    ("172.31.255.255", PRIVATE),
    ("172.32.0.0", PUBLIC),
    ("192.168.255.255", PRIVATE),
    ("192.169.0.0", PUBLIC),
    ("169.254.169.254", PRIVATE),
    ("100.64.0.1", PUBLIC),
    ("192.0.2.1", PUBLIC),
    ("8.8.8.8", PUBLIC),
    ("::1", LOOPBACK),
    ("fe80::1", PRIVATE),
    ("fd00::1", PRIVATE),
    ("fec0::1", PUBLIC),
    ("2a00::1", PUBLIC),
    ("::ffff:127.0.0.1", LOOPBACK),
    ("::ffff:8.8.8.8", PUBLIC),
    ("::ffff:10.1.2.3", PRIVATE),
    ("64:ff9b::7f00:1", LOOPBACK),
    ("64:ff9b::808:808", PUBLIC),
    ("64:ff9b:1::7f00:1", PUBLIC),
    ("2002:7f00:1::", LOOPBACK),
    ("2002:808:808::1", PUBLIC),
    ("2002:c0a8:101::1", PRIVATE),
]


@pytest.mark.parametrize(("text", "vantage"), VANTAGES)
def test_vantage(text: str, vantage: Vantage) -> None:
    assert vantage_of(ip_address(text)) is vantage


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("64:ff9b::1.2.3.4", "1.2.3.4"),
        ("2002:0102:0304::9", "1.2.3.4"),
        ("2003:0102:0304::9", "2003:102:304::9"),
        ("::1.2.3.4", "::102:304"),
        ("1.2.3.4", "1.2.3.4"),
    ],
)
def test_unwrapping(text: str, plain: str) -> None:
    assert unwrap(ip_address(text)) == ip_address(plain)


@pytest.mark.parametrize(
    ("text", "nobody"),
    [
        ("0.0.0.0", True),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("::", True),
        ("ff02::1", True),
        ("::ffff:0.0.0.0", True),
        ("64:ff9b::e000:1", True),
        ("2002:ffff:ffff::", True),
        ("223.255.255.255", False),
        ("1.0.0.0", False),
        ("::1", False),
    ],
)
def test_nobodys_addresses(text: str, nobody: bool) -> None:
    assert is_nobody(ip_address(text)) is nobody


@pytest.mark.parametrize(
    ("text", "special"),
    [
        ("0.1.2.3", True),
        ("10.255.255.255", True),
        ("100.64.0.1", True),
        ("100.128.0.0", False),
        ("127.0.0.1", True),
        ("192.0.0.170", True),
        ("192.0.1.0", False),
        ("192.88.99.1", True),
        ("198.17.255.255", False),
        ("198.19.255.255", True),
        ("203.0.113.9", True),
        ("223.255.255.255", False),
        ("224.0.0.1", True),
        ("255.255.255.255", True),
        ("8.8.8.8", False),
        ("::1", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("64:ff9b:2::1", False),
        ("2001:1ff::", True),
        ("2001:200::", False),
        ("2002:808:808::1", True),
        ("2a00::1", False),
        ("3fff:fff::1", True),
        ("5f00::1", True),
        ("fd00::1", True),
        ("fe80::1", True),
        ("ff02::1", True),
    ],
)
def test_special_purposes(text: str, special: bool) -> None:
    assert is_special(ip_address(text)) is special


def test_whatever_is_ours_or_nobodys_is_special_and_each_network_stands_there_once() -> None:
    for text, vantage in VANTAGES:
        assert vantage is PUBLIC or is_special(ip_address(text))
    networks = special_networks()
    assert not [(a, b) for a in networks for b in networks if a is not b and a.overlaps(b)]
    for network in networks:
        assert is_special(network[0])
        assert is_special(network[-1])


@pytest.mark.parametrize("address", ["0.0.0.0", "224.0.0.1", "240.0.0.1", "::", "ff02::1", "2001:db8::1"])
def test_nobodys_networks_are_special(address: str) -> None:
    assert is_nobody(ip_address(address))
    assert is_special(ip_address(address))
