"""An interval is Clopper and Pearson's, and holds the truth as often as it says."""

import math

import pytest

from leadglass.measure.shares import interval

# From the beta distribution, as R's binom.test prints them.
KNOWN = {
    (0, 20): (0.0, 0.1684335),
    (1, 20): (0.001265089, 0.2487328),
    (3, 20): (0.03207094, 0.3789268),
    (10, 20): (0.2719578, 0.7280422),
    (20, 20): (0.8315665, 1.0),
    (1, 1): (0.025, 1.0),
    (0, 0): (0.0, 1.0),
}


@pytest.mark.parametrize(("seen", "bounds"), KNOWN.items(), ids=str)
def test_it_is_clopper_and_pearsons(seen: tuple[int, int], bounds: tuple[float, float]) -> None:
    assert interval(*seen) == pytest.approx(bounds, abs=1e-6)


@pytest.mark.parametrize("truth", [0.001, 0.05, 0.2, 0.5, 0.83, 0.999])
def test_it_holds_the_truth_in_95_of_100(truth: float) -> None:
    """Added up over all that 20 records can show, so that no luck is in it."""
    held = 0.0
    for having in range(21):
        low, high = interval(having, 20)
        if low <= truth <= high:
            held += math.comb(20, having) * truth**having * (1 - truth) ** (20 - having)
    assert held >= 0.95
