"""Studies are counted by one universal query at STUDY level, as it streams.

Cost: one association; where a round number of answers looks like a limit, the same records once more in two halves;
where image counts are left out, what `hierarchy` states.
"""

from collections.abc import Callable

import msgspec

from leadglass.measure.caps import CANCELLED, cap_of
from leadglass.measure.hierarchy import count_images
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.tally import Tally
from leadglass.model.facts import Cap
from leadglass.model.ways import DimseWay
from leadglass.model.words import Status
from leadglass.net.dialogue import FindEnd
from leadglass.net.meter import Meter
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import STUDY, identifier

_FEWEST = (tags.STUDY_INSTANCE_UID, tags.PATIENT_ID)
_ALL = (*_FEWEST, tags.STUDY_DATE, tags.MODALITIES_IN_STUDY, tags.NUMBER_OF_STUDY_RELATED_INSTANCES)
_NO_LIMIT = 10_000  # whoever limits answers does so far below: a person reads no list of ten thousand
# From what tells most to what the strictest server answers.
_KEYS = (("all studies", _ALL), ("all studies, fewer keys", (*_FEWEST, tags.STUDY_DATE)), ("minimal keys", _FEWEST))


class Studies:
    """Takes study-level records into a tally, and remembers which studies left out their number of images."""

    def __init__(self, tally: Tally) -> None:
        """`unnumbered` holds pairs of study UID and patient ID, in memory for as long as the count takes."""
        self.tally = tally
        self.unnumbered: list[tuple[bytes, bytes]] = []
        self._pickers = tuple(Picker(_ALL, explicit=explicit) for explicit in (False, True))

    def __repr__(self) -> str:
        """Without values."""
        return f"Studies({self.tally!r})"

    def take(self, data: bytes, explicit: bool) -> bool:
        """One record; always asks for more."""
        get = self._pickers[explicit].pick(data).get
        tally = self.tally
        uid = get(tags.STUDY_INSTANCE_UID, b"")
        if tally.study(uid):
            patient = get(tags.PATIENT_ID, b"")
            tally.patient(patient)
            tally.date(get(tags.STUDY_DATE, b""))
            tally.modalities(get(tags.MODALITIES_IN_STUDY, b""))
            number = get(tags.NUMBER_OF_STUDY_RELATED_INSTANCES, b"")
            tally.images(number)
            if not number:
                self.unnumbered.append((uid, patient))
        return True


async def count_studies(asking: Questions, way: DimseWay) -> Measured:
    """Counts by the way that gave a record. Never raises for what the peer does."""
    studies, meter = Studies(Tally()), asking.line.host.meter
    end = await _ask_all(asking, way, studies.take)
    cap = cap_of(end)
    if cap is not None and end.dimse_status == 0:
        more = await _more_behind(asking, way, studies.tally)
        cap = None if more is False else msgspec.structs.replace(cap, shown=more is True)
    complete = end.status is Status.SUCCESS and end.dimse_status == 0 and cap is None and way.date_range is None
    limits = _limits(end, cap, way, meter)
    if studies.unnumbered:
        limits += await count_images(asking, studies.tally, studies.unnumbered)
    nothing = seen_once(meter, studies=1) if end.status is Status.BUDGET_SPENT else None
    return Measured(
        exposure=studies.tally.exposure(complete, limits) if studies.tally.distinct_studies else nothing,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=_whole(end, complete, cap),
    )


async def _ask_all(asking: Questions, way: DimseWay, take: Callable[[bytes, bool], bool]) -> FindEnd:
    """The first set of keys that is answered with a record, or with a plain success."""
    matching = {} if way.date_range is None else {"study_date": way.date_range}
    for name, keys in _KEYS:
        end = await asking.ask(STUDY, name, identifier(STUDY, *keys, **matching), take)
        if end.records or end.status is Status.BUDGET_SPENT or (end.status is Status.SUCCESS and end.dimse_status == 0):
            break
    return end


async def _more_behind(asking: Questions, way: DimseWay, tally: Tally) -> bool | None:
    """Whether more studies lie behind a suspected limit: two halves, each smaller than it, are asked for.

    A limit applies to each question: halves below it are whole, so their sum is the truth of what has a date. None
    where that does not tell: what has no date is in neither half, and may have been cut off.
    """
    dated = sum(tally.days.values())
    if not way.dates_usable or asking.line.host.meter.records_left < dated + 1:
        return None
    half, again = _median_day(tally), Studies(Tally())
    for dates in (f"19000101-{half}", f"{half}-29991231"):
        before = again.tally.records
        end = await asking.ask(STUDY, "half of the studies", identifier(STUDY, *_FEWEST, study_date=dates), again.take)
        if again.tally.distinct_studies > dated:
            return True
        size = again.tally.records - before
        if end.status is not Status.SUCCESS or end.dimse_status != 0 or size >= tally.distinct_studies:
            return None
    return False if again.tally.distinct_studies == dated == tally.distinct_studies else None


def _median_day(tally: Tally) -> str:
    """The day that splits the dated studies most evenly; it is in both halves, where a study is known again."""
    left = sum(tally.days.values()) // 2
    for day in sorted(tally.days):
        left -= tally.days[day]
        if left <= 0:
            return day.decode("ascii")
    return "20000101"


def _limits(end: FindEnd, cap: Cap | None, way: DimseWay, meter: Meter) -> tuple[str, ...]:
    """What ended or narrowed the count, in words."""
    limits = []
    if end.status is Status.BUDGET_SPENT:
        limits.append(broken_off(meter))
    elif end.status is not Status.SUCCESS:
        limits.append(f"the answer broke off: {end.detail or end.status.value}")
    elif end.dimse_status not in (0, CANCELLED):
        limits.append(f"the server ended its answer with status {end.dimse_status or 0:04X}H")
    if cap is not None:
        limits.append(f"the server seems to limit its answers: {cap.sign}")
    if way.date_range is not None:
        limits.append("only a range of study dates was answered")
    return tuple(limits)


def _whole(end: FindEnd, complete: bool, cap: Cap | None) -> bool | None:
    if cap is not None:
        return False
    # A question that our own budget ended was on its way to everything where no limit is set so high.
    ours = end.status is Status.BUDGET_SPENT and end.records >= _NO_LIMIT
    return True if (complete and end.records) or ours else None
