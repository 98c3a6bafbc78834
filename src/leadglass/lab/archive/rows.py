"""Records of one level are rows of numbers: of a patient, a study, a series, an image."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from leadglass.lab.archive.bits import Flags, Ints, below, bits, low
from leadglass.lab.archive.columns import Columns
from leadglass.lab.archive.vocabulary import KIND_IMAGES, KIND_MODALITIES, KIND_PARTS
from leadglass.lab.spec import ArchiveSpec

MAX_SERIES = 12
BLOCK = 1 << 16  # rows that are looked at together
_MANY_IMAGES = 20  # of a kind: its studies have several series
_NONE: Ints = np.zeros(0, dtype=np.int64)


class Rows(NamedTuple):
    """Numbers of records; a column below their level is empty."""

    patient: Ints
    study: Ints = _NONE
    series: Ints = _NONE
    image: Ints = _NONE

    def where(self, flags: Flags) -> "Rows":
        """The rows that are flagged."""
        return Rows(*(column[flags] if len(column) else column for column in self))

    def part(self, start: int, end: int) -> "Rows":
        """The rows from `start` up to `end`."""
        return Rows(*(column[start:end] for column in self))

    def __len__(self) -> int:  # of rows, not of columns
        """How many there are."""
        return len(self.patient)


def series_images(spec: ArchiveSpec, columns: Columns, study: Ints) -> Ints:
    """How many images each series of a study holds: a row a study, 0 where there is no such series.

    The main series come first; the additions of the kind follow, one object each.
    """
    words = bits(spec.seed, "series", study)
    kind, images = columns.kind[study], columns.images[study].astype(np.int64)
    added = KIND_PARTS[kind].astype(np.int64) - 1
    most = np.where(KIND_IMAGES[kind] >= _MANY_IMAGES, 8, 2)
    main = np.minimum(1 + below(words, 1 << 10) * most * low(words, 10) // (1 << 20), images - added)
    numbers = np.arange(MAX_SERIES)
    chance = (words >> np.uint64(20))[:, None] >> (2 * numbers).astype(np.uint64) & np.uint64(15)
    reached = np.cumsum(np.where(numbers < main[:, None], 1 + chance.astype(np.int64), 0), axis=1)
    spare = (images - added - main)[:, None] * reached // reached[:, -1:]
    shares = np.diff(spare, axis=1, prepend=0) + (numbers < main[:, None])
    addition = (numbers >= main[:, None]) & (numbers < (main + added)[:, None])
    counts: Ints = np.where(addition, 1, shares)
    return counts


def series_count(spec: ArchiveSpec, columns: Columns, study: Ints) -> Ints:
    """How many series each study has."""
    counts: Ints = np.count_nonzero(series_images(spec, columns, study), axis=1).astype(np.int64)
    return counts


def series_modality(spec: ArchiveSpec, columns: Columns, rows: Rows) -> Ints:
    """Each series' modality, as a number."""
    kind = columns.kind[rows.study]
    count = series_count(spec, columns, rows.study)
    main = count - (KIND_PARTS[kind].astype(np.int64) - 1)
    found: Ints = KIND_MODALITIES[kind, np.maximum(rows.series - main + 1, 0)].astype(np.int64)
    return found


def series_of(spec: ArchiveSpec, columns: Columns, rows: Rows) -> Rows:
    """All series of these studies."""
    at, series = np.nonzero(series_images(spec, columns, rows.study))
    return Rows(rows.patient[at], rows.study[at], series)


def images_of(spec: ArchiveSpec, columns: Columns, rows: Rows) -> Iterator[Rows]:
    """All images of these series, a block at a time."""
    counts = series_images(spec, columns, rows.study)[np.arange(len(rows)), rows.series]
    for at, count in enumerate(counts.tolist()):
        for start in range(0, count, BLOCK):
            image = np.arange(start, min(count, start + BLOCK))
            patient, study, series = (np.full(len(image), column[at]) for column in rows[:3])
            yield Rows(patient, study, series, image)


def patient_images(columns: Columns, patient: Ints) -> Ints:
    """How many images each patient has; `patient` ascends."""
    if not len(patient):
        return _NONE
    start, end = int(columns.first[patient[0]]), int(columns.first[patient[-1] + 1])
    reached = np.concatenate(([0], np.cumsum(columns.images[start:end], dtype=np.int64)))
    found: Ints = reached[columns.first[patient + 1] - start] - reached[columns.first[patient] - start]
    return found
