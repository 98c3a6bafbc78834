"""Different values are counted exactly up to a stated number, and within a stated error beyond it."""

import random
import sys

import pytest

from leadglass.measure.distinct import SKETCH_ERROR, Distinct, Known
from leadglass.model.words import CountKind


@pytest.mark.parametrize("size", [0, 1, 100, 65_536, 65_537, 200_000])
def test_known_is_a_set(size: int) -> None:
    """It answers as a set does, below and above the number at which it changes its form, negative hashes too."""
    chosen = random.Random(size)
    numbers = [chosen.getrandbits(64) - (1 << 63) for _ in range(size)]
    known = Known()
    assert all(known.add(number) for number in numbers)
    assert not any(known.add(number) for number in numbers)
    assert len(known) == size
    assert all(number in known for number in numbers[:500])
    assert not any(chosen.getrandbits(64) in known for _ in range(500))
    assert len(known.numbers()) == size


def test_numbers_whose_places_collide_are_told_apart() -> None:
    """Numbers that begin their search at one place each count once, and so does 0."""
    known = Known()
    for number in range(70_000):
        known.add(number * 0x9E3779B97F4A7C15 & (1 << 64) - 1)
    before = len(known)
    for number in range(1, 200):
        assert known.add(number << 40 | 5)
    assert len(known) == before + 199
    assert 0 in known
    assert not known.add(0)


def test_memory_stays_small() -> None:
    """A million numbers take no more than 23 bytes each, where Python's own set takes three times as much."""
    known = Known()
    for number in range(300_000):
        known.add(number * 0x9E3779B97F4A7C15 & (1 << 64) - 1)
    assert sys.getsizeof(known._table) < 300_000 * 23


def test_exact_up_to_the_stated_number_then_an_interval() -> None:
    """The first value beyond it makes an estimate of the figure, and no step in it."""
    chosen = random.Random(4)
    numbers = [chosen.getrandbits(64) for _ in range(370_000)]
    distinct = Distinct(exact_most=350_000)
    for number in numbers[:350_000]:
        distinct.add(number)
    assert distinct.figure(complete=True).kind is CountKind.EXACT
    assert distinct.figure(complete=True).count == 350_000
    assert distinct.figure(complete=False).kind is CountKind.AT_LEAST
    for number in numbers[350_000:]:
        distinct.add(number)
        distinct.add(number)
    figure = distinct.figure(complete=True)
    assert figure.kind is CountKind.ESTIMATE
    assert figure.high is not None
    assert figure.low <= 370_000 <= figure.high
    assert distinct.figure(complete=False).kind is CountKind.AT_LEAST
    assert distinct.figure(complete=False).count == figure.low


def test_the_sketch_is_as_good_as_it_says() -> None:
    """Over 12 seeds the mean error is near nothing, and its spread is the stated one."""
    errors = []
    for seed in range(12):
        chosen = random.Random(seed)
        distinct = Distinct(exact_most=10)
        size = 300_000
        for _ in range(size):
            distinct.add(chosen.getrandbits(64))
        errors.append(distinct.value / size - 1)
    assert abs(sum(errors) / 12) < 3 * SKETCH_ERROR / 12**0.5
    assert (sum(error * error for error in errors) / 12) ** 0.5 < 1.5 * SKETCH_ERROR
