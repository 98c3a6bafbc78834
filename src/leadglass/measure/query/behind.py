"""Whether studies lie behind the end of an answer: a limit that no status tells of is found by asking for parts.

A limit applies to each question, so a part that is smaller than the limit is whole. Cost: where a round number looks
like a limit, or few records came, the same once more in two halves; else three small questions, of which one gives the
records of a single day, and two give none where the answer was whole.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from leadglass.measure.tally import Tally
from leadglass.model.words import Status
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import STUDY, identifier

_FEWEST = (tags.STUDY_INSTANCE_UID, tags.PATIENT_ID)
FIRST, LAST = "19000101", "29991231"
_SMALL_DAY = 10  # a day of so many studies is cheap to ask for, whatever the archive's size
_SMALL_PART = 50  # and so is one that holds a fiftieth of it


async def more_in_halves(asking: Questions, tally: Tally) -> bool | None:
    """Whether two halves by StudyDate, each smaller than the suspected limit, hold more than the answer did.

    None where that does not tell: what has no date is in neither half, and may have been cut off.
    """
    dated = sum(tally.days.values())
    if asking.line.host.meter.records_left < dated + 1:
        return None
    half, again = median_day(tally), Tally()
    for dates in (f"{FIRST}-{half}", f"{half}-{LAST}"):
        before = again.records
        asked = identifier(STUDY, *_FEWEST, study_date=dates)
        end = await asking.ask(STUDY, "half of the studies", asked, _Again(again).take)
        if again.distinct_studies > dated:
            return True
        size = again.records - before
        if end.status is not Status.SUCCESS or end.dimse_status != 0 or size >= tally.distinct_studies:
            return None
    return False if again.distinct_studies == dated == tally.distinct_studies else None


async def more_beside(asking: Questions, tally: Tally) -> bool:
    """Whether a study that the answer did not hold shows before its first day, after its last, or on one of its days.

    Each question ends at the first such study, and at one record more than it should have.
    """
    for keys, dates, expected in beside(tally):
        if asking.line.host.meter.records_left <= expected:
            return False
        unknown = _Unknown(tally, expected)
        await asking.ask(STUDY, keys, identifier(STUDY, *_FEWEST, study_date=dates), unknown.take)
        if unknown.seen:
            return True
    return False


def beside(tally: Tally) -> Iterator[tuple[str, str, int]]:
    """What is asked for in words, its dates, and how many records of it the answer held."""
    days = sorted(day for day in tally.days if day_of(day) is not None)
    first, last = (day_of(days[0]), day_of(days[-1])) if days else (None, None)
    if first is None or last is None:
        return
    if first > date(1900, 1, 1):
        yield "studies before the first day", f"{FIRST}-{first - timedelta(1):%Y%m%d}", 0
    if last < date(2999, 12, 31):
        yield "studies after the last day", f"{last + timedelta(1):%Y%m%d}-{LAST}", 0
    small = max(_SMALL_DAY, tally.distinct_studies // _SMALL_PART)
    fullest = max((day for day in days if tally.days[day] <= small), key=tally.days.__getitem__, default=None)
    if fullest is not None:
        yield "the studies of one day again", fullest.decode("ascii"), tally.days[fullest]


class _Unknown:
    """Looks for a study that a tally does not know, among as many records as it should hold and one more."""

    def __init__(self, tally: Tally, expected: int) -> None:
        self._tally = tally
        self._left = expected
        self.seen = False

    def take(self, data: bytes, explicit: bool) -> bool:
        uid = Picker(_FEWEST, explicit=explicit).pick(data).get(tags.STUDY_INSTANCE_UID, b"")
        self.seen = bool(uid.strip(b" \0")) and not self._tally.knows(uid)
        self._left -= 1
        return not self.seen and self._left >= 0


class _Again:
    """Takes records into a tally of their own, to count them."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def take(self, data: bytes, explicit: bool) -> bool:
        self._tally.study(Picker(_FEWEST, explicit=explicit).pick(data).get(tags.STUDY_INSTANCE_UID, b""))
        return True


def median_day(tally: Tally) -> str:
    """The day that splits the dated studies most evenly; it is in both halves, where a study is known again."""
    left = sum(tally.days.values()) // 2
    for day in sorted(tally.days):
        left -= tally.days[day]
        if left <= 0:
            return day.decode("ascii")
    return "20000101"


def day_of(day: bytes) -> date | None:
    """The day of eight digits, None where there is no such day."""
    try:
        return date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return None
