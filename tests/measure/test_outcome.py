"""What is no longer known to be all is at least the lower bound of what it was."""

from leadglass.measure.outcome import at_least
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind


def test_an_estimate_is_at_least_its_lower_bound() -> None:
    estimate = Count(count=1_000, kind=CountKind.ESTIMATE, low=950, high=1_050, confidence=0.95)
    whole = Exposure(
        patients=estimate, studies=estimate, images=Count.exact(3), retrievable_images=estimate, limits=("one",)
    )
    found = at_least(whole, "why")
    assert found.retrievable_images == Count.at_least(950)
    assert (found.patients, found.studies, found.images) == (
        Count.at_least(950),
        Count.at_least(950),
        Count.at_least(3),
    )
    assert found.worklist_items is None
    assert found.limits == ("one", "why")


def test_of_two_surfaces_the_one_that_knows_what_is_retrievable_tells_more() -> None:
    images = Count.exact(9)
    assert Exposure(images=images, retrievable_images=images).told > Exposure(images=images).told
