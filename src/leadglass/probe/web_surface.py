"""A web surface is put together the same way by every web probe: kind, rung, facts and what asking it cost."""

import msgspec

from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import SurfaceFacts
from leadglass.model.ways import Way
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, SurfaceKind
from leadglass.net.host import Host
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import WebSession


def web_probe(
    session: WebSession,
    kind: SurfaceKind,
    proof: Rung,
    facts: SurfaceFacts,
    before: Ledger,
    *,
    way: Way | None = None,
    no_record: NoRecord | None = None,
    retrieval: Retrieval = Retrieval.NOT_ASKED,
) -> Probe:
    """One surface of `session`'s port; `before` is the ledger from before its first question.

    Where the questions were ended before they were all asked, its status says so.
    """
    cost, ended = session.host.meter.since(before), session.ended
    surface = Surface(
        kind=kind,
        port=session.port,
        tls=session.tls is not None,
        status=ended.status if ended else Status.SUCCESS,
        proof=proof,
        retrieval=retrieval,
        facts=msgspec.structs.replace(facts, no_record=no_record, retrieval=retrieval),
        step=ended.step if ended else None,
        detail=ended.detail if ended else "",
        records_received=cost.records_received,
        connections=cost.connections,
        busy_s=cost.busy_s,
        bytes_received=cost.bytes_received,
    )
    return Probe(surface=surface, way=way)


def retrieval_unasked(host: Host, *, refused: bool) -> Retrieval:
    """The retrieval of a surface that gave no record: refused with the record, or not asked."""
    return Retrieval.REFUSED if refused and host.may(Permission.REQUEST_IMAGES) else Retrieval.NOT_ASKED


def unread(host: Host) -> NoRecord:
    """Why a surface on which no record can be asked for gave none: not permitted, or not to be known there."""
    return NoRecord.UNDECIDED if host.may(Permission.READ_RECORD) else NoRecord.NOT_ASKED
