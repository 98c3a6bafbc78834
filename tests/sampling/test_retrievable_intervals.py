"""Some archives of each loss are held against their truth; `python -m bench.sampling.retrievable` is the proof."""

import pytest
from bench.sampling.retrievable import LOSSES, Task, tried
from bench.sampling.shapes import SHAPES

from leadglass.model.words import CountKind

_COUNTED, _SAMPLED = 40, 2


@pytest.mark.parametrize("loss", LOSSES)
def test_intervals_hold_the_truth(loss: str) -> None:
    """Of 40 at most four miss; five or more would by chance once in twenty times. The seeds are fixed."""
    found = [tried(Task(loss=loss, seed=880_000 + n, shape=SHAPES[0], sampled=False)) for n in range(_COUNTED)]
    assert sum(not one.holds for one in found) <= 4
    told = [one for one in found if one.kind is CountKind.ESTIMATE]
    assert len(told) == _COUNTED or loss == "hangs up"
    most = 0.31 if loss != "hangs up" else 0.45  # as wide as 12 draws are, and where a third of them told nothing
    assert all(one.half is not None and one.half < most for one in told)
    if loss != "nothing":
        assert len({round(one.truth, 1) for one in found}) > 2


@pytest.mark.parametrize("loss", LOSSES)
def test_a_sampled_archive_too(loss: str) -> None:
    found = [tried(Task(loss=loss, seed=890_000 + n, shape=SHAPES[0], sampled=True)) for n in range(_SAMPLED)]
    assert all(one.holds for one in found)
    assert all(one.half is None or one.half < 0.5 for one in found)
