"""Records by where they lie on a scale: a slice, placed by chance, of each stretch of the day or of birth dates."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from leadglass.measure.sampling.frames import Unit
from leadglass.measure.sampling.question import Question

# Ends of stretches of dates of birth, in years: the old come more often than others.
_BORN = (1901, 1916, 1922, 1928, 1934, 1945, 1957, 1970, 1984, 1998, 2012, 2027)


class Slice(NamedTuple):
    """A stretch [first, end), and what was drawn of it: `width` places from `start` on, going on at its first place.

    So every place has the same chance, and every slice the same width: one that was cut off at the end of its stretch
    would make totals half as uncertain again.
    """

    first: int
    end: int
    start: int
    width: int

    @property
    def chance(self) -> float:
        """The same for every place of the stretch."""
        return self.width / (self.end - self.first)

    @property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """The first and the last place that were drawn; twice where the slice goes on at the beginning."""
        over = self.start + self.width - self.end
        if over <= 0:
            return ((self.start, self.start + self.width - 1),)
        return (self.start, self.end - 1), (self.first, self.first + over - 1)


def drawn_slice(first: int, end: int, share: float, below: Callable[[int], int]) -> Slice:
    """A slice of about `share` of a stretch, placed by chance."""
    length = end - first
    width = max(1, min(length, round(share * length)))
    return Slice(first, end, first + below(length), width)


class Slices:
    """Studies by their second of the day, over all dates: one slice out of each stretch of the day."""

    clustered = False
    worth = 1.0
    share = 0.0

    def __init__(self, slices: tuple[Slice, ...], modality: str = "") -> None:
        """`slices` divide the day, in its order."""
        self.slices, self.modality = slices, modality
        self._code = modality.encode()

    def questions(self) -> Iterator[Question]:
        """One for each slice, two for one that goes on at the beginning of its stretch."""
        for one in self.slices:
            for bounds in one.bounds:
                yield Question(seconds=bounds, modality=self.modality)

    def chance(self, unit: Unit) -> float:
        """That of the stretch that the record lies in."""
        if unit.second is None or (self.modality and self._code not in unit.modalities):
            return 0.0
        return next((one.chance for one in self.slices if one.first <= unit.second < one.end), 0.0)

    def holds(self, unit: Unit, question: Question) -> bool:
        """Those of the seconds that were asked for."""
        if unit.second is None or question.seconds is None:
            return False
        return question.seconds[0] <= unit.second <= question.seconds[1] and self.chance(unit) > 0

    def between(self, sums: list[float], explained: float) -> tuple[float, float] | None:
        """Chance's own, and more where the day's course is steep: a slice stands for its stretch the less."""
        steep = steepness(self.slices, self.of_slices(sums))
        return (explained + steep, 2 * steep**2 / len(sums)) if steep and len(sums) > 2 else None

    def of_slices(self, sums: list[float]) -> list[float]:
        """Sums of questions as sums of slices."""
        left = iter(sums)
        return [sum(next(left) for _ in one.bounds) for one in self.slices]


class Births:
    """Studies by their patient's date of birth: one slice out of each stretch of dates."""

    clustered = True
    worth = 1.0
    share = 0.0

    def __init__(self, slices: tuple[Slice, ...]) -> None:
        """`slices` are of days as `date.toordinal` numbers them."""
        self.slices = slices

    def questions(self) -> Iterator[Question]:
        """One for each slice, two for one that goes on at the beginning of its stretch."""
        for one in self.slices:
            for bounds in one.bounds:
                first, last = (date.fromordinal(place).strftime("%Y%m%d") for place in bounds)
                yield Question(births=(first, last))

    def chance(self, unit: Unit) -> float:
        """That of the stretch that the patient was born in."""
        place = day_of(unit.born)
        return next((one.chance for one in self.slices if one.first <= place < one.end), 0.0)

    def holds(self, unit: Unit, question: Question) -> bool:
        """Those born when it was asked for."""
        if question.births is None or unit.born is None:
            return False
        return int(question.births[0]) <= unit.born <= int(question.births[1]) and self.chance(unit) > 0

    def between(self, sums: list[float], explained: float) -> tuple[float, float] | None:
        """Only shares are made with these, in which ages take no part."""
        return None


def births(share: float, below: Callable[[int], int]) -> Births:
    """About `share` of the patients with all of their studies, of whatever age."""
    days = [date(year, 1, 1).toordinal() for year in _BORN]
    return Births(tuple(drawn_slice(first, end, share, below) for first, end in pairwise(days)))


def day_of(born: int | None) -> int:
    """The number of a day that is written as YYYYMMDD; 0 where it is none."""
    try:
        return date(born // 10_000, born // 100 % 100, born % 100).toordinal() if born else 0
    except ValueError:
        return 0


def steepness(slices: tuple[Slice, ...], sums: list[float]) -> float:
    """The variance of a total since each slice was placed by chance on a slope, which its neighbours tell."""
    lengths = [one.end - one.first for one in slices]
    middles = [(one.end + one.first) / 2 for one in slices]
    dense = [total / length for total, length in zip(sums, lengths, strict=True)]
    slopes = [
        (later - sooner) / (after - before)
        for (sooner, later), (before, after) in zip(pairwise(dense), pairwise(middles), strict=True)
    ]
    found = 0.0
    for at, length in enumerate(lengths):
        around = slopes[max(0, at - 1) : at + 1]
        slope = abs(sum(around) / len(around)) if around else 0.0
        found += min(slope * length**2, 2 * abs(sums[at])) ** 2 / 12  # steeper would be below zero at one end
    return found
