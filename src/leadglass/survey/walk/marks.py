"""How far a shard has come is told by a low-water mark and the completions above it: nothing in flight is lost."""

_MAX_SPAN = 1 << 24  # positions that one shard may hold: what stands above its mark stays a small number of bytes


class Marks:
    """The positions of one shard: below `low` all are done, and some above it; none at or above `high` was begun.

    `high` is promised before the first connection to a position below it, so that after a crash it is known which
    positions may have been contacted already.
    """

    def __init__(
        self, first: int, last: int, low: int | None = None, high: int | None = None, above: bytes = b""
    ) -> None:
        """Positions from `first` up to, and without, `last`. Raises ValueError for marks that contradict each other."""
        self.first, self.last = first, last
        self.low = first if low is None else low
        self.high = self.low if high is None else high
        if not (first <= self.low <= self.high <= last and last - first <= _MAX_SPAN):
            raise ValueError(f"marks {self.low} and {self.high} of a shard from {first} to {last}")
        self._above = {self.low + bit for bit in _bits(above)}
        if self._above and not self.low < max(self._above) < self.high:
            raise ValueError(f"completions above {self.low} reach beyond {self.high}")

    def promise(self, high: int) -> None:
        """Positions below `high` may be begun from now on."""
        self.high = min(max(self.high, high), self.last)

    def is_done(self, position: int) -> bool:
        """Whether a position needs no visit any more."""
        return position < self.low or position in self._above

    def done(self, position: int) -> None:
        """One more position is done."""
        if position != self.low:
            self._above.add(position)
            return
        self.low += 1
        while self.low in self._above:
            self._above.remove(self.low)
            self.low += 1

    @property
    def above(self) -> bytes:
        """The completions above the mark as bits, the lowest of the first byte being the mark's own position."""
        bits = sum(1 << (position - self.low) for position in self._above) if len(self._above) < 8 else self._packed()
        return bits.to_bytes((bits.bit_length() + 7) // 8, "little")

    def _packed(self) -> int:
        packed = bytearray((max(self._above) - self.low) // 8 + 1)
        for position in self._above:
            packed[(position - self.low) // 8] |= 1 << (position - self.low) % 8
        return int.from_bytes(packed, "little")

    @property
    def complete(self) -> bool:
        """Whether every position is done."""
        return self.low >= self.last

    @property
    def unsure(self) -> int:
        """Positions that were promised and are not done: after a crash, those that may be contacted again."""
        return self.high - self.low - len(self._above)

    @property
    def completed(self) -> int:
        """Positions that are done."""
        return self.low - self.first + len(self._above)


def _bits(packed: bytes) -> list[int]:
    return [8 * place + bit for place, byte in enumerate(packed) if byte for bit in range(8) if byte >> bit & 1]
