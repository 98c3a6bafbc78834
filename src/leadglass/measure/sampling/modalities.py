"""Which modalities are drawn how often, so that the number of images becomes sure with the fewest records."""

from collections import Counter
from math import ceil, log10

from leadglass.measure.sampling.estimate import Draw, expected
from leadglass.measure.sampling.frames import OF_A_KIND
from leadglass.model.record import Record

_RARE = 1_000  # studies of a modality below which it is not drawn by itself
_AT_ONCE = 2_500  # records of one question
_STEPS = 14  # questions at most
Squares = dict[tuple[frozenset[bytes], float], float]


class Step(Record):
    """A modality whose studies are drawn by `count` endings of `width` figures, each of about `each` records."""

    code: bytes
    width: int
    count: int
    each: float


class Plan(Record):
    """Steps, and what they come to: the variance of the images, relative to their square, and the records."""

    steps: tuple[Step, ...]
    variance: float
    records: float


def planned(draws: tuple[Draw, ...], goal: float, left: float, dear: float) -> Plan:
    """Each step is the question that helps most for each record; one costs `dear` records beside those it brings.

    `goal` is the relative variance that is enough.
    """
    often = expected(draws)
    units = [unit for draw in draws for unit in draw.units if unit.images and often(unit)]
    found = sum(unit.images / often(unit) for unit in units) or 1.0
    sizes: dict[bytes, float] = {}
    squares: Squares = {}
    for unit in units:
        alike = unit.modalities, often(unit)
        squares[alike] = squares.get(alike, 0.0) + unit.images**2
        for code in unit.modalities:
            sizes[code] = sizes.get(code, 0.0) + 1 / often(unit)
    choices = [
        (code, width) for code, size in sizes.items() if size > _RARE and code.isalnum() for width in _widths(size)
    ]
    steps: Counter[tuple[bytes, int]] = Counter()
    spent, now = 0.0, _variance_with(squares, steps)
    while sum(steps.values()) < _STEPS and now > goal * found**2:
        after = {
            choice: _variance_with(squares, steps + Counter([choice]))
            for choice in choices
            if spent + sizes[choice[0]] / 10 ** choice[1] <= left and steps[choice] < 10 ** choice[1]
        }
        gains = {
            (code, width): (now - then) / (dear + sizes[code] / 10**width) for (code, width), then in after.items()
        }
        best = max(gains, key=gains.__getitem__, default=None)
        if best is None or gains[best] <= 0:
            break
        steps[best] += 1
        spent += sizes[best[0]] / 10 ** best[1]
        now = after[best]
    taken = tuple(
        Step(code=code, width=width, count=count, each=sizes[code] / 10**width)
        for (code, width), count in steps.items()
    )
    return Plan(steps=taken, variance=now / found**2, records=spent)


def _widths(size: float) -> tuple[int, ...]:
    """How wide the endings are that bring up to _AT_ONCE records of `size`, and those that bring a tenth of it."""
    width = max(1, ceil(log10(size / _AT_ONCE)))
    return width, width + 1


def _variance_with(squares: Squares, steps: Counter[tuple[bytes, int]]) -> float:
    """The variance of the images to be expected where each modality is drawn so many times more."""
    shares: dict[bytes, float] = {}
    for (code, width), count in steps.items():
        shares[code] = shares.get(code, 0.0) + OF_A_KIND * count / 10**width
    return sum(
        square / (chance * (chance + sum(shares.get(code, 0.0) for code in modalities)))
        for (modalities, chance), square in squares.items()
    )
