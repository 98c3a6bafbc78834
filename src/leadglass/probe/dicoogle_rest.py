"""Dicoogle's web service: whether its search answers a stranger, and with a record.

Cost: one request where nothing is there, two where it is. The search for a UID that exists nowhere comes first.
"""

from leadglass.knowledge.products import DICOOGLE
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.dicomweb import random_uid
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import REFUSED, WebSession
from leadglass.probe.web_surface import unread, web_probe

MAX_RESULT_BYTES = 65_536


async def probe_dicoogle(session: WebSession) -> Probe | None:
    """The search surface, None where this is not Dicoogle."""
    session.begin()
    before, host = session.host.meter.ledger(), session.host
    path = f"/search?query=StudyInstanceUID%3A{random_uid()}"
    answer = await session.ask(path, template="/search", accept="application/json", max_body_bytes=MAX_RESULT_BYTES)
    results = _results(answer) if answer is not None and session.served(answer, path) else None
    if results is None:
        return None
    readable = bool(results)
    no_record = unread(host)
    host.meter.records += results
    if not readable and host.may(Permission.READ_RECORD):
        path = "/search?query=Modality%3A*&psize=1"
        answer = await session.ask(path, template="/search", accept="application/json", max_body_bytes=MAX_RESULT_BYTES)
        found = _results(answer) if answer is not None else None
        readable = bool(found)
        host.meter.records += found or 0
        refused = answer is not None and answer.status_code in REFUSED
        no_record = NoRecord.REFUSED if refused else NoRecord.NOTHING_FOUND if found == 0 else NoRecord.UNDECIDED
    asked = readable and host.may(Permission.REQUEST_IMAGES)
    return web_probe(
        session,
        SurfaceKind.DICOOGLE_REST,
        Rung.READABLE if readable else Rung.ADMITS,
        session.facts("", products=(DICOOGLE,), marks=("/search",)),
        before,
        no_record=None if readable else no_record,
        # Dicoogle hands out files by a path of its own, and none of them is asked for.
        retrieval=Retrieval.UNDETERMINED if asked else Retrieval.NOT_ASKED,
    )


def _results(answer: WebAnswer) -> int | None:
    """How many results a search gave, of a cut answer those that were seen; None where it is not Dicoogle's."""
    if not answer.whole:
        start = answer.body[:4096].lstrip()
        found = answer.body.count(b'"uri"')
        return found if found and start.startswith(b"{") and b'"results"' in start else None
    value = answer.json()
    results = value.get("results") if isinstance(value, dict) else None
    marked = isinstance(value, dict) and ("elapsedTime" in value or "numResults" in value)
    return len(results) if isinstance(results, list) and marked else None
