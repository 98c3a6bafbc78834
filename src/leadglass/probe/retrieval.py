"""Whether a server was ready to hand over an image, proved without moving one: an empty-handed C-GET and its control.

The control asks the same for UIDs that exist nowhere. Cost: one association for the UIDs, one for the control, one for
the question; the server opens one file.
"""

from leadglass.model.facts import RetrievalProof
from leadglass.model.record import Record
from leadglass.model.words import Retrieval, Status
from leadglass.net.empty_handed import GET_FOR_FIND, choose, get, shown, shows_images
from leadglass.net.ends import GetEnd
from leadglass.net.questions import MODEL_NAMES, Line, questions
from leadglass.probe.reading import Seen
from leadglass.wire.uids import PATIENT_ROOT_FIND


class Verdict(Record):
    """What the empty-handed C-GET came to."""

    retrieval: Retrieval
    proof: RetrievalProof | None
    detail: str


async def prove_retrieval(line: Line, find_uid: str, offered: frozenset[str], seen: Seen) -> Verdict:
    """Asks for one object of the study that was seen. Never raises for what the peer does."""
    get_uid = GET_FOR_FIND[find_uid]
    if get_uid not in offered:
        return Verdict(
            retrieval=Retrieval.UNDETERMINED,
            proof=None,
            detail="C-GET was not accepted, and C-MOVE is never sent: an open server would really start a transfer",
        )
    if not seen.study_uid:
        return Verdict(retrieval=Retrieval.UNDETERMINED, proof=None, detail="no study's UID was received")
    patient = seen.patient_id if find_uid == PATIENT_ROOT_FIND else b""
    async with questions(line, find_uid, MODEL_NAMES[find_uid]) as asking:
        chosen = await choose(asking, seen.study_uid, patient)
    if chosen is None:
        return Verdict(retrieval=Retrieval.NOT_ASKED, proof=None, detail="the budget was spent before it was asked")
    control = await get(line, get_uid, chosen.control())
    if shown(control) and not control.is_refusal:
        return _verdict(Retrieval.UNDETERMINED, chosen.level, None, control, "it counts images that exist nowhere")
    answer = await get(line, get_uid, chosen.identifier())
    retrieval, detail = judge(answer, control)
    return _verdict(retrieval, chosen.level, answer, control, detail)


def judge(answer: GetEnd, control: GetEnd) -> tuple[Retrieval, str]:
    """The verdict of a reply and its control, and why."""
    if answer.is_refusal:
        return Retrieval.REFUSED, "the request was refused"
    if answer.status is not Status.SUCCESS or answer.dimse_status is None:
        return Retrieval.UNDETERMINED, answer.detail or "no reply decided it"
    if not shown(answer):
        return Retrieval.UNDETERMINED, "the reply shows no image that was about to be sent"
    if not shows_images(answer):
        return Retrieval.UNDETERMINED, "the reply shows images, under a status that says nothing of sending them"
    if not _shows_none(control):
        return Retrieval.UNDETERMINED, "the control, for images that exist nowhere, was not answered with none"
    return Retrieval.PROVED, "it was about to send an image, and none of those that exist nowhere"


def _shows_none(control: GetEnd) -> bool:
    if control.status is not Status.SUCCESS:
        return False
    return control.sub_operations == 0 or (control.dimse_status == 0 and control.sub_operations is None)


def _verdict(retrieval: Retrieval, level: str, answer: GetEnd | None, control: GetEnd, detail: str) -> Verdict:
    proof = RetrievalProof(
        level=level,
        dimse_status=_status(answer),
        shown=answer.sub_operations if answer else None,
        control_dimse_status=_status(control),
        control_shown=control.sub_operations,
        detail=detail,
    )
    return Verdict(retrieval=retrieval, proof=proof, detail=detail)


def _status(end: GetEnd | None) -> str | None:
    if end is None:
        return None
    return end.status.value if end.dimse_status is None else f"{end.dimse_status:04X}"
