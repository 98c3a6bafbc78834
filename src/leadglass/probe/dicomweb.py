"""DICOMweb under a root is proved by an impossible key, then by one record, then by one instance's metadata.

Cost: 1 request for a root where nothing is, 2 where its path names DICOM; 2 to 7 where something is, of which 5 bring
one record each (PS3.18 10.6, 10.4.1.1.2); twice as many where every path is led on to the same with a slash.
Bulk data and objects are never asked for.
"""

import re
import secrets
from urllib.parse import quote

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.dicom_json import (
    DICOM_JSON,
    INSTANCE_UID,
    SERIES_UID,
    STUDY_UID,
    Matches,
    begins_as_dicom_json,
    read_matches,
)
from leadglass.probe.redirects import read_redirect
from leadglass.probe.web_session import Inquiry, WebSession

MAX_PAGE_BYTES = 65_536  # one study's record is about 2 KiB; a server that ignores `limit` is cut off here
MAX_METADATA_BYTES = 1024  # enough to see that it is metadata; the rest is not wanted
_NAMES_DICOM = re.compile(r"dicom|dcm|wado|qido|pacs", re.IGNORECASE)


def impossible_uid() -> str:
    """A UID that no object has (PS3.5 B.2: 2.25 and a random number)."""
    return f"2.25.{secrets.randbits(120)}"


def names_dicom(root: str) -> bool:
    """Whether a path alone says that DICOM stands there; a login under any other says nothing."""
    return _NAMES_DICOM.search(root) is not None


async def probe_root(session: WebSession, root: str, template: str) -> Inquiry | None:
    """What stands under `root`, None where it is not DICOMweb. `template` is `root` as it may be shown."""
    inquiry = Inquiry(session, SurfaceKind.DICOMWEB, root)
    control = f"/studies?StudyInstanceUID={impossible_uid()}&limit=1"
    path = root + control
    shown = f"{template}/studies?StudyInstanceUID={{impossible}}&limit=1"
    answer = await _ask(inquiry, path, shown, MAX_PAGE_BYTES)
    if answer is None:
        return None
    if inquiry.slashed:
        control = control.replace("/studies?", "/studies/?")
        path = root + control
    if answer.status_code in LOGIN_STATUSES:
        walled = not names_dicom(root) or await session.like_nonsense(answer, path, control)
        if walled or await session.walls_beside(root):
            return None
        inquiry.proof = Rung.SPEAKS
        inquiry.note(shown, answer, "a login is asked for, and only under this path")
        inquiry.mark("the path of a DICOMweb service")
        return inquiry
    matches = read_matches(answer, STUDY_UID)
    if matches is None and answer.status_code >= 400:
        return await _without_control(inquiry, template, answer, shown)
    if matches is None or (not matches.objects and await session.like_nonsense(answer, path, control)):
        return None
    if matches.objects:
        inquiry.note(shown, answer, "a record, though the key fits none")
        inquiry.ignores("StudyInstanceUID")
    else:
        inquiry.note(shown, answer, "no match, as it should be")
    inquiry.mark("answers QIDO-RS as PS3.18 10.6 says")
    inquiry.proof = Rung.ADMITS
    await _read(inquiry, template, matches)
    # An empty list of plain JSON under a path that any web service could have is not DICOMweb's mark.
    vague = answer.media_type != DICOM_JSON and answer.status_code != 204 and not names_dicom(root)
    return None if vague and inquiry.proof is Rung.ADMITS else inquiry


async def _read(inquiry: Inquiry, template: str, first: Matches) -> None:
    """One study's record where the scope permits it, and what may be learnt from it."""
    session = inquiry.session
    session.received(first.objects)
    matches: Matches | None = first if first.objects else None
    if matches is None:
        if not session.may(Permission.READ_RECORD):
            inquiry.no_record = NoRecord.NOT_ASKED
            return
        matches = await _any_study(inquiry, template)
    elif matches.objects > 1:
        inquiry.ignores("limit")
    if matches is None or not matches.objects:
        return
    await _readable(inquiry, template, matches)


async def _without_control(inquiry: Inquiry, template: str, narrow: WebAnswer, shown: str) -> Inquiry | None:
    """A server that answers the impossible key with an error is asked for one study, where its path names DICOM."""
    session = inquiry.session
    marked = names_dicom(inquiry.base) or narrow.media_type == DICOM_JSON
    if not marked or not session.may(Permission.READ_RECORD):
        return None
    inquiry.note(shown, narrow, "an error, where no match would be right")
    matches, answer = await _query(inquiry, "/studies?limit=1", f"{template}/studies?limit=1", STUDY_UID)
    if matches is None or answer is None:
        return None
    empty = answer.media_type == DICOM_JSON and not await session.like_nonsense(answer, "/studies?limit=1")
    if not matches.objects and not empty:
        return None
    inquiry.mark("answers QIDO-RS as PS3.18 10.6 says")
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = NoRecord.NOTHING_FOUND
    if matches.objects:
        await _readable(inquiry, template, matches)
    return inquiry


async def _readable(inquiry: Inquiry, template: str, matches: Matches) -> None:
    """What a record that came proves, and what may be learnt from it."""
    session = inquiry.session
    inquiry.proof = Rung.READABLE
    # Counting asks for records: one that came unasked permits nothing. It follows no redirect.
    if session.may(Permission.READ_RECORD) and not inquiry.slashed:
        inquiry.way = DicomwebWay(port=session.port, secure=session.client.secure, base=inquiry.base)
    if session.may(Permission.REQUEST_IMAGES) and session.may(Permission.READ_RECORD):
        inquiry.retrieval = await _retrieval(inquiry, template, matches.uid)
        if inquiry.retrieval is Retrieval.PROVED:
            inquiry.proof = Rung.RETRIEVABLE


async def _any_study(inquiry: Inquiry, template: str) -> Matches | None:
    """Any one study; a server that wants a key with every query is given a range of dates."""
    for query in ("limit=1", "StudyDate=19000101-21001231&limit=1"):
        matches, answer = await _query(inquiry, f"/studies?{query}", f"{template}/studies?{query}", STUDY_UID)
        inquiry.no_record = _why_none(answer, matches)
        if (matches is not None and matches.objects) or inquiry.no_record is not NoRecord.UNDECIDED or answer is None:
            return matches
    return None


async def _ask(inquiry: Inquiry, path: str, shown: str, max_body_bytes: int) -> WebAnswer | None:
    """The answer; where the server leads on to the same path with a slash at its end, the one that stands there."""
    answer = await inquiry.ask(path, shown, accept=DICOM_JSON, max_body_bytes=max_body_bytes)
    redirect = read_redirect(inquiry.session, path, answer)
    place, mark, query = path.partition("?")
    if redirect is None or (redirect.path or "").partition("?")[0] != f"{place}/":
        return answer
    inquiry.slashed = True
    return await inquiry.ask(f"{place}/{mark}{query}", shown, accept=DICOM_JSON, max_body_bytes=max_body_bytes)


async def _query(inquiry: Inquiry, tail: str, shown: str, key: str) -> tuple[Matches | None, WebAnswer | None]:
    """One query for one match; what came is counted."""
    answer = await _ask(inquiry, inquiry.base + tail, shown, MAX_PAGE_BYTES)
    matches = None if answer is None else read_matches(answer, key)
    if matches is not None:
        inquiry.session.received(matches.objects)
        if matches.objects > 1:
            inquiry.ignores("limit")
    inquiry.note(shown, answer, query_in_words(answer, matches))
    return matches, answer


def query_in_words(answer: WebAnswer | None, matches: Matches | None) -> str:
    """What the answer to a query means."""
    if matches is not None:
        return "a record" if matches.objects == 1 else "no match" if not matches.objects else "more than the one asked"
    if answer is not None and answer.status_code in LOGIN_STATUSES:
        return "refused without a login"
    return "no answer to the question"


def _why_none(answer: WebAnswer | None, matches: Matches | None) -> NoRecord:
    if matches is not None:
        return NoRecord.NOTHING_FOUND
    refused = answer is not None and answer.status_code in LOGIN_STATUSES
    return NoRecord.REFUSED if refused else NoRecord.UNDECIDED


async def _retrieval(inquiry: Inquiry, template: str, study: str | None) -> Retrieval:
    """Whether one instance's metadata is served: it stands for the images, which are not asked for."""
    if study is None:
        return Retrieval.UNDETERMINED
    tail, shown = f"/studies/{quote(study)}", f"{template}/studies/{{study}}"
    for level, name, key in (("series", "{series}", SERIES_UID), ("instances", "{instance}", INSTANCE_UID)):
        matches, _ = await _query(inquiry, f"{tail}/{level}?limit=1", f"{shown}/{level}?limit=1", key)
        if matches is None or matches.uid is None:
            return Retrieval.UNDETERMINED
        tail, shown = f"{tail}/{level}/{quote(matches.uid)}", f"{shown}/{level}/{name}"
    shown += "/metadata"
    answer = await _ask(inquiry, f"{inquiry.base}{tail}/metadata", shown, MAX_METADATA_BYTES)
    if answer is not None and answer.status_code == 200 and answer.media_type == DICOM_JSON:
        if begins_as_dicom_json(answer.body):
            inquiry.session.received(1)
            inquiry.note(shown, answer, "an instance's metadata, served without a login")
            return Retrieval.PROVED
    elif answer is not None and answer.status_code in LOGIN_STATUSES:
        inquiry.note(shown, answer, "refused without a login")
        return Retrieval.REFUSED
    inquiry.note(shown, answer, "neither metadata nor a refusal")
    return Retrieval.UNDETERMINED
