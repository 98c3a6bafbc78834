"""A worklist's items and patients are counted by one universal query.

Cost: one association.
"""

from leadglass.measure.caps import cap_of
from leadglass.measure.outcome import NOT_COUNTED, Measured
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import Status
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import worklist_identifier


async def count_worklist(asking: Questions, *, with_steps: bool) -> Measured:
    """Counts scheduled procedure steps and distinct patient identifiers. Never raises for what the peer does."""
    tally = Tally()

    def take(data: bytes, explicit: bool) -> bool:
        tally.patient(Picker((tags.PATIENT_ID,), explicit=explicit).pick(data).get(tags.PATIENT_ID, b""))
        return True

    if not asking.line.host.meter.records_left:
        return Measured(exposure=NOT_COUNTED)
    asked = worklist_identifier(tags.PATIENT_ID, date="" if with_steps else None)
    end = await asking.ask("", "all items", asked, take)
    cap = cap_of(end)
    complete = end.status is Status.SUCCESS and end.dimse_status == 0 and cap is None
    count = Count.exact if complete else Count.at_least
    limits = []
    if end.status is Status.BUDGET_SPENT:
        limits.append("our own budget ended the count")
    if cap is not None:
        limits.append(f"the server seems to limit its answers: {cap.sign}")
    exposure = Exposure(
        patients=count(tally.distinct_patients),
        worklist_items=count(end.records),
        limits=tuple(limits),
    )
    return Measured(
        exposure=exposure if end.records else None,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=True if complete and end.records else None,
    )
