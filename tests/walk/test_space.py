"""The places of a survey are what the scope wants, without what it leaves alone and what has a special purpose."""

from ipaddress import ip_address, ip_network

import pytest

from leadglass.net.networks import is_special, special_networks
from leadglass.survey.walk.space import Places, Space, make_space


def everything(space: Space) -> list[str]:
    """All addresses of a space."""
    places = Places(space)
    return [str(a) for n in range(space.places) if (a := places.address_at(n)) is not None]


def test_networks_are_merged_and_exclusions_are_left_out() -> None:
    space = make_space(
        ["192.88.1.0/30", "192.88.1.2/31", "192.88.1.8/31"], ["192.88.1.1", "192.88.1.9/32", "a.example"], [], 0
    )
    assert everything(space) == ["192.88.1.0", "192.88.1.2", "192.88.1.3", "192.88.1.8"]


def test_what_was_named_one_by_one_has_a_number_and_is_not_visited_twice() -> None:
    space = make_space(["192.88.1.0/30"], [], [ip_address("192.88.1.2"), ip_address("192.88.9.9")], 2)
    assert everything(space) == ["192.88.1.0", "192.88.1.1", "192.88.1.3"]
    assert space.places == 6
    assert [Places(space).number_at(n) for n in range(6)] == [None, None, None, None, 0, 1]


def test_special_networks_are_visited_where_they_are_named() -> None:
    assert everything(make_space(["10.1.2.0/31", "127.0.0.5/32"], [], [], 0)) == ["10.1.2.0", "10.1.2.1", "127.0.0.5"]
    space = make_space(["126.255.255.254/31", "126.0.0.0/7"], [], [], 0)
    assert space.addresses == 1 << 24


def test_the_whole_of_ipv4_is_the_internet() -> None:
    space = make_space(["0.0.0.0/0"], [], [], 0)
    special = sum(n.num_addresses for n in _disjoint())
    assert space.addresses == (1 << 32) - special
    places = Places(space)
    for place in (0, 1, 12345, 1 << 31, space.addresses - 1):
        address = places.address_at(place)
        assert address is not None
        assert not is_special(address)


def _disjoint() -> list:  # type: ignore[type-arg]
    from ipaddress import collapse_addresses  # noqa: PLC0415

    return list(collapse_addresses([n for n in special_networks() if n.version == 4]))


def test_both_versions_stand_side_by_side() -> None:
    space = make_space(["2a00:1:2::/126", "192.88.1.0/31"], ["2a00:1:2::1"], [], 0)
    assert everything(space) == ["192.88.1.0", "192.88.1.1", "2a00:1:2::", "2a00:1:2::2", "2a00:1:2::3"]


@pytest.mark.parametrize("network", ["1.2.3.0/24", "2a00::/120"])
def test_every_place_is_an_address_of_the_network(network: str) -> None:
    assert [ip_address(a) for a in everything(make_space([network], [], [], 0))] == list(ip_network(network))


def test_an_ipv6_address_that_was_named_too_is_not_visited_twice() -> None:
    named = [ip_address(text) for text in ("2a00::9", "2a00::2", "2a00::1", "2a00::2")]
    space = make_space(["2a00::/126"], [], named, 3)
    assert everything(space) == ["2a00::", "2a00::3"]
    assert space.places == 7
