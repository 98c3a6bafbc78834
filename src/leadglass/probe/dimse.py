"""One DIMSE service assessed: contact, reading, worklist, retrieval and storing become surfaces with their rungs.

Cost: what `reach` states, then what `reading`, `worklist`, `retrieval` and `storing` state, the first three under each
title that was let in until one gives all; one association more for each context that was refused without a reason.
Each step is asked only where the scope permits it.
"""

from collections.abc import Iterable

import msgspec

from leadglass.model.assessment import Ledger
from leadglass.model.facts import DimseFacts, SurfaceFacts
from leadglass.model.record import Record
from leadglass.model.ways import DimseWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.empty_handed import GET_FOR_FIND
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.identity import ANY_CALLED_AE_TITLE
from leadglass.net.questions import MODEL_NAMES, Line
from leadglass.probe.contact import Contact
from leadglass.probe.manner import Manner
from leadglass.probe.outcome import Probe, make_surface
from leadglass.probe.reach import Reached, reach
from leadglass.probe.reading import Alone, Seen, offered_alone, read_models
from leadglass.probe.retrieval import prove_retrieval
from leadglass.probe.storing import propose_storing
from leadglass.probe.worklist import read_worklist
from leadglass.wire.queries import PATIENT
from leadglass.wire.uids import WORKLIST_FIND


async def probe_dimse(
    host: Host,
    port: int,
    *,
    manner: Manner,
    titles: tuple[str, ...] = (),
    tls: bool | None = None,
    hello_s: float | None = None,
    told: list[Probe] | None = None,
) -> tuple[Probe, ...]:
    """The surfaces of one port. `titles` are those that the user or the scope gave; `tls` None lets the port decide.

    `hello_s` bounds the wait for the first answer more narrowly; `told` gets each surface as soon as it is finished, so
    that it outlives what may become of the next. Never raises for what the peer does.
    """
    told = [] if told is None else told
    start = host.meter.ledger()
    asked = tuple(dict.fromkeys((ANY_CALLED_AE_TITLE, *titles)))
    reached = await reach(host, port, asked, tls, hello_s)
    if reached.contact.line is None:
        return (_turned_away(host, port, reached, start),)
    if manner.touch:
        return (_touched(host, port, reached, start),)
    told.append(await _admitted(host, port, reached, manner, start))
    begun, schedules, unheard = host.meter.ledger(), [], None
    for contact in reached.contacts:
        if contact.line is not None:
            alone = await _schedules(contact, contact.line)
            schedules += [contact.line] if alone.offered else []
            unheard = alone.failure or unheard
    if schedules:
        told.append(await _worklist(host, port, reached, schedules, manner))
    elif unheard is not None:
        told.append(_unheard_worklist(host, port, reached, unheard, begun))
    return tuple(told)


def _unheard_worklist(host: Host, port: int, reached: Reached, failure: StepFailed, start: Ledger) -> Probe:
    """A worklist that may be there: whether it is offered was asked, and not answered."""
    surface = make_surface(
        SurfaceKind.WORKLIST,
        port,
        tls=reached.tls is not None,
        proof=Rung.SILENT,
        facts=SurfaceFacts(tls=reached.tls),
        cost=host.meter.since(start),
        failure=failure,
    )
    return Probe(surface=surface)


def _turned_away(host: Host, port: int, reached: Reached, start: Ledger) -> Probe:
    contact = reached.contact
    no_answer = contact.step is Step.CONNECT or contact.status is Status.IO_TIMEOUT
    unseen = contact.status in (Status.OUT_OF_SCOPE, Status.BUDGET_SPENT)
    proof = Rung.SPEAKS if contact.is_dicom else Rung.SILENT if no_answer or unseen else Rung.OTHER
    surface = make_surface(
        SurfaceKind.DIMSE if contact.is_dicom else SurfaceKind.UNKNOWN,
        port,
        tls=reached.tls is not None,
        proof=proof,
        facts=SurfaceFacts(dimse=contact.facts, tls=reached.tls, detail=contact.speaks or ""),
        cost=host.meter.since(start),
        failure=contact.failure,
    )
    listens = contact.step is not Step.CONNECT and not unseen
    return Probe(surface=surface, try_other=listens and not contact.is_dicom)


def _touched(host: Host, port: int, reached: Reached, start: Ledger) -> Probe:
    """A port that speaks and admits: nothing further was asked."""
    surface = make_surface(
        SurfaceKind.DIMSE,
        port,
        tls=reached.tls is not None,
        proof=Rung.ADMITS,
        facts=SurfaceFacts(dimse=reached.contact.facts, tls=reached.tls, no_record=NoRecord.NOT_ASKED),
        cost=host.meter.since(start),
        failure=None,
    )
    return Probe(surface=surface)


async def _admitted(host: Host, port: int, reached: Reached, manner: Manner, start: Ledger) -> Probe:
    before = host.meter.spent
    best = await _furthest(host, reached.contacts, manner)
    storing, contexts = await propose_storing(best.line)
    surface = make_surface(
        SurfaceKind.DIMSE,
        port,
        tls=reached.tls is not None,
        proof=best.proof,
        facts=SurfaceFacts(
            dimse=msgspec.structs.replace(best.facts, storing=storing, storage_contexts=contexts),
            tls=reached.tls,
            no_record=best.no_record,
            retrieval=best.retrieval,
        ),
        cost=host.meter.since(start),
        failure=_cut_short(host, before),
    )
    return Probe(surface=surface, way=best.way)


async def _schedules(contact: Contact, line: Line) -> Alone:
    """Whether a worklist is offered; it is proposed by itself where it was refused for no reason of its own."""
    if WORKLIST_FIND in contact.offered or _declined(contact.facts, (WORKLIST_FIND,)):
        return Alone(offered=contact.offered & {WORKLIST_FIND})
    return await offered_alone(line, (WORKLIST_FIND,))


def _cut_short(host: Host, before: StepFailed | None) -> StepFailed | None:
    """The budget that ended questions since `before`: what they would have shown is not known."""
    return host.meter.spent if host.meter.spent is not before else None


class _Found(Record):
    """How far a stranger got under one called AE title."""

    line: Line
    facts: DimseFacts
    no_record: NoRecord | None
    retrieval: Retrieval = Retrieval.NOT_ASKED
    way: DimseWay | None = None

    @property
    def proof(self) -> Rung:
        """The rung that was proved."""
        if self.way is None:
            return Rung.ADMITS
        return Rung.RETRIEVABLE if self.retrieval is Retrieval.PROVED else Rung.READABLE

    @property
    def openness(self) -> tuple[int, int, int]:
        """The higher rung first; among equals the one that leaves more open, so that no refusal hides a question."""
        return self.proof.height, _UNDECIDED.index(self.no_record), _UNPROVED.index(self.retrieval)


_UNDECIDED = (NoRecord.REFUSED, NoRecord.NOT_ASKED, NoRecord.NOTHING_FOUND, NoRecord.UNDECIDED, None)
_UNPROVED = (Retrieval.REFUSED, Retrieval.NOT_ASKED, Retrieval.UNDETERMINED, Retrieval.PROVED)


async def _furthest(host: Host, contacts: tuple[Contact, ...], manner: Manner) -> _Found:
    """The title under which a stranger gets furthest: one that the owner gave may open more than any other."""
    found: list[_Found] = []
    for contact in contacts:
        if contact.line is not None:
            found.append(_of_several(await _read(host, contact.line, contact, manner), _admitting(contacts)))
            if found[-1].proof is Rung.RETRIEVABLE:
                break
    return max(found, key=lambda one: one.openness)


def _admitting(contacts: tuple[Contact, ...]) -> list[Line]:
    """Under which titles a stranger was let in."""
    return [contact.line for contact in contacts if contact.line is not None]


def _of_several(found: _Found, lines: list[Line]) -> _Found:
    """With the other titles that were let in, where the server tells them apart: it turned away the made-up one."""
    titles = [line.called_ae_title for line in lines]
    others = tuple(title for title in titles if title != found.line.called_ae_title)
    if found.way is None or not others or ANY_CALLED_AE_TITLE in titles:
        return found
    return msgspec.structs.replace(found, way=msgspec.structs.replace(found.way, other_titles=others))


async def _read(host: Host, line: Line, contact: Contact, manner: Manner) -> _Found:
    if not host.may(Permission.READ_RECORD):
        return _Found(line=line, facts=contact.facts, no_record=NoRecord.NOT_ASKED)
    seen = Seen()
    offered = contact.offered
    if not offered & set(MODEL_NAMES):
        offered |= (await offered_alone(line, MODEL_NAMES)).offered
    reading = await read_models(line, offered, manner, seen)
    facts = msgspec.structs.replace(contact.facts, queries=reading.asked, ignored_keys=reading.ignored_keys)
    if reading.sop_class_uid is None:
        # A refused query refuses no image: a server may hand them to whoever knows their names.
        no_record = reading.no_record if reading.asked or _declined(contact.facts, MODEL_NAMES) else NoRecord.UNDECIDED
        return _Found(line=line, facts=facts, no_record=no_record)
    way = DimseWay(
        port=line.port,
        tls=line.tls,
        called_ae_title=line.called_ae_title,
        sop_class_uid=reading.sop_class_uid,
        level=reading.level,
        date_range=reading.date_range,
        dates_usable=reading.dates_usable,
    )
    found = _Found(line=line, facts=facts, no_record=None, way=way)
    if not host.may(Permission.REQUEST_IMAGES):
        return found
    get_uid = GET_FOR_FIND[reading.sop_class_uid]
    if get_uid not in offered and not _declined(contact.facts, (get_uid,)):
        offered |= (await offered_alone(line, (get_uid,))).offered
    verdict = await prove_retrieval(line, reading.sop_class_uid, offered, seen)
    facts = msgspec.structs.replace(facts, retrieval_proof=verdict.proof)
    if verdict.retrieval is Retrieval.PROVED and verdict.proof is not None:
        way = msgspec.structs.replace(way, handed_level=verdict.proof.level)
    return msgspec.structs.replace(found, facts=facts, retrieval=verdict.retrieval, way=way)


def _declined(facts: DimseFacts, sop_classes: Iterable[str]) -> bool:
    """Whether each of `sop_classes` was refused by a reason that tells of it (PS3.8 Table 9-18).

    By the user, or as an abstract syntax that the server does not know: not for a transfer syntax, nor for no reason.
    """
    return all(context.result in (1, 3) for context in facts.contexts if context.sop_class_uid in sop_classes)


async def _worklist(host: Host, port: int, reached: Reached, lines: list[Line], manner: Manner) -> Probe:
    """The worklist as a surface of its own: it gives names and identifiers, and has no images."""
    start, before = host.meter.ledger(), host.meter.spent
    found: list[_Found] = []
    if host.may(Permission.READ_RECORD):
        for line in lines:
            found.append(_of_several(await _read_worklist(line, reached, manner), lines))
            if found[-1].way is not None:
                break
    else:
        found.append(_Found(line=lines[0], facts=_schedule_facts(lines[0], reached), no_record=NoRecord.NOT_ASKED))
    best = max(found, key=lambda one: one.openness)
    surface = make_surface(
        SurfaceKind.WORKLIST,
        port,
        tls=reached.tls is not None,
        proof=best.proof,
        facts=SurfaceFacts(dimse=best.facts, tls=reached.tls, no_record=best.no_record),
        cost=host.meter.since(start),
        failure=_cut_short(host, before),
    )
    return Probe(surface=surface, way=best.way)


def _schedule_facts(line: Line, reached: Reached) -> DimseFacts:
    facts = reached.contact.facts
    return DimseFacts(
        attempts=facts.attempts,
        called_ae_title=line.called_ae_title,
        contexts=tuple(context for context in facts.contexts if context.sop_class_uid == WORKLIST_FIND),
    )


async def _read_worklist(line: Line, reached: Reached, manner: Manner) -> _Found:
    reading = await read_worklist(line, manner.today)
    facts = msgspec.structs.replace(
        _schedule_facts(line, reached), queries=reading.asked, ignored_keys=reading.ignored_keys
    )
    if not reading.readable:
        return _Found(line=line, facts=facts, no_record=reading.no_record)
    way = DimseWay(
        port=line.port,
        tls=line.tls,
        called_ae_title=line.called_ae_title,
        sop_class_uid=WORKLIST_FIND,
        level="" if reading.with_steps else PATIENT,
        dates_usable=reading.with_steps and not reading.ignored_keys,
    )
    return _Found(line=line, facts=facts, no_record=None, way=way)
