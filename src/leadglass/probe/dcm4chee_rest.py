"""dcm4chee-arc's own API lists its AE titles and counts its studies; its records are read over DICOMweb.

Cost: 1 request where nothing is, else 1 more for each title (at most 8). No record is asked for.
"""

import re
from urllib.parse import quote

from leadglass.knowledge.products import DCM4CHEE
from leadglass.knowledge.web_marks import product_by_realm
from leadglass.knowledge.web_roots import DCM4CHEE_PREFIX
from leadglass.model.ways import CounterWay
from leadglass.model.words import Rung, SurfaceKind
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.json_shapes import is_count, json_list, json_object
from leadglass.probe.web_session import WebSession

MAX_TITLES = 8
MAX_LIST_BYTES = 65_536
_TITLE = re.compile(r"[ -\[\]-~]{1,16}")  # PS3.5 6.2, AE: printable ASCII without a backslash


async def probe_dcm4chee(session: WebSession) -> tuple[Inquiry | None, tuple[str, ...]]:
    """dcm4chee-arc's API, None where it is not, and the AE titles that it lists."""
    inquiry = Inquiry(session, SurfaceKind.DCM4CHEE_REST, DCM4CHEE_PREFIX)
    inquiry.products = (DCM4CHEE,)
    path = f"{DCM4CHEE_PREFIX}/aets"
    answer = await inquiry.ask(path, path, max_body_bytes=MAX_LIST_BYTES)
    if answer is None:
        return None, ()
    if answer.status_code in LOGIN_STATUSES:
        marked = product_by_realm(inquiry.realm or "") == DCM4CHEE
        if not marked and await session.like_nonsense(answer, path, "/aets"):
            return None, ()
        inquiry.proof = Rung.SPEAKS
        inquiry.note(path, answer, "dcm4chee-arc asks for a login")
        inquiry.mark("the realm of dcm4chee-arc" if marked else "the path of dcm4chee-arc's API")
        return inquiry, ()
    titles = _titles(json_list(answer))
    if not titles or await session.like_nonsense(answer, path):
        return None, ()
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = session.unread()
    inquiry.note(path, answer, "its AE titles, without a login")
    inquiry.mark("/dcm4chee-arc/aets says what only dcm4chee-arc's does")
    await _count(inquiry, titles)
    return inquiry, titles


def rs_root(title: str) -> str:
    """The DICOMweb root of one of dcm4chee-arc's AE titles."""
    return f"{DCM4CHEE_PREFIX}/aets/{quote(title, safe='')}/rs"


def as_titles(titles: tuple[str, ...]) -> tuple[str, ...]:
    """Those that can be AE titles and one step of a path, each once, at most 8."""
    fit = (t.strip() for t in titles)
    return tuple(dict.fromkeys(t for t in fit if _TITLE.fullmatch(t) and t.strip(".")))[:MAX_TITLES]


def _titles(listed: list[object] | None) -> tuple[str, ...]:
    found = []
    for entry in listed or ():
        title = entry.get("dicomAETitle") if isinstance(entry, dict) else None
        if isinstance(title, str):
            found.append(title)
    return as_titles(tuple(found))


async def _count(inquiry: Inquiry, titles: tuple[str, ...]) -> None:
    """The counter of each title, since each may show another part; the highest is the way to count."""
    told: dict[str, int] = {}
    for title in titles:
        path = f"{rs_root(title)}/studies/count"
        answer = await inquiry.ask(path, path, accept="application/json", max_body_bytes=1024)
        count = json_object(answer).get("count")
        if isinstance(count, int) and is_count(count):
            told[title] = count
            inquiry.note(path, answer, "its counter, without a login")
            continue
        refused = answer is not None and answer.status_code in LOGIN_STATUSES
        inquiry.note(path, answer, "refused without a login" if refused else "no counter")
    if told:
        session, most = inquiry.session, max(told, key=told.__getitem__)
        inquiry.way = CounterWay(
            port=session.port,
            secure=session.client.secure,
            product="dcm4chee-arc",
            base=rs_root(most),
            others=tuple(title for title, count in told.items() if 0 < count != told[most]),
        )
