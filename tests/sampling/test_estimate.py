"""Estimates are right on average over everything that chance could have drawn, and intervals are made as they say."""

from itertools import product
from statistics import mean

import pytest

from leadglass.measure.sampling.chances import normal_quantile, student_quantile
from leadglass.measure.sampling.estimate import Draw, Total, beyond, together, total
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
    assert unsure.figure(0.95, 0).high or (sure.figure(0.95, 0).high or 0) < 0
    assert sure.figure(0.95, 990).low == 990


@pytest.mark.parametrize(("freedom", "quantile"), [(3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042)])
def test_quantiles_are_those_of_the_tables(freedom: float, quantile: float) -> None:
    assert student_quantile(0.95, freedom) == pytest.approx(quantile, rel=0.01)
    assert normal_quantile(0.95) == pytest.approx(1.96, rel=0.001)
