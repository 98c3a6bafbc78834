"""Whether a stranger is given a record by C-FIND: narrow questions before wide ones, and no "no" before all were tried.

Cost: one association while the server answers, one a question while it ends them; at most 19 questions a model, 32
where it fails for having too much to say, and the first record ends them.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from leadglass.model.facts import Query
from leadglass.model.record import Record
from leadglass.model.words import NoRecord, Status
from leadglass.net.ends import FindEnd
from leadglass.net.errors import StepFailed
from leadglass.net.questions import MODEL_NAMES, Line, Questions, questions
from leadglass.probe.manner import Manner, Switch
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.picker import Picker, number
from leadglass.wire.queries import PATIENT, STUDY, USUAL_KEYS, identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND, STUDY_ROOT_FIND

# No study was made then, so a server that answers it ignores the key. Within what DICOM can say (PS3.5 6.2, DA).
IMPOSSIBLE_DATE = "18000101"
# Studies without a date fall out of it, which is why it is not the first question.
ALL_DATES = "19000101-29991231"
RECENT_DAYS = 7
# A server that let two questions time out is not made to work on a third.
MAX_SILENCES = 2
_WEEKS_BACK = (5, 13, 26, 52, 104, 156, 260, 520)  # from what an archive most likely holds to ten years ago
_DAYS_BACK = (1, 2, 3, 7, 30, 365, 1096)
_ENDS = (Status.ABORTED, Status.CONNECTION_CLOSED, Status.CONNECTION_RESET)


class Seen:
    """The one record that a retrieval would ask for: identifiers, held in memory for that long and never shown.

    `records` counts those that name a study or a patient: an answer without either is nobody's record.
    """

    __slots__ = ("_fewest", "patient_id", "records", "study_uid")

    def __init__(self) -> None:
        """Nothing was seen."""
        self.study_uid = b""
        self.patient_id = b""
        self.records = 0
        self._fewest: int | None = None

    def __repr__(self) -> str:
        """Without values."""
        return "Seen()"

    def take(self, data: bytes, explicit: bool) -> bool:
        """Keeps the study with the fewest images; asks for no more records."""
        picked = Picker(_WANTED, explicit=explicit).pick(data)
        study = picked.get(tags.STUDY_INSTANCE_UID, b"").strip(b" \0")
        self.records += bool(study or picked.get(tags.PATIENT_ID, b"").strip(b" \0"))
        count = number(picked.get(tags.NUMBER_OF_STUDY_RELATED_INSTANCES, b""))
        fewer = count is not None and (self._fewest is None or count < self._fewest)
        if study and (not self.study_uid or fewer):
            self.study_uid = study
            self.patient_id = picked.get(tags.PATIENT_ID, b"").strip(b" \0")
            self._fewest = count
        return False


_WANTED = (tags.STUDY_INSTANCE_UID, tags.PATIENT_ID, tags.NUMBER_OF_STUDY_RELATED_INSTANCES)


class Reading(Record):
    """What the questions of one or more models came to: the way that gave a record, or why none did."""

    asked: tuple[Query, ...]
    sop_class_uid: str | None = None
    level: str = STUDY
    date_range: str | None = None
    dates_usable: bool = False
    ignored_keys: tuple[str, ...] = ()
    no_record: NoRecord | None = None


async def read_models(line: Line, offered: frozenset[str], manner: Manner, seen: Seen) -> Reading:
    """Asks Study Root, then Patient Root, where their contexts were accepted, until a record comes."""
    asked: list[Query] = []
    ends: list[FindEnd] = []
    wide: list[FindEnd] = []
    for sop_class_uid in (STUDY_ROOT_FIND, PATIENT_ROOT_FIND):
        if sop_class_uid not in offered:
            continue
        async with questions(line, sop_class_uid, MODEL_NAMES[sop_class_uid]) as asking:
            ladder = _Ladder(asking, manner, seen, ends)
            found = await ladder.climb()
            asked += asking.asked
            ends += ladder.ends
            wide += ladder.wide
        if found is not None:
            return Reading(
                asked=tuple(asked),
                sop_class_uid=sop_class_uid,
                level=found.level,
                date_range=found.date_range,
                dates_usable=ladder.dates_usable,
                ignored_keys=("StudyDate",) if ladder.dates_ignored else (),
            )
    return Reading(asked=tuple(asked), no_record=why_none(ends, wide))


class Alone(Record):
    """The SOP classes that were accepted when each was proposed by itself, and what kept others from being answered."""

    offered: frozenset[str]
    failure: StepFailed | None = None


async def offered_alone(line: Line, sop_classes: Iterable[str]) -> Alone:
    """Those that are accepted when each is proposed by itself: some servers take one context at a time."""
    found, failed = set(), None
    for sop_class_uid in sop_classes:
        try:
            async with line.associate((sop_class_uid,)) as dialogue:
                if dialogue.context(sop_class_uid) is not None:
                    found.add(sop_class_uid)
        except StepFailed as failure:
            failed = failure
    return Alone(offered=frozenset(found), failure=failed)


def why_none(ends: list[FindEnd], wide: list[FindEnd]) -> NoRecord:
    """Why no record came; `wide` are the ends of the questions that any record would have answered.

    An empty success of one of those outweighs all: that nothing was found for one day or for an impossible one says
    little. A refusal counts only where every answer is one.
    """
    if any(end.status is Status.SUCCESS and end.dimse_status == 0 for end in wide):
        return NoRecord.NOTHING_FOUND
    return NoRecord.REFUSED if all(end.is_refusal for end in ends) else NoRecord.UNDECIDED


class _Found(Record):
    level: str
    date_range: str | None


class _Ladder:
    """The questions of one information model, from the narrowest to the widest and back to a single day."""

    def __init__(self, asking: Questions, manner: Manner, seen: Seen, before: list[FindEnd]) -> None:
        self._asking = asking
        self._today = manner.today
        self._ranges = manner.asks(Switch.DATE_RANGES)
        self._seen = seen
        self._patient_root = asking.sop_class_uid == PATIENT_ROOT_FIND
        self._silences = sum(map(_is_silent, before))
        self.ends: list[FindEnd] = []
        self.wide: list[FindEnd] = []
        self.dates_usable = False
        self.dates_ignored = False

    async def climb(self) -> _Found | None:
        """The question that gave a record, None where none did."""
        impossible = await self._study("an impossible StudyDate", IMPOSSIBLE_DATE)
        if self._found():
            self.dates_ignored = True
            return _Found(level=STUDY, date_range=None)
        self.dates_usable = impossible.status is Status.SUCCESS and impossible.dimse_status == 0
        if await self._narrow():
            return _Found(level=STUDY, date_range=None)
        level = await self._wide()
        if level is not None:
            return _Found(level=level, date_range=None)
        return await (self._dated() if self._ranges else self._usual())

    async def _dated(self) -> _Found | None:
        """The range of dates that gave a record, where the question about everything gave none."""
        everything = await self._study("StudyDate of all years", ALL_DATES)
        if self._found():
            return _Found(level=STUDY, date_range=ALL_DATES)
        if self.dates_usable and everything.is_failure:
            return await self._halves()
        return await self._days() or await self._usual()

    async def _wide(self) -> str | None:
        """The level at which a question about everything gave a record."""
        await self._study("minimal keys", None)
        if self._found():
            return STUDY
        if self._patient_root:
            await self._patients()
        return PATIENT if self._found() else None

    async def _narrow(self) -> bool:
        """Whether a week of a few gave a record: only a server that heeds dates is spared a question about all."""
        if not (self.dates_usable and self._ranges):
            return False
        for back in (0, *_WEEKS_BACK):
            last = self._today - timedelta(weeks=back)
            week = f"{_day(last - timedelta(RECENT_DAYS))}-{_day(last)}"
            end = await self._study("StudyDate of the last days" if not back else "StudyDate of one week", week)
            if self._found():
                return True
            if end.status is not Status.SUCCESS:
                return False
        return False

    def _found(self) -> bool:
        return self._seen.records > 0

    async def _halves(self) -> _Found | None:
        """Between a range with too many studies for an answer and one with none lies one that is answered."""
        first, last = date(1900, 1, 1).toordinal(), (self._today + timedelta(1)).toordinal()
        while first < last:
            # Archives grow: the later half is the likelier to hold something.
            middle = (first + last) // 2
            range_ = f"{_day(date.fromordinal(middle + 1))}-{_day(date.fromordinal(last))}"
            end = await self._study("StudyDate by halves", range_)
            if self._found():
                return _Found(level=STUDY, date_range=range_)
            if end.is_failure:
                first = middle + 1
            elif end.status is Status.SUCCESS:
                last = middle
            else:
                return None
        day = _day(date.fromordinal(first))
        await self._study("StudyDate of one day", day)
        return _Found(level=STUDY, date_range=day) if self._found() else None

    async def _days(self) -> _Found | None:
        """Single days: a product may answer a failure without a record to whatever exceeds its limit."""
        # A server that ended every association will not keep one for another day: one is enough then.
        ended = all(end.status in _ENDS for end in self.ends)
        for back in _DAYS_BACK[:1] if ended else _DAYS_BACK:
            day = _day(self._today - timedelta(back))
            await self._study("StudyDate of one day", day)
            if self._found():
                return _Found(level=STUDY, date_range=day)
        return None

    async def _usual(self) -> _Found | None:
        """The keys that most programs send: a server that never answered a few may want them."""
        if any(end.status is Status.SUCCESS and end.dimse_status == 0 for end in self.ends):
            return None
        await self._ask(STUDY, "the keys that most programs send", identifier(STUDY, *USUAL_KEYS), wide=True)
        return _Found(level=STUDY, date_range=None) if self._found() else None

    async def _study(self, keys: str, dates: str | None) -> FindEnd:
        returned = (tags.STUDY_INSTANCE_UID, tags.PATIENT_ID) if self._patient_root else (tags.STUDY_INSTANCE_UID,)
        if dates not in (None, ALL_DATES):  # of the few that come, the smallest is the one to ask for
            returned = (*returned, tags.NUMBER_OF_STUDY_RELATED_INSTANCES)
        matching = {} if dates is None else {"study_date": dates}
        return await self._ask(STUDY, keys, identifier(STUDY, *returned, **matching), wide=dates in (None, ALL_DATES))

    async def _patients(self) -> FindEnd:
        return await self._ask(PATIENT, "minimal keys", identifier(PATIENT, tags.PATIENT_ID), wide=True)

    async def _ask(self, level: str, keys: str, asked: DataSet, *, wide: bool) -> FindEnd:
        if self.ends and self._silences + sum(map(_is_silent, self.ends)) >= MAX_SILENCES:
            return self.ends[-1]
        end = await self._asking.ask(level, keys, asked, self._seen.take)
        self.ends.append(end)
        if wide:
            self.wide.append(end)
        return end


def _is_silent(end: FindEnd) -> bool:
    return end.status is Status.IO_TIMEOUT or not end.asked


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")
