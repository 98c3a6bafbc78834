"""The records that a query means are found by masks over columns, and by UIDs that lead to their records at once."""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from leadglass.lab.archive import days
from leadglass.lab.archive.bits import Flags, Ints
from leadglass.lab.archive.columns import Columns
from leadglass.lab.archive.fields import Fields, known_at
from leadglass.lab.archive.identifiers import Identifiers
from leadglass.lab.archive.rows import BLOCK, Rows, images_of, series_of
from leadglass.lab.matching import Wanted, bounds
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY

_NUMBERED = {tags.STUDY_DATE: days.written_days, tags.PATIENT_BIRTH_DATE: days.written_days}


class Selection:
    """What one query at `level` means in one archive."""

    def __init__(self, columns: Columns, fields: Fields, identifiers: Identifiers, level: str, wanted: Wanted) -> None:
        """Keys that records of `level` do not have match anything."""
        self._columns = columns
        self._fields = fields
        self._identifiers = identifiers
        self._level = level
        known = known_at(level)
        self._wanted = wanted
        self._keys = {tag: wish for tag, wish in wanted.keys.items() if tag in known}
        self._tables: dict[int, Flags] = {}

    def rows(self, start: int = 0) -> Iterator[Rows]:
        """The records from place `start` on, in ascending order, in blocks none of which is empty."""
        above = self._above()
        if start and self._level == IMAGE and not self._keys.keys() - set(known_at(STUDY)):
            above, start = self._behind(above, start)
        for rows in self._below(above):
            part = rows.part(start, len(rows))
            start = max(0, start - len(rows))
            if len(part):
                yield part

    def _behind(self, studies: Iterator[Rows], start: int) -> tuple[Iterator[Rows], int]:
        """The studies from that on which holds the image at place `start`, and the image's place among theirs.

        Else somebody who asks for the last of millions of images has all of them made.
        """
        for rows in studies:
            reached = np.cumsum(self._columns.images[rows.study], dtype=np.int64)
            at = int(np.searchsorted(reached, start, side="right"))
            if at < len(rows):
                before = int(reached[at - 1]) if at else 0
                return chain((rows.part(at, len(rows)),), studies), start - before
            start -= int(reached[-1]) if len(rows) else 0
        return iter(()), 0

    def _above(self) -> Iterator[Rows]:
        """The patients or studies that the keys of their levels leave."""
        level = PATIENT if self._level == PATIENT else STUDY
        for numbers in self._candidates(level):
            rows = Rows(numbers) if level == PATIENT else Rows(self._columns.patient[numbers].astype(np.int64), numbers)
            yield self._narrowed(rows, known_at(level))

    def _below(self, above: Iterator[Rows]) -> Iterator[Rows]:
        if self._level in (PATIENT, STUDY):
            yield from above
            return
        for studies in above:
            for start in range(0, len(studies), 4096):
                series = series_of(self._fields.spec, self._columns, studies.part(start, start + 4096))
                series = self._narrowed(series, known_at(SERIES)[len(known_at(STUDY)) :])
                if self._level == SERIES:
                    yield series
                    continue
                for images in images_of(self._fields.spec, self._columns, series):
                    yield self._narrowed(images, known_at(IMAGE)[len(known_at(SERIES)) :])

    def _candidates(self, level: str) -> Iterator[Ints]:
        """Numbers of patients or studies: of a few where a key leads to them, else of all."""
        few = self._few(level)
        if few is not None:
            yield few
            return
        count = len(self._columns.patient) if level == STUDY else len(self._columns.first) - 1
        for start in range(0, count, BLOCK):
            yield np.arange(start, min(count, start + BLOCK))

    def _few(self, level: str) -> Ints | None:
        uids, patient_id = self._keys.get(tags.STUDY_INSTANCE_UID), self._keys.get(tags.PATIENT_ID)
        if uids is not None:
            return self._identifiers.studies(uids.split("\\"))
        if patient_id is not None and not self._wanted.has_wildcard(tags.PATIENT_ID):
            patient = self._identifiers.patient_of(patient_id)
            if patient is None:
                return np.zeros(0, dtype=np.int64)
            first = self._columns.first
            return np.array([patient]) if level == PATIENT else np.arange(first[patient], first[patient + 1])
        accession = self._keys.get(tags.ACCESSION_NUMBER)
        if accession is not None and not self._wanted.has_wildcard(tags.ACCESSION_NUMBER):
            study = self._identifiers.study_of_accession(accession)
            return np.array([] if study is None else [study], dtype=np.int64)
        return None

    def _narrowed(self, rows: Rows, among: tuple[int, ...]) -> Rows:
        """The rows that the keys `among` these leave; what is told by a table is the cheapest to look at."""
        for tag in sorted(among, key=lambda one: one not in self._fields.coded):
            if tag in self._keys and len(rows):
                rows = rows.where(self._mask(tag, rows))
        return rows

    def _mask(self, tag: int, rows: Rows) -> Flags:
        wish = self._keys[tag]
        coded = self._fields.coded.get(tag)
        if coded is None:
            tail = self._wanted.end_of(tag)
            if tail is not None:
                return self._fields.ending(tag, rows, tail)
            match = self._wanted.matcher(tag)
            return np.array([match(value) for value in self._fields.text(tag, rows).strings()], dtype=np.bool_)
        codes = coded.codes(rows)
        if tag in _NUMBERED or tag == tags.STUDY_TIME:
            numbers = days.written_seconds() if tag == tags.STUDY_TIME else days.written_days()
            low, high = bounds(tag, wish)
            start = np.searchsorted(numbers, low, side="left") if low is not None else 0
            end = np.searchsorted(numbers, high, side="right") if high is not None else len(numbers)
            dated = codes != days.NO_DATE if tag != tags.STUDY_TIME else True
            flags: Flags = (codes >= start) & (codes < end) & dated
            return flags
        if tag not in self._tables:
            match = self._wanted.matcher(tag)
            self._tables[tag] = np.array([match(value) for value in coded.table().strings()], dtype=np.bool_)
        known: Flags = self._tables[tag][codes]
        return known
