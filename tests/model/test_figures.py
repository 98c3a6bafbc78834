"""Figures are added up with what they are worth, and the question of 500 is answered no surer than they are."""

import pytest

from leadglass.model.exposure import Count, Exposure, summed
from leadglass.model.threshold import FiveHundred, five_hundred
from leadglass.model.words import CountKind, Threshold


def about(count: int, half: int, confidence: float = 0.95) -> Count:
    """An estimate."""
    return Count(count=count, kind=CountKind.ESTIMATE, low=count - half, high=count + half, confidence=confidence)


@pytest.mark.parametrize(
    ("counts", "total"),
    [
        ((), None),
        ((Count.exact(3), Count.exact(4)), Count.exact(7)),
        ((Count.exact(3), Count.at_least(4)), Count.at_least(7)),
        ((about(100, 30), about(200, 40)), about(300, 50)),
        ((about(100, 30), Count.exact(50)), about(150, 30)),
        ((about(100, 30, 0.9), about(200, 40)), about(300, 50, 0.9)),
        ((about(100, 30), about(200, 40), Count.at_least(10)), Count.at_least(260)),
    ],
)
def test_a_total_is_worth_what_its_parts_are(counts: tuple[Count, ...], total: Count | None) -> None:
    assert summed(counts) == total


def shows(*patients: Count | None) -> FiveHundred | None:
    """The answer for surfaces with these figures."""
    return five_hundred(Exposure(patients=count) for count in patients)


ABOVE, BELOW, UNDECIDED = Threshold.AT_OR_ABOVE, Threshold.BELOW, Threshold.UNDECIDED


@pytest.mark.parametrize(
    ("patients", "answer", "confidence"),
    [
        ((Count.exact(500),), ABOVE, 1.0),
        ((Count.exact(499),), BELOW, 1.0),
        ((Count.exact(0),), BELOW, 1.0),
        ((Count.at_least(500),), ABOVE, 1.0),
        ((Count.at_least(499),), UNDECIDED, None),
        ((about(600, 100),), ABOVE, 0.95),
        ((about(600, 101),), UNDECIDED, None),
        ((about(400, 99),), BELOW, 0.95),
        ((about(400, 100),), UNDECIDED, None),
        ((None,), UNDECIDED, None),
        ((Count.exact(300), Count.exact(199)), BELOW, 1.0),
        ((Count.exact(300), Count.exact(200)), UNDECIDED, None),  # one archive by two ways, or two
        ((Count.exact(10), None), UNDECIDED, None),
        ((about(600, 100), Count.exact(800)), ABOVE, 1.0),
        ((None, Count.at_least(800)), ABOVE, 1.0),
    ],
)
def test_the_question_of_500(patients: tuple[Count | None, ...], answer: Threshold, confidence: float | None) -> None:
    assert shows(*patients) == FiveHundred(answer=answer, confidence=confidence)


def test_it_is_no_question_where_nothing_is_shown() -> None:
    assert five_hundred([]) is None


def test_what_shows_records_and_was_not_counted_leaves_it_open() -> None:
    assert five_hundred([None]) == FiveHundred(answer=UNDECIDED)
