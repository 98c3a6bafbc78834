"""Every attribute that an archive knows follows from a record's numbers: a code into a table, or a text of its own."""

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leadglass.lab.archive import days, texts, vocabulary
from leadglass.lab.archive.bits import Flags, Ints, below, bits, low
from leadglass.lab.archive.columns import Columns
from leadglass.lab.archive.identifiers import Identifiers
from leadglass.lab.archive.rows import Rows, patient_images, series_count, series_images, series_modality
from leadglass.lab.archive.texts import Table, Text, digits
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY

_COUNT_DIGITS = 10
_YEAR = 365
# In 1,024 patients: without a birth date, with 19000101 where none was known, with 1 January of the year.
_UNBORN, _EPOCH, _NEW_YEAR = 8, 32, 90
_AGES: Ints = np.array([min(95, age) for age in range(0, 128) for _ in range(4 if age > 30 else 2)], dtype=np.int64)
_LEVELS = {
    PATIENT: (
        tags.PATIENT_ID,
        tags.PATIENT_NAME,
        tags.PATIENT_BIRTH_DATE,
        tags.PATIENT_SEX,
        tags.NUMBER_OF_PATIENT_RELATED_STUDIES,
        tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
    ),
    STUDY: (
        tags.STUDY_INSTANCE_UID,
        tags.STUDY_DATE,
        tags.STUDY_TIME,
        tags.ACCESSION_NUMBER,
        tags.STUDY_ID,
        tags.STUDY_DESCRIPTION,
        tags.REFERRING_PHYSICIAN_NAME,
        tags.MODALITIES_IN_STUDY,
        tags.NUMBER_OF_STUDY_RELATED_SERIES,
        tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
    ),
    SERIES: (
        tags.SERIES_INSTANCE_UID,
        tags.SERIES_NUMBER,
        tags.MODALITY,
        tags.NUMBER_OF_SERIES_RELATED_INSTANCES,
    ),
    IMAGE: (tags.SOP_INSTANCE_UID, tags.INSTANCE_NUMBER, tags.SOP_CLASS_UID),
}
LEVELS = tuple(_LEVELS)
# Attributes that an archive gives to whoever asks for them by name: no key of a query, and in no list of its own.
_MORE = {
    PATIENT: (tags.PATIENT_ADDRESS, tags.PATIENT_TELEPHONE_NUMBERS),
    STUDY: (
        tags.INSTITUTION_NAME,
        tags.PERFORMING_PHYSICIAN_NAME,
        tags.REQUESTED_PROCEDURE_DESCRIPTION,
        tags.ADMITTING_DIAGNOSES_DESCRIPTION,
    ),
}


def known_at(level: str) -> tuple[int, ...]:
    """The attributes of records of `level`, those of the levels above among them."""
    return tuple(tag for name in LEVELS[: LEVELS.index(level) + 1] for tag in _LEVELS[name])


def told_at(level: str) -> tuple[int, ...]:
    """The attributes that records of `level` are asked for by name, beyond those that are known there."""
    return tuple(tag for name in LEVELS[: LEVELS.index(level) + 1] for tag in _MORE.get(name, ()))


class Coded(NamedTuple):
    """An attribute with few values: which one each row has, and the table of them."""

    codes: Callable[[Rows], npt.NDArray[np.integer]]
    table: Callable[[], Table]


class Fields:
    """The attributes of one archive's records."""

    def __init__(self, spec: ArchiveSpec, columns: Columns, identifiers: Identifiers) -> None:
        """All three are of one archive."""
        self.spec = spec
        self._columns = columns
        self._identifiers = identifiers

    def text(self, tag: int, rows: Rows) -> Text:
        """What stands under `tag` in each row; `tag` is known at the rows' level."""
        coded = self.coded.get(tag)
        if coded is not None:
            return coded.table().of(coded.codes(rows))
        return self._written[tag](rows)

    def ending(self, tag: int, rows: Rows, tail: bytes) -> Flags:
        """Which rows have a text under `tag` that ends with `tail`."""
        if tag == tags.PATIENT_ID:
            return self._identifiers.patients_ending(rows.patient, tail)
        if tag == tags.ACCESSION_NUMBER:
            return self._identifiers.accessions_ending(rows.study, tail)
        return self.text(tag, rows).ending(tail)

    @cached_property
    def coded(self) -> dict[int, Coded]:
        """The attributes with few values."""
        columns = self._columns
        return {
            tags.PATIENT_NAME: Coded(
                lambda rows: self._chosen("names", rows.patient, vocabulary.NAMES), vocabulary.names
            ),
            tags.PATIENT_SEX: Coded(
                lambda rows: vocabulary.SEX_LADDER[low(bits(self.spec.seed, "sexes", rows.patient), 8)],
                vocabulary.sexes,
            ),
            tags.PATIENT_BIRTH_DATE: Coded(lambda rows: self.birth_days(rows.patient), texts.dates),
            tags.STUDY_DATE: Coded(lambda rows: columns.day[rows.study], texts.dates),
            tags.STUDY_TIME: Coded(lambda rows: columns.second[rows.study], texts.times),
            tags.STUDY_ID: Coded(
                lambda rows: self._chosen("study-ids", rows.study, vocabulary.STUDY_IDS), vocabulary.study_ids
            ),
            tags.STUDY_DESCRIPTION: Coded(self._descriptions, vocabulary.descriptions),
            tags.REFERRING_PHYSICIAN_NAME: Coded(
                lambda rows: self._chosen("physicians", rows.study, vocabulary.PHYSICIANS), vocabulary.physicians
            ),
            **self._more,
            tags.MODALITIES_IN_STUDY: Coded(lambda rows: columns.kind[rows.study], vocabulary.modality_lists),
            tags.MODALITY: Coded(self._modalities, vocabulary.modalities),
            tags.SOP_CLASS_UID: Coded(self._modalities, vocabulary.sop_classes),
        }

    @cached_property
    def _more(self) -> dict[int, Coded]:
        """What is told beyond what is known."""
        chosen = self._chosen
        return {
            tags.PATIENT_ADDRESS: Coded(
                lambda rows: chosen("addresses", rows.patient, vocabulary.ADDRESSES), vocabulary.addresses
            ),
            tags.PATIENT_TELEPHONE_NUMBERS: Coded(
                lambda rows: chosen("telephones", rows.patient, vocabulary.TELEPHONES), vocabulary.telephones
            ),
            tags.INSTITUTION_NAME: Coded(lambda rows: rows.study * 0, vocabulary.institutions),
            tags.PERFORMING_PHYSICIAN_NAME: Coded(
                lambda rows: chosen("performers", rows.study, vocabulary.PHYSICIANS), vocabulary.physicians
            ),
            tags.REQUESTED_PROCEDURE_DESCRIPTION: Coded(self._descriptions, vocabulary.descriptions),
            tags.ADMITTING_DIAGNOSES_DESCRIPTION: Coded(
                lambda rows: chosen("diagnoses", rows.study, vocabulary.DIAGNOSES), vocabulary.diagnoses
            ),
        }

    @cached_property
    def _seen_first(self) -> Ints:
        """The day of each patient's earliest study, the archive's last where none of them has a date."""
        day = self._columns.day.astype(np.int64)
        dated = np.where(day == days.NO_DATE, days.number_of(self.spec.last_day), day)
        return np.minimum.reduceat(dated, self._columns.first[:-1]) if len(dated) else dated

    def birth_days(self, patient: Ints) -> Ints:
        """Numbers of birth dates: before the first study, with the spikes that guesses and defaults leave."""
        words = bits(self.spec.seed, "births", patient)
        seen = self._seen_first[patient]
        age = _AGES[low(words, 16) % len(_AGES)] * _YEAR + below(words, _YEAR)
        born = np.maximum(seen - age, 2)
        how = low(words >> np.uint64(16), 10)
        born = np.where(how < _NEW_YEAR, days.new_years_days()[born], born)
        return np.where(how < _UNBORN, days.NO_DATE, np.where(how < _EPOCH, 1, born))

    @cached_property
    def _written(self) -> dict[int, Callable[[Rows], Text]]:
        """The attributes that every record has its own text of."""
        identifiers = self._identifiers
        spec, columns = self.spec, self._columns
        return {
            tags.PATIENT_ID: lambda rows: identifiers.patient_ids(rows.patient),
            tags.STUDY_INSTANCE_UID: identifiers.study_uids,
            tags.SERIES_INSTANCE_UID: identifiers.series_uids,
            tags.SOP_INSTANCE_UID: identifiers.image_uids,
            tags.SERIES_NUMBER: lambda rows: _count(rows.series + 1),
            tags.INSTANCE_NUMBER: lambda rows: _count(rows.image + 1),
            tags.ACCESSION_NUMBER: lambda rows: identifiers.accession_numbers(rows.study),
            tags.NUMBER_OF_PATIENT_RELATED_STUDIES: lambda rows: _count(
                columns.first[rows.patient + 1] - columns.first[rows.patient]
            ),
            tags.NUMBER_OF_PATIENT_RELATED_INSTANCES: lambda rows: _count(patient_images(columns, rows.patient)),
            tags.NUMBER_OF_STUDY_RELATED_SERIES: lambda rows: _count(series_count(spec, columns, rows.study)),
            tags.NUMBER_OF_STUDY_RELATED_INSTANCES: lambda rows: _count(columns.images[rows.study]),
            tags.NUMBER_OF_SERIES_RELATED_INSTANCES: lambda rows: _count(
                series_images(spec, columns, rows.study)[np.arange(len(rows)), rows.series]
            ),
        }

    def _chosen(self, purpose: str, indices: Ints, count: int) -> Ints:
        return below(bits(self.spec.seed, purpose, indices), count)

    def _descriptions(self, rows: Rows) -> Ints:
        choice = low(bits(self.spec.seed, "descriptions", rows.study), 3)
        return self._columns.kind[rows.study].astype(np.int64) * vocabulary.DESCRIPTION_CHOICES + choice

    def _modalities(self, rows: Rows) -> Ints:
        return series_modality(self.spec, self._columns, rows)


def _count(numbers: npt.NDArray[np.integer]) -> Text:
    return digits(numbers.astype(np.uint64), _COUNT_DIGITS, padded=False)
