"""Orthanc's own API tells its version and its counters, and by one key of its own that records can be read.

Cost: 2 requests for a base where nothing is, 3 for the server's own; 2 to 5 where Orthanc is, or refuses one path.
The records asked for are Orthanc's hashes, which hold no patient's value (measured on 1.10.1).
"""

import re

from leadglass.knowledge.products import ORTHANC
from leadglass.knowledge.web_marks import product_by_realm
from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.json_shapes import is_count, json_list, json_object, text_field
from leadglass.probe.web_session import WebSession

_HASH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{8}){4}")
MAX_PAGE_BYTES = 16_384


async def probe_orthanc(session: WebSession, base: str) -> Inquiry | None:
    """Orthanc's API under `base`, None where it is not."""
    inquiry = Inquiry(session, SurfaceKind.ORTHANC_REST, base)
    inquiry.products = (ORTHANC,)
    answer = await inquiry.ask(f"{base}/system", f"{base}/system")
    if answer is None:
        return None
    if answer.status_code in LOGIN_STATUSES:
        return await _refused(inquiry, answer)
    system = json_object(answer)
    known = "ApiVersion" in system and "Version" in system
    known = known and not await session.like_nonsense(answer, f"{base}/system")
    if known:
        inquiry.version = text_field(system, "Version")
        inquiry.note(f"{base}/system", answer, "its version and settings, without a login")
        inquiry.mark("/system says what only Orthanc's does")
    elif base:
        return await _by_its_keys(inquiry)
    if not await _counters(inquiry) and not known:
        return await _by_its_keys(inquiry)
    inquiry.proof = Rung.ADMITS
    await _read(inquiry)
    return inquiry


async def _by_its_keys(inquiry: Inquiry) -> Inquiry | None:
    """Orthanc that shows neither its version nor its counters: a key in its own form proves as much."""
    await _read(inquiry)
    if not inquiry.proof.at_least(Rung.READABLE):
        return None
    inquiry.mark("keys in the form of Orthanc's")
    return inquiry


async def _refused(inquiry: Inquiry, answer: WebAnswer) -> Inquiry | None:
    """Orthanc whose `/system` is refused: what a rule for that path alone leaves open, else the login of all paths."""
    path = f"{inquiry.base}/system"
    own = product_by_realm(inquiry.realm or "") == ORTHANC
    if own:  # the realm is the mark; like nonsense or not, it is Orthanc that asks for a login
        inquiry.proof = Rung.SPEAKS
        inquiry.note(path, answer, "Orthanc asks for a login")
        inquiry.mark("the realm of its login")
    if await inquiry.session.like_nonsense(answer, path) or await inquiry.session.walls_beside(path):
        return inquiry if own else None
    if not own:
        inquiry.note(path, answer, "refused without a login")
    if await _counters(inquiry):
        inquiry.proof = Rung.ADMITS
        await _read(inquiry)
        return inquiry
    if await _by_its_keys(inquiry) is not None:
        return inquiry
    if own and inquiry.no_record is NoRecord.NOTHING_FOUND:  # an empty list, and no refusal
        inquiry.proof = Rung.ADMITS
    return inquiry if own else None


async def _counters(inquiry: Inquiry) -> bool:
    path = f"{inquiry.base}/statistics"
    answer = await inquiry.ask(path, path)
    counters = json_object(answer)
    counted = all(is_count(counters.get(f"Count{level}")) for level in ("Patients", "Studies", "Instances"))
    session = inquiry.session
    if counted and answer is not None and await session.like_nonsense(answer, path):
        counted = False
    inquiry.note(path, answer, "its counters, without a login" if counted else _otherwise(answer))
    if counted:
        inquiry.mark("/statistics says what only Orthanc's does")
        inquiry.way = CounterWay(port=session.port, secure=session.client.secure, product="orthanc", base=inquiry.base)
    return counted


async def _read(inquiry: Inquiry) -> None:
    inquiry.no_record = NoRecord.NOT_ASKED
    session = inquiry.session
    if not session.may(Permission.READ_RECORD):
        return
    keys = await _keys(inquiry, "studies")
    if not keys:
        return
    inquiry.proof = Rung.READABLE
    if not session.may(Permission.REQUEST_IMAGES):
        return
    inquiry.retrieval = await _size(inquiry)
    if inquiry.retrieval is Retrieval.PROVED:
        inquiry.proof = Rung.RETRIEVABLE


async def _keys(inquiry: Inquiry, level: str) -> list[str]:
    """Orthanc's keys of one object, counted as a record each."""
    path = f"{inquiry.base}/{level}?since=0&limit=1"
    answer = await inquiry.ask(path, path, max_body_bytes=MAX_PAGE_BYTES)
    if answer is not None and answer.status_code == 200 and not answer.whole:
        found = [key.decode() for key in re.findall(rb'"([0-9a-f]{8}(?:-[0-9a-f]{8}){4})"', answer.body)]
    else:
        listed = json_list(answer)
        if listed == []:
            inquiry.no_record = NoRecord.NOTHING_FOUND
            inquiry.note(path, answer, "nothing stored")
            return []
        found = [key for key in listed or () if isinstance(key, str) and _HASH.fullmatch(key)]
    inquiry.session.received(len(found))
    if len(found) > 1:
        inquiry.ignores("limit")
    if not found:
        refused = answer is not None and answer.status_code in LOGIN_STATUSES
        inquiry.no_record = NoRecord.REFUSED if refused else NoRecord.UNDECIDED
    inquiry.note(path, answer, "Orthanc's own key of a record" if found else _otherwise(answer))
    return found


async def _size(inquiry: Inquiry) -> Retrieval:
    """Orthanc's statement of a file's size: it says that the file would be served, and serves nothing."""
    keys = await _keys(inquiry, "instances")
    if not keys:
        return Retrieval.UNDETERMINED
    shown = f"{inquiry.base}/instances/{{id}}/attachments/dicom/size"
    answer = await inquiry.ask(f"{inquiry.base}/instances/{keys[0]}/attachments/dicom/size", shown, max_body_bytes=64)
    if answer is not None and answer.status_code == 200 and answer.whole and re.fullmatch(rb"\s*\d+\s*", answer.body):
        inquiry.note(shown, answer, "the size of an image's file, without a login")
        return Retrieval.PROVED
    inquiry.note(shown, answer, _otherwise(answer))
    refused = answer is not None and answer.status_code in LOGIN_STATUSES
    return Retrieval.REFUSED if refused else Retrieval.UNDETERMINED


def _otherwise(answer: WebAnswer | None) -> str:
    login = answer is not None and answer.status_code in LOGIN_STATUSES
    return "refused without a login" if login else "not what Orthanc answers"
