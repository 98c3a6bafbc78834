"""A shard's progress is a low-water mark and the completions above it, and comes back from its bytes."""

import random

import pytest

from leadglass.survey.walk.marks import Marks


@pytest.mark.parametrize("seed", range(20))
def test_any_order_of_completions_comes_back(seed: int) -> None:
    chosen = random.Random(seed)
    marks, done = Marks(100, 400), set()
    marks.promise(400)
    places = list(range(100, 400))
    chosen.shuffle(places)
    for place in places[: chosen.randrange(301)]:
        marks.done(place)
        done.add(place)
    again = Marks(100, 400, marks.low, marks.high, marks.above)
    for held in (marks, again):
        assert {n for n in range(100, 400) if held.is_done(n)} == done
        assert held.completed == len(done)
        assert held.unsure == 300 - len(done)
        assert held.complete == (len(done) == 300)
    assert all(n in done for n in range(100, marks.low))
    assert marks.low not in done


def test_the_low_mark_runs_over_what_was_done_above_it() -> None:
    marks = Marks(0, 10)
    marks.promise(5)
    for place in (1, 2, 4):
        marks.done(place)
    assert (marks.low, marks.above, marks.unsure) == (0, b"\x16", 2)
    marks.done(0)
    assert (marks.low, marks.above) == (3, b"\x02")
    marks.promise(99)
    assert marks.high == 10


@pytest.mark.parametrize(
    ("low", "high", "above"), [(-1, 5, b""), (6, 5, b""), (0, 11, b""), (0, 5, b"\x20"), (0, 5, b"\x01")]
)
def test_marks_that_contradict_each_other_are_refused(low: int, high: int, above: bytes) -> None:
    with pytest.raises(ValueError, match=r"marks|completions"):
        Marks(0, 10, low, high, above)
