"""Identifiers that end in figures fall into parts by their last ones: a part drawn by chance is a fair share of all.

No evenness is needed: every value with so many figures at its end is drawn with the same chance.
"""

from collections.abc import Callable

MAX_WIDTH = 6
MAX_ENDINGS = 40
_ENOUGH = 0.12  # of what is wanted, that need not be asked for in small pieces


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


def endings_for(total: float, wanted: float, most: float) -> list[tuple[int, int]]:
    """How many endings of which widths bring about `wanted` of `total` records, at most `most` at a time.

    The fewest questions that come close enough, since each costs a server something whatever it brings; never more
    than `MAX_ENDINGS` of one width.
    """
    chosen: list[tuple[int, int]] = []
    left = min(wanted, total)
    for width in range(1, MAX_WIDTH + 1):
        each = total / 10**width
        count = min(9 if chosen else MAX_ENDINGS, 10**width, int(left / each + 0.25)) if each else 0
        if each <= most and count and (not chosen or left > _ENOUGH * wanted):
            chosen.append((width, count))
            left -= count * each
    return chosen or [(MAX_WIDTH, 1)]
