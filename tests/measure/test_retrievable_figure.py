"""What a few answers say of all images is no more than they can say."""

from math import inf

import pytest

from leadglass.measure.retrieving.figure import Answer, Drawn, asked_all, estimated
from leadglass.model.exposure import Count
from leadglass.model.words import CountKind

IMAGES = Count.exact(100_000)
GUESS = Count(count=100_000, kind=CountKind.ESTIMATE, low=90_000, high=112_000, confidence=0.95)


def found(handed: int, withheld: int = 0, unanswered: int = 0, images: Count = IMAGES, effective: float = inf) -> Count:
    """The figure that must be there."""
    figure = estimated(images, Drawn(handed=handed, withheld=withheld, unanswered=unanswered), effective)
    assert figure is not None
    return figure


def test_twelve_of_twelve_show_three_quarters() -> None:
    """The bounds of Clopper and Pearson: 73.5 % for 12 of 12, 21.1 to 78.9 % for 6 of 12."""
    assert found(12) == Count(count=100_000, kind=CountKind.ESTIMATE, low=73_535, high=100_000, confidence=0.95)
    half = found(6, 6)
    assert (half.count, half.low, half.high) == (50_000, 21_094, 78_906)


def test_none_of_twelve_is_the_one_of_the_proof_at_least() -> None:
    none = found(0, 12)
    assert (none.count, none.low, none.high) == (1, 1, 26_465)


def test_what_was_not_answered_may_be_either() -> None:
    told, untold = found(9, 1), found(9, 1, 2)
    assert untold.low < told.low
    assert untold.count == told.count == 90_000
    assert untold.low == found(9, 3).low
    assert untold.high == found(11, 1).high


def test_where_too_few_answered_only_the_lower_bound_is_told() -> None:
    assert found(8, 0, 4).kind is CountKind.ESTIMATE
    assert found(7, 0, 5) == Count.at_least(found(7, 5).low)
    assert estimated(IMAGES, Drawn(handed=0, withheld=0, unanswered=12)) is None
    assert estimated(IMAGES, Drawn(handed=0, withheld=0, unanswered=0)) is None


def test_a_share_of_at_least_so_many_is_at_least() -> None:
    assert found(12, images=Count.at_least(1_000)) == Count.at_least(735)


def test_two_intervals_are_each_widened_so_that_both_hold() -> None:
    """97.5 % for each: 69.4 % for 12 of 12, and the interval of the images by Student's quantiles."""
    both = found(12, images=GUESS)
    assert both.confidence == 0.95
    assert both.low < 0.694 * 90_000
    assert both.low > 0.694 * 85_000
    assert both.high is not None
    assert both.high > 112_000
    assert found(12, images=Count.exact(100_000)).low > both.low


def test_a_sample_of_few_tells_no_more_than_it_can() -> None:
    """As much as 12 and 12 tell together: 6."""
    few = found(12, effective=12)
    assert few.low == pytest.approx(54_074, abs=2)
    assert found(7, 5, effective=12).low < found(7, 5).low
    assert (found(7, 5, effective=12).high or 0) > (found(7, 5).high or 0)
    assert (found(12, effective=0.5).low, found(12, effective=0.5).high) == (1, 100_000)


H, W, U = Answer.HANDED, Answer.WITHHELD, Answer.UNANSWERED


def test_all_that_there_is_was_asked_for() -> None:
    images = Count.exact(10)
    assert asked_all(images, [(1, 1, H), (9, 9, H)]) == Count.exact(10)
    one_each = asked_all(images, [(1, 1, H), (9, 1, H)])
    assert (one_each.kind, one_each.low, one_each.count, one_each.high) == (CountKind.ESTIMATE, 10, 10, 10)
    part = asked_all(images, [(1, 0, W), (9, 1, H)])
    assert (part.low, part.count, part.high) == (9, 9, 9)
    doubt = asked_all(images, [(1, 0, U), (9, 1, H)])
    assert (doubt.low, doubt.count, doubt.high) == (9, 9, 10)
    assert asked_all(images, [(1, 1, H), (9, 0, U)]) == Count.at_least(1)
    assert asked_all(images, [(1, 0, W), (9, 0, W)]) == Count.at_least(1), "the proof has shown one"


def test_all_of_what_was_counted_is_not_all_that_there_is() -> None:
    assert asked_all(Count.at_least(10), [(1, 1, H), (9, 9, H)]) == Count.at_least(10)
    assert asked_all(Count.exact(11), [(1, 1, H), (9, 9, H)]) == Count.at_least(10)
