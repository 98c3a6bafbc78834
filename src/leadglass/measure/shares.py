"""What a share of a few records says about all: the interval of Clopper and Pearson, in plain arithmetic.

C. J. Clopper, E. S. Pearson, The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial,
Biometrika 26 (1934) 404-413. Of the usual intervals it is the wide one: it holds the truth at least as often as it
says, whatever the truth is, and more often still where the few records are a large part of all.
"""

from collections.abc import Callable
from math import comb

CONFIDENCE = 0.95
_HALVINGS = 40  # to a trillionth


def interval(having: int, looked_at: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The least and the greatest share in all that `having` of `looked_at` leaves possible; (0, 1) for none.

    For samples: beyond a thousand records its sums are too large for a float.
    """
    tail = (1 - confidence) / 2
    low = 0.0 if having == 0 else _where(lambda share: 1 - _at_most(having - 1, looked_at, share) >= tail)
    high = 1.0 if having == looked_at else _where(lambda share: _at_most(having, looked_at, share) <= tail)
    return low, high


def _at_most(having: int, looked_at: int, share: float) -> float:
    """How likely `having` or fewer are, where `share` of all have it."""
    return sum(comb(looked_at, k) * share**k * (1 - share) ** (looked_at - k) for k in range(having + 1))


def _where(holds: Callable[[float], bool]) -> float:
    """The share from which on `holds` does."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
