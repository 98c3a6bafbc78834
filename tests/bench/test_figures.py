"""The bench's arithmetic: rates, costs, medians and ratios of runs with known figures."""

import pytest
from bench.figures import Timed, figures, like_for_like, middle, ratio, short_time, times
from bench.table import WIDTH, Row, distance, fair_distance, section, walls

RUNS = [
    Timed(count=100, wall_s=1.0, cpu_s=0.5),
    Timed(count=100, wall_s=2.0, cpu_s=0.1),
    Timed(count=100, wall_s=4.0, cpu_s=0.3),
]


def test_medians_each_of_its_own() -> None:
    """The rate's, the cost's and the clock's median may come from different runs."""
    found = figures(RUNS)
    assert (found.rate, found.cpu_s, found.wall_s, found.runs) == (50.0, 0.003, 2.0, 3)
    assert middle(RUNS) == Timed(count=100, wall_s=2.0, cpu_s=0.3)


@pytest.mark.parametrize("runs", [[], [Timed(count=0, wall_s=1, cpu_s=1)], [Timed(count=1, wall_s=0, cpu_s=1)]])
def test_a_run_that_did_nothing_is_no_measurement(runs: list[Timed]) -> None:
    """It would be shown as infinitely fast."""
    with pytest.raises(ValueError, match="did nothing"):
        figures(runs)


def test_start_up_is_taken_off_and_never_more() -> None:
    """What a program costs before it does anything is not charged to what it does."""
    start = Timed(count=1, wall_s=1.5, cpu_s=0.2)
    left = RUNS[0].without(start)
    assert (left.count, left.wall_s) == (99, 0.0)
    assert left.cpu_s == pytest.approx(0.3)


def test_ratios() -> None:
    """How many times one goes into the other; nothing to compare with is nought."""
    assert ratio(6, 3) == 2
    assert ratio(6, 0) == 0
    assert [times(value) for value in (0.654, 1.0, 12.34, 123.4)] == ["0.65×", "1.00×", "12.3×", "123×"]


def test_a_slower_machine_is_taken_out_of_the_distance() -> None:
    """Twice the prototype's cost, where the peer costs twice too, is no distance; a missing peer is no yardstick."""
    assert like_for_like(0.2, 0.8, 0.1, 0.4) == pytest.approx(1.0)
    assert like_for_like(0.3, 0.8, 0.1, 0.4) == pytest.approx(1.5)
    assert fair_distance(figures(RUNS), Row(name="gone", figures=None), 0.1, 0.4) == ""


def test_times_are_short() -> None:
    """A unit that suits, and no digits that noise made."""
    shown = [short_time(seconds) for seconds in (4.2e-6, 0.00011, 0.0052, 0.25, 1.64, 122.57)]
    assert shown == ["4.2 µs", "110 µs", "5.20 ms", "250 ms", "1.64 s", "123 s"]


def test_the_table_fits_and_names_what_is_missing() -> None:
    """80 columns; a missing peer is a line."""
    slow = figures([Timed(count=100, wall_s=4.0, cpu_s=0.9)])
    rows = (
        Row(name="Leadglass", figures=figures(RUNS)),
        Row(name="other", figures=slow),
        Row(name="gone", figures=None),
    )
    text = section("Title", rows) + walls("Walls", rows[0], rows[1:])
    text += fair_distance(figures(RUNS), rows[1], 0.00011, 0.00044)
    text += distance("CPU each", 0.00022, 0.00011, lower_is_better=True)
    assert all(len(line) <= WIDTH for line in text.splitlines())
    assert "0.50×" in text
    assert "3.00×" in text
    assert "not here" in text
    assert distance("a second", 3_600, 7_200, lower_is_better=False).split()[-3] == "2.00×"
