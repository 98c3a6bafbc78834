"""WADO-URI (PS3.18 9) is recognised by what it says of an object that nobody has; no object is ever asked for.

Cost: 1 request a path. Orthanc answers there as it answers nonsense (measured), and so is not recognised: its other
doors show it.
"""

import re

from leadglass.model.words import Rung, SurfaceKind
from leadglass.probe.catch_all import LOGIN_STATUSES, without_echo
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.qido import impossible_uid
from leadglass.probe.web_session import WebSession

MAX_ERROR_BYTES = 8192
# The words of PS3.18 9.1.2 and of the errors that name them; the question's own echo is taken out first. "WADO" is
# none: frameworks name the path that they do not know in their own way ("No static resource wado.").
_NAMES_WADO = re.compile(rb"\bobjectUID\b|\bstudyUID\b|\bseriesUID\b|SOP ?Instance", re.IGNORECASE)

_ECHOED_KEY = re.compile(rb"(?:study|series|object)UID[\"']?\s{0,3}(?:=|:|%3D)", re.IGNORECASE)


async def probe_wado(session: WebSession, path: str, template: str) -> Inquiry | None:
    """The service at `path`, None where no mark proves one."""
    inquiry = Inquiry(session, SurfaceKind.WADO_URI, path)
    study, series, instance = (impossible_uid() for _ in range(3))
    query = f"?requestType=WADO&studyUID={study}&seriesUID={series}&objectUID={instance}"
    shown = f"{template}?requestType=WADO&studyUID={{impossible}}&seriesUID={{impossible}}&objectUID={{impossible}}"
    answer = await inquiry.ask(path + query, shown, max_body_bytes=MAX_ERROR_BYTES)
    if answer is None or await session.like_nonsense(answer, path + query, query):
        return None
    if answer.status_code in LOGIN_STATUSES:
        inquiry.proof = Rung.SPEAKS
        inquiry.mark("the path of a WADO-URI service")
        inquiry.note(shown, answer, "a login is asked for, and only under this path")
        return inquiry
    body = without_echo(answer.body, path + query)
    body = _ECHOED_KEY.sub(b"", body)
    if answer.status_code in (400, 404, 410) and _NAMES_WADO.search(body) is not None:
        inquiry.proof = Rung.ADMITS
        inquiry.no_record = session.unread()
        inquiry.mark("an error in the words of PS3.18 9")
        inquiry.note(shown, answer, "says that there is no such object")
        return inquiry
    return None
