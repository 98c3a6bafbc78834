"""DICOMweb under a root is proved by an impossible key, then by one record, then by one instance's metadata.

Cost: 1 request for a root where nothing is, 2 where its path names DICOM, and what `left_open` states where an error
there is not that of nonsense; 2 to 7 where something is, of which 5 bring one record each (PS3.18 10.6, 10.4.1.1.2);
and what `qido` states for a server that wants another form or a key. Bulk data and objects are never asked for.
"""

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
from leadglass.probe.left_open import NOTHING_THERE, is_dicoms, is_unread, lead_on, leave_error_open, leave_unread_open
from leadglass.probe.qido import ANY_STUDY, Qido, asks_who, impossible_uid
from leadglass.probe.web_session import WebSession

MAX_METADATA_BYTES = 1024  # enough to see that it is metadata; the rest is not wanted


async def probe_root(session: WebSession, root: str, template: str) -> Inquiry | None:
    """What stands under `root`, None where it is not DICOMweb. `template` is `root` as it may be shown."""
    inquiry = Inquiry(session, SurfaceKind.DICOMWEB, root, template)
    qido = Qido(inquiry, template)
    control = f"/studies?StudyInstanceUID={impossible_uid()}&limit=1"
    shown = f"{template}/studies?StudyInstanceUID={{impossible}}&limit=1"
    answer = await qido.ask(control, shown)
    if answer is None:
        return None
    if answer.status_code in LOGIN_STATUSES:
        return await _refused(qido, answer, control, shown)
    if qido.redirect is not None:
        if is_dicoms(session, root) and not await _like_nonsense(qido, answer, control):
            lead_on(session, root, shown, answer, qido.redirect)
        return None
    matches = read_matches(answer, STUDY_UID)
    if matches is None:
        return await _without_control(qido, answer, control, shown)
    if not matches.objects and await _like_nonsense(qido, answer, control):
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
    vague = answer.media_type != DICOM_JSON and answer.status_code != 204 and not is_dicoms(session, root)
    return None if vague and inquiry.proof is Rung.ADMITS else inquiry


async def _like_nonsense(qido: Qido, answer: WebAnswer, tail: str) -> bool:
    """Whether the question `tail` is answered so under any root."""
    inquiry, placed = qido.inquiry, qido.placed(tail)
    return await inquiry.session.like_nonsense(answer, inquiry.base + placed, placed, qido.accept)


async def _leave_unread_open(qido: Qido, answer: WebAnswer, tail: str, shown: str) -> None:
    """What `left_open` does with an answer that is not read, for the question as it was placed."""
    inquiry = qido.inquiry
    await leave_unread_open(inquiry.session, inquiry.base, qido.placed(tail), shown, answer, qido.accept)


async def _refused(qido: Qido, answer: WebAnswer, tail: str, shown: str) -> Inquiry | None:
    """A root that refuses a question, where that is its own doing: for want of a login, or of a key."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    walled = not is_dicoms(session, inquiry.base) or await _like_nonsense(qido, answer, tail)
    if walled or await session.walls_beside(inquiry.base):
        return None
    inquiry.mark("the path of a DICOMweb service")
    if not asks_who(answer) and await _opened_by_a_key(qido, answer):
        return inquiry
    inquiry.proof = Rung.SPEAKS
    inquiry.note(shown, answer, "a login is asked for, and only under this path")
    return inquiry


async def _without_control(qido: Qido, narrow: WebAnswer, control: str, shown: str) -> Inquiry | None:
    """A server that answers the impossible key with an error is asked for one study, where its path names DICOM."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    foreign = not is_dicoms(session, inquiry.base) and narrow.media_type != DICOM_JSON
    if narrow.status_code < 400 or foreign:
        await _leave_unread_open(qido, narrow, control, shown)
        return None
    inquiry.note(shown, narrow, "an error, where no match would be right")
    last, tail = narrow, control
    if session.may(Permission.READ_RECORD):
        matches, answer = await qido.query(ANY_STUDY, ANY_STUDY, STUDY_UID)
        if matches is not None and answer is not None:
            return inquiry if await _proved(qido, matches, answer) else None
        if answer is not None and asks_who(answer):
            return await _refused(qido, answer, ANY_STUDY, qido.template + ANY_STUDY)
        if answer is not None and answer.status_code not in NOTHING_THERE:
            last, tail, shown = answer, ANY_STUDY, qido.template + ANY_STUDY
    if last.status_code in NOTHING_THERE or await _like_nonsense(qido, last, tail):
        return None
    if await _opened_by_a_key(qido, last):
        return inquiry
    if is_unread(last):
        await _leave_unread_open(qido, last, tail, shown)
    else:
        leave_error_open(session, shown, last)
    return None


async def _opened_by_a_key(qido: Qido, bare: WebAnswer) -> bool:
    """Whether a key was answered as QIDO-RS answers, where `bare` is what a question without it met."""
    matches, answer = await qido.by_a_key(bare)
    return matches is not None and answer is not None and await _proved(qido, matches, answer)


async def _proved(qido: Qido, matches: Matches, answer: WebAnswer) -> bool:
    """Whether these matches are QIDO-RS's, though the impossible key met an error; then what they prove is kept."""
    inquiry = qido.inquiry
    empty = answer.media_type == DICOM_JSON and not await _like_nonsense(qido, answer, ANY_STUDY)
    if not matches.objects and not empty:
        return False
    inquiry.mark("answers QIDO-RS as PS3.18 10.6 says")
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = NoRecord.NOTHING_FOUND
    if matches.objects:
        await _readable(qido, matches)
    return True


async def _read(qido: Qido, first: Matches) -> None:
    """One study's record where the scope permits it, and what may be learnt from it."""
    inquiry, session = qido.inquiry, qido.inquiry.session
    session.received(first.objects)
    if first.objects:
        if first.objects > 1:
            inquiry.ignores("limit")
        await _readable(qido, first)
    elif session.may(Permission.READ_RECORD):
        await _any_study(qido)
    else:
        inquiry.no_record = NoRecord.NOT_ASKED


async def _any_study(qido: Qido) -> None:
    """Any one study; a server that wants a key with every query is given one."""
    inquiry = qido.inquiry
    matches, answer = await qido.query(ANY_STUDY, ANY_STUDY, STUDY_UID)
    inquiry.no_record = _why_none(matches, answer)
    if matches is None and answer is not None and not asks_who(answer):
        matches, keyed = await qido.by_a_key(answer)
        if keyed is not None and _why_none(matches, keyed) is not inquiry.no_record:
            inquiry.no_record = NoRecord.NOTHING_FOUND if matches is not None else NoRecord.UNDECIDED
    if matches is not None and matches.objects:
        await _readable(qido, matches)


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


def _why_none(matches: Matches | None, answer: WebAnswer | None) -> NoRecord:
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
