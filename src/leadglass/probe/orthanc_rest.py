"""Orthanc's REST API: counters tell without a record; its own key of a study proves that records are open.

Cost: two requests for counters, one for a record, two for retrieval: the stored size of one instance, never the object.
"""

import re

from leadglass.knowledge.products import ORTHANC
from leadglass.knowledge.web_marks import product_by_realm
from leadglass.model.text import clean
from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer, told_number
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import REFUSED, WebSession, login_of
from leadglass.probe.web_surface import retrieval_unasked, web_probe

_KEY = rb'"([0-9a-f]{8}(?:-[0-9a-f]{8}){4})"'  # a SHA-1 of identifiers, Orthanc's own key
_KEYS = re.compile(_KEY)
_FIRST_KEY = re.compile(rb"\s*\[\s*" + _KEY)
_SYSTEM_MARKS = ("ApiVersion", "DicomAet", "Version")


async def probe_orthanc(session: WebSession, nonsense: WebAnswer) -> Probe | None:
    """The REST surface, None where this is not Orthanc."""
    session.begin()
    before, host = session.host.meter.ledger(), session.host
    answer = await session.ask("/system", accept="application/json")
    walls = [wall for wall in (answer, nonsense) if _has_orthanc_realm(wall)]
    if walls and not session.served(answer, "/system"):
        login = login_of(walls[0]) if walls[0] is not None else {}
        facts = session.facts("", **{**login, "products": (ORTHANC,), "marks": ("Orthanc's login realm",)})
        retrieval = retrieval_unasked(host, refused=True)
        return web_probe(
            session,
            SurfaceKind.ORTHANC_REST,
            Rung.SPEAKS,
            facts,
            before,
            no_record=NoRecord.REFUSED,
            retrieval=retrieval,
        )
    system = answer.json() if answer is not None and session.served(answer, "/system") else None
    counters = await session.ask("/statistics", accept="application/json")
    counted = counters is not None and session.served(counters, "/statistics") and _has_counters(counters.json())
    known = isinstance(system, dict) and sum(mark in system for mark in _SYSTEM_MARKS) >= 2
    if not known and not counted:
        return None
    version = system.get("Version") if isinstance(system, dict) else None
    no_record, retrieval = await _read(session), Retrieval.NOT_ASKED
    if no_record is None:
        retrieval = await _prove(session)
    else:
        retrieval = retrieval_unasked(host, refused=no_record is NoRecord.REFUSED)
    proof = Rung.ADMITS
    if no_record is None:
        proof = Rung.RETRIEVABLE if retrieval is Retrieval.PROVED else Rung.READABLE
    return web_probe(
        session,
        SurfaceKind.ORTHANC_REST,
        proof,
        session.facts(
            "", products=(ORTHANC,), version=clean(version) if isinstance(version, str) else None, marks=("/system",)
        ),
        before,
        way=CounterWay(port=session.port, secure=session.tls is not None, product="orthanc", base="")
        if counted
        else None,
        no_record=no_record,
        retrieval=retrieval,
    )


def _has_orthanc_realm(answer: WebAnswer | None) -> bool:
    realm = login_of(answer)["realm"] if answer is not None and answer.status_code in REFUSED else None
    return isinstance(realm, str) and product_by_realm(realm) == ORTHANC


def _has_counters(value: object) -> bool:
    return isinstance(value, dict) and told_number(value.get("CountStudies")) is not None


async def _read(session: WebSession) -> NoRecord | None:
    """None where Orthanc's own key of a study is given to a stranger, else why not."""
    if not session.host.may(Permission.READ_RECORD):
        return NoRecord.NOT_ASKED
    answer = await session.ask("/studies?since=0&limit=1", accept="application/json")
    if answer is not None and answer.status_code in REFUSED:
        return NoRecord.REFUSED
    if _took_key(session, answer) is not None:
        return None
    empty = answer is not None and answer.status_code == 200 and answer.json() == []
    return NoRecord.NOTHING_FOUND if empty else NoRecord.UNDECIDED


async def _prove(session: WebSession) -> Retrieval:
    """Whether the size of one stored instance is told: what is counted out would be handed out."""
    if not session.host.may(Permission.REQUEST_IMAGES):
        return Retrieval.NOT_ASKED
    answer = await session.ask("/instances?since=0&limit=1", accept="application/json")
    key = _took_key(session, answer)
    if key is None:
        refused = answer is not None and answer.status_code in REFUSED
        return Retrieval.REFUSED if refused else Retrieval.UNDETERMINED
    size = await session.ask(
        f"/instances/{key}/attachments/dicom/size",
        template="/instances/{instance}/attachments/dicom/size",
        max_body_bytes=64,
    )
    if size is not None and size.status_code in REFUSED:
        return Retrieval.REFUSED
    told = size is not None and size.status_code == 200 and size.whole and size.body.strip().isdigit()
    return Retrieval.PROVED if told else Retrieval.UNDETERMINED


def _took_key(session: WebSession, answer: WebAnswer | None) -> str | None:
    """The first of Orthanc's keys in a list, which a server that knows no `limit` may send too long to be read."""
    if answer is None or answer.status_code != 200:
        return None
    first = _FIRST_KEY.match(answer.body)
    if first is None:
        return None
    session.host.meter.records += len(_KEYS.findall(answer.body))
    return first[1].decode()
