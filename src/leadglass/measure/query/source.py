"""An archive behind DIMSE answers a sampler's questions: each is one C-FIND by endings, times of the day and codes.

Cost: one question each, one association after another. StudyDate is never narrowed: every date takes part.
"""

import secrets
from collections.abc import Callable
from typing import Any

from leadglass.measure.caps import CANCELLED, cap_of
from leadglass.measure.outcome import broken_off
from leadglass.measure.query.studies import STUDY_KEYS, Studies
from leadglass.measure.retrieving.lots import Listed
from leadglass.measure.sampling.question import DAY_S, Answer, Entry, Question, second_of, time_of
from leadglass.measure.tally import Tally
from leadglass.model.facts import Cap
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.picker import Picker
from leadglass.wire.queries import PATIENT, STUDY, identifier

_COUNTERS = (tags.NUMBER_OF_PATIENT_RELATED_STUDIES, tags.NUMBER_OF_PATIENT_RELATED_INSTANCES)
_KEYS = {STUDY: (*STUDY_KEYS, tags.ACCESSION_NUMBER, tags.STUDY_TIME), PATIENT: (tags.PATIENT_ID, *_COUNTERS)}
_STRAYS = 3  # records of other seconds than were asked for, after which no more of them are wanted


class DimseSource:
    """A `Source` (`measure/sampling/question.py`). What comes is counted in `studies` too, for what is certain."""

    def __init__(self, studies: Questions, patients: Questions | None = None, *, keeps: bool = False) -> None:
        """`studies` are asked in the model that gave a record, `patients` in Patient Root; None where there is none.

        It `keeps` what asking for a study takes where some of them are to be asked for.
        """
        self.kept: dict[bytes, Listed] | None = {} if keeps else None
        """Studies by what tells one from another, in memory as long as this."""
        self.seen = Studies(Tally())
        self.cap: Cap | None = None
        """The limit on answers that the server itself has told of."""
        self.failed = False
        """Whether the server failed at a question, as some do above their limit."""
        self.troubles: list[str] = []
        """In words, what kept answers from being whole."""
        self._by_level = {STUDY: studies, PATIENT: patients}
        self._meter = studies.line.host.meter
        self._salt = secrets.token_bytes(16)
        self._pickers = {
            (level, explicit): Picker((*keys, tags.PATIENT_BIRTH_DATE), explicit=explicit)
            for level, keys in _KEYS.items()
            for explicit in (False, True)
        }

    def __repr__(self) -> str:
        """Without values."""
        return f"DimseSource({self.seen!r})"

    def left(self) -> tuple[float, float]:
        """See `Source`."""
        return self._meter.records_left, self._meter.busy_left_s

    async def ask(self, question: Question, take: Callable[[Entry], bool]) -> Answer:
        """See `Source`: what is not whole says why, unless `take` ended it."""
        asking = await self._ready(question.level)
        if asking is None:
            return Answer(records=0, whole=False, seconds=0.0, why="there is no Patient Root")
        reading = _Reading(question, take, self._salt, self.kept)

        def one(data: bytes, explicit: bool) -> bool:
            picked = self._pickers[question.level, explicit].pick(data)
            if question.level == STUDY:
                self.seen.note(picked)
            else:
                self.seen.tally.patient(picked.get(tags.PATIENT_ID, b""))
            return reading.take(picked)

        before = self._meter.busy_s
        end = await asking.ask(question.level, words(question), asked(question), one)
        why = self._trouble(self._why(end, reading))
        whole = not why and not end.cancelled
        return Answer(records=end.records, whole=whole, seconds=self._meter.busy_s - before, why=why)

    async def _ready(self, level: str) -> Questions | None:
        """One association at a time: what asks at another level hangs up first."""
        asking = self._by_level[level]
        for other in self._by_level.values():
            if asking is not None and other is not None and other is not asking:
                await other.close()
        return asking

    def _why(self, end: FindEnd, reading: "_Reading") -> str:
        """What kept an answer from being whole, but our own cancel."""
        if end.status is Status.BUDGET_SPENT:
            return broken_off(self._meter)
        if end.status is not Status.SUCCESS:
            return f"the answer broke off: {end.detail or end.status.value}"
        if end.dimse_status == CANCELLED and not end.cancelled:
            self.cap = cap_of(end)
            return "the server seems to limit its answers: it ended one by itself with status FE00H"
        if end.dimse_status not in (0, CANCELLED):
            self.failed = True
            return f"the server ended an answer with status {end.dimse_status or 0:04X}H"
        if reading.strays >= _STRAYS:
            return "the server ignores StudyTime"
        return "records that name no study" if reading.nameless else ""

    def _trouble(self, why: str) -> str:
        if why and why not in self.troubles:
            self.troubles.append(why)
        return why


class _Reading:
    """One answer: each study once, and none of the second that was asked for only because times have fractions."""

    def __init__(
        self,
        question: Question,
        take: Callable[[Entry], bool],
        salt: bytes,
        kept: dict[bytes, Listed] | None,
    ) -> None:
        self.nameless = False
        self.strays = 0
        """Records of other seconds than those that were asked for."""
        self._take, self._salt, self._kept = take, salt, kept
        self._studies = question.level == STUDY
        self._seconds = question.seconds
        self._known: set[int] = set()
        self._go_on = True

    def take(self, picked: dict[int, bytes]) -> bool:
        """One record; whether more are wanted."""
        entry = _entry(picked) if self._studies else _patient(picked)
        if self._studies and not self._is_new(picked.get(tags.STUDY_INSTANCE_UID, b"").strip(b" \0"), entry):
            return self._go_on
        if self._studies and self._kept is not None and entry.images and entry.study not in self._kept:
            self._kept[entry.study] = _listed(picked, entry.images)
        if self._seconds is not None:
            first, last = self._seconds
            if entry.second == last + 1:
                return self._go_on
            self.strays += entry.second is None or not first <= entry.second <= last
        self._go_on = self._go_on and self._take(entry) and self.strays < _STRAYS
        return self._go_on

    def _is_new(self, uid: bytes, entry: Entry) -> bool:
        """Whether a study is named, and was not in this answer before."""
        number = hash(self._salt + uid)
        entry.study = number.to_bytes(8, "big", signed=True)
        self.nameless = self.nameless or not uid
        new = bool(uid) and number not in self._known
        self._known.add(number)
        return new


def _listed(picked: dict[int, bytes], images: int) -> Listed:
    get = picked.get
    return Listed(
        get(tags.STUDY_INSTANCE_UID, b""),
        get(tags.PATIENT_ID, b""),
        images,
        get(tags.MODALITIES_IN_STUDY, b""),
        get(tags.STUDY_DATE, b""),
    )


def asked(question: Question) -> DataSet:
    """The identifier of a question (PS3.4 C.2.2.2.4 wildcards, C.2.2.2.5 ranges).

    A time may have a fraction, so the last second is asked for with the next one as the bound; the day's last with an
    open range.
    """
    matching = {}
    if question.accession:
        matching["accession_number"] = f"*{question.accession}"
    if question.patient:
        matching["patient_id"] = f"*{question.patient}"
    if question.seconds is not None:
        first, last = question.seconds
        matching["study_time"] = f"{time_of(first)}-{time_of(last + 1) if last + 1 < DAY_S else ''}"
    if question.modality:
        matching["modalities_in_study"] = question.modality
    if question.births is not None:
        matching["patient_birth_date"] = "-".join(question.births)
    return identifier(question.level, *_KEYS[question.level], **matching)


def words(question: Question) -> str:
    """What is asked for, in the names of keys and without a value."""
    by = (
        ("AccessionNumber by its end", question.accession),
        ("PatientID by its end", question.patient),
        ("StudyTime", question.seconds),
        ("ModalitiesInStudy", question.modality),
        ("PatientBirthDate", question.births),
    )
    return f"a sample by {', '.join(name for name, value in by if value)}"


def _patient(picked: dict[int, bytes]) -> Entry:
    studies, images = (_positive(picked.get(tag, b"")) for tag in _COUNTERS)
    return Entry(
        patient=picked.get(tags.PATIENT_ID, b"").strip(b" \0"),
        accession=b"",
        second=None,
        kinds=frozenset(),
        images=images,
        year=None,
        studies=studies,
        born=_positive(picked.get(tags.PATIENT_BIRTH_DATE, b"")),
    )


def _positive(value: bytes) -> int | None:
    """A number of a sensible size, None for none and for 0: what is listed has something to it."""
    plain = value.strip(b" \0")
    return int(plain) or None if plain.isdigit() and len(plain) <= 9 else None


def _entry(picked: dict[int, bytes]) -> Entry:
    get: Any = picked.get
    day = get(tags.STUDY_DATE, b"")[:8]
    year = int(day[:4]) if len(day) == 8 and day.isdigit() else 0
    return Entry(
        patient=get(tags.PATIENT_ID, b"").strip(b" \0"),
        accession=get(tags.ACCESSION_NUMBER, b"").strip(b" \0"),
        second=second_of(get(tags.STUDY_TIME, b"")),
        kinds=frozenset(filter(None, (code.strip(b" \0") for code in get(tags.MODALITIES_IN_STUDY, b"").split(b"\\")))),
        images=_positive(get(tags.NUMBER_OF_STUDY_RELATED_INSTANCES, b"")),
        year=year if 1900 <= year <= 2100 else None,
        born=_positive(get(tags.PATIENT_BIRTH_DATE, b"")),
    )
