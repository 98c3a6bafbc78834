"""An archive is a few bytes a study: what does not follow from a study's number alone stands in columns.

The totals of the specification are met exactly, because every total is shared out (`sharing`) or hit by a permutation
(`Scatter`), never drawn.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from leadglass.lab.archive import days
from leadglass.lab.archive.bits import U64, Bytes, Flags, Ints, Scatter, below, bits, ladder, low
from leadglass.lab.archive.sharing import shared_within
from leadglass.lab.archive.vocabulary import KIND_ALONE, KIND_IMAGES, KIND_LADDER, KIND_PARTS
from leadglass.lab.spec import MAX_STUDIES_A_PATIENT, ArchiveSpec

MAX_STUDIES = 1 << 28  # what a UID has room for, as for an image's number
MAX_IMAGES_A_STUDY = 1 << 24
_STEPS = np.arange(1024)
# A long tail: one in 2^n is at least 2^n as heavy, up to a limit.
_IMAGES_TAIL: U64 = np.minimum(2 * 1024 // (1024 - _STEPS), 512).astype(np.uint64)
_RETURNS_TAIL: U64 = np.where(_STEPS < 512, 1, np.minimum(8 * 1024 // (1024 - _STEPS) - 12, 1600)).astype(np.uint64)
# Days between two studies of one patient: mostly of one stay, sometimes of another year.
_GAPS: Ints = np.select(
    [_STEPS < 300, _STEPS < 520, _STEPS < 760, _STEPS < 920],
    [0 * _STEPS, 1 + _STEPS % 3, 4 + _STEPS * 7 % 27, 31 + _STEPS * 37 % 335],
    366 + _STEPS * 97 % 1135,
)
# Of 24 hours; and how many in 1,024 studies have no better time than 000000, of the migrated ones.
_HOURS = ladder((4, 3, 3, 3, 3, 5, 15, 60, 110, 125, 130, 110, 70, 95, 115, 100, 75, 45, 28, 20, 16, 12, 8, 6))
_MIDNIGHTS, _MIDNIGHTS_MIGRATED = 32, 512


class Columns(NamedTuple):
    """The studies of an archive, each patient's side by side; `first` is each patient's first, and the end."""

    first: npt.NDArray[np.uint32]
    patient: npt.NDArray[np.uint32]
    day: npt.NDArray[np.uint16]
    second: npt.NDArray[np.uint32]
    images: npt.NDArray[np.uint32]
    kind: Bytes

    @property
    def size_bytes(self) -> int:
        """What they cost in memory."""
        return sum(column.nbytes for column in self)


def check(spec: ArchiveSpec) -> None:
    """Raises ValueError where there is no archive like this."""
    if not spec.studies <= spec.patients * MAX_STUDIES_A_PATIENT or not 0 <= spec.patients <= spec.studies:
        raise ValueError(f"{spec.studies} studies of {spec.patients} patients: 1 to {MAX_STUDIES_A_PATIENT} each")
    if spec.images < spec.studies or (spec.images and not spec.studies):
        raise ValueError(f"{spec.images} images in {spec.studies} studies: at least one each")
    if min(spec.undated, spec.migrated) < 0 or spec.undated + spec.migrated > spec.studies:
        raise ValueError("more studies are undated or migrated than there are")
    if spec.studies > MAX_STUDIES or spec.images > spec.studies * MAX_IMAGES_A_STUDY:
        raise ValueError("an archive larger than its UIDs have room for")
    if spec.years < 1 or days.number_of(spec.last_day) <= spec.years * 365:
        raise ValueError("an archive's years lie between 1900 and 2079")


def make_columns(spec: ArchiveSpec) -> Columns:
    """The columns of `spec`; the same ones each time."""
    patients = np.arange(spec.patients)
    weights = _RETURNS_TAIL[low(bits(spec.seed, "returns", patients), 10)]
    more = shared_within(spec.studies - spec.patients, weights, MAX_STUDIES_A_PATIENT - 1)
    first = np.zeros(spec.patients + 1, dtype=np.uint32)
    first[1:] = np.cumsum(more + np.uint64(1), dtype=np.uint64)
    patient = np.repeat(patients.astype(np.uint32), np.diff(first))
    studies = np.arange(spec.studies)
    chosen = Scatter(spec.seed, "dates", spec.studies, max(1, spec.studies)).of(studies)
    undated = chosen < np.uint64(spec.undated)
    migrated = (chosen < np.uint64(spec.undated + spec.migrated)) & ~undated
    kind, images = _images(spec, studies)
    return Columns(
        first=first,
        patient=patient,
        day=_days(spec, first, patient, undated, migrated),
        second=_seconds(spec, studies, migrated),
        images=images,
        kind=kind,
    )


def migration_day(spec: ArchiveSpec) -> int:
    """The number of the day on which all migrated studies came."""
    return days.number_of(spec.last_day) - spec.years * 365 * 3 // 8


def _images(spec: ArchiveSpec, studies: Ints) -> tuple[Bytes, npt.NDArray[np.uint32]]:
    """Kinds of studies and how many images each holds."""
    words = bits(spec.seed, "kinds", studies)
    kind = KIND_LADDER[low(words, 10)]
    varied = np.uint64(8) + (words >> np.uint64(20) & np.uint64(15))
    weights = KIND_IMAGES[kind] * _IMAGES_TAIL[low(words >> np.uint64(10), 10)] * varied
    images = shared_within(spec.images - spec.studies, weights, MAX_IMAGES_A_STUDY - 1) + np.uint64(1)
    return np.where(images < KIND_PARTS[kind], KIND_ALONE[kind], kind), images.astype(np.uint32)


def _days(
    spec: ArchiveSpec,
    first: npt.NDArray[np.uint32],
    patient: npt.NDArray[np.uint32],
    undated: Flags,
    migrated: Flags,
) -> npt.NDArray[np.uint16]:
    """More from year to year, a patient's close together, fewer at weekends; one day holds what was migrated."""
    span = spec.years * 365
    start, end = days.number_of(spec.last_day) - span + 1, days.number_of(spec.last_day)
    growth = np.cumsum(span + 4 * np.arange(span))
    drawn = below(bits(spec.seed, "starts", np.arange(spec.patients)), int(growth[-1]))
    offset = np.searchsorted(growth, drawn, side="right")
    studies = np.arange(spec.studies)
    words = bits(spec.seed, "gaps", studies)
    gaps = np.cumsum(_GAPS[low(words, 10)])
    day = offset[patient] + gaps - gaps[first[:-1]][patient] if spec.studies else gaps
    day = day % (2 * span - 2)
    day = np.where(day >= span, 2 * span - 2 - day, day) + start  # a patient comes back rather than after the end
    # From Saturday back and from Sunday on to one of the five working days; a few work at weekends.
    stays, moved = low(words >> np.uint64(10), 3) == 0, 1 + below(words, 5)
    day = day - moved * ((day % 7 == days.SATURDAY) & ~stays) + moved * ((day % 7 == days.SUNDAY) & ~stays)
    day += 7 * (day < start) - 7 * (day > end)
    if spec.migrated:
        day += np.where(day == migration_day(spec), 1, 0)
        day[migrated] = migration_day(spec)
    day[undated] = days.NO_DATE
    numbers: npt.NDArray[np.uint16] = day.astype(np.uint16)
    return numbers


def _seconds(spec: ArchiveSpec, studies: Ints, migrated: Flags) -> npt.NDArray[np.uint32]:
    """Mostly in working hours; midnight where a program knew no time."""
    words = bits(spec.seed, "times", studies)
    second = _HOURS[low(words, 10)].astype(np.int64) * 3600 + below(words, 3600)
    unknown = low(words >> np.uint64(10), 10) < np.where(migrated, _MIDNIGHTS_MIGRATED, _MIDNIGHTS)
    second[unknown] = 0
    return second.astype(np.uint32)
