"""Identifiers that end in figures fall into parts by their last ones: a part drawn by chance is a fair share of all.

No evenness is needed: every value with so many figures at its end is drawn with the same chance.
"""

from collections.abc import Callable
from math import ceil

MAX_WIDTH = 6


def figures_at_end(value: bytes) -> int:
    """How many figures an identifier ends with, up to MAX_WIDTH."""
    plain = value.rstrip(b" \0")
    count = 0
    while count < min(len(plain), MAX_WIDTH) and 48 <= plain[-1 - count] <= 57:
        count += 1
    return count


def drawn_tails(width: int, count: int, below: Callable[[int], int]) -> tuple[str, ...]:
    """`count` different endings of `width` figures; `below(n)` is a random number from 0 to n - 1."""
    size = 10**width
    chosen: set[int] = set()
    while len(chosen) < min(count, size):
        chosen.add(below(size))
    return tuple(f"{one:0{width}}" for one in sorted(chosen))


def width_for(total: float, wanted: float, most: float) -> tuple[int, int]:
    """How wide an ending, and how many of them, bring about `wanted` of `total` records, at most `most` at a time.

    The fewest questions that come close enough, since each costs a server something whatever it brings.
    """
    share = min(1.0, wanted / total) if total else 1.0
    for width in range(1, MAX_WIDTH):
        count = share * 10**width
        if count >= 1.5 and total / 10**width <= most:
            return width, max(2, min(10**width, ceil(count - 0.2)))
    return MAX_WIDTH, max(2, ceil(share * 10**MAX_WIDTH))
