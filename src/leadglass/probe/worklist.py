"""Modality Worklist is a door of its own: real servers leave it open when queries are refused (PS3.4 K).

Cost: one association while the server answers, one a question while it aborts; at most 4 questions.
"""

from datetime import date

from leadglass.model.facts import Query
from leadglass.model.record import Record
from leadglass.model.words import NoRecord
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Line, questions
from leadglass.probe.reading import IMPOSSIBLE_DATE, why_none
from leadglass.wire import tags
from leadglass.wire.elements import decode, says_something
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
    ignored: tuple[str, ...] = ()
    item = _Item()
    async with questions(line, WORKLIST_FIND, "worklist") as asking:
        for keys, day in (
            ("an impossible ScheduledProcedureStepStartDate", IMPOSSIBLE_DATE),
            ("ScheduledProcedureStepStartDate of today", today.strftime("%Y%m%d")),
            ("minimal keys", ""),
            ("minimal keys without the step sequence", None),
        ):
            end = await asking.ask("", keys, worklist_identifier(tags.PATIENT_ID, date=day), item.take)
            ends.append(end)
            if not day:  # any item answers it
                wide.append(end)
            if item.seen and day == IMPOSSIBLE_DATE:
                ignored = ("ScheduledProcedureStepStartDate",)
            if item.seen:
                return WorklistReading(
                    asked=tuple(asking.asked), readable=True, with_steps=day is not None, ignored_keys=ignored
                )
        return WorklistReading(asked=tuple(asking.asked), readable=False, no_record=why_none(ends, wide))


class _Item:
    """Whether an item came that says anything: one proves the point, and nothing of it is kept."""

    def __init__(self) -> None:
        self.seen = False

    def take(self, data: bytes, explicit: bool) -> bool:
        """Looks for any value; asks for no more."""
        self.seen = self.seen or says_something(decode(data, explicit=explicit))
        return False
