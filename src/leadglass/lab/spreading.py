"""A total is divided among many by whole numbers alone, so that the parts add up to it on every machine."""

from collections.abc import Hashable, Mapping, Sequence
from hashlib import blake2b
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def number(*words: object) -> int:
    """A number of 64 bits that follows from `words` and from nothing else."""
    digest = blake2b("/".join(str(word) for word in words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def order(count: int, *words: object) -> list[int]:
    """The numbers below `count` in an order that follows from `words`."""
    return sorted(range(count), key=lambda index: (number(*words, index), index))


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in parts as near to `weights` as whole numbers allow, by the largest remainders; equal if all are 0."""
    if not weights:
        if total:
            raise ValueError(f"{total} cannot be divided among none")
        return []
    used = weights if any(weights) else [1] * len(weights)
    whole = sum(used)
    parts = [total * weight // whole for weight in used]
    left = total - sum(parts)
    for index in sorted(range(len(used)), key=lambda i: (-(total * used[i] % whole), i))[:left]:
        parts[index] += 1
    return parts


def bounded_shares(total: int, weights: Sequence[int], most: Sequence[int]) -> list[int]:
    """As `shares`, with no part above its `most`; what does not fit goes to the others."""
    if total > sum(most):
        raise ValueError(f"{total} is more than all places hold ({sum(most)})")
    parts = [0] * len(weights)
    left = total
    while left:
        free = [index for index, part in enumerate(parts) if part < most[index]]
        wanted = shares(left, [weights[index] for index in free])
        left = 0
        for index, part in zip(free, wanted, strict=True):
            taken = min(part, most[index] - parts[index])
            parts[index] += taken
            left += part - taken
    return parts


def heavy_tail(count: int, *words: object) -> list[int]:
    """Weights of which few are large and many small (one over the rank), in an order that follows from `words`."""
    weights = [0] * count
    for rank, index in enumerate(order(count, *words)):
        weights[index] = 10**9 // (rank + 1)
    return weights


def dealt(weights: Mapping[Name, int], count: int, *words: object) -> list[Name]:
    """`count` names, each as often as its weight says, in an order that follows from `words`.

    Where there are enough to go round, each name with a weight is there at least once.
    """
    names = [name for name, weight in weights.items() if weight]
    often = shares(count, [weights[name] for name in names])
    for index, times in enumerate(often):
        if not times and len(names) <= count:
            often[often.index(max(often))] -= 1
            often[index] = 1
    together = [name for name, times in zip(names, often, strict=True) for _ in range(times)]
    return [together[index] for index in order(count, *words)]
