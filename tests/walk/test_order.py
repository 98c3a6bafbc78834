"""Every place is visited once, in an order that one seed decides and that no network can feel."""

import pytest

from leadglass.survey.walk.order import MAX_PLACES, Order, _is_prime, _prime_factors

FIRST = [366064812, 794491865, 3138086397, 623525113]


@pytest.mark.parametrize("places", [1, 2, 3, 4, 5, 6, 7, 10, 97, 100, 255, 256, 257, 1000, 65_536])
def test_every_place_comes_once(places: int) -> None:
    order = Order(places, "seed")
    found = [place for _, place in order.walk(0, order.positions) if place is not None]
    assert sorted(found) == list(range(places))


def test_any_part_of_the_walk_is_had_at_once() -> None:
    order = Order(10_007, "seed")
    whole = list(order.walk(0, order.positions))
    assert list(order.walk(5_000, 5_100)) == whole[5_000:5_100]
    assert [order.place_at(n) for n in range(200)] == [place for _, place in whole[:200]]


def test_one_seed_is_one_order_and_another_is_another() -> None:
    """The first of them are written here: a change of the order would end every survey that is under way."""
    first = [place for _, place in Order(1 << 32, "one").walk(0, 4)]
    assert first == FIRST
    assert first == [place for _, place in Order(1 << 32, "one").walk(0, 4)]
    assert first != [place for _, place in Order(1 << 32, "two").walk(0, 4)]


def test_no_network_is_hit_in_a_row() -> None:
    """Of a /16, a thousand places in a row fall on nearly every /24 a few times, and on none many times."""
    order = Order(65_536, "seed")
    hits = [0] * 256
    for _, place in order.walk(20_000, 21_024):
        if place is not None:
            hits[place >> 8] += 1
    assert max(hits) <= 16
    assert sum(hit == 0 for hit in hits) <= 16


def test_what_cannot_be_walked_is_refused() -> None:
    for places in (0, MAX_PLACES + 1):
        with pytest.raises(ValueError, match="cannot be walked"):
            Order(places, "seed")


def test_primes_and_factors() -> None:
    assert [n for n in range(50) if _is_prime(n)] == [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]
    assert not any(map(_is_prime, (561, 1_373_653, 3_215_031_751, 3_474_749_660_383)))  # pseudoprimes to few bases
    assert _is_prime(4_294_967_311)
    assert _prime_factors(4_294_967_310) == (2, 3, 5, 131, 364289)
