"""A question that brings a random part of an archive, and what is looked at in the records that come."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from leadglass.model.record import Record
from leadglass.wire.queries import STUDY

DAY_S = 86_400


class Question(Record):
    """Keys that narrow a question at `level`; what is "" or None narrows nothing.

    `accession` and `patient` are what AccessionNumber and PatientID end with; `seconds` is the first and the last
    second of the day in StudyTime, over all dates, both within; `modality` is among ModalitiesInStudy; `births` are the
    first and the last day (YYYYMMDD) of PatientBirthDate, both within.
    """

    level: str = STUDY
    accession: str = ""
    patient: str = ""
    seconds: tuple[int, int] | None = None
    modality: str = ""
    births: tuple[str, str] | None = None


class Entry:
    """What one record tells, as the wire had it: identifiers are looked at and forgotten."""

    __slots__ = ("accession", "born", "images", "kinds", "patient", "second", "studies", "study", "year")

    def __init__(
        self,
        patient: bytes,
        accession: bytes,
        second: int | None,
        kinds: frozenset[bytes],
        images: int | None,
        year: int | None,
        study: bytes = b"",
        studies: int | None = None,
        born: int | None = None,
    ) -> None:
        """`second` of the day, None where StudyTime says none; `kinds` are modalities; `images` None where left out.

        At PATIENT level `images` and `studies` are the NumberOfPatientRelated… counters. `study` tells one study from
        another, b"" where the source takes care of that. `born` is PatientBirthDate as the number YYYYMMDD.
        """
        self.patient, self.accession, self.second = patient, accession, second
        self.kinds, self.images, self.year = kinds, images, year
        self.study, self.studies, self.born = study, studies, born

    def __repr__(self) -> str:
        """Without values."""
        return "Entry()"


class Answer(Record):
    """How a question ended: `whole` says that the server gave everything; `seconds` that it was kept busy."""

    records: int
    whole: bool
    seconds: float
    why: str = ""
    """What ended it, in words, where it is not whole."""


class Source(Protocol):
    """An archive that can be asked."""

    def left(self) -> tuple[float, float]:
        """How many records may still come, and how many seconds the archive may still be kept busy."""

    def ask(self, question: Question, take: Callable[[Entry], bool]) -> Awaitable[Answer]:
        """Gives each record to `take`, until it says that it wants no more. Never raises for what the peer does."""


def second_of(time: bytes) -> int | None:
    """The second of the day that a TM value lies in (PS3.5 6.2: HH, HHMM, HHMMSS, a fraction); None where none."""
    digits = time.strip(b" \0").partition(b".")[0].replace(b":", b"")
    if not digits.isdigit() or len(digits) not in (2, 4, 6):
        return None
    digits = digits.ljust(6, b"0")
    second = int(digits[:2]) * 3600 + int(digits[2:4]) * 60 + int(digits[4:])
    return second if second < DAY_S else None


def time_of(second: int) -> str:
    """A second of the day as TM."""
    return f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"
