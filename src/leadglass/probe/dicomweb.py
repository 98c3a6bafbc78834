"""DICOMweb under a root is proved by an impossible key, then by one record, then by one instance's metadata.

Cost: 1 request for a root where nothing is, 2 where its path names DICOM, 3 where an error there is not that of
nonsense; 2 to 8 where something is, of which 5 bring one record each (PS3.18 10.6, 10.4.1.1.2); and what `qido` states.
Bulk data and objects are never asked for.
"""

import re
import secrets
from urllib.parse import quote

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
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.qido import Qido
from leadglass.probe.redirects import read_redirect
from leadglass.probe.web_session import WebSession

ALL_DATES = "19000101-21001231"
MAX_METADATA_BYTES = 1024  # enough to see that it is metadata; the rest is not wanted
_NAMES_DICOM = re.compile(r"dicom|dcm|wado|qido|pacs", re.IGNORECASE)
# Any one study; a server that wants a key with every query is given a range of dates.
_ANY_STUDY = ((None, "/studies?limit=1"), (ALL_DATES, f"/studies?StudyDate={ALL_DATES}&limit=1"))
_NOTHING_THERE = (404, 405, 410, 501)  # RFC 9110 15.5.5, 15.5.6, 15.5.11, 15.6.2
_FORBIDDEN = 403  # for want of a login, or for asking too much


def impossible_uid() -> str:
    """A UID that no object has (PS3.5 B.2: 2.25 and a random number)."""
    return f"2.25.{secrets.randbits(120)}"


def names_dicom(root: str) -> bool:
    """Whether a path alone says that DICOM stands there; a login under any other says nothing."""
    return _NAMES_DICOM.search(root) is not None


async def probe_root(session: WebSession, root: str, template: str) -> Inquiry | None:
    """What stands under `root`, None where it is not DICOMweb. `template` is `root` as it may be shown."""
    qido = Qido(Inquiry(session, SurfaceKind.DICOMWEB, root), template)
    inquiry = qido.inquiry
    tail = f"/studies?StudyInstanceUID={impossible_uid()}&limit=1"
    shown = f"{template}/studies?StudyInstanceUID={{impossible}}&limit=1"
    answer = await qido.ask(tail, shown)
    if answer is None:
        return None
    control = qido.placed(tail)
    if answer.status_code in LOGIN_STATUSES:
        return await _login(qido, answer, control, shown)
    matches = read_matches(answer, STUDY_UID)
    if matches is None and answer.status_code >= 400:
        return await _without_control(qido, answer, control, shown)
    if matches is None or (not matches.objects and await session.like_nonsense(answer, root + control, control)):
        if matches is None:
            await _leads_elsewhere(qido, answer, control)
        return None
    if matches.objects:
        inquiry.note(shown, answer, "a record, though the key fits none")
        inquiry.ignores("StudyInstanceUID")
    else:
        inquiry.note(shown, answer, "no match, as it should be")
    inquiry.mark("answers QIDO-RS as PS3.18 10.6 says")
    inquiry.proof = Rung.ADMITS
    await _read(qido, matches)
    # An empty list of plain JSON under a path that any web service could have is not DICOMweb's mark.
    vague = answer.media_type != DICOM_JSON and answer.status_code != 204 and not names_dicom(root)
    return None if vague and inquiry.proof is Rung.ADMITS else inquiry


async def _login(qido: Qido, answer: WebAnswer, control: str, shown: str) -> Inquiry | None:
    """A login is DICOMweb's where its path names DICOM, and nothing beside it asks for one."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    walled = not names_dicom(inquiry.base) or await session.like_nonsense(answer, inquiry.base + control, control)
    if walled or await session.walls_beside(inquiry.base):
        return None
    inquiry.proof = Rung.SPEAKS
    inquiry.note(shown, answer, "a login is asked for, and only under this path")
    inquiry.mark("the path of a DICOMweb service")
    return inquiry


async def _read(qido: Qido, first: Matches) -> None:
    """One study's record where the scope permits it, and what may be learnt from it."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    session.received(first.objects)
    if first.objects:
        if first.objects > 1:
            inquiry.ignores("limit")
        await _readable(qido, first, None)
    elif session.may(Permission.READ_RECORD):
        await _any_study(qido)
    else:
        inquiry.no_record = NoRecord.NOT_ASKED


async def _any_study(qido: Qido) -> None:
    """Any one study. Who forbids a question for everything may answer one for a range of dates."""
    inquiry, ends = qido.inquiry, set()
    for dates, tail in _ANY_STUDY:
        matches, answer = await qido.query(tail, tail, STUDY_UID)
        if matches is not None and matches.objects:
            await _readable(qido, matches, dates)
            return
        ends.add(_why_none(answer, matches))
        final = matches is not None or answer is None
        if final or (answer is not None and answer.status_code in LOGIN_STATUSES and answer.status_code != _FORBIDDEN):
            break
    inquiry.no_record = ends.pop() if len(ends) == 1 else NoRecord.UNDECIDED


async def _without_control(qido: Qido, narrow: WebAnswer, control: str, shown: str) -> Inquiry | None:
    """A server that answers the impossible key with an error is asked for one study, where its path names DICOM."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    marked = names_dicom(inquiry.base) or narrow.media_type == DICOM_JSON
    if not marked or not session.may(Permission.READ_RECORD):
        return None
    inquiry.note(shown, narrow, "an error, where no match would be right")
    last = narrow
    for dates, tail in _ANY_STUDY:
        matches, answer = await qido.query(tail, tail, STUDY_UID)
        if answer is None:
            return None
        if matches is not None:
            return await _answered(qido, matches, answer, dates)
        if answer.status_code in LOGIN_STATUSES and answer.status_code != _FORBIDDEN:
            return await _login(qido, answer, control, qido.template + tail)
        last = answer if answer.status_code not in _NOTHING_THERE else last
        if not await _tells_nothing(qido, last, control):
            return None
    words = f"HTTP status {last.status_code} under {qido.template}, and another for a path that nobody serves"
    session.undecided(words)
    return None


async def _answered(qido: Qido, matches: Matches, answer: WebAnswer, dates: str | None) -> Inquiry | None:
    """What an answer to a question for any study proves, where the impossible key met an error."""
    inquiry = qido.inquiry
    empty = answer.media_type == DICOM_JSON and not await inquiry.session.like_nonsense(answer, "/studies?limit=1")
    if not matches.objects and not empty:
        return None
    inquiry.mark("answers QIDO-RS as PS3.18 10.6 says")
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = NoRecord.NOTHING_FOUND
    if matches.objects:
        await _readable(qido, matches, dates)
    return inquiry


async def _tells_nothing(qido: Qido, answer: WebAnswer, control: str) -> bool:
    """Whether an error is neither that of a path that nobody serves nor one that says so: what is there stays open."""
    if answer.status_code in _NOTHING_THERE:
        return False
    return not await qido.inquiry.session.like_nonsense(answer, qido.inquiry.base + control, control)


async def _leads_elsewhere(qido: Qido, answer: WebAnswer, control: str) -> None:
    """A path of DICOM's that leads away, and no nonsense does: what stands there was not asked, and is not known."""
    session, root = qido.inquiry.session, qido.inquiry.base
    redirect = read_redirect(session, root + control, answer)
    if redirect is None or not names_dicom(root) or await session.like_nonsense(answer, root + control, control):
        return
    to = redirect.elsewhere or "another path"
    session.undecided(f"{qido.template}/studies leads on to {to}, which is not followed; check that address too")


async def _readable(qido: Qido, matches: Matches, dates: str | None) -> None:
    """What a record that came proves, and what may be learnt from it."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    inquiry.proof = Rung.READABLE
    if session.may(Permission.READ_RECORD):  # counting asks for records: one that came unasked permits nothing
        inquiry.way = qido.way(dates=dates)
    if session.may(Permission.REQUEST_IMAGES) and session.may(Permission.READ_RECORD):
        inquiry.retrieval = await _retrieval(qido, matches.uid)
        if inquiry.retrieval is Retrieval.PROVED:
            inquiry.proof = Rung.RETRIEVABLE


def _why_none(answer: WebAnswer | None, matches: Matches | None) -> NoRecord:
    if matches is not None:
        return NoRecord.NOTHING_FOUND
    refused = answer is not None and answer.status_code in LOGIN_STATUSES
    return NoRecord.REFUSED if refused else NoRecord.UNDECIDED


async def _retrieval(qido: Qido, study: str | None) -> Retrieval:
    """Whether one instance's metadata is served: it stands for the images, which are not asked for."""
    if study is None:
        return Retrieval.UNDETERMINED
    tail, shown = f"/studies/{quote(study)}", "/studies/{study}"
    for level, name, key in (("series", "{series}", SERIES_UID), ("instances", "{instance}", INSTANCE_UID)):
        matches, _ = await qido.query(f"{tail}/{level}?limit=1", f"{shown}/{level}?limit=1", key)
        if matches is None or matches.uid is None:
            return Retrieval.UNDETERMINED
        tail, shown = f"{tail}/{level}/{quote(matches.uid)}", f"{shown}/{level}/{name}"
    shown = f"{qido.template}{shown}/metadata"
    answer = await qido.ask(f"{tail}/metadata", shown, MAX_METADATA_BYTES)
    return _metadata(qido, answer, shown)


def _metadata(qido: Qido, answer: WebAnswer | None, shown: str) -> Retrieval:
    """What the answer to a question for metadata proves; another type than the one asked for proves nothing."""
    inquiry = qido.inquiry
    if answer is not None and answer.status_code == 200 and answer.media_type == qido.accept:
        if begins_as_dicom_json(answer.body):
            inquiry.session.received(1)
            inquiry.note(shown, answer, "an instance's metadata, served without a login")
            return Retrieval.PROVED
    elif answer is not None and answer.status_code in LOGIN_STATUSES:
        inquiry.note(shown, answer, "refused without a login")
        return Retrieval.REFUSED
    inquiry.note(shown, answer, "neither metadata nor a refusal")
    return Retrieval.UNDETERMINED
