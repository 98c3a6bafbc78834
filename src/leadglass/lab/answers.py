"""A query's identifier becomes the records that answer it, or the status that refuses it (PS3.4 C.4.1, K.4.1)."""

from collections.abc import Iterator
from typing import NamedTuple

from leadglass.lab.archive import Archive, Rows
from leadglass.lab.archive.fields import known_at
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.matching import COUNTS, Wanted, plain, wanted_of
from leadglass.lab.writing import Column, constant, written
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, encode
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET

DOES_NOT_MATCH_SOP_CLASS = 0xA900  # PS3.4 C.4.1.1.4: the identifier is not one of this model
_PATIENT_ROOT = (PATIENT_ROOT_FIND, PATIENT_ROOT_GET)
# The unique keys above a level: a hierarchical query gives each of them (PS3.4 C.4.1.3.1.1).
_ABOVE = {
    PATIENT: (),
    STUDY: (),
    SERIES: (tags.STUDY_INSTANCE_UID,),
    IMAGE: (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID),
}
# The first answers come soon, and later ones in blocks that numpy is fast with.
_FIRST_BLOCK, _LARGEST_BLOCK = 128, 4096


class QueryError(Exception):
    """The query is answered with `status` and no record."""

    def __init__(self, status: int) -> None:
        """`status` is a DIMSE failure."""
        super().__init__(f"{status:04X}H")
        self.status = status


class Encoded(NamedTuple):
    """Data sets one after another, and where each ends."""

    data: bytes
    ends: list[int]


def find(
    archive: Archive, sop_class_uid: str, identifier: DataSet, *, explicit: bool, habits: Habits = PLAIN
) -> Iterator[Encoded]:
    """The identifiers of the responses. Raises QueryError at once, not at the first record."""
    level, wanted = _question(sop_class_uid, identifier, habits)
    if any(tag not in wanted.keys for tag in _ABOVE[level]):
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    asked = {tags.QUERY_RETRIEVE_LEVEL, *(element.tag for element in identifier)}
    returned = sorted(asked if habits.counts else asked - COUNTS)
    return (_encoded(archive, level, rows, returned, explicit) for rows in _blocks(archive.select(level, wanted)))


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


def _question(sop_class_uid: str, identifier: DataSet, habits: Habits) -> tuple[str, Wanted]:
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
