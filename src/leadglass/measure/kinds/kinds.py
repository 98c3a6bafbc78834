"""Kinds of data that a surface shows: from 20 records at most, as shares and never as values, where that is permitted.

The records are drawn while the surface is counted and asked for once more with what tells their kinds, so that they are
of all days and not of one. Cost: what `kinds_dimse` and `kinds_web` state. A product's own counters show no record, and
so no kind.
"""

import msgspec

from leadglass.measure.kinds.by_dimse import look_by_dimse
from leadglass.measure.kinds.by_web import look_by_web
from leadglass.measure.kinds.sample import Sample
from leadglass.measure.outcome import Measured, broken_off
from leadglass.model.exposure import Exposure
from leadglass.model.facts import Query
from leadglass.model.ways import DicomwebWay, DimseWay, Way
from leadglass.model.words import CountKind, Permission
from leadglass.net.host import Host
from leadglass.net.questions import Line, questions
from leadglass.wire.queries import PATIENT
from leadglass.wire.uids import PATIENT_ROOT_FIND, WORKLIST_FIND

_MODELS = {WORKLIST_FIND: "worklist", PATIENT_ROOT_FIND: "patient-root"}


async def with_kinds(host: Host, way: Way, measured: Measured, contact: str) -> Measured:
    """What counting came to, with the kinds of data. Never raises for what the peer does."""
    drawn, exposure = measured.drawn, measured.exposure
    if not host.may(Permission.SAMPLE_KINDS) or exposure is None or not drawn.keys():
        return measured
    if not host.meter.records_left:
        return without_kinds(measured, broken_off(host.meter))
    sample, queries = Sample(host.meter.records_left), tuple[Query, ...]()
    match way:
        case DimseWay():
            line = Line(host, way.port, tls=way.tls, called_ae_title=way.called_ae_title)
            async with questions(line, way.sop_class_uid, _MODELS.get(way.sop_class_uid, "study-root")) as asking:
                await look_by_dimse(asking, way, drawn, sample)
            queries = tuple(asking.asked)
        case DicomwebWay():
            await look_by_web(host, way, contact, drawn, sample)
    measured = msgspec.structs.replace(measured, queries=measured.queries + queries)
    if not sample.seen.records:
        return without_kinds(measured, "the server did not give again the records that it had given")
    kinds = sample.seen.kinds(whole=_is_all(exposure, way, sample.seen.records))
    return msgspec.structs.replace(measured, exposure=msgspec.structs.replace(exposure, kinds=kinds))


def without_kinds(measured: Measured, why: str) -> Measured:
    """What counting came to, and why no kinds of data are told."""
    if measured.exposure is None:
        return measured
    limits = (*measured.exposure.limits, f"kinds of data could not be looked at: {why}")
    return msgspec.structs.replace(measured, exposure=msgspec.structs.replace(measured.exposure, limits=limits))


def _is_all(exposure: Exposure, way: Way, records: int) -> bool:
    """Whether the records that were looked at are all there are."""
    count = exposure.studies
    if isinstance(way, DimseWay) and way.sop_class_uid == WORKLIST_FIND:
        count = exposure.worklist_items
    elif isinstance(way, DimseWay) and way.level == PATIENT:
        count = exposure.patients
    return count is not None and count.kind is CountKind.EXACT and count.count == records
