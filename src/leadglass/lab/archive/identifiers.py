"""UIDs, patient IDs and accession numbers follow from a record's number and lead back to it; none is ever stored.

A UID is 2.25 (PS3.5 B.2), a number of varying length, and 20 digits that hold the record's number, mixed.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from leadglass.lab.archive.bits import U64, WORD, Bytes, Flags, Ints, Scatter, bits, key_of, ladder, low, mixed, unmixed
from leadglass.lab.archive.rows import MAX_SERIES, Rows
from leadglass.lab.archive.texts import Text, digits, joined
from leadglass.lab.spec import ArchiveSpec

_UID = re.compile(r"2\.25\.([1-9][0-9]{0,17})([0-9]{20})")
_UID_HEADS: U64 = np.array([10**9, 10**14, 10**17, 10**18], dtype=np.uint64)
_STUDY, _SERIES, _IMAGE = 1, 2, 3
_IMAGE_BITS, _SERIES_BITS, _STUDY_BITS = 26, 6, 28


class _Scheme(NamedTuple):
    """One way to write a number: behind `prefix`, with its leading zeros or without, with hyphens."""

    prefix: str
    padded: bool = True
    hyphens: bool = False
    left_out: bool = False


# The third is shaped like a national number, of those that are never given to anybody.
_IDS = (
    _Scheme("P"),
    _Scheme("MRN-", padded=False),
    _Scheme("9", hyphens=True),
    _Scheme(""),
    _Scheme("A/", padded=False),
)
_ID_LADDER, _ID_DIGITS = ladder((34, 24, 18, 16, 8)), 8
_ACCESSIONS = (_Scheme("ACC"), _Scheme("", padded=False), _Scheme("R"), _Scheme("", left_out=True))
_ACCESSION_LADDER, _ACCESSION_DIGITS = ladder((45, 40, 11, 4)), 9
_UNBROKEN = 4  # figures at the end that no hyphen parts
_DIGITS = re.compile(r"[0-9]+")


class Place(NamedTuple):
    """What a UID means: which level, and the numbers down to it."""

    level: int
    study: int
    series: int
    image: int


class Identifiers:
    """The identifiers of one archive."""

    def __init__(self, spec: ArchiveSpec) -> None:
        """Nothing is made yet."""
        self._spec = spec

    def study_uids(self, rows: Rows) -> Text:
        """Study Instance UIDs."""
        return self._uids(_STUDY, rows.study, None, None)

    def series_uids(self, rows: Rows) -> Text:
        """Series Instance UIDs."""
        return self._uids(_SERIES, rows.study, rows.series, None)

    def image_uids(self, rows: Rows) -> Text:
        """SOP Instance UIDs."""
        return self._uids(_IMAGE, rows.study, rows.series, rows.image)

    def places(self, uids: Iterable[str]) -> Iterator[Place]:
        """What each of these UIDs means, if it is one of this archive's form."""
        read = {uid: int(found[2]) for uid in uids if (found := _UID.fullmatch(uid)) and int(found[2]) < WORD}
        if not read:
            return
        codes = unmixed(np.array(list(read.values()), dtype=np.uint64)) - np.uint64(key_of(self._spec.seed, "uids"))
        again = self._uids_of(codes).strings()
        for uid, same, code in zip(read, again, codes.tolist(), strict=True):
            image, rest = code % (1 << _IMAGE_BITS), code >> _IMAGE_BITS
            series, rest = rest % (1 << _SERIES_BITS), rest >> _SERIES_BITS
            study, level = rest % (1 << _STUDY_BITS), rest >> _STUDY_BITS
            if uid == same and study < self._spec.studies and series < MAX_SERIES:
                yield Place(level, study, series, image)

    def studies(self, uids: Iterable[str]) -> Ints:
        """The studies that have these Study Instance UIDs, ascending."""
        return np.array(sorted({one.study for one in self.places(uids) if one.level == _STUDY}), dtype=np.int64)

    def patient_ids(self, patient: Ints) -> Text:
        """Patient IDs."""
        scheme = _ID_LADDER[low(bits(self._spec.seed, "id-schemes", patient), 10)]
        return _written(_IDS, scheme, self._patients.of(patient), _ID_DIGITS)

    def patients_ending(self, patient: Ints, tail: bytes) -> Flags:
        """Which of these patients' IDs end with `tail`."""
        scheme = _ID_LADDER[low(bits(self._spec.seed, "id-schemes", patient), 10)]
        return _ending(_IDS, scheme, self._patients.of(patient), _ID_DIGITS, tail)

    def patient_of(self, patient_id: str) -> int | None:
        """The patient who has `patient_id`, None where nobody has."""
        for scheme in _IDS:
            number = patient_id.removeprefix(scheme.prefix).replace("-", "")
            found = self._patients.index_of(int(number)) if _plausible(number) else None
            if found is not None and self.patient_ids(np.array([found])).strings() == [patient_id]:
                return found
        return None

    def accession_numbers(self, study: Ints) -> Text:
        """Accession numbers; some studies have none."""
        scheme = _ACCESSION_LADDER[low(bits(self._spec.seed, "accession-schemes", study), 10)]
        return _written(_ACCESSIONS, scheme, self._accessions.of(study), _ACCESSION_DIGITS)

    def accessions_ending(self, study: Ints, tail: bytes) -> Flags:
        """Which of these studies' accession numbers end with `tail`."""
        scheme = _ACCESSION_LADDER[low(bits(self._spec.seed, "accession-schemes", study), 10)]
        return _ending(_ACCESSIONS, scheme, self._accessions.of(study), _ACCESSION_DIGITS, tail)

    def study_of_accession(self, accession_number: str) -> int | None:
        """The study that has `accession_number`, None where none has."""
        number = accession_number.lstrip("ACR")
        found = self._accessions.index_of(int(number)) if _plausible(number) else None
        if found is None or self.accession_numbers(np.array([found])).strings() != [accession_number]:
            return None
        return found

    @cached_property
    def _patients(self) -> Scatter:
        return Scatter(self._spec.seed, "patient-ids", self._spec.patients, 10**_ID_DIGITS)

    @cached_property
    def _accessions(self) -> Scatter:
        return Scatter(self._spec.seed, "accession-numbers", self._spec.studies, 10**_ACCESSION_DIGITS)

    def _uids(self, level: int, study: Ints, series: Ints | None, image: Ints | None) -> Text:
        codes = np.uint64(level << _STUDY_BITS) + study.astype(np.uint64)
        codes = codes << np.uint64(_SERIES_BITS + _IMAGE_BITS)
        if series is not None:
            codes = codes + (series.astype(np.uint64) << np.uint64(_IMAGE_BITS))
        if image is not None:
            codes = codes + image.astype(np.uint64)
        return self._uids_of(codes)

    def _uids_of(self, codes: U64) -> Text:
        tail = mixed(codes + np.uint64(key_of(self._spec.seed, "uids")))
        words = bits(self._spec.seed, "uid-heads", tail)
        head = words % _UID_HEADS[low(words >> np.uint64(60), 2)] + np.uint64(1)
        # 10^18 itself has a digit too many: the largest head is one less.
        head = np.minimum(head, np.uint64(10**18 - 1))
        return joined(b"2.25.", digits(head, 18, padded=False), digits(tail, 20, padded=True), rows=len(codes))


def _plausible(number: str) -> bool:
    """Whether this is a number of ours, before anybody computes with it."""
    return bool(_DIGITS.fullmatch(number)) and len(number) <= _ACCESSION_DIGITS


def _ending(schemes: tuple[_Scheme, ...], scheme: Bytes, number: U64, width: int, tail: bytes) -> Flags:
    """Which numbers in their schemes end with `tail`: of a few figures by arithmetic, else as they are written."""
    if not (tail.isdigit() and len(tail) <= _UNBROKEN):
        return _written(schemes, scheme, number, width).ending(tail)
    padded = np.array([one.padded for one in schemes])[scheme]
    there = ~np.array([one.left_out for one in schemes])[scheme]
    long_enough = padded | (number >= np.uint64(10 ** (len(tail) - 1))) | (len(tail) == 1)
    flags: Flags = (number % np.uint64(10 ** len(tail)) == np.uint64(int(tail))) & long_enough & there
    return flags


def _written(schemes: tuple[_Scheme, ...], scheme: Bytes, number: U64, width: int) -> Text:
    """Each number in its scheme."""
    widest = max(len(one.prefix) for one in schemes)
    heads = np.array([list(one.prefix.encode().ljust(widest, b"\0")) for one in schemes], dtype=np.uint8)
    padded = np.array([one.padded for one in schemes])[scheme]
    hyphens = np.where(np.array([one.hyphens for one in schemes])[scheme], np.uint8(ord("-")), np.uint8(0))[:, None]
    body = np.where(
        padded[:, None], digits(number, width, padded=True).block, digits(number, width, padded=False).block
    )
    block = np.hstack((heads[scheme], body[:, :2], hyphens, body[:, 2:4], hyphens, body[:, 4:]))
    block[np.array([one.left_out for one in schemes])[scheme]] = 0
    return Text(block, np.count_nonzero(block, axis=1).astype(np.int64))
