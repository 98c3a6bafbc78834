"""Of a sample, studies are drawn as the archive has images: by what each record of it stands for."""

from collections import Counter
from random import Random

import pytest

from leadglass.measure.retrieving.lots import PLACES, Listed
from leadglass.measure.retrieving.weighted import weighted_lots
from leadglass.measure.sampling.estimate import Draw
from leadglass.measure.sampling.frames import Tails, Unit


def unit(number: int, images: int, modality: bytes = b"MR", patient: int = 0) -> Unit:
    """A study with identifiers of six figures."""
    return Unit(
        patient=patient or number,
        second=None,
        accession_figures=6,
        patient_figures=6,
        modalities=frozenset({modality}),
        images=images,
        study=b"%d" % number,
    )


def known(*units: Unit) -> dict[bytes, Listed]:
    """What asking for them takes."""
    return {one.study: Listed(one.study, b"", one.images) for one in units}


def test_a_study_counts_for_those_that_were_not_drawn() -> None:
    """One of ten is drawn, of CT five more of ten: a CT study stands for fewer others than one of MR."""
    rare, often = unit(1, 30), unit(2, 30, b"CT")
    everything, more = Tails("accession", ("7",)), Tails("accession", tuple("01234"), modality="CT")
    draws = (Draw(everything, ((rare,),)), Draw(more, ((often,),)))
    taken: Counter[bytes] = Counter()
    for seed in range(100):
        taken.update(one.study for one in weighted_lots(draws, known(rare, often), Random(seed))._places)
    share = 10 / (10 + 1 / 0.6)  # of MR: one in ten is drawn, of CT six
    draws_made = 100 * PLACES
    assert abs(taken[b"1"] / draws_made - share) < 4 * (share * (1 - share) / draws_made) ** 0.5


def test_by_its_images_and_never_without_any() -> None:
    small, large, none, unknown = unit(1, 10), unit(2, 90), unit(3, 0), unit(4, 1_000)
    draw = Draw(Tails("accession", ("7",)), ((small, large, none, unknown),))
    taken = Counter(one.study for one in weighted_lots((draw,), known(small, large, none), Random(1))._places)
    assert set(taken) == {b"1", b"2"}
    assert taken[b"2"] > taken[b"1"]


@pytest.mark.parametrize(("key", "effective"), [("accession", 10.0), ("patient", 5.0)])
def test_it_tells_no_more_than_the_sample_does(key: str, effective: float) -> None:
    """Ten studies that are alike, two of each patient: drawn singly they are ten, drawn with their patients five."""
    units = tuple(unit(n + 1, 8, patient=1 + n // 2) for n in range(10))
    lots = weighted_lots((Draw(Tails(key, ("7",)), (units,)),), known(*units), Random(1))
    assert lots.effective == pytest.approx(effective)
    assert lots.drawn().effective == lots.effective
    assert not lots.drawn().whole, "a sample is never all that there is"


def test_of_nothing_nothing_is_drawn() -> None:
    assert not weighted_lots((), {})
    assert not weighted_lots((Draw(Tails("accession", ("7",)), ((unit(1, 0),),)),), known(unit(1, 0)))
