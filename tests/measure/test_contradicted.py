"""A counter and a list of one web server that differ: the one that says less is at-least."""

import pytest

from leadglass.measure.contradicted import heeding_counters
from leadglass.model.assessment import Surface
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind, Rung, SurfaceKind
from tests.checks.samples import surface

ESTIMATE = Count(count=9, kind=CountKind.ESTIMATE, low=8, high=10, confidence=0.95)


def holding(kind: SurfaceKind, studies: Count) -> Surface:
    """A surface with so many studies."""
    return surface(kind, Rung.READABLE, exposure=Exposure(studies=studies))


@pytest.mark.parametrize(
    ("counter", "listed", "expected"),
    [
        (Count.exact(7), Count.exact(7), (Count.exact(7), Count.exact(7))),
        (Count.exact(1), Count.exact(7), (Count.at_least(1), Count.exact(7))),
        (Count.exact(1), Count.at_least(7), (Count.at_least(1), Count.at_least(7))),
        (Count.exact(9), Count.exact(7), (Count.exact(9), Count.at_least(7))),
        (Count.exact(9), Count.at_least(7), (Count.exact(9), Count.at_least(7))),
        (Count.exact(1), ESTIMATE, (Count.exact(1), ESTIMATE)),
    ],
)
@pytest.mark.parametrize("kind", [SurfaceKind.ORTHANC_REST, SurfaceKind.DCM4CHEE_REST])
def test_the_one_that_says_less(kind: SurfaceKind, counter: Count, listed: Count, expected: tuple[Count, ...]) -> None:
    given = [holding(kind, counter), holding(SurfaceKind.DICOMWEB, listed), surface(SurfaceKind.VIEWER)]
    found = heeding_counters(given)
    assert tuple(one.exposure.studies for one in found if one.exposure is not None) == expected
    for before, after, figure in zip(given, found, (counter, listed), strict=False):
        assert after.exposure is not None
        assert bool(after.exposure.limits) is (after != before)
        assert after == before or figure.kind is CountKind.EXACT
