"""What was drawn becomes a total with its interval: Horvitz and Thompson's estimate over several frames at once.

A record may be drawn by more than one frame, or twice. It counts, each time it was drawn, as its value divided by how
often it was to be expected: the sum of its chances over all frames (Kalton and Anderson, "Sampling rare populations",
1986), in which a frame that draws whole patients is worth less, since it tells less with each record. So no record
needs to be known again, and whatever one frame cannot draw another may. `docs/sampling.md` has the mathematics.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import exp, sqrt

from leadglass.measure.sampling.chances import normal_quantile, student_quantile
from leadglass.measure.sampling.frames import Frame, Unit
from leadglass.model.exposure import Count
from leadglass.model.words import CountKind

Value = Callable[[Unit], float]


class Draw:
    """What one frame drew: the records of each of its questions."""

    def __init__(self, frame: Frame, parts: tuple[tuple[Unit, ...], ...]) -> None:
        """`parts` are in the order of the frame's questions."""
        self.frame, self.parts = frame, parts

    def __repr__(self) -> str:
        """Without values."""
        return f"Draw({self.records} records)"

    @property
    def records(self) -> int:
        """How many it drew."""
        return sum(map(len, self.parts))

    @property
    def units(self) -> list[Unit]:
        """What it drew."""
        return [unit for part in self.parts for unit in part]


class Total:
    """An estimated total, its variance, and the degrees of freedom that the variance is known by (0: many)."""

    def __init__(self, value: float, variance: float, freedom: float = 0.0, third: float = 0.0) -> None:
        """`variance` is of the estimate, `third` its third moment about its mean."""
        self.value, self.variance, self.freedom, self.third = value, variance, freedom, third

    @property
    def error(self) -> float:
        """The relative standard error; 1 where nothing was drawn."""
        return sqrt(self.variance) / self.value if self.value else 1.0

    @property
    def doubt(self) -> float:
        """The variance of the variance."""
        return 2 * self.variance**2 / self.freedom if self.freedom else 0.0

    def times(self, factor: float, other: "Total") -> "Total":
        """This total times a `factor` that another estimate, made by itself, is as uncertain as."""
        varied = self.variance * factor**2 + other.variance * self.value**2
        return _total(
            self.value * factor,
            varied,
            self.doubt * factor**4 + other.doubt * self.value**4,
            self.third * factor**3 + other.third * self.value**3,
        )

    @property
    def skew(self) -> float:
        """How far the estimate errs to one side: above 0 where a few large records make it too low more often."""
        return self.third / self.variance**1.5 if self.variance else 0.0

    def bounds(self, confidence: float) -> tuple[float, float]:
        """The interval: of the logarithm, since totals of uneven records err upwards by more than downwards.

        Where the records are so uneven that this is not enough, its upper end is that of Edgeworth's expansion for a
        skewed total whose error is itself estimated (P. Hall, "The Bootstrap and Edgeworth Expansion", 1992).
        """
        quantile = student_quantile(confidence, max(3.0, self.freedom)) if self.freedom else normal_quantile(confidence)
        reach = exp(quantile * self.error)
        skewed = 1 + self.error * (quantile + max(0.0, self.skew) * (2 * quantile**2 + 1) / 6)
        return self.value / reach, self.value * max(reach, skewed)

    def figure(self, confidence: float, seen: int) -> Count:
        """The figure with its interval; `seen` are known to be there, whatever chance says."""
        low, high = (max(seen, round(bound)) for bound in self.bounds(confidence))
        best = min(high, max(low, round(self.value)))
        return Count(count=best, kind=CountKind.ESTIMATE, low=low, high=high, confidence=confidence)


def _total(value: float, variance: float, doubt: float, third: float) -> Total:
    return Total(value, variance, 2 * variance**2 / doubt if doubt else 0.0, third)


def together(one: Total, other: Total, part: float) -> Total:
    """Two estimates of the same as one: `part` of the first, which is settled before either was drawn."""
    rest = 1 - part
    return _total(
        part * one.value + rest * other.value,
        part**2 * one.variance + rest**2 * other.variance,
        part**4 * one.doubt + rest**4 * other.doubt,
        part**3 * one.third + rest**3 * other.third,
    )


def expected(draws: Iterable[Draw]) -> Value:
    """How often each record was to be expected among all `draws`, each time for what its frame is worth."""
    frames = [draw.frame for draw in draws]
    return lambda unit: sum([frame.worth * frame.chance(unit) for frame in frames])


def sums(draws: tuple[Draw, ...], keys: Callable[[Unit], Iterable[bytes]]) -> dict[bytes, float]:
    """How many records have each of the `keys` that a record may have several of: best values alone."""
    often, found = expected(draws), defaultdict[bytes, float](float)
    for draw in draws:
        for unit in draw.units:
            weight = draw.frame.worth / often(unit)
            for key in keys(unit):
                found[key] += weight
    return found


def total(draws: tuple[Draw, ...], value: Value) -> Total:
    """The total of `value` over all records that some frame can draw."""
    often = expected(draws)
    found = variance = doubt = third = 0.0
    for draw in draws:
        worth = draw.frame.worth
        weighted = [[(unit, worth * value(unit) / often(unit)) for unit in part] for part in draw.parts]
        found += sum(one for part in weighted for _, one in part)
        of_draw, of_variance, of_skew = _variance(draw.frame, weighted)
        variance += of_draw
        doubt += of_variance
        third += of_skew
    return _total(found, variance, doubt, third)


def _variance(frame: Frame, parts: list[list[tuple[Unit, float]]]) -> tuple[float, float, float]:
    """The variance of what one frame adds, the variance of that, and the third moment.

    A few large records may decide all of them.
    """
    explained = doubt = third = 0.0
    for part in parts:
        of_one = _of_one(frame, part)
        explained += sum(one**2 for one in of_one)
        third += sum(one**3 for one in of_one)
        doubt += sum(one**4 for one in of_one)
    rest = 1 - frame.share
    third *= rest * (1 - 2 * frame.share)  # of a count that is drawn or not, with that chance
    between = frame.between([sum(one for _, one in part) for part in parts], explained)
    if between is None:
        return explained * rest, doubt * rest**2, third
    return between[0] * rest, max(doubt, between[1]) * rest**2, third


def _of_one(frame: Frame, part: Iterable[tuple[Unit, float]]) -> list[float]:
    """The sums of what was drawn together."""
    sums: defaultdict[int, float] = defaultdict(float)
    for number, (unit, one) in enumerate(part):
        sums[unit.patient if frame.clustered else number] += one
    return list(sums.values())


def beyond(witnesses: tuple[Draw, ...], reached: Callable[[Unit], bool], value: Value) -> Total:
    """What nothing `reached`, as a share of what something did, by records that were drawn in another way.

    A ratio by linearisation (Cochran, "Sampling Techniques", 1977, 6.4). Where none of n was out of reach, one of them
    may have been: the error is never below 1 / n.
    """
    often = expected(witnesses)
    inside = outside = 0.0
    weighted = []
    for draw in witnesses:
        for part in draw.parts:
            within = [(unit, draw.frame.worth * value(unit) / often(unit), reached(unit)) for unit in part]
            inside += sum(one for _, one, is_in in within if is_in)
            outside += sum(one for _, one, is_in in within if not is_in)
            weighted.append((draw.frame, within))
    if not inside:
        return Total(float("inf"), float("inf"))
    share = outside / inside
    residuals = [
        _of_one(frame, [(unit, -share * one if is_in else one) for unit, one, is_in in within])
        for frame, within in weighted
    ]
    variance, freedom = uneven(residuals)
    third = sum(one**3 for part in residuals for one in part)
    count = sum(draw.records for draw in witnesses)
    return Total(share, max(variance / inside**2, 1 / count**2), freedom, third / inside**3)


def uneven(residuals: list[list[float]]) -> tuple[float, float]:
    """The variance of a ratio's residuals, and its freedom: by what was drawn together, and by questions if larger.

    By questions it is larger where they differ by more than chance, as dates of birth do in how often people come.
    A few large residuals may decide the variance: then it is known by few degrees, as that of a total is.
    """
    by_unit = sum(one**2 for part in residuals for one in part)
    by_question = sum(sum(part) ** 2 for part in residuals)
    if by_question > by_unit and len(residuals) > 1:
        return by_question, len(residuals) - 1.0
    of_variance = sum(one**4 for part in residuals for one in part)
    return by_unit, 2 * by_unit**2 / of_variance if of_variance else 0.0
