"""Many short texts are one block of bytes, a row each, in which a zero byte is a place left empty.

So texts of different lengths are made by table look-ups and arithmetic for thousands of rows at once, and the zeros
fall out when a block is written.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leadglass.lab.archive.bits import U64, Bytes, Flags, Ints
from leadglass.lab.archive.days import NO_DATE, as_text, written_days, written_seconds

_GROUP = 10_000  # four digits at a time


class Text(NamedTuple):
    """One text a row, and how many of its bytes are there."""

    block: Bytes
    lengths: Ints

    def strings(self) -> list[str]:
        """Each row as a string."""
        width = self.block.shape[1]
        data = np.ascontiguousarray(self.block).tobytes()
        return [
            data[at : at + width].replace(b"\0", b"").decode("ascii")
            for at in range(0, width * len(self.lengths), width or 1)
        ] or [""] * len(self.lengths)

    def ending(self, tail: bytes) -> Flags:
        """Which rows end with `tail`, wherever their places are left empty."""
        last = self.block[:, -len(tail) :]
        flags = np.zeros(len(self.lengths), dtype=np.bool_)
        if last.shape[1] == len(tail):
            flags = np.logical_and.reduce([last[:, place] == byte for place, byte in enumerate(tail)])
        gaps = np.flatnonzero((self.lengths >= len(tail)) & ~last.all(axis=1))
        if len(gaps):
            flags[gaps] = _ending(self.block[gaps], tail)
        return flags


def _ending(block: Bytes, tail: bytes) -> Flags:
    """As `Text.ending`, of rows that have empty places at their end."""
    there = block != 0
    from_end = np.cumsum(there[:, ::-1], axis=1, dtype=np.uint8)[:, ::-1]
    flags: Flags = np.logical_and.reduce(
        [((from_end == place) & there & (block == byte)).any(axis=1) for place, byte in enumerate(reversed(tail), 1)]
    )
    return flags


class Table:
    """A list of texts that rows take theirs from by a code."""

    def __init__(self, text: Text) -> None:
        """`text` has a row for each code."""
        self._text = text

    def of(self, codes: npt.NDArray[np.integer]) -> Text:
        """The texts of `codes`."""
        return Text(self._text.block[codes], self._text.lengths[codes])

    def strings(self) -> list[str]:
        """Every text, in the order of the codes."""
        return self._text.strings()


def table(texts: tuple[str, ...]) -> Table:
    """A table of these texts."""
    encoded = [text.encode("ascii") for text in texts]
    width = max(map(len, encoded))
    block = np.frombuffer(b"".join(one.ljust(width, b"\0") for one in encoded), dtype=np.uint8)
    return Table(Text(block.reshape(len(texts), width), np.array([len(one) for one in encoded], dtype=np.int64)))


@cache
def dates() -> Table:
    """All dates, by their numbers."""
    block = as_text(written_days(), 8)
    block[NO_DATE] = 0
    lengths = np.full(len(block), 8)
    lengths[NO_DATE] = 0
    return Table(Text(block, lengths))


@cache
def times() -> Table:
    """All times, by their seconds."""
    block = as_text(written_seconds(), 6)
    return Table(Text(block, np.full(len(block), 6)))


def digits(numbers: U64, width: int, *, padded: bool) -> Text:
    """Each number in decimal, with leading zeros to `width` where `padded`, else without any."""
    groups = -(-width // 4)
    written = np.empty((len(numbers), groups), dtype=np.uint32)
    left = numbers
    for column in range(groups - 1, -1, -1):
        above = left // np.uint64(_GROUP)
        written[:, column] = _fours()[(left - above * np.uint64(_GROUP)).astype(np.intp)]
        left = above
    block = written.view(np.uint8)[:, groups * 4 - width :]
    if padded:
        return Text(block, np.full(len(numbers), width))
    lengths = np.searchsorted(_powers(width), numbers, side="right") + 1
    return Text(np.where(np.arange(width) >= (width - lengths)[:, None], block, np.uint8(0)), lengths)


def joined(*parts: Text | bytes, rows: int) -> Text:
    """The parts of each row one after another; a part in bytes is the same in every row."""
    blocks = [
        np.broadcast_to(np.frombuffer(part, dtype=np.uint8), (rows, len(part)))
        if isinstance(part, bytes)
        else part.block
        for part in parts
    ]
    lengths = sum((part.lengths for part in parts if isinstance(part, Text)), np.zeros(rows, dtype=np.int64))
    return Text(np.hstack(blocks), lengths + sum(len(part) for part in parts if isinstance(part, bytes)))


@cache
def _fours() -> npt.NDArray[np.uint32]:
    """Four ASCII digits for each number below 10,000, in the machine's own order."""
    return as_text(np.arange(_GROUP), 4).view(np.uint32).reshape(-1)


@cache
def _powers(width: int) -> U64:
    """10, 100, … up to `width` digits."""
    return np.array([10**power for power in range(1, width)], dtype=np.uint64)
