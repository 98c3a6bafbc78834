"""What a sample brought, by the three figures that it is for, and what it could not reach."""

from collections import Counter
from collections.abc import Callable
from math import isfinite

from leadglass.measure.sampling.chances import normal_quantile
from leadglass.measure.sampling.estimate import Draw, Total, beyond, expected, together, total, uneven
from leadglass.measure.sampling.frames import Unit
from leadglass.model.exposure import Count
from leadglass.model.record import Record

_OTHERS = 3.0  # times as many studies, or as few, a patient may have whom no draw reaches
NOTABLE = 0.001  # a share below which nothing is said of it


COUNTED = 30_000  # studies up to which an archive is counted: about twice what a sample reads
_COUNTED_LEAST = 6_000  # whatever the wish
_USUAL = 0.05  # half-width of an interval


class Wish(Record):
    """How sure the figures are to be: half the interval's width as a share, and the confidence."""

    precision: float = _USUAL
    confidence: float = 0.95

    @property
    def counted(self) -> int:
        """Studies up to which an archive is counted: one that need not be so sure is worth a sample sooner."""
        return max(_COUNTED_LEAST, min(COUNTED, round(COUNTED * _USUAL / self.precision)))

    @property
    def sampled(self) -> float:
        """About how many records a sample has."""
        return 0.4 * self.counted

    def records(self, margin: float) -> float:
        """How many records with values that are all alike make a figure as sure as that, and `margin` surer."""
        return (normal_quantile(self.confidence) / (margin * self.precision)) ** 2


class Sample:
    """Draws of studies, and of patients; `witnesses` are studies that were drawn by another key than they were."""

    def __init__(self) -> None:
        """Nothing is drawn yet."""
        self.studies: tuple[Draw, ...] = ()
        self.people: tuple[Draw, ...] = ()
        self.counters = False
        """Whether what was drawn of patients tells how many studies and images each has."""
        self.part = 1.0
        """The part that patients' counters have in the number of images; settled before they are drawn."""
        self.witnesses: tuple[Draw, ...] = ()
        self.shares: tuple[Draw, ...] = ()
        """Where patients are not drawn by themselves: whole patients, by their dates of birth."""

    def __repr__(self) -> str:
        """Without values."""
        return f"Sample({self.studies}, {self.people})"

    def at_study_level(self) -> tuple[Draw, ...]:
        """Every draw whose records are studies, each once."""
        return tuple(dict.fromkeys((*self.studies, *self.witnesses, *self.shares)))

    def studies_total(self) -> tuple[Total, Total | None]:
        """All studies, and the share that was out of reach; None where nothing tells of it."""
        draws = self.people if self.counters else self.studies
        return self._whole(draws, studies_of)

    def images_total(self) -> tuple[Total, Total | None]:
        """All images, and the share that was out of reach."""
        if not self.counters or self.part == 0.0:
            return self._whole(self.studies, images_of)
        found, out = self._whole(self.people, images_of)
        if self.part < 1.0:
            found = together(found, self._whole(self.studies, images_of)[0], self.part)
        return found, out

    def _whole(self, draws: tuple[Draw, ...], value: Callable[[Unit], float]) -> tuple[Total, Total | None]:
        reached = total(draws, value)
        if not self.witnesses or not reached.value:
            return reached, None
        often = expected(draws)
        out = beyond(self.witnesses, lambda unit: often(unit) > 0, value)
        return (reached.times(1 + out.value, out), out) if isfinite(out.variance) else (reached, None)

    def patients_figure(self, confidence: float) -> tuple[Count | None, float]:
        """Distinct patient identifiers, and the share of studies whose patients were out of reach."""
        if self.people:
            return self._drawn_people(confidence)
        if not self.shares:
            return None, 1.0
        seen = len({unit.patient for draw in self.shares for unit in draw.units})
        figure = self._by_shares().figure(confidence, seen)
        often = expected(self.shares)
        out = beyond(self.studies, lambda unit: often(unit) > 0, studies_of)
        return _widened(figure, 1 / (1 + out.value), out, confidence), out.value

    def _drawn_people(self, confidence: float) -> tuple[Count, float]:
        reached = total(tuple(map(_once_each, self.people)), _one)
        seen = max(len({unit.patient for unit in draw.units}) for draw in self.people)
        if not self.witnesses:
            return Count.at_least(reached.figure(confidence, seen).low), 1.0
        often = expected(self.people)
        if self.shares:
            by_birth = beyond(tuple(map(_once_each, self.shares)), lambda unit: often(unit) > 0, _one)
            return reached.times(1 + by_birth.value, by_birth).figure(confidence, seen), by_birth.value
        out = beyond(self.witnesses, lambda unit: often(unit) > 0, studies_of)
        return _widened(reached.figure(confidence, seen), 1.0, out, confidence), out.value

    def _by_shares(self) -> Total:
        """All studies, by how many patients there are to a study among whole patients."""
        often = expected(self.shares)
        found = [_visits(part) for draw in self.shares for part in draw.parts]
        studies = sum(count / often(unit) for part in found for unit, count in part)
        ratio = sum(1 / often(unit) for part in found for unit, _ in part) / studies
        residuals = [[(1 - ratio * count) / often(unit) for unit, count in part] for part in found]
        variance, freedom = uneven(residuals)
        return self.studies_total()[0].times(ratio, Total(ratio, variance / studies**2, freedom))


def _visits(part: tuple[Unit, ...]) -> list[tuple[Unit, int]]:
    """One record of each patient, and how many studies there are."""
    counted = Counter(unit.patient for unit in part)
    return [(unit, counted[unit.patient]) for unit in {unit.patient: unit for unit in part}.values()]


def _widened(figure: Count, factor: float, out: Total, confidence: float) -> Count:
    """With the patients of the studies that are out of reach: from a third to three times as many studies each."""
    reach = normal_quantile(confidence) * out.variance**0.5
    low, high = max(0.0, out.value - reach), out.value + reach
    return Count(
        count=round(figure.count * factor * (1 + out.value)),
        kind=figure.kind,
        low=round(figure.low * factor * (1 + low / _OTHERS)),
        high=round((figure.high or figure.count) * factor * (1 + _OTHERS * high)),
        confidence=confidence,
    )


def _one(unit: Unit) -> float:
    return 1.0


def studies_of(unit: Unit) -> float:
    """How many studies a record stands for."""
    return float(unit.studies)


def images_of(unit: Unit) -> float:
    """How many images a record stands for."""
    return float(unit.images)


def _once_each(draw: Draw) -> Draw:
    """One record of each patient in every part: STUDY level gives one for each of the studies."""
    return Draw(draw.frame, tuple(tuple({unit.patient: unit for unit in part}.values()) for part in draw.parts))
