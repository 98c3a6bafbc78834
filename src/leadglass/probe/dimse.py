"""One DIMSE service assessed: contact, reading, worklist, retrieval and storing become surfaces with their rungs.

Cost: one association a called AE title, then what `reading`, `worklist`, `retrieval` and `storing` state; with TLS
what `tls` states. Each step is asked only where the scope permits it.
"""

from datetime import date

import msgspec

from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import DimseFacts, SurfaceFacts, TlsFacts
from leadglass.model.record import Record
from leadglass.model.ways import DimseWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.host import Host
from leadglass.net.identity import ANY_CALLED_AE_TITLE
from leadglass.net.questions import Line
from leadglass.probe.contact import Contact, make_contact, no_contact
from leadglass.probe.outcome import Probe
from leadglass.probe.reading import Seen, read_models
from leadglass.probe.retrieval import prove_retrieval
from leadglass.probe.storing import storage_contexts
from leadglass.probe.tls import UNCONNECTED, WANTS_CERTIFICATE, TlsLearned, learn_tls, requires_certificate
from leadglass.probe.worklist import read_worklist
from leadglass.wire.queries import PATIENT
from leadglass.wire.uids import WORKLIST_FIND

TLS_PORT = 2762
_WITHOUT_A_WORD = (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)


class _Reached(Record):
    """How a port was reached: its contact, and its TLS where it has any."""

    contact: Contact
    tls: TlsFacts | None


async def probe_dimse(
    host: Host, port: int, *, today: date, titles: tuple[str, ...] = (), tls: bool | None = None
) -> tuple[Probe, ...]:
    """The surfaces of one port. `titles` are those that the user or the scope gave; `tls` None lets the port decide.

    Never raises for what the peer does.
    """
    start = host.meter.ledger()
    asked = tuple(dict.fromkeys((ANY_CALLED_AE_TITLE, *titles)))
    reached = await _reach(host, port, asked, tls)
    if reached.contact.line is None:
        return (_turned_away(host, port, reached, start),)
    return await _admitted(reached, reached.contact.line, today, start)


async def _reach(host: Host, port: int, titles: tuple[str, ...], tls: bool | None) -> _Reached:
    """In clear first, except where TLS is asked for or usual; over TLS where the other gave no first byte."""
    if tls is True or (tls is None and port == TLS_PORT):
        learned = await learn_tls(host, port)
        if learned.status in UNCONNECTED:
            return _Reached(contact=no_contact(titles[-1], learned.status, Step.CONNECT, learned.detail), tls=None)
        if learned.speaks_tls or tls is True or learned.status is not Status.TLS_ERROR:
            return await _over_tls(host, port, titles, learned)
    contact = await make_contact(host, port, tls=False, titles=titles)
    silent = contact.status in _WITHOUT_A_WORD and contact.step is not Step.CONNECT
    if tls is None and port != TLS_PORT and silent:
        learned = await learn_tls(host, port)
        if learned.speaks_tls:
            return await _over_tls(host, port, titles, learned)
    return _Reached(contact=contact, tls=None)


async def _over_tls(host: Host, port: int, titles: tuple[str, ...], learned: TlsLearned) -> _Reached:
    facts = learned.facts
    if not learned.speaks_tls or facts.client_certificate == "required":
        return _Reached(contact=no_contact(titles[-1], learned.status, Step.TLS, learned.detail), tls=facts)
    contact = await make_contact(host, port, tls=True, titles=titles)
    if contact.line is None and not contact.is_dicom and requires_certificate(facts, contact.status, contact.step):
        facts = msgspec.structs.replace(facts, client_certificate="required")
        contact = msgspec.structs.replace(contact, detail=WANTS_CERTIFICATE)
    return _Reached(contact=contact, tls=facts)


def _turned_away(host: Host, port: int, reached: _Reached, start: Ledger) -> Probe:
    contact = reached.contact
    no_answer = contact.step is Step.CONNECT or contact.status is Status.IO_TIMEOUT
    unseen = contact.status in (Status.OUT_OF_SCOPE, Status.BUDGET_SPENT)
    proof = Rung.SPEAKS if contact.is_dicom else Rung.SILENT if no_answer or unseen else Rung.OTHER
    surface = _surface(
        SurfaceKind.DIMSE if contact.is_dicom else SurfaceKind.UNKNOWN,
        port,
        contact=contact,
        proof=proof,
        facts=SurfaceFacts(dimse=contact.facts, tls=reached.tls, detail=contact.speaks or ""),
        cost=host.meter.since(start),
        tls=reached.tls is not None,
    )
    listens = contact.step is not Step.CONNECT and not unseen
    return Probe(surface=surface, try_other=listens and not contact.is_dicom)


async def _admitted(reached: _Reached, line: Line, today: date, start: Ledger) -> tuple[Probe, ...]:
    contact, host, port = reached.contact, line.host, line.port
    dimse, way, retrieval, no_record = await _read(line, contact, today)
    dimse = msgspec.structs.replace(dimse, storage_contexts=await storage_contexts(line))
    proof = Rung.ADMITS
    if way is not None:
        proof = Rung.RETRIEVABLE if retrieval is Retrieval.PROVED else Rung.READABLE
    surface = _surface(
        SurfaceKind.DIMSE,
        port,
        contact=contact,
        proof=proof,
        facts=SurfaceFacts(dimse=dimse, tls=reached.tls, no_record=no_record, retrieval=retrieval),
        cost=host.meter.since(start),
        tls=reached.tls is not None,
    )
    probes = [Probe(surface=surface, way=way)]
    if WORKLIST_FIND in contact.offered:
        probes.append(await _worklist(reached, line, today))
    return tuple(probes)


async def _read(
    line: Line, contact: Contact, today: date
) -> tuple[DimseFacts, DimseWay | None, Retrieval, NoRecord | None]:
    host = line.host
    if not host.may(Permission.READ_RECORD):
        return contact.facts, None, Retrieval.NOT_ASKED, NoRecord.NOT_ASKED
    seen = Seen()
    reading = await read_models(line, contact.offered, today, seen)
    facts = msgspec.structs.replace(contact.facts, queries=reading.asked, ignored_keys=reading.ignored_keys)
    if reading.sop_class_uid is None:
        # A refused query refuses no image: a server may hand them to whoever knows their names.
        return facts, None, Retrieval.NOT_ASKED, reading.no_record
    way = DimseWay(
        port=line.port,
        tls=line.tls,
        called_ae_title=line.called_ae_title,
        sop_class_uid=reading.sop_class_uid,
        level=reading.level,
        date_range=reading.date_range,
        dates_usable=reading.dates_usable,
    )
    if not host.may(Permission.REQUEST_IMAGES):
        return facts, way, Retrieval.NOT_ASKED, None
    verdict = await prove_retrieval(line, reading.sop_class_uid, contact.offered, seen)
    return msgspec.structs.replace(facts, retrieval_proof=verdict.proof), way, verdict.retrieval, None


async def _worklist(reached: _Reached, line: Line, today: date) -> Probe:
    """The worklist as a surface of its own: it gives names and identifiers, and has no images."""
    host, port, contact = line.host, line.port, reached.contact
    start = host.meter.ledger()
    identity = DimseFacts(
        attempts=contact.facts.attempts,
        called_ae_title=line.called_ae_title,
        contexts=tuple(c for c in contact.facts.contexts if c.sop_class_uid == WORKLIST_FIND),
    )
    way: DimseWay | None = None
    no_record: NoRecord | None = NoRecord.NOT_ASKED
    if host.may(Permission.READ_RECORD):
        reading = await read_worklist(line, today)
        identity = msgspec.structs.replace(identity, queries=reading.asked, ignored_keys=reading.ignored_keys)
        no_record = reading.no_record
        if reading.readable:
            way = DimseWay(
                port=port,
                tls=line.tls,
                called_ae_title=line.called_ae_title,
                sop_class_uid=WORKLIST_FIND,
                level="" if reading.with_steps else PATIENT,
            )
    surface = _surface(
        SurfaceKind.WORKLIST,
        port,
        contact=contact,
        proof=Rung.READABLE if way is not None else Rung.ADMITS,
        facts=SurfaceFacts(dimse=identity, tls=reached.tls, no_record=None if way is not None else no_record),
        cost=host.meter.since(start),
        tls=reached.tls is not None,
    )
    return Probe(surface=surface, way=way)


def _surface(
    kind: SurfaceKind, port: int, *, contact: Contact, proof: Rung, facts: SurfaceFacts, cost: Ledger, tls: bool
) -> Surface:
    return Surface(
        kind=kind,
        port=port,
        tls=tls,
        status=contact.status,
        proof=proof,
        retrieval=facts.retrieval,
        facts=facts,
        step=contact.step,
        detail=contact.detail,
        records_received=cost.records_received,
        connections=cost.connections,
        busy_s=cost.busy_s,
        bytes_received=cost.bytes_received,
    )
