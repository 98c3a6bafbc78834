"""How much a surface gives away, as figures that say what they are worth."""

from collections.abc import Sequence
from math import hypot

from leadglass.model.kinds import Kinds
from leadglass.model.record import Record
from leadglass.model.words import CountKind


class Count(Record):
    """One figure with its interval.

    `count` is the best value; the truth lies between `low` and `high` (`high` is None where nothing bounds it)
    with `confidence` (1.0 for an exact figure, None where no confidence can be stated).
    """

    count: int
    kind: CountKind
    low: int
    high: int | None
    confidence: float | None

    @classmethod
    def exact(cls, count: int) -> "Count":
        """A figure that was counted to the end."""
        return cls(count=count, kind=CountKind.EXACT, low=count, high=count, confidence=1.0)

    @classmethod
    def at_least(cls, count: int) -> "Count":
        """A figure that a cap, a budget or a failure ended."""
        return cls(count=count, kind=CountKind.AT_LEAST, low=count, high=None, confidence=None)


def summed(counts: Sequence[Count]) -> Count | None:
    """The total over surfaces that hold different things; None where there is no figure.

    Samples of different servers are drawn independently, so the half-widths of their intervals add up by their squares,
    each side for itself, at the lowest of their confidences. One figure that nothing bounds leaves the total unbounded.
    """
    if not counts:
        return None
    count = sum(one.count for one in counts)
    estimates = [one for one in counts if one.kind is CountKind.ESTIMATE]
    low = round(count - hypot(*(one.count - one.low for one in estimates)))
    if any(one.high is None for one in counts):
        return Count.at_least(low)
    if not estimates:
        return Count.exact(count)
    return Count(
        count=count,
        kind=CountKind.ESTIMATE,
        low=low,
        high=round(count + hypot(*(one.high - one.count for one in estimates if one.high is not None))),
        confidence=min(one.confidence or 0.0 for one in estimates),
    )


class Exposure(Record):
    """What one surface gives away. None means that the figure is not to be had there.

    `patients` counts distinct patient identifiers, which are not people. `retrievable_images` are those of `images`
    that would be handed over, by a few studies that were asked for; None where no image was proved to be, or they were
    not asked for. `years` is the first and last year of a study. `modalities` maps a modality (PS3.3 C.7.3.1.1.1) to
    the number of studies that hold it. `worklist_items` counts scheduled procedure steps. `limits` says in words what
    ended or distorted the count.
    `kinds` are the kinds of personal data that a few records showed, None where they were not looked at.
    """

    patients: Count | None = None
    studies: Count | None = None
    images: Count | None = None
    retrievable_images: Count | None = None
    years: tuple[int, int] | None = None
    modalities: dict[str, int] | None = None
    worklist_items: Count | None = None
    limits: tuple[str, ...] = ()
    kinds: Kinds | None = None

    @property
    def weight(self) -> tuple[int, int, int]:
        """Sort key: more patients, then more studies, then more images expose more."""
        return (
            self.patients.count if self.patients else 0,
            self.studies.count if self.studies else 0,
            self.images.count if self.images else 0,
        )

    @property
    def told(self) -> int:
        """Of two that weigh the same, the one that tells more is the one to show."""
        return sum(part is not None for part in (self.years, self.modalities, self.kinds, self.retrievable_images))
