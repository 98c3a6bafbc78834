"""A worklist's items and patients are counted by one universal query.

Cost: one association.
"""

from leadglass.measure.caps import cap_of
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import Status
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.picker import Picker
from leadglass.wire.queries import worklist_identifier


async def count_worklist(asking: Questions, *, with_steps: bool) -> Measured:
    """Counts scheduled procedure steps and distinct patient identifiers. Never raises for what the peer does."""
    tally, meter = Tally(), asking.line.host.meter

    def take(data: bytes, explicit: bool) -> bool:
        patient = Picker((tags.PATIENT_ID,), explicit=explicit).pick(data).get(tags.PATIENT_ID, b"")
        tally.patient(patient)
        tally.drawn.offer(patient)
        return True

    asked = worklist_identifier(tags.PATIENT_ID, date="" if with_steps else None)
    end = await asking.ask("", "all items", asked, take)
    cap = cap_of(end)
    complete = end.status is Status.SUCCESS and end.dimse_status == 0 and cap is None
    count = Count.exact if complete else Count.at_least
    limits = []
    if end.status is Status.BUDGET_SPENT:
        limits.append(broken_off(meter))
    if cap is not None:
        limits.append(f"the server seems to limit its answers: {cap.sign}")
    exposure = Exposure(
        patients=tally.patients_figure(complete),
        worklist_items=count(end.records),
        limits=tuple(limits),
    )
    nothing = seen_once(meter, worklist_items=1) if end.status is Status.BUDGET_SPENT else None
    return Measured(
        exposure=exposure if end.records else nothing,
        queries=tuple(asking.asked),
        cap=cap,
        whole_archive=True if complete and end.records else None,
        drawn=tally.drawn,
    )
