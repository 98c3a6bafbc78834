"""A question is answered by records of an archive; a server's habits cut the answer, and decide how it ends."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leadglass.lab.archive import Archive, Rows
from leadglass.lab.archive.fields import known_at, told_at
from leadglass.lab.asking import UNABLE_TO_PROCESS, QueryError, asked_back, query, retrieval
from leadglass.lab.habits import PLAIN, Capping, Habits
from leadglass.lab.manners import STANDARD, Manners
from leadglass.lab.matching import Wanted
from leadglass.lab.writing import Column, constant, written
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, encode

_SUCCESS, _ENDED_UNASKED = 0x0000, 0xFE00
# The first answers come soon, and later ones in blocks that numpy is fast with.
_FIRST_BLOCK, _LARGEST_BLOCK = 128, 4096


class Encoded(NamedTuple):
    """Data sets one after another, and where each ends."""

    data: bytes
    ends: list[int]


class Answer:
    """The identifiers of the responses, read once from the front to the end.

    `ending` is the final status when all were read, None where the connection ends instead. `matches` is how many
    there are to be, None where nobody had to know before the first.
    """

    def __init__(self, found: Iterable[Encoded], habits: Habits = PLAIN, matches: int | None = None) -> None:
        """`habits` say how many are given at most."""
        drops = habits.drops_after is not None and (habits.limit is None or habits.drops_after <= habits.limit)
        self._found = found
        self._most = habits.drops_after if drops else habits.limit
        self._cut = None if drops else _ENDED_UNASKED if habits.capping is Capping.PENDING_ENDED else _SUCCESS
        self.matches = matches if matches is None or self._most is None else min(matches, self._most)
        self.ending: int | None = _SUCCESS

    def __iter__(self) -> Iterator[Encoded]:
        """Block after block."""
        left = self._most
        for data, ends in self._found:
            if left is not None and len(ends) > left:
                self.ending = self._cut
                if left:
                    yield Encoded(data[: ends[left - 1]], ends[:left])
                return
            left = None if left is None else left - len(ends)
            yield Encoded(data, ends)


def find(
    archive: Archive,
    sop_class_uid: str,
    identifier: DataSet,
    habits: Habits = PLAIN,
    manners: Manners = STANDARD,
    *,
    explicit: bool,
) -> Answer:
    """The answer to a query. Raises QueryError at once, not at the first record."""
    asked = query(sop_class_uid, identifier, habits, manners)
    if asked is None:
        return Answer(())
    level, wanted = asked
    matches = _matches(archive, level, wanted, habits)
    returned = asked_back(identifier, habits, manners)
    blocks = _blocks(archive.select(level, wanted))
    return Answer((_encoded(archive, level, rows, returned, explicit) for rows in blocks), habits, matches)


def _matches(archive: Archive, level: str, wanted: Wanted, habits: Habits) -> int | None:
    """How many match, where that decides something before the first answer. Raises QueryError for too many."""
    all_or_nothing = habits.limit is not None and habits.capping is Capping.NOTHING
    if not all_or_nothing and not (habits.computes_first and habits.match_cost_s):
        return None
    matches = sum(len(rows) for rows in archive.select(level, wanted))
    if all_or_nothing and habits.limit is not None and matches > habits.limit:
        raise QueryError(UNABLE_TO_PROCESS, looked=True)
    return matches


def count_images(
    archive: Archive, sop_class_uid: str, identifier: DataSet, habits: Habits = PLAIN, manners: Manners = STANDARD
) -> int:
    """How many images a retrieval would move. Raises QueryError."""
    asked = retrieval(sop_class_uid, identifier, habits, manners)
    return 0 if asked is None else archive.count_images(asked.level, asked.wanted, habits.losses)


def encoded_each(data_sets: Iterator[DataSet], *, explicit: bool) -> Iterator[Encoded]:
    """Data sets that are made one by one, as `find` gives them."""
    for data_set in data_sets:
        data = encode(data_set, explicit=explicit)
        yield Encoded(data, [len(data)])


def _blocks(found: Iterator[Rows]) -> Iterator[Rows]:
    size = _FIRST_BLOCK
    for rows in found:
        at = 0
        while at < len(rows):
            yield rows.part(at, at + size)
            at, size = at + size, min(size * 2, _LARGEST_BLOCK)


def _encoded(archive: Archive, level: str, rows: Rows, asked: list[int], explicit: bool) -> Encoded:
    """What was asked of each row; an attribute is empty where the archive does not know it (PS3.4 C.4.1.3.2)."""
    fields, known = archive.fields, {*known_at(level), *told_at(level)}
    columns: list[Column] = []
    for tag in asked:
        if tag in known:
            columns.append(Column(tag, fields.text(tag, rows)))
        else:
            columns.append(Column(tag, constant(level if tag == tags.QUERY_RETRIEVE_LEVEL else "", len(rows))))
    return Encoded(*written(columns, len(rows), explicit=explicit))
