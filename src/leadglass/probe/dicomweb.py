"""DICOMweb under a root is proved by an impossible key, then by one record, then by one instance's metadata.

Cost: 1 request for a root where nothing is, 2 where its path names DICOM; 2 to 7 where something is, of which 5 bring
one record each (PS3.18 10.6, 10.4.1.1.2); at most 4 more where a query is refused for want of a key, and what `qido`
states for a server of other forms. What such a path answers is compared with nonsense before it is left open.
Bulk data and objects are never asked for.
"""

import re
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
from leadglass.probe.qido import MAX_PAGE_BYTES, Qido, impossible_uid
from leadglass.probe.web_path import plain_root
from leadglass.probe.web_session import Inquiry, WebSession

MAX_METADATA_BYTES = 1024  # enough to see that it is metadata; the rest is not wanted
_NAMES_DICOM = re.compile(r"dicom|dcm|wado|qido|pacs", re.IGNORECASE)
_WANTS_A_KEY = (400, 403, 413, 422)  # how servers refuse a query that is too wide for them
_CLOSED_OR_ABSENT = (*LOGIN_STATUSES, 404, 405, 410)  # any other error tells nothing of what is there


def names_dicom(root: str) -> bool:
    """Whether a path alone says that DICOM stands there; a login under any other says nothing."""
    return _NAMES_DICOM.search(root) is not None


async def probe_root(session: WebSession, root: str, template: str) -> Inquiry | None:
    """What stands under `root`, None where it is not DICOMweb. `template` is `root` as it may be shown."""
    inquiry = Inquiry(session, SurfaceKind.DICOMWEB, root)
    qido = Qido(inquiry, template)
    control = f"/studies?StudyInstanceUID={impossible_uid()}&limit=1"
    shown = f"{template}/studies?StudyInstanceUID={{impossible}}&limit=1"
    answer = await qido.ask(root + control, shown, MAX_PAGE_BYTES)
    if answer is None:
        return None
    if qido.slashed:
        control = control.replace("/studies?", "/studies/?")
    if answer.status_code in LOGIN_STATUSES:
        return await _refused(qido, answer, control, shown)
    matches = read_matches(answer, STUDY_UID)
    if qido.redirect is not None:
        await _led_away(qido, answer, control, shown)
        return None
    if matches is None and answer.status_code >= 400:
        return await _without_control(qido, answer, control, shown)
    if matches is None or (not matches.objects and await _like_nonsense(qido, answer, control)):
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


async def _like_nonsense(qido: Qido, answer: WebAnswer, tail: str) -> bool:
    """Whether the question `tail` is answered so under any root."""
    inquiry = qido.inquiry
    return await inquiry.session.like_nonsense(answer, inquiry.base + tail, tail, qido.accept)


async def _refused(qido: Qido, answer: WebAnswer, control: str, shown: str) -> Inquiry | None:
    """A root that refuses the impossible key, where that is its own doing: perhaps for want of another key."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    walled = not names_dicom(inquiry.base) or await _like_nonsense(qido, answer, control)
    if walled or await session.walls_beside(inquiry.base):
        return None
    inquiry.mark("the path of a DICOMweb service")
    asks_for_a_name = answer.status_code == 401 or "www-authenticate" in answer.headers
    if not asks_for_a_name and await _opened_by_a_key(qido, answer):
        return inquiry
    inquiry.proof = Rung.SPEAKS
    inquiry.note(shown, answer, "a login is asked for, and only under this path")
    return inquiry


async def _opened_by_a_key(qido: Qido, bare: WebAnswer) -> bool:
    """Whether a key was answered as QIDO-RS answers, where `bare` is what a question without it met."""
    matches, answer = await qido.by_a_key(bare)
    return matches is not None and answer is not None and await _proved(qido, matches, answer)


async def _proved(qido: Qido, matches: Matches, answer: WebAnswer) -> bool:
    """Whether these matches are QIDO-RS's, though the impossible key met an error; then what they prove is kept."""
    inquiry = qido.inquiry
    empty = answer.media_type == DICOM_JSON and not await _like_nonsense(qido, answer, "/studies?limit=1")
    if not matches.objects and not empty:
        return False
    inquiry.mark("answers QIDO-RS as PS3.18 10.6 says")
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = NoRecord.NOTHING_FOUND
    if matches.objects:
        await _readable(qido, matches)
    return True


async def _led_away(qido: Qido, answer: WebAnswer, control: str, shown: str) -> None:
    """A path of DICOM that leads elsewhere: to another root of this server, which is tried, or to what is left open."""
    inquiry, to = qido.inquiry, qido.redirect
    if to is None or not names_dicom(inquiry.base) or await _like_nonsense(qido, answer, control):
        return
    session = inquiry.session
    root = plain_root(to.path) if to.path is not None else None
    if root is not None and root != inquiry.base:
        session.roots_led_to.append(root)
    elif to.elsewhere is not None:
        session.lead_elsewhere(shown, answer, to.elsewhere)
    else:
        session.leave_open(shown, answer, "it leads on to another path of the server, where DICOMweb does not stand")


async def _without_control(qido: Qido, narrow: WebAnswer, control: str, shown: str) -> Inquiry | None:
    """A server that answers the impossible key with an error is asked for one study, where its path names DICOM."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    named = names_dicom(inquiry.base)
    if (named or narrow.media_type == DICOM_JSON) and session.may(Permission.READ_RECORD):
        inquiry.note(shown, narrow, "an error, where no match would be right")
        matches, answer = await qido.any_study()
        if matches is not None and answer is not None:
            return inquiry if await _proved(qido, matches, answer) else None
        if answer is not None and answer.status_code in _WANTS_A_KEY and await _opened_by_a_key(qido, answer):
            return inquiry
        bare = "/studies?limit=1"
        if answer is not None and await _leave_open(qido, answer, bare, qido.template + bare):
            return None
    await _leave_open(qido, narrow, control, shown)
    return None


async def _leave_open(qido: Qido, answer: WebAnswer, tail: str, shown: str) -> bool:
    """Leaves the question open where a path of DICOM answers by an error that nonsense does not meet."""
    unclear = answer.status_code >= 400 and answer.status_code not in _CLOSED_OR_ABSENT
    if not unclear or not names_dicom(qido.inquiry.base) or await _like_nonsense(qido, answer, tail):
        return False
    words = f"it answers a query with HTTP status {answer.status_code}, and nonsense otherwise"
    qido.inquiry.session.leave_open(shown, answer, words)
    return True


async def _read(qido: Qido, first: Matches) -> None:
    """One study's record where the scope permits it, and what may be learnt from it."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    session.received(first.objects)
    matches: Matches | None = first if first.objects else None
    if matches is None:
        if not session.may(Permission.READ_RECORD):
            inquiry.no_record = NoRecord.NOT_ASKED
            return
        matches = await _any_study(qido)
    elif matches.objects > 1:
        inquiry.ignores("limit")
    if matches is not None and matches.objects:
        await _readable(qido, matches)


async def _any_study(qido: Qido) -> Matches | None:
    """Any one study; a server that wants a key with every query is given one."""
    matches, answer = await qido.any_study()
    qido.inquiry.no_record = _why_none(answer, matches)
    if matches is not None or answer is None or answer.status_code == 401:
        return matches
    matches, _ = await qido.by_a_key(answer)
    if matches is not None:
        qido.inquiry.no_record = NoRecord.NOTHING_FOUND
    return matches


async def _readable(qido: Qido, matches: Matches) -> None:
    """What a record that came proves, and what may be learnt from it."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    inquiry.proof = Rung.READABLE
    if session.may(Permission.READ_RECORD):  # counting asks for records: one that came unasked permits nothing
        inquiry.way = qido.way
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
    inquiry = qido.inquiry
    tail, shown = f"/studies/{quote(study)}", "/studies/{study}"
    for level, name, key in (("series", "{series}", SERIES_UID), ("instances", "{instance}", INSTANCE_UID)):
        matches, _ = await qido.query(f"{tail}/{level}?limit=1", f"{shown}/{level}?limit=1", key)
        if matches is None or matches.uid is None:
            return Retrieval.UNDETERMINED
        tail, shown = f"{tail}/{level}/{quote(matches.uid)}", f"{shown}/{level}/{name}"
    shown = f"{qido.template}{shown}/metadata"
    answer = await qido.ask(f"{inquiry.base}{tail}/metadata", shown, MAX_METADATA_BYTES)
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
