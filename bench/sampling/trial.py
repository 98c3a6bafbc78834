"""One archive is measured by one sampler, and held against its truth."""

import asyncio
import random

from bench.sampling.archive import InProcess
from leadglass.measure.sampling.sampler import Sampler, Wish
from leadglass.model.exposure import Count
from leadglass.model.record import Record
from leadglass.model.words import CountKind

FIGURES = ("studies", "images", "patients")


class Figure(Record):
    """One figure of one archive: whether it holds the truth, and how wide it is."""

    outcome: str
    """`estimate`, `at-least` or `none`."""
    holds: bool
    half: float | None = None
    """Half the interval's width, as a share of the best value."""
    error: float | None = None
    """Of the best value, as a share of the truth."""


class Trial(Record):
    """What measuring one archive came to."""

    seed: int
    studies: int
    figures: dict[str, Figure]
    records: int
    questions: int
    limits: tuple[str, ...]


def tried(source: InProcess, seed: int, least: int | None = None) -> Trial:
    """`least` is of studies, in an archive that grew while it was measured."""
    chance = random.Random(seed)
    sampler = Sampler(source, chance.randrange, chance.randbytes(32), Wish())
    exposure = asyncio.run(sampler.run())
    spec = source.spec
    truths = {"studies": spec.studies, "images": spec.images, "patients": spec.patients}
    figures = {name: _figure(getattr(exposure, name, None), truth) for name, truth in truths.items()}
    if least is not None and exposure is not None and exposure.studies is not None:
        studies = exposure.studies
        figures["studies"] = _figure(studies, min(spec.studies, max(least, studies.low)))
    return Trial(
        seed=seed,
        studies=spec.studies,
        figures=figures,
        records=source.records,
        questions=source.questions,
        limits=tuple(sampler.limits),
    )


def _figure(count: Count | None, truth: int) -> Figure:
    if count is None:
        return Figure(outcome="none", holds=True)
    if count.kind is CountKind.AT_LEAST or count.high is None:
        return Figure(outcome="at-least", holds=count.low <= truth)
    return Figure(
        outcome="estimate",
        holds=count.low <= truth <= count.high,
        half=(count.high - count.low) / 2 / count.count,
        error=count.count / truth - 1,
    )
