"""Endings are few, fit a budget, and are read off identifiers as the wire has them."""

import random

import pytest

from leadglass.measure.sampling.tails import MAX_ENDINGS, MAX_WIDTH, drawn_tails, endings_for, figures_at_end


@pytest.mark.parametrize(
    ("value", "figures"),
    [(b"P0001234 ", 6), (b"MRN-17\0", 2), (b"12X", 0), (b"", 0), (b"7", 1), ("٣".encode(), 0)],
)
def test_figures_at_the_end(value: bytes, figures: int) -> None:
    assert figures_at_end(value) == figures


def test_drawn_endings_differ_and_have_their_width() -> None:
    tails = drawn_tails(2, 30, random.Random(1).randrange)
    assert len(set(tails)) == 30
    assert {len(tail) for tail in tails} == {2}


@pytest.mark.parametrize("total", [1_000, 34_000, 339_000, 1_700_000, 11_000_000])
@pytest.mark.parametrize("wanted", [300, 2_400, 12_000])
def test_endings_bring_about_what_is_wanted(total: float, wanted: float) -> None:
    chosen = endings_for(total, wanted, 4_000)
    brought = sum(count * total / 10**width for width, count in chosen)
    assert 0.7 * min(wanted, total) <= brought <= 1.3 * min(wanted, total)
    assert all(total / 10**width <= 4_000 for width, _ in chosen)
    assert sum(count for _, count in chosen) <= MAX_ENDINGS + 9


def test_a_limit_on_answers_narrows_endings_and_never_asks_for_hundreds() -> None:
    chosen = endings_for(339_000, 12_000, 300)
    assert all(339_000 / 10**width <= 300 for width, _ in chosen)
    assert chosen[0][1] == MAX_ENDINGS


def test_nothing_that_fits_is_one_narrow_ending() -> None:
    assert endings_for(10**12, 100, 10) == [(MAX_WIDTH, 1)]
