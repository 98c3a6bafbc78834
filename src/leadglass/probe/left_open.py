"""What an answer on a path of DICOM's leaves open: an error that tells nothing, or a redirect to somewhere else.

Cost: none where the answer is that to nonsense; else what `WebSession.like_nonsense` asks, and 1 more where a control
beside the path is asked for.
"""

import re
import secrets

from leadglass.model.facts import Endpoint
from leadglass.model.text import clean
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.dicom_json import DICOM_JSON
from leadglass.probe.redirects import Redirect
from leadglass.probe.web_path import plain_root
from leadglass.probe.web_session import WebSession

MAX_LED_ROOTS = 2  # a server whose roots lead to ever more of them is not followed
NOTHING_THERE = (404, 405, 410, 501)  # RFC 9110 15.5.5, 15.5.6, 15.5.11, 15.6.2
_NAMES_DICOM = re.compile(r"dicom|dcm|wado|qido|pacs", re.IGNORECASE)


def is_dicoms(session: WebSession, root: str) -> bool:
    """Whether a root is DICOM's by its name, or since one that is led there; an answer under any other says nothing."""
    return _NAMES_DICOM.search(root) is not None or root in session.roots_led_to


def leave_open(session: WebSession, template: str, answer: WebAnswer, words: str) -> None:
    """A question without a surface of its own stays open; `words` of ours say what the path does."""
    session.left.append(_endpoint(template, answer, f"left open: {words}"))
    session.undecided(f"{clean(template).partition('?')[0]} {words}")


def leave_error_open(session: WebSession, template: str, answer: WebAnswer) -> None:
    """An answer that says neither what is there nor that nothing is, and that nonsense does not get."""
    words = f"answers with HTTP status {answer.status_code}, and a path that nobody serves with another"
    leave_open(session, template, answer, words)


def is_unread(answer: WebAnswer) -> bool:
    """Whether an answer holds something in a form that is not read here, which may be records; a packed one is told."""
    return answer.status_code // 100 == 2 and bool(answer.body) and not answer.packed


async def leave_unread_open(
    session: WebSession, root: str, tail: str, template: str, answer: WebAnswer, accept: str = DICOM_JSON
) -> None:
    """Leaves the question `tail` below a root of DICOM's open, where its answer is not read and is not nonsense's."""
    if not is_unread(answer) or not is_dicoms(session, root):
        return
    if not await session.like_nonsense(answer, root + tail, tail, accept):
        form = clean(answer.media_type, 40) or "without a media type"
        leave_open(session, template, answer, f"answers in a form that is not read ({form})")


def lead_on(session: WebSession, root: str, template: str, answer: WebAnswer, to: Redirect) -> None:
    """A root of DICOM's leads elsewhere: to another root of this server, which is tried, or to what is left open."""
    other = plain_root(to.path) if to.path is not None else None
    if to.elsewhere is not None:
        session.left.append(_endpoint(template, answer, f"leads on to {to.elsewhere}, which is not followed"))
        if to.elsewhere not in session.leads_to:
            session.leads_to.append(to.elsewhere)
    elif other in session.roots_led_to:
        return
    elif other is not None and other != root and len(session.roots_led_to) < MAX_LED_ROOTS:
        session.roots_led_to.append(other)
    else:
        leave_open(session, template, answer, "leads on to another path of the server, which is not followed")


async def refuses_alone(session: WebSession, root: str, tail: str, answer: WebAnswer) -> bool:
    """Whether an error under a root of DICOM's is neither that of nonsense, nor that of all that stands beside it."""
    unclear = answer.status_code >= 400 and answer.status_code not in (*NOTHING_THERE, *LOGIN_STATUSES)
    if not unclear or not is_dicoms(session, root) or await session.like_nonsense(answer, root + tail, tail):
        return False
    query = tail.partition("?")[2]
    beside = f"{root}/leadglass-{secrets.token_hex(8)}?{query}"
    nothing = await session.ask(beside, f"{root}/{{nonsense}}", accept=DICOM_JSON, max_body_bytes=0)
    return nothing is not None and nothing.status_code != answer.status_code


def _endpoint(template: str, answer: WebAnswer, means: str) -> Endpoint:
    return Endpoint(method="GET", path=clean(template), status_code=answer.status_code, means=means)
