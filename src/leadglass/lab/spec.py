"""What an archive is to be is one small value: the archive itself is made from it when it is asked, and forgotten."""

from datetime import date

from leadglass.model.record import Record


class ArchiveSpec(Record):
    """An archive of exactly `studies` studies and `images` images of exactly `patients` patients.

    Each study has an image at least, and each patient 1 to `MAX_STUDIES_A_PATIENT` studies, so `patients` lies between
    `studies` / 40 and `studies`, and `images` is not below `studies`. The studies lie in the `years` before
    `last_day`. `undated` studies have no date, `migrated` ones were brought in on one day of the past and bear its
    date. One `seed` makes one archive on every machine.
    """

    seed: int
    studies: int
    patients: int
    images: int
    last_day: date = date(2026, 11, 1)
    years: int = 12
    undated: int = 0
    migrated: int = 0


MAX_STUDIES_A_PATIENT = 40
EMPTY = ArchiveSpec(seed=0, studies=0, patients=0, images=0)
