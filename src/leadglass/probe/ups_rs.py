"""A worklist over the web (UPS-RS, PS3.18 11) is a door of its own beside DICOMweb's.

Cost: 1 request for a root, with or without DICOMweb, 2 where there is a worklist; the second brings at most one record.
What `left_open` states comes to it where an error tells nothing.
"""

from leadglass.model.words import NoRecord, Permission, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.dicom_json import DICOM_JSON, INSTANCE_UID, Matches, read_matches
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.left_open import leave_error_open, leave_unread_open, refuses_alone
from leadglass.probe.qido import MAX_PAGE_BYTES, impossible_uid, query_in_words
from leadglass.probe.web_session import WebSession


async def probe_workitems(session: WebSession, root: str, template: str) -> Inquiry | None:
    """The worklist beside a DICOMweb root, None where there is none. A login alone proves none."""
    inquiry = Inquiry(session, SurfaceKind.UPS_RS, root, template)
    tail = f"/workitems?SOPInstanceUID={impossible_uid()}&limit=1"
    shown = f"{template}/workitems?SOPInstanceUID={{impossible}}&limit=1"
    answer = await inquiry.ask(root + tail, shown, accept=DICOM_JSON, max_body_bytes=MAX_PAGE_BYTES)
    matches = None if answer is None else _workitems(answer)
    if answer is not None and matches is None and await refuses_alone(session, root, tail, answer):
        leave_error_open(session, shown, answer)
    if answer is not None and matches is None:
        await leave_unread_open(session, root, tail, shown, answer)
    if answer is None or matches is None or await session.like_nonsense(answer, root + tail):
        return None
    inquiry.proof = Rung.ADMITS
    inquiry.mark("answers UPS-RS as PS3.18 11 says")
    if matches.objects:
        inquiry.ignores("SOPInstanceUID")
        inquiry.note(shown, answer, "a record, though the key fits none")
        session.received(matches.objects)
        inquiry.proof = Rung.READABLE
        return inquiry
    inquiry.note(shown, answer, "no match, as it should be")
    await _read(inquiry, template)
    return inquiry


async def _read(inquiry: Inquiry, template: str) -> None:
    inquiry.no_record = NoRecord.NOT_ASKED
    if not inquiry.session.may(Permission.READ_RECORD):
        return
    shown = f"{template}/workitems?limit=1"
    answer = await inquiry.ask(
        f"{inquiry.base}/workitems?limit=1", shown, accept=DICOM_JSON, max_body_bytes=MAX_PAGE_BYTES
    )
    matches = None if answer is None else _workitems(answer)
    inquiry.note(shown, answer, query_in_words(answer, matches))
    if matches is None:
        refused = answer is not None and answer.status_code in LOGIN_STATUSES
        inquiry.no_record = NoRecord.REFUSED if refused else NoRecord.UNDECIDED
        return
    inquiry.session.received(matches.objects)
    inquiry.no_record = NoRecord.NOTHING_FOUND
    if matches.objects:
        inquiry.proof = Rung.READABLE
    if matches.objects > 1:
        inquiry.ignores("limit")


def _workitems(answer: WebAnswer) -> Matches | None:
    """Plain JSON does not tell a worklist from any other list."""
    if answer.status_code != 204 and answer.media_type != DICOM_JSON:
        return None
    return read_matches(answer, INSTANCE_UID)
