"""Every day from 1900 to 2079 has a number, a text and a weekday; number 0 is no date at all."""

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from leadglass.lab.archive.bits import Bytes, Ints

_ZERO = date(1899, 12, 31).toordinal()  # a Sunday, so a number's remainder by 7 is its weekday
NUMBERS = 1 << 16
NO_DATE = 0
SATURDAY, SUNDAY = 6, 0
SECONDS = 86_400


def number_of(day: date) -> int:
    """The number of `day`. Raises ValueError where it has none."""
    number = day.toordinal() - _ZERO
    if not 0 < number < NUMBERS:
        raise ValueError(f"{day} is not between 1900 and 2079")
    return number


@cache
def written_days() -> Ints:
    """Each number's day as YYYYMMDD, 0 for no date; ascending."""
    days = np.datetime64("1899-12-31", "D") + np.arange(NUMBERS)
    years = days.astype("datetime64[Y]")
    months = days.astype("datetime64[M]")
    year = years.astype(np.int64) + 1970
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    written: Ints = year * 10_000 + month * 100 + day
    written[NO_DATE] = 0
    return written


@cache
def new_years_days() -> npt.NDArray[np.uint16]:
    """For each number that of 1 January of its year."""
    written = written_days()
    return np.searchsorted(written, written // 10_000 * 10_000 + 101).astype(np.uint16)


@cache
def written_seconds() -> Ints:
    """Each second of the day as HHMMSS; ascending."""
    second = np.arange(SECONDS)
    written: Ints = second // 3600 * 10_000 + second // 60 % 60 * 100 + second % 60
    return written


def as_text(written: Ints, width: int) -> Bytes:
    """Numbers as ASCII digits with leading zeros."""
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (written[:, None] // powers % 10 + ord("0")).astype(np.uint8)
