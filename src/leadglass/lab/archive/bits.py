"""Chance is a function of a seed, a purpose and an index: one seed gives the same bits on every machine and numpy.

Only sums, products and shifts of 64-bit integers are used (splitmix64), none of numpy's own generators, whose
streams may change from version to version.
"""

import math
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

WORD = 1 << 64
_STEP = 0x9E3779B97F4A7C15
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_UNDONE = tuple(pow(factor, -1, WORD) for factor in _FACTORS)


@lru_cache(maxsize=4096)
def key_of(seed: int, purpose: str) -> int:
    """64 bits that belong to `purpose` alone."""
    return int.from_bytes(blake2b(f"{seed}/{purpose}".encode(), digest_size=8).digest(), "little")


def mixed(words: U64) -> U64:
    """Each word as another one, no two alike: splitmix64's finaliser, which is a permutation."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(_FACTORS[0])
    words = (words ^ (words >> np.uint64(27))) * np.uint64(_FACTORS[1])
    return words ^ (words >> np.uint64(31))


def unmixed(words: U64) -> U64:
    """What `mixed` made these words of."""
    words = _unshifted(words, 31) * np.uint64(_UNDONE[1])
    words = _unshifted(words, 27) * np.uint64(_UNDONE[0])
    return _unshifted(words, 30)


def _unshifted(words: U64, shift: int) -> U64:
    """`x` from `x ^ (x >> shift)`, for a shift of 22 or more."""
    found: U64 = words ^ (words >> np.uint64(shift)) ^ (words >> np.uint64(2 * shift))
    return found


def bits(seed: int, purpose: str, indices: npt.NDArray[np.unsignedinteger | np.signedinteger]) -> U64:
    """64 random bits for each index."""
    return mixed(indices.astype(np.uint64) * np.uint64(_STEP) + np.uint64(key_of(seed, purpose)))


def below(words: U64, limit: int) -> Ints:
    """A number from 0 to `limit` - 1 of each word's upper half; `limit` is below 2^31."""
    return ((words >> np.uint64(32)) * np.uint64(limit) >> np.uint64(32)).astype(np.int64)


def low(words: U64, count: int) -> Ints:
    """The lowest `count` bits of each word, which `below` does not use."""
    return (words & np.uint64((1 << count) - 1)).astype(np.int64)


def ladder(weights: tuple[int, ...], steps: int = 1024) -> Bytes:
    """A table of `steps` entries in which each number stands as often as its weight says; every one at least once."""
    total, reached = sum(weights), 0
    rungs: list[int] = []
    for number, weight in enumerate(weights):
        reached += weight
        rungs += [number] * max(1, reached * steps // total - len(rungs))
    return np.array(rungs[:steps], dtype=np.uint8)


class Scatter:
    """The numbers below `count` go to distinct numbers below `modulus`, and back: i to (a i + c) mod `modulus`."""

    def __init__(self, seed: int, purpose: str, count: int, modulus: int) -> None:
        """`count` is not above `modulus`, and their product is below 2^63."""
        if count > modulus or count * modulus >= WORD // 2:
            raise ValueError(f"{count} numbers do not go into {modulus}")
        self._modulus = modulus
        # Near the golden ratio neighbours fall far apart, evenly.
        factor = max(1, modulus * 618 // 1000 + key_of(seed, purpose) % (modulus // 100 + 1)) % modulus or 1
        while math.gcd(factor, modulus) != 1:
            factor += 1
        self._factor = factor
        self._back = pow(factor, -1, modulus) if modulus > 1 else 0
        self._offset = key_of(seed, purpose + "+") % modulus
        self._count = count

    def of(self, indices: npt.NDArray[np.unsignedinteger | np.signedinteger]) -> U64:
        """The number of each index."""
        scaled = indices.astype(np.uint64) * np.uint64(self._factor)
        return (scaled + np.uint64(self._offset)) % np.uint64(self._modulus)

    def index_of(self, number: int) -> int | None:
        """The index that has `number`, None where no index below `count` has."""
        index = (number - self._offset) * self._back % self._modulus
        return index if 0 <= number < self._modulus and index < self._count else None
