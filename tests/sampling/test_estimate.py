"""Estimates are right on average over everything that chance could have drawn, and intervals are made as they say."""

from itertools import product
from statistics import mean

import pytest

from leadglass.measure.sampling.chances import normal_quantile, student_quantile
from leadglass.measure.sampling.estimate import Draw, Total, beyond, together, total, uneven
from leadglass.measure.sampling.frames import Frame, Tails, Unit
from leadglass.measure.sampling.slices import Slice, Slices

# Forty studies of twenty patients: the patient's number and the study's own are their endings.
_POPULATION = [
    Unit(
        patient=number // 2,
        second=number * 2_000,
        accession_figures=0 if number % 10 == 0 else 2,
        patient_figures=2,
        modalities=frozenset({b"CT" if number % 3 else b"MR"}),
        images=1 + number**2,
    )
    for number in range(40)
]


def _drawn(frame: Tails) -> Draw:
    def ends(unit: Unit, tail: str) -> bool:
        number = unit.patient if frame.clustered else _POPULATION.index(unit)
        return frame.chance(unit) > 0 and f"{number:02}".endswith(tail)

    return Draw(frame, tuple(tuple(unit for unit in _POPULATION if ends(unit, tail)) for tail in frame.tails))


def test_two_frames_at_once_are_right_on_average() -> None:
    """Those without an accession number are drawn by patients alone, and nothing is counted twice."""
    found, variances = [], []
    for one, other in product(range(10), repeat=2):
        draws = (_drawn(Tails("patient", (str(one),))), _drawn(Tails("accession", (str(other),), modality="CT")))
        result = total(draws, lambda unit: float(unit.images))
        found.append(result.value)
        variances.append(result.variance)
    assert mean(found) == pytest.approx(sum(unit.images for unit in _POPULATION))
    middle = mean(found)
    assert mean(variances) >= 0.8 * mean((one - middle) ** 2 for one in found)


def test_slices_are_right_on_average_wherever_they_begin() -> None:
    found = []
    for start in range(0, 80_000, 500):
        frame = Slices((Slice(0, 80_000, start, 10_000),))
        parts = tuple(
            tuple(unit for unit in _POPULATION if frame.holds(unit, question)) for question in frame.questions()
        )
        found.append(total((Draw(frame, parts),), lambda unit: float(unit.images)).value)
    assert mean(found) == pytest.approx(sum(unit.images for unit in _POPULATION))


def test_what_is_out_of_reach_is_known_by_another_way_to_draw() -> None:
    everything: Frame = Slices((Slice(0, 86_400, 0, 86_400),))
    witness = Draw(everything, (tuple(_POPULATION),))
    out = beyond((witness,), lambda unit: unit.accession_figures > 0, lambda unit: float(unit.studies))
    assert out.value == pytest.approx(4 / 36)
    nothing = beyond((witness,), lambda unit: True, lambda unit: float(unit.studies))
    assert nothing.value == 0
    assert nothing.variance == pytest.approx(1 / 40**2)
    none_inside = beyond((witness,), lambda unit: False, lambda unit: float(unit.studies))
    assert none_inside.variance == float("inf")


def test_a_product_and_a_mean_carry_both_errors() -> None:
    found = Total(100.0, 25.0, 10.0).times(1.5, Total(0.5, 0.01, 4.0))
    assert found.value == 150
    assert found.variance == pytest.approx(25 * 2.25 + 0.01 * 10_000)
    assert 4 < found.freedom < 14
    mixed = together(Total(100.0, 25.0), Total(200.0, 100.0), 0.75)
    assert mixed.value == 125
    assert mixed.variance == pytest.approx(25 * 0.5625 + 100 / 16)


def test_an_interval_is_wider_where_its_error_is_itself_uncertain() -> None:
    sure, unsure = Total(1_000.0, 10_000.0), Total(1_000.0, 10_000.0, 5.0)
    assert unsure.figure(0.95, 0).low < sure.figure(0.95, 0).low
    assert (unsure.figure(0.95, 0).high or 0) > (sure.figure(0.95, 0).high or 0)
    assert sure.figure(0.95, 990).low == 990


def test_a_skewed_total_may_be_farther_above_and_is_never_surer_for_it() -> None:
    plain, skewed = Total(1_000.0, 10_000.0), Total(1_000.0, 10_000.0, third=1.5 * 10_000.0**1.5)
    low, high = plain.bounds(0.95)
    assert low * high == pytest.approx(1_000.0**2), "as far by its logarithm to either side"
    assert skewed.skew == 1.5
    assert skewed.bounds(0.95)[0] == low
    assert skewed.bounds(0.95)[1] == pytest.approx(1_000 + 100 * (1.96 + 1.5 * (2 * 1.96**2 + 1) / 6), rel=1e-3)
    for third in (-1e6, 1.0):
        assert Total(1_000.0, 10_000.0, third=third).bounds(0.95) == (low, high)


def test_a_few_large_records_skew_a_total_and_what_is_made_of_it() -> None:
    """Each comes or not, by the chance of its frame: the third moment of the sum is that of all of them."""
    frame = Tails("patient", ("3",))
    units = tuple(_POPULATION[number]._replace(images=images) for number, images in ((6, 1), (8, 1), (10, 90)))
    found = total((Draw(frame, (units,)),), lambda unit: float(unit.images))
    worth = [10.0 * images for images in (1, 1, 90)]
    assert found.third == pytest.approx(sum(one**3 for one in worth) * 0.9 * 0.8)
    assert found.skew > 0.7
    one = Total(2.0, 0.1, third=0.01)
    assert found.times(3.0, one).third == pytest.approx(found.third * 27 + 0.01 * found.value**3)
    assert together(found, one, 0.5).third == pytest.approx((found.third + 0.01) / 8)


def test_a_ratio_that_a_few_records_decide_is_known_by_few_degrees_and_skewed() -> None:
    even = uneven([[1.0] * 50, [-1.0] * 50])
    assert even == (50.0**2 * 2, 1.0), "by questions, which differ by more than chance"
    mixed = [[1.0, -1.0] * 50]
    assert uneven(mixed) == (100.0, 2 * 100.0**2 / 100)
    assert uneven([[*mixed[0], 9.0, -9.0]])[1] < 12
    everything: Frame = Slices((Slice(0, 86_400, 0, 86_400),))
    drawn = (Draw(everything, (tuple(_POPULATION),)),)
    last = len(_POPULATION) - 1
    large = beyond(drawn, lambda unit: unit.images < 1 + last**2, lambda unit: float(unit.images))
    small = beyond(drawn, lambda unit: unit.images > 1, lambda unit: float(unit.images))
    assert large.skew > small.skew


@pytest.mark.parametrize(("freedom", "quantile"), [(3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042)])
def test_quantiles_are_those_of_the_tables(freedom: float, quantile: float) -> None:
    assert student_quantile(0.95, freedom) == pytest.approx(quantile, rel=0.01)
    assert normal_quantile(0.95) == pytest.approx(1.96, rel=0.001)
