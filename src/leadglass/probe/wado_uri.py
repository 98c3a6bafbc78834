"""WADO-URI (PS3.18 9) is asked for an object that exists nowhere, and believed only where the answer names it.

Cost: one request. A server that answers as for any unknown path stays unproved: an object of it is never asked for.
"""

import re

from leadglass.model.words import NoRecord, Rung, SurfaceKind
from leadglass.probe.dicomweb import random_uid
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import WebSession
from leadglass.probe.web_surface import unread, web_probe

_MARK = re.compile(rb"WADO|objectUID|studyUID|SOP ?Instance|no such object", re.IGNORECASE)
# Of an answer that echoes the question, in whatever form, only words that we did not send count.
_OWN_MARK = re.compile(rb"SOP ?Instance|no such object", re.IGNORECASE)


async def probe_wado(session: WebSession, base: str) -> Probe | None:
    """The WADO-URI service at `base`, None where no mark proves one."""
    session.begin()
    before = session.host.meter.ledger()
    uids = [random_uid() for _ in range(3)]
    path = f"{base}?requestType=WADO&studyUID={uids[0]}&seriesUID={uids[1]}&objectUID={uids[2]}"
    answer = await session.ask(path, accept="application/dicom", max_body_bytes=4096)
    if answer is None or session.is_nonsense(answer, path):
        return None
    if session.refused(answer, path):
        return web_probe(
            session, SurfaceKind.WADO_URI, Rung.SPEAKS, session.facts(base), before, no_record=NoRecord.REFUSED
        )
    echoes = (
        b"requestType" in answer.body or base.encode() in answer.body or any(u.encode() in answer.body for u in uids)
    )
    if answer.status_code in (400, 404) and (_OWN_MARK if echoes else _MARK).search(answer.body):
        return web_probe(
            session, SurfaceKind.WADO_URI, Rung.ADMITS, session.facts(base), before, no_record=unread(session.host)
        )
    return None
