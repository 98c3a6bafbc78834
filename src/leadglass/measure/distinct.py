"""How many different values went by is known without keeping one, in memory that stays small however many they are.

A value comes as a number of 64 bits, which a keyed hash made of it. `Known` tells exactly which were there before;
`Distinct` counts exactly up to a stated number, and from there on by a sketch with a stated error.
"""

from array import array

from leadglass.model.exposure import Count
from leadglass.model.words import CountKind

_SET_MOST = 1 << 16  # up to here Python's own set is quicker, and its memory is nothing to speak of
EXACT_MOST = 1_000_000
"""Distinct values that are counted exactly: 16 to 24 MB; two share a number once in 37 million counts."""
_BITS = 16
_REGISTERS = 1 << _BITS
SKETCH_ERROR = 1.04 / _REGISTERS**0.5
"""The sketch's relative standard error (Flajolet et al., "HyperLogLog", 2007, theorem 1): 0.41 %."""
CONFIDENCE = 0.95
_HALF_WIDTH = 1.96 * SKETCH_ERROR
_MASK = (1 << 64) - 1


class Known:
    """A set of numbers of 64 bits at 8 to 23 bytes each."""

    def __init__(self) -> None:
        """Empty."""
        self._few: set[int] | None = set()
        self._table = array("Q")
        self._count = 0

    def __len__(self) -> int:
        """How many there are."""
        return self._count if self._few is None else len(self._few)

    def __contains__(self, number: object) -> bool:
        """Whether a number is there."""
        if self._few is not None:
            return number in self._few
        return isinstance(number, int) and self._table[self._slot(_spread(number))] != 0

    def add(self, number: int) -> bool:
        """Puts a number in; whether it was not there."""
        if self._few is None:
            return self._put(_spread(number))
        before = len(self._few)
        self._few.add(number)
        grown = len(self._few) > before
        if len(self._few) > _SET_MOST:
            self._to_table(self._few)
        return grown

    def numbers(self) -> list[int]:
        """All of them as they are held, in no order."""
        if self._few is not None:
            return [_spread(number) for number in self._few]
        return [number for number in self._table if number]

    def _to_table(self, few: set[int]) -> None:
        self._few = None
        self._table = array("Q", bytes(8 * 4 * _SET_MOST))
        for number in few:
            self._put(_spread(number))

    def _put(self, number: int) -> bool:
        slot = self._slot(number)
        if self._table[slot]:
            return False
        self._table[slot] = number
        self._count += 1
        if self._count * 3 > len(self._table) * 2:
            self._grow()
        return True

    def _slot(self, number: int) -> int:
        """Where a number stands, or would stand (open addressing, one step after another)."""
        table, mask = self._table, len(self._table) - 1
        slot = number & mask
        while (held := table[slot]) and held != number:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        held = self._table
        self._table = array("Q", bytes(16 * len(held)))
        for number in held:
            if number:
                self._table[self._slot(number)] = number


def _spread(number: int) -> int:
    """The number as it is held: without a sign, and never 0, which is an empty place."""
    return number & _MASK or 1


class Distinct:
    """Counts distinct numbers of 64 bits: exactly up to `exact_most`, then by a HyperLogLog sketch of 64 KB."""

    def __init__(self, exact_most: int = EXACT_MOST) -> None:
        """Nothing counted."""
        self._exact_most = exact_most
        self._known: Known | None = Known()
        self._registers = bytearray()

    def add(self, number: int) -> None:
        """One more value."""
        if self._known is None:
            self._sketch(_spread(number))
            return
        self._known.add(number)
        if len(self._known) > self._exact_most:
            self._registers = bytearray(_REGISTERS)
            for held in self._known.numbers():
                self._sketch(held)
            self._known = None

    def _sketch(self, number: int) -> None:
        place = number >> (64 - _BITS)
        rest = number & ((1 << (64 - _BITS)) - 1)
        rank = 64 - _BITS - rest.bit_length() + 1
        self._registers[place] = max(self._registers[place], rank)

    @property
    def is_exact(self) -> bool:
        """Whether the figure is exact."""
        return self._known is not None

    @property
    def value(self) -> int:
        """How many there are, or are most likely to be."""
        if self._known is not None:
            return len(self._known)
        # Beyond EXACT_MOST there are many times more values than registers: no correction for few is needed, and
        # with 64 bits none for many (Heule, Nunkesser and Hall, "HyperLogLog in Practice", 2013).
        alpha = 0.7213 / (1 + 1.079 / _REGISTERS)
        counts = [0] * (64 - _BITS + 2)
        for register in self._registers:
            counts[register] += 1
        total = sum(count / (1 << rank) for rank, count in enumerate(counts))
        return round(alpha * _REGISTERS * _REGISTERS / total)

    def figure(self, *, complete: bool) -> Count:
        """The figure with its interval; at-least where the count did not come to its end."""
        value = self.value
        if self.is_exact:
            return Count.exact(value) if complete else Count.at_least(value)
        low, high = round(value / (1 + _HALF_WIDTH)), round(value / (1 - _HALF_WIDTH))
        if not complete:
            return Count.at_least(low)
        return Count(count=value, kind=CountKind.ESTIMATE, low=low, high=high, confidence=CONFIDENCE)
