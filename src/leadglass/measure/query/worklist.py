"""A worklist's items and patients are counted by one universal query.

Cost: one association; where the answer may have ended at a limit, two questions for its parts by scheduled dates, and
three by times where all is of one day: they give each item twice more at most.
"""

from collections.abc import Iterator
from datetime import timedelta

from leadglass.measure.caps import SMALLEST_LIMIT, cap_of, doubt_of
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.query.behind import FIRST, LAST, day_of, median_day
from leadglass.measure.tally import MAX_REPEATED, MAX_REPEATED_EACH, Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import Cap
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, decode, says_something
from leadglass.wire.queries import worklist_identifier

_FEW = 50  # so many items are soon asked for once more
_NO_TIME, _HALVES = "235959.999999", ("000000-115959", "120000-235959")


async def count_worklist(asking: Questions, *, with_steps: bool, dates_usable: bool) -> Measured:
    """Counts scheduled procedure steps and distinct patient identifiers. Never raises for what the peer does."""
    items, meter = _Items(), asking.line.host.meter
    asked = worklist_identifier(tags.PATIENT_ID, date="" if with_steps else None)
    end = await asking.ask("", "all items", asked, items.take)
    whole = end.status is Status.SUCCESS and end.dimse_status == 0 and not items.repeating
    cap = await _unseen_cap(asking, end, items) if whole and dates_usable else doubt_of(end)
    complete = whole and cap is None
    count = Count.exact if complete and not items.empty else Count.at_least
    limits = []
    if end.status is Status.BUDGET_SPENT:
        limits.append(broken_off(meter))
    if cap is not None:
        limits.append(f"the server seems to limit its answers: {cap.sign}")
    if items.repeating:
        limits.append("the server repeats its items without an end: the count was ended")
    if items.empty:
        limits.append(f"items that say nothing, and are not counted: {items.empty:,}")
    exposure = Exposure(
        patients=items.tally.patients_figure(complete), worklist_items=count(items.count), limits=tuple(limits)
    )
    nothing = seen_once(meter, worklist_items=1) if end.status is Status.BUDGET_SPENT else None
    return Measured(
        exposure=exposure if end.records else nothing,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=True if complete and end.records else None,
        drawn=items.tally.drawn,
    )


class _Items:
    """Counts what says anything, by patients and by scheduled days."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.count = self.empty = 0

    @property
    def repeating(self) -> bool:
        """Whether items come without an end, and of the same few patients."""
        came = self.count + self.empty
        return came >= MAX_REPEATED and came > MAX_REPEATED_EACH * self.tally.distinct_patients

    def take(self, data: bytes, explicit: bool) -> bool:
        """One item; asks for more until they only repeat."""
        item = decode(data, explicit=explicit)
        if not says_something(item):
            self.empty += 1
            return not self.repeating
        patient = next(_values(item, tags.PATIENT_ID), b"")
        self.count += 1
        self.tally.patient(patient)
        self.tally.drawn.offer(patient)
        self.tally.date(next(_values(item, tags.SCHEDULED_PROCEDURE_STEP_START_DATE), b"").strip(b" \0"))
        return not self.repeating


def _values(items: DataSet, tag: int) -> Iterator[bytes]:
    """What stands under `tag`, in sequences too."""
    for element in items:
        if isinstance(element.value, tuple):
            for item in element.value:
                yield from _values(item, tag)
        elif element.tag == tag:
            yield element.value


async def _unseen_cap(asking: Questions, end: FindEnd, items: _Items) -> Cap | None:
    """The limit that an answer had, though its status tells of none: two parts of it hold more than it did."""
    cap = cap_of(end)
    if cap is None and not SMALLEST_LIMIT <= end.records <= _FEW:
        return None
    middle = median_day(items.tally)
    after = day_of(middle.encode())
    more = None
    if after is not None:
        days = f"{FIRST}-{middle}", f"{after + timedelta(1):%Y%m%d}-{LAST}"
        more = await _more(asking, items, [worklist_identifier(tags.PATIENT_ID, date=range_) for range_ in days])
    if more is None and len(items.tally.days) == 1 and not await _found(asking, _timed(_NO_TIME), 0):
        more = await _more(asking, items, [_timed(half) for half in _HALVES])
    if more:
        return Cap(records=end.records, sign="more items lie behind its answer", shown=True)
    return doubt_of(end) if more is None else None


def _timed(time: str) -> DataSet:
    return worklist_identifier(tags.PATIENT_ID, time=time)


async def _more(asking: Questions, items: _Items, parts: list[DataSet]) -> bool | None:
    """Whether the parts of an answer hold more than it did; None where one is no smaller, or they hold less."""
    sizes = [await _found(asking, part, items.count) for part in parts]
    if sum(sizes) > items.count:
        return True
    return False if sum(sizes) == items.count and max(sizes) < items.count else None


async def _found(asking: Questions, part: DataSet, most: int) -> int:
    """How many items that say anything a part holds, up to one more than `most`."""
    items = _Items()

    def take(data: bytes, explicit: bool) -> bool:
        items.take(data, explicit)
        return items.count <= most

    await asking.ask("", "a part of the items", part, take)
    return items.count
