"""What was drawn becomes a total with its interval: Horvitz and Thompson's estimate over several frames at once.

A record may be drawn by more than one frame, or twice. It counts, each time it was drawn, as its value divided by how
often it was to be expected: the sum of its chances over all frames (Kalton and Anderson, "Sampling rare populations",
1986), in which a frame that draws whole patients is worth less, since it tells less with each record. So no record
needs to be known again, and whatever one frame cannot draw another may.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from math import exp, sqrt

from leadglass.measure.sampling.chances import normal_quantile, student_quantile
from leadglass.measure.sampling.frames import Frame, Unit
from leadglass.model.exposure import Count
from leadglass.model.words import CountKind

_UNEVEN = 2.5  # times the variance that chance explains: parts that differ so much tell of more than chance


class Draw:
    """What one frame drew: the records of each of its questions."""

    def __init__(self, frame: Frame, parts: tuple[tuple[Unit, ...], ...]) -> None:
        """`parts` are in the order of the frame's questions."""
        self.frame, self.parts = frame, parts

    def __repr__(self) -> str:
        """Without values."""
        return f"Draw({sum(map(len, self.parts))} records)"


class Total:
    """An estimated total, its variance, and the degrees of freedom that the variance is known by (0: many)."""

    def __init__(self, value: float, variance: float, freedom: float = 0.0) -> None:
        """`variance` is of the estimate."""
        self.value, self.variance, self.freedom = value, variance, freedom

    @property
    def error(self) -> float:
        """The relative standard error; 1 where nothing was drawn."""
        return sqrt(self.variance) / self.value if self.value else 1.0

    def figure(self, confidence: float, seen: int) -> Count:
        """The figure with its interval; `seen` are known to be there, whatever chance says.

        The interval is one of the logarithm, since totals of uneven records err upwards by more than downwards.
        """
        quantile = student_quantile(confidence, max(3.0, self.freedom)) if self.freedom else normal_quantile(confidence)
        reach = exp(quantile * self.error)
        low, high = max(seen, round(self.value / reach)), max(seen, round(self.value * reach))
        best = min(high, max(low, round(self.value)))
        return Count(count=best, kind=CountKind.ESTIMATE, low=low, high=high, confidence=confidence)


def expected(draws: Iterable[Draw]) -> Callable[[Unit], float]:
    """How often each record was to be expected among all `draws`, each time for what its frame is worth."""
    frames = [draw.frame for draw in draws]
    return lambda unit: sum(frame.worth * frame.chance(unit) for frame in frames)


def total(draws: tuple[Draw, ...], value: Callable[[Unit], float]) -> Total:
    """The total of `value` over all records that some frame can draw."""
    often = expected(draws)
    found = variance = doubt = 0.0
    for draw in draws:
        worth = draw.frame.worth
        weighted = [[(unit, worth * value(unit) / often(unit)) for unit in part] for part in draw.parts]
        found += sum(one for part in weighted for _, one in part)
        of_draw, of_variance = _variance(draw.frame, weighted)
        variance += of_draw
        doubt += of_variance
    return Total(found, variance, 2 * variance**2 / doubt if doubt else 0.0)


def _variance(frame: Frame, parts: list[list[tuple[Unit, float]]]) -> tuple[float, float]:
    """The variance of what one frame adds, and the variance of that, since a few large records may decide it."""
    explained = doubt = 0.0
    for part in parts:
        together: defaultdict[int, float] = defaultdict(float)
        for number, (unit, one) in enumerate(part):
            together[unit.patient if frame.clustered else number] += one
        explained += sum(one**2 for one in together.values())
        doubt += sum(one**4 for one in together.values())
    sums = [sum(one for _, one in part) for part in parts]
    between = uneven(sums, explained)
    rest = 1 - frame.share
    if between is None:
        return explained * rest, doubt * rest**2
    return between * rest, 2 * (between * rest) ** 2 / (len(sums) - 1)


def uneven(sums: list[float], explained: float) -> float | None:
    """The variance of a sum of parts by how they differ; None where that is no more than is `explained` by chance."""
    count = len(sums)
    if count < 3:
        return None
    mean = sum(sums) / count
    between = count / (count - 1) * sum((one - mean) ** 2 for one in sums)
    # Parts by endings are as even as chance makes them, unless endings mean something here.
    return between if between > (1 + _UNEVEN * sqrt(2 / (count - 1))) * explained else None
