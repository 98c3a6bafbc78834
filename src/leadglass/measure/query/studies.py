"""Studies are counted by one universal query at STUDY level, as it streams.

Cost: one association; what `behind` and `by_other_keys` state, or `parts` for a server that fails over it; where image
counts are left out, what `hierarchy` states.
"""

from collections.abc import Callable

from leadglass.measure.caps import CANCELLED, NO_LIMIT, SMALLEST_LIMIT, cap_of, doubt_of
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.query.behind import more_beside, more_in_halves
from leadglass.measure.query.by_other_keys import more_by_other_keys
from leadglass.measure.query.hierarchy import count_images
from leadglass.measure.query.parts import count_by_ranges
from leadglass.measure.retrieving.lots import Lots
from leadglass.measure.tally import Tally
from leadglass.model.facts import Cap
from leadglass.model.ways import DimseWay
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.meter import Meter
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import STUDY, USUAL_KEYS, identifier

_FEW = 50  # so few records are soon asked for once more, which proves what questions beside them only make likely
_FEWEST = (tags.STUDY_INSTANCE_UID, tags.PATIENT_ID)
STUDY_KEYS = (*_FEWEST, tags.STUDY_DATE, tags.MODALITIES_IN_STUDY, tags.NUMBER_OF_STUDY_RELATED_INSTANCES)
# From what tells most to what the strictest server answers.
_KEYS = (
    ("all studies", STUDY_KEYS),
    ("all studies, fewer keys", (*_FEWEST, tags.STUDY_DATE)),
    ("minimal keys", _FEWEST),
    ("the keys that most programs send", USUAL_KEYS),
)


class Studies:
    """Takes study-level records into a tally, and remembers which studies left out their number of images."""

    def __init__(self, tally: Tally) -> None:
        """`unnumbered` holds pairs of study UID and patient ID, in memory for as long as the count takes.

        A number that says 0 counts as left out: a study is listed because of its images.
        """
        self.tally = tally
        self.unnumbered: list[tuple[bytes, bytes]] = []
        self.lots = Lots()
        """A few of the studies, as likely as each has images."""
        self._pickers = tuple(Picker(STUDY_KEYS, explicit=explicit) for explicit in (False, True))

    def __repr__(self) -> str:
        """Without values."""
        return f"Studies({self.tally!r})"

    def take(self, data: bytes, explicit: bool) -> bool:
        """One record; asks for more until they only repeat."""
        self.note(self._pickers[explicit].pick(data))
        return not self.tally.repeating

    def note(self, picked: dict[int, bytes]) -> None:
        """One record, by its values under `STUDY_KEYS`."""
        get, tally = picked.get, self.tally
        uid, patient = get(tags.STUDY_INSTANCE_UID, b""), get(tags.PATIENT_ID, b"")
        if not tally.study(uid):
            tally.patient_again(patient)
        else:
            tally.patient(patient)
            day, modalities = get(tags.STUDY_DATE, b""), get(tags.MODALITIES_IN_STUDY, b"")
            tally.date(day)
            tally.modalities(modalities)
            images = tally.images(get(tags.NUMBER_OF_STUDY_RELATED_INSTANCES, b""))
            if images:
                self.lots.offer(uid, patient, images, modalities, day)
            else:
                self.unnumbered.append((uid, patient))


async def count_studies(asking: Questions, way: DimseWay) -> Measured:
    """Counts by the way that gave a record. Never raises for what the peer does."""
    studies, meter = Studies(Tally()), asking.line.host.meter
    end = await _ask_all(asking, way, studies.take)
    if end.is_failure and way.dates_usable:
        return await _count_in_ranges(asking, studies)
    repeating = studies.tally.repeating
    whole = end.status is Status.SUCCESS and end.dimse_status == 0 and not repeating
    cap = await _unseen_cap(asking, way, end, studies.tally) if whole else cap_of(end)
    complete = whole and cap is None and way.date_range is None
    limits = _limits(end, cap, way, meter)
    if repeating:
        limits += ("the server repeats its studies without an end: the count was ended",)
    if studies.unnumbered:
        limits += await count_images(asking, studies.tally, studies.unnumbered, studies.lots)
    nothing = seen_once(meter, studies=1) if end.status is Status.BUDGET_SPENT else None
    return Measured(
        exposure=studies.tally.exposure(complete, limits) if studies.tally.distinct_studies else nothing,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=None if repeating else _whole(end, complete, cap),
        drawn=studies.tally.drawn,
        lots=studies.lots,
    )


async def _count_in_ranges(asking: Questions, studies: Studies) -> Measured:
    """As `count_studies`, of a server that fails over all of it."""
    cap, limits = await count_by_ranges(asking, STUDY_KEYS, studies.take)
    if studies.unnumbered:
        limits += await count_images(asking, studies.tally, studies.unnumbered, studies.lots)
    counted = studies.tally.exposure(False, limits) if studies.tally.distinct_studies else None
    return Measured(
        exposure=counted,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=False,
        drawn=studies.tally.drawn,
        lots=studies.lots,
    )


async def _ask_all(asking: Questions, way: DimseWay, take: Callable[[bytes, bool], bool]) -> FindEnd:
    """The first set of keys that is answered with a record, or with a plain success."""
    # A range that was found by halving is a part of what there is: all of it is worth a question.
    part = way.date_range is not None and way.dates_usable
    matching = {} if way.date_range is None or part else {"study_date": way.date_range}
    for name, keys in _KEYS:
        end = await asking.ask(STUDY, name, identifier(STUDY, *keys, **matching), take)
        if end.records or end.status is Status.BUDGET_SPENT or (end.status is Status.SUCCESS and end.dimse_status == 0):
            break
    return end


async def _unseen_cap(asking: Questions, way: DimseWay, end: FindEnd, tally: Tally) -> Cap | None:
    """The limit that an answer had, though its status tells of none: looked for by parts of what it held."""
    cap, part = cap_of(end), way.date_range is not None
    few = SMALLEST_LIMIT <= end.records <= _FEW and not part
    more = None
    if way.dates_usable and (cap is not None or few):
        more = await more_in_halves(asking, tally)
    if more is None and cap is None and way.dates_usable and not part and SMALLEST_LIMIT <= end.records < NO_LIMIT:
        more = await more_beside(asking, tally) or None
    if more is None and few:
        more = await more_by_other_keys(asking, tally)
    if more:
        sign = cap.sign if cap is not None else "more studies lie behind its answer"
        return Cap(records=end.records, sign=sign, shown=True)
    return doubt_of(end) if more is None else None


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
    ours = end.status is Status.BUDGET_SPENT and end.records >= NO_LIMIT
    return True if (complete and end.records) or ours else None
