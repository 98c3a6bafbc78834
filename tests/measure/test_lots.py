"""Studies are drawn as likely as each has images, spread over modality, year and size, and shown nowhere."""

from collections import Counter
from random import Random

import pytest

from leadglass.measure.retrieving.lots import MAX_ASKED, PLACES, Listed, Lots

SIZES = {b"1.1": 1, b"1.2": 2, b"1.3": 3, b"1.4": 34, b"1.5": 60}
DRAWN = 400


def kept(sizes: dict[bytes, int], seed: int) -> Lots:
    """Lots of these studies, and of so many without weight that no draw is of all."""
    lots = Lots(Random(seed))
    for uid, images in sizes.items():
        lots.offer(uid, b"", images)
    return lots


def test_a_place_is_taken_as_likely_as_a_study_has_images() -> None:
    """100 images: a chance of so many per cent, of 19,200 draws within four standard deviations."""
    taken = Counter(one.study for seed in range(DRAWN) for one in kept(SIZES, seed)._places)
    draws = DRAWN * PLACES
    for uid, images in SIZES.items():
        share = images / 100
        assert abs(taken[uid] / draws - share) < 4 * (share * (1 - share) / draws) ** 0.5


def test_places_are_taken_each_by_itself() -> None:
    """At most 24 places of 48 hold a study that has a quarter of all, but for one time in ten thousand."""
    for seed in range(50):
        same = Counter(one.study for one in kept(dict.fromkeys((b"1", b"2", b"3", b"4"), 5), seed)._places)
        assert max(same.values()) <= 24
        assert len(same) == 4


@pytest.mark.parametrize("studies", [1, 2, MAX_ASKED])
def test_of_a_few_all_are_asked_for(studies: int) -> None:
    drawing = kept({b"1.%d" % n: 1 + n for n in range(studies)}, 1).drawn()
    assert drawing.whole
    assert sorted(one.study for one, _ in drawing.studies) == sorted(b"1.%d" % n for n in range(studies))
    assert {times for _, times in drawing.studies} == {1}


@pytest.mark.parametrize("studies", [MAX_ASKED + 1, MAX_ASKED + 2, 500])
def test_of_more_no_more_are_asked_for(studies: int) -> None:
    drawing = kept({b"1.%d" % n: 1 for n in range(studies)}, 1).drawn()
    assert not drawing.whole
    assert sum(times for _, times in drawing.studies) == MAX_ASKED
    assert len({one.study for one, _ in drawing.studies}) == len(drawing.studies)


def test_a_study_that_is_drawn_twice_is_asked_for_once() -> None:
    drawing = kept({b"1.1": 10**8, **{b"1.2.%d" % n: 1 for n in range(50)}}, 1).drawn()
    assert [(one.study, times) for one, times in drawing.studies] == [(b"1.1", MAX_ASKED)]


def test_modalities_years_and_sizes_are_all_among_the_drawn() -> None:
    """A third each: 12 that were drawn singly would have three, five or nothing of some; neighbours have four or so."""
    lots = Lots(Random(3))
    for number in range(3_000):
        year = b"20%02d0101" % (10 + number // 3 % 10)
        lots.offer(b"1.%d" % number, b"", 1, (b"CT", b"MR", b"US")[number % 3], year)
    for seed in range(40):
        lots._chance = Random(seed)
        drawn = [one for one, times in lots.drawn().studies for _ in range(times)]
        among = Counter(one.modalities for one in lots._places)
        for modality, count in Counter(one.modalities for one in drawn).items():
            assert abs(count - among[modality] / 4) < 2
        assert len({one.day for one in drawn}) >= 5


def test_they_are_asked_in_any_order() -> None:
    """What a budget cuts off is then no other part than what it leaves."""
    first: Counter[bytes] = Counter()
    lots = Lots(Random(1))
    for number in range(1_000):
        lots.offer(b"1.%d" % number, b"", 1, b"CT" if number % 2 else b"MR")
    for seed in range(60):
        lots._chance = Random(seed)
        first[lots.drawn().studies[0][0].modalities] += 1
    assert min(first[b"CT"], first[b"MR"]) > 10


def test_nothing_of_them_is_shown() -> None:
    one = Listed(b"1.2.3.CANARY", b"CANARY", 5, b"CT", b"19990101")
    lots = kept({b"1.2.CANARY": 3}, 1)
    assert "CANARY" not in repr((one, lots, lots.drawn(), [one]))
    assert repr(lots) == "Lots(1 studies)"
