"""A world has its addresses: none twice, the same every time, and a million empty ones cost nothing."""

from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

import pytest

from leadglass.lab.catalogue import load, worlds
from leadglass.lab.placing import place
from leadglass.lab.population import Population
from leadglass.lab.population_file import parse_population
from leadglass.lab.posture import Presence
from tests.lab.population_files import WHOLE


def small(text: str = WHOLE) -> Population:
    """The population of a file without a world before."""
    return parse_population(text, "the file", load)


@pytest.mark.parametrize("world", sorted(worlds()))
def test_every_server_has_an_address_of_its_own_in_the_network(world: str) -> None:
    placed = place(load(world))
    addresses = [IPv4Address(server.address) for server in placed.servers]
    assert len(set(addresses)) == len(addresses) == len(placed.by_address)
    hosts = range(int(placed.network.network_address) + 1, int(placed.network.broadcast_address))
    assert all(int(address) in hosts for address in addresses)
    assert placed.network.subnet_of(IPv4Network("127.0.0.0/8"))
    assert not placed.network.overlaps(IPv4Network("127.0.0.0/16"))


def test_worlds_lie_apart_unless_one_was_the_other() -> None:
    """So that several can be served at a time."""
    networks = [IPv4Network(load(world).network) for world in worlds() if load(world).before is None]
    assert all(not one.overlaps(other) for one, other in combinations(networks, 2))


def test_a_small_world_stands_side_by_side_and_a_large_one_all_over() -> None:
    clinic = [server.address for server in place(load("clinic")).servers]
    assert clinic == [f"127.16.0.{host}" for host in range(1, 13)]
    spread = Counter(server.address.split(".")[1] for server in place(load("dark")).servers)
    assert len(spread) == 16
    assert max(spread.values()) - min(spread.values()) <= 3


def test_every_address_of_a_network_is_told_one_by_one() -> None:
    """As many of each kind as the totals say."""
    placed = place(small())
    met = Counter(placed.presence_at(str(address)) for address in placed.network)
    assert (placed.silent, placed.refusing) == (62, 188)
    assert met == {Presence.LISTENS: 5, Presence.SILENT: 1 + 62, Presence.REFUSES: 188}
    assert placed.presence_at("127.90.1.1") is Presence.REFUSES


def test_a_million_addresses_are_not_written_down() -> None:
    placed = place(load("dark"))
    assert len(placed.servers) == len(placed.by_address) == 1423
    assert len(placed.servers) + placed.silent + placed.refusing == 1_048_576
    sample = Counter(placed.presence_at(str(placed.network[index])) for index in range(0, 1_048_576, 997))
    assert sample[Presence.SILENT] > 8 * sample[Presence.REFUSES] > 0


def test_a_population_can_be_placed_in_another_network() -> None:
    here, there = place(small()), place(small(), "10.78.0.0/16")
    assert [s.archive for s in here.servers] == [s.archive for s in there.servers]
    assert all(IPv4Address(server.address) in IPv4Network("10.78.0.0/16") for server in there.servers)
    with pytest.raises(ValueError, match="has 2 addresses for servers, and 6 are wanted"):
        place(small(), "10.78.0.0/30")


def test_one_seed_makes_one_world() -> None:
    assert place(small()) == place(small())
    other = place(small(WHOLE.replace("seed = 7", "seed = 8")))
    assert [s.archive for s in other.servers] != [s.archive for s in place(small()).servers]
    assert [s.address for s in other.servers] != [s.address for s in place(small()).servers]


def test_a_group_s_web_stands_on_as_many_servers_as_it_says() -> None:
    servers = [server for server in place(small()).servers if server.group == "open"]
    assert sum(server.web is not None for server in servers) == 2
    assert all((server.web is None) == (server.web_port is None) for server in servers)


def test_a_shared_archive_is_the_same_everywhere() -> None:
    archives = {server.archive for server in place(load("decoys-2026")).servers if server.group == "same-archive"}
    assert len(archives) == 1
