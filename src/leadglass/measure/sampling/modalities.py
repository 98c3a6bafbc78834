"""Which modalities are drawn how often, so that the number of images becomes sure with the fewest records."""

from leadglass.measure.sampling.estimate import Draw, expected
from leadglass.measure.sampling.frames import OF_A_KIND
from leadglass.measure.sampling.tails import endings_for
from leadglass.model.record import Record

_RARE = 1_000  # studies of a modality below which it is not drawn by itself
_AT_ONCE = 2_500  # records of one question
_ROUNDS = 50  # in which the records are handed out, each to whom it helps most
_SLIGHT = 0.05  # of the records: a modality that gets less is not worth a question
Squares = dict[tuple[frozenset[bytes], float], float]


class Step(Record):
    """A modality whose studies are drawn by `count` endings of `width` figures, each of about `each` records."""

    code: bytes
    width: int
    count: int
    each: float


class Plan(Record):
    """Steps, and what they come to: the variance of the images, relative to their square."""

    steps: tuple[Step, ...]
    variance: float


def planned(draws: tuple[Draw, ...], goal: float, left: float) -> Plan:
    """`left` records go where they help most (Neyman's allocation, step by step), until `goal` is reached.

    `goal` is the relative variance that is enough.
    """
    often = expected(draws)
    units = [(unit, draw.frame.worth) for draw in draws for unit in draw.units if unit.images and often(unit)]
    found = sum(worth * unit.images / often(unit) for unit, worth in units) or 1.0
    sizes: dict[bytes, float] = {}
    squares: Squares = {}
    for unit, worth in units:
        alike = unit.modalities, often(unit)
        squares[alike] = squares.get(alike, 0.0) + worth * unit.images**2
        for code in unit.modalities:
            sizes[code] = sizes.get(code, 0.0) + worth / often(unit)
    records = _handed_out(squares, sizes, goal * found**2, left)
    steps = tuple(
        Step(code=code, width=width, count=count, each=sizes[code] / 10**width)
        for code, wanted in records.items()
        if wanted > _SLIGHT * left
        for width, count in endings_for(sizes[code], wanted, _AT_ONCE)
    )
    shares: dict[bytes, float] = {}
    for step in steps:
        shares[step.code] = shares.get(step.code, 0.0) + step.count / 10**step.width
    return Plan(steps=steps, variance=_variance_with(squares, shares) / found**2)


def _handed_out(squares: Squares, sizes: dict[bytes, float], goal: float, left: float) -> dict[bytes, float]:
    """How many records of each modality bring the variance of the images down the most."""
    choices = [code for code, size in sizes.items() if size > _RARE and code.isalnum()]
    records = dict.fromkeys(choices, 0.0)
    a_round = left / _ROUNDS
    for _ in range(_ROUNDS):
        shares = {code: records[code] / sizes[code] for code in choices}
        if _variance_with(squares, shares) <= goal:
            break
        open_to = [code for code in choices if records[code] + a_round <= sizes[code]]
        if not open_to:
            break
        with_one = {
            code: _variance_with(squares, {**shares, code: shares[code] + a_round / sizes[code]}) for code in open_to
        }
        records[min(with_one, key=with_one.__getitem__)] += a_round
    return records


def _variance_with(squares: Squares, shares: dict[bytes, float]) -> float:
    """The variance of the images to be expected where such a share of each modality is drawn beside the rest."""
    return sum(
        square / (chance * (chance + OF_A_KIND * sum(shares.get(code, 0.0) for code in modalities)))
        for (modalities, chance), square in squares.items()
    )
