"""The lines that tell costs and truths say what the runs were, also where they fell short."""

import pytest
from bench.costs import Cost, Truth, aims, cost_table, half_width, middle_cost, truths
from bench.table import WIDTH

from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind

TRUTH = Truth(studies=1_000_003, images=32_000_000, patients=339_000)


def cost(
    records: int | None = 13_000, *, wall_s: float = 2.0, busy_s: float | None = 1.5, server_s: float = 1.0
) -> Cost:
    """What one run cost."""
    return Cost(
        records=records,
        connections=None if busy_s is None else 5,
        received_bytes=None if busy_s is None else 3 << 20,
        crossed_bytes=4 << 20,
        wall_s=wall_s,
        busy_s=busy_s,
        server_s=server_s,
    )


def estimate(count: int, low: int, high: int) -> Count:
    """A figure with its interval."""
    return Count(count=count, kind=CountKind.ESTIMATE, low=low, high=high, confidence=0.95)


def found(studies: Count, images: Count | None = None) -> Exposure:
    """What a run found."""
    return Exposure(patients=Count.exact(339_000), studies=studies, images=images)


def test_medians_and_the_mean_of_what_is_told_in_ticks() -> None:
    runs = [
        cost(10, wall_s=1.0, server_s=0.01),
        cost(20, wall_s=3.0, server_s=0.0),
        cost(90, wall_s=9.0, server_s=0.02),
    ]
    middle = middle_cost(runs)
    assert (middle.records, middle.wall_s, middle.busy_s) == (20, 3.0, 1.5)
    assert middle.server_s == pytest.approx(0.01)


def test_what_one_run_does_not_tell_none_tells() -> None:
    middle = middle_cost([cost(), cost(busy_s=None), cost(None)])
    assert (middle.records, middle.busy_s, middle.received_bytes) == (None, None, None)


def test_a_table_fits_and_says_who_is_not_here() -> None:
    dear = cost(1_000_003, wall_s=188.5, busy_s=187.4, server_s=186.3)
    text = cost_table("A title", [("a sample", [cost()]), ("Leadglass, --exact", [dear]), ("findscu -q", [])])
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert "findscu -q             not here" in text
    [line] = [line for line in text.splitlines() if "a sample" in line]
    assert " ".join(line.split()) == "a sample 13,000 5 3.0 4.0 2.00 s 1.50 s 1.00 s"


def test_the_truth_is_held_or_it_is_not() -> None:
    right, wrong = estimate(990_000, 950_000, 1_030_000), estimate(900_000, 860_000, 940_000)
    text = truths("a sample", TRUTH, [found(right), found(wrong), found(right, Count.at_least(5))])
    assert "1,000,003 in truth; 950,000 to 1,030,000 (±4.0%), 2 of 3 hold it" in text
    assert "32,000,000 in truth; at least 5, 1 of 1 hold it" in text
    assert "339,000 in truth; 339,000 exactly, 3 of 3 hold it" in text
    assert "32,000,000 in truth; not told" in truths("none", TRUTH, [found(right)])
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_a_figure_without_an_interval_in_one_run_has_no_width() -> None:
    assert half_width([estimate(100, 90, 110), estimate(100, 80, 120), Count.at_least(7)]) is None
    assert half_width([]) is None
    assert half_width([estimate(100, 90, 110), estimate(100, 96, 104)]) == pytest.approx(0.07)


def test_an_aim_that_is_missed_is_called_so() -> None:
    narrow, wide = estimate(1_000_000, 960_000, 1_040_000), estimate(32_000_000, 29_000_000, 35_000_000)
    text = aims([cost(), cost(15_001)], [found(narrow, wide)] * 2, [cost(server_s=0.5)])
    assert "studies ±4.0% (met), images ±9.4% (MISSED), patients ±0.0% (met)" in text
    assert "15,001 at most (MISSED); CPU beside --exact: 2.00× (MISSED)" in text
    text = aims([cost(15_000)], [found(narrow)], [cost(server_s=2.0)])
    assert "images none (MISSED)" in text
    assert "15,000 at most (met); CPU beside --exact: 0.50× (met)" in text
    assert all(len(line) <= WIDTH for line in text.splitlines())
