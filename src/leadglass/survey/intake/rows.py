"""Millions of rows are sorted and told apart in a few bytes each: no object outlives the row that it was."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby

_AT_ONCE = 65_536  # rows that are sorted together


class Rows:
    """Rows of bytes, all of one length, that come out in order and each once."""

    def __init__(self, length: int) -> None:
        """`length` is a row's, in bytes."""
        self.length = length
        self._parts: list[bytes] = []
        self._last: set[bytes] = set()

    def add(self, row: bytes) -> None:
        """One more; it may be there already."""
        self._last.add(row)
        if len(self._last) == _AT_ONCE:
            self._put_away()

    def __iter__(self) -> Iterator[bytes]:
        self._put_away()
        together = merge(*(cut(part, self.length) for part in self._parts))
        return (row for row, _ in groupby(together))

    def _put_away(self) -> None:
        if self._last:
            self._parts.append(b"".join(sorted(self._last)))
            self._last = set()


def cut(rows: bytes | bytearray, length: int) -> Iterator[bytes]:
    """Rows that were put together, one by one."""
    return (bytes(rows[at : at + length]) for at in range(0, len(rows), length))


def by_beginning(rows: Iterable[bytes], length: int) -> Iterator[tuple[bytes, list[bytes]]]:
    """What rows in order begin with, up to a `length`, and the ends of those that do."""
    for beginning, alike in groupby(rows, key=lambda row: row[:length]):
        yield beginning, [row[length:] for row in alike]
