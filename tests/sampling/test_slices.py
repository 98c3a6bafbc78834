"""Every place of a stretch has the same chance, and a slice has its width wherever it begins."""

import pytest

from leadglass.measure.sampling.frames import Unit
from leadglass.measure.sampling.slices import Births, Slice, Slices, births, day_of, drawn_slice, steepness


@pytest.mark.parametrize("start", [10, 13, 17, 19])
def test_a_slice_goes_on_at_the_beginning_of_its_stretch(start: int) -> None:
    one = Slice(10, 20, start, 4)
    places = [place for first, last in one.bounds for place in range(first, last + 1)]
    assert len(set(places)) == 4
    assert set(places) <= set(range(10, 20))
    assert one.chance == 0.4


def test_a_drawn_slice_lies_within_its_stretch() -> None:
    for number in range(100):
        one = drawn_slice(100, 200, 0.07, number.__mod__)
        assert 100 <= one.start < 200
        assert one.width == 7


def test_sums_of_questions_become_sums_of_slices() -> None:
    frame = Slices((Slice(0, 10, 8, 4), Slice(10, 20, 12, 4)))
    assert len(list(frame.questions())) == 3
    assert frame.of_slices([1.0, 2.0, 4.0]) == [3.0, 4.0]


def test_a_level_course_of_the_day_adds_nothing_and_a_steep_one_does() -> None:
    stretches = tuple(Slice(first, first + 10, first, 2) for first in range(0, 50, 10))
    assert steepness(stretches, [7.0] * 5) == 0
    assert steepness(stretches, [1.0, 2.0, 3.0, 4.0, 5.0]) == pytest.approx(5 / 12)
    assert steepness(stretches, [0.0, 0.0, 100.0, 0.0, 0.0]) < 100**2


def test_dates_of_birth_are_days() -> None:
    assert day_of(19000101) == 693596
    assert day_of(20230231) == day_of(None) == 0
    frame = births(0.01, lambda most: 0)
    assert isinstance(frame, Births)
    asked = [question.births for question in frame.questions()]
    assert all(one is not None and one[0] <= one[1] and one[0] > "1900" for one in asked)
    spike = Unit(1, None, 0, 0, frozenset(), 1, born=19000101)
    assert frame.chance(spike) == 0
