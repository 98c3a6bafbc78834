"""Modality Worklist is a door of its own: real servers leave it open when queries are refused (PS3.4 K).

Cost: one association while the server answers, one a question while it aborts; at most 4 questions.
"""

from datetime import date

from leadglass.model.facts import Query
from leadglass.model.record import Record
from leadglass.model.words import NoRecord
from leadglass.net.dialogue import FindEnd
from leadglass.net.questions import Line, questions
from leadglass.probe.reading import IMPOSSIBLE_DATE, why_none
from leadglass.wire import tags
from leadglass.wire.queries import worklist_identifier
from leadglass.wire.uids import WORKLIST_FIND


class WorklistReading(Record):
    """What the worklist's questions came to."""

    asked: tuple[Query, ...]
    readable: bool
    with_steps: bool = True
    ignored_keys: tuple[str, ...] = ()
    no_record: NoRecord | None = None


async def read_worklist(line: Line, today: date) -> WorklistReading:
    """Asks for an impossible day, today, any day, and without the step sequence, until an item comes."""
    ends: list[FindEnd] = []
    wide: list[FindEnd] = []
    async with questions(line, WORKLIST_FIND, "worklist") as asking:
        for keys, day in (
            ("an impossible ScheduledProcedureStepStartDate", IMPOSSIBLE_DATE),
            ("ScheduledProcedureStepStartDate of today", today.strftime("%Y%m%d")),
            ("minimal keys", ""),
            ("minimal keys without the step sequence", None),
        ):
            seen = _Seen()
            end = await asking.ask("", keys, worklist_identifier(tags.PATIENT_ID, date=day), seen.take)
            ends.append(end)
            if not day:  # any item answers it
                wide.append(end)
            if end.records <= seen.empty:
                continue
            ignored = ("ScheduledProcedureStepStartDate",) if day == IMPOSSIBLE_DATE else ()
            return WorklistReading(
                asked=tuple(asking.asked), readable=True, with_steps=day is not None, ignored_keys=ignored
            )
        return WorklistReading(asked=tuple(asking.asked), readable=False, no_record=why_none(ends, wide))


class _Seen:
    """One item proves the point; nothing of it is looked at but whether there is anything in it."""

    def __init__(self) -> None:
        self.empty = 0

    def take(self, data: bytes, explicit: bool) -> bool:
        """Asks for no more."""
        self.empty += not data
        return False
