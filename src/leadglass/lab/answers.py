"""A query's identifier becomes the records that answer it, or the status that refuses it (PS3.4 C.4.1, K.4.1).

A server's habits cut the answer, and decide how it ends.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from leadglass.lab.archive import Archive, Rows
from leadglass.lab.archive.fields import known_at
from leadglass.lab.habits import PLAIN, Capping, Habits
from leadglass.lab.matching import COUNTS, Wanted, plain, wanted_of
from leadglass.lab.writing import Column, constant, written
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, encode
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET

DOES_NOT_MATCH_SOP_CLASS = 0xA900  # PS3.4 C.4.1.1.4: the identifier is not one of this model
UNABLE_TO_PROCESS = 0xC000
_SUCCESS, _ENDED_UNASKED = 0x0000, 0xFE00
_PATIENT_ROOT = (PATIENT_ROOT_FIND, PATIENT_ROOT_GET)
# The unique keys above a level: a hierarchical query gives each of them (PS3.4 C.4.1.3.1.1).
_ABOVE = {
    PATIENT: (),
    STUDY: (),
    SERIES: (tags.STUDY_INSTANCE_UID,),
    IMAGE: (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID),
}
_KNOWN = frozenset({tags.QUERY_RETRIEVE_LEVEL, tags.SPECIFIC_CHARACTER_SET, *known_at(IMAGE)})
# The first answers come soon, and later ones in blocks that numpy is fast with.
_FIRST_BLOCK, _LARGEST_BLOCK = 128, 4096


class QueryError(Exception):
    """The query is answered with `status` and no record; None ends the association.

    `looked` says that the server looked into its archive before it said so.
    """

    def __init__(self, status: int | None, *, looked: bool = False) -> None:
        """`status` is a DIMSE failure."""
        super().__init__("abort" if status is None else f"{status:04X}H")
        self.status = status
        self.looked = looked


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
    archive: Archive, sop_class_uid: str, identifier: DataSet, *, explicit: bool, habits: Habits = PLAIN
) -> Answer:
    """The answer to a query. Raises QueryError at once, not at the first record."""
    level, wanted = _question(sop_class_uid, identifier, habits)
    if any(tag not in wanted.keys for tag in _ABOVE[level]):
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    matches = _matches(archive, level, wanted, habits)
    asked = {tags.QUERY_RETRIEVE_LEVEL, *(element.tag for element in identifier)}
    returned = sorted(asked if habits.counts else asked - COUNTS)
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


def count_images(archive: Archive, sop_class_uid: str, identifier: DataSet, habits: Habits = PLAIN) -> int:
    """How many images a retrieval would move. Raises QueryError."""
    level, wanted = _question(sop_class_uid, identifier, habits)
    if not wanted.keys:  # a retrieval names what it wants (PS3.4 C.4.3.1.3.1)
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    return archive.count_images(level, wanted)


def encoded_each(data_sets: Iterator[DataSet], *, explicit: bool) -> Iterator[Encoded]:
    """Data sets that are made one by one, as `find` gives them."""
    for data_set in data_sets:
        data = encode(data_set, explicit=explicit)
        yield Encoded(data, [len(data)])


def refuse_unknown(identifier: DataSet, known: frozenset[int], habits: Habits) -> None:
    """Raises QueryError where an attribute that the server does not know ends the association."""
    if habits.aborts_on_unknown_keys and any(element.tag not in known for element in identifier):
        raise QueryError(None)


def _question(sop_class_uid: str, identifier: DataSet, habits: Habits) -> tuple[str, Wanted]:
    refuse_unknown(identifier, _KNOWN, habits)
    levels = [plain(e.value) for e in identifier if e.tag == tags.QUERY_RETRIEVE_LEVEL and isinstance(e.value, bytes)]
    level = levels[0] if levels else ""
    if level not in _ABOVE or (level == PATIENT and sop_class_uid not in _PATIENT_ROOT):
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    return level, wanted_of(identifier, habits)


def _blocks(found: Iterator[Rows]) -> Iterator[Rows]:
    size = _FIRST_BLOCK
    for rows in found:
        at = 0
        while at < len(rows):
            yield rows.part(at, at + size)
            at, size = at + size, min(size * 2, _LARGEST_BLOCK)


def _encoded(archive: Archive, level: str, rows: Rows, asked: list[int], explicit: bool) -> Encoded:
    """What was asked of each row; an attribute is empty where the archive does not know it (PS3.4 C.4.1.3.2)."""
    fields, known = archive.fields, known_at(level)
    columns: list[Column] = []
    for tag in asked:
        if tag in known:
            columns.append(Column(tag, fields.text(tag, rows)))
        else:
            columns.append(Column(tag, constant(level if tag == tags.QUERY_RETRIEVE_LEVEL else "", len(rows))))
    return Encoded(*written(columns, len(rows), explicit=explicit))
