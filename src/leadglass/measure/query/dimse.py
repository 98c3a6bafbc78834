"""One DIMSE surface is counted by the way that gave its first record."""

import secrets

import msgspec

from leadglass.measure.outcome import Measured, at_least
from leadglass.measure.query.patients import count_patients
from leadglass.measure.query.sampled import Below, measure_studies
from leadglass.measure.query.worklist import count_worklist
from leadglass.measure.sampling.sampler import Wish
from leadglass.model.ways import DimseWay
from leadglass.net.host import Host
from leadglass.net.questions import Line, questions
from leadglass.wire.queries import PATIENT
from leadglass.wire.uids import PATIENT_ROOT_FIND, WORKLIST_FIND

_MODELS = {WORKLIST_FIND: "worklist", PATIENT_ROOT_FIND: "patient-root"}


async def measure_dimse(
    host: Host, way: DimseWay, wish: Wish | None = None, below: Below = secrets.randbelow
) -> Measured:
    """The exposure of one surface: from a sample as sure as `wish`, exact, or up to the budget.

    Without a `wish` everything is counted. Never raises for what the peer does.
    """
    measured = await _measure(host, way, wish, below)
    if measured.exposure is None or not way.other_titles:
        return measured
    also = f"counted under {way.called_ae_title} alone; {', '.join(way.other_titles)} may open other archives"
    exposure = at_least(measured.exposure, also)
    return msgspec.structs.replace(measured, exposure=exposure)


async def _measure(host: Host, way: DimseWay, wish: Wish | None, below: Below) -> Measured:
    line = Line(host, way.port, tls=way.tls, called_ae_title=way.called_ae_title)
    async with questions(line, way.sop_class_uid, _MODELS.get(way.sop_class_uid, "study-root")) as asking:
        if way.sop_class_uid == WORKLIST_FIND:
            return await count_worklist(asking, with_steps=way.level != PATIENT, dates_usable=way.dates_usable)
        if way.level == PATIENT:
            return await count_patients(asking)
        return await measure_studies(asking, way, wish, below)
