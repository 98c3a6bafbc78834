"""The empty-handed C-GET: whether a server was ready to hand over an image, proved without moving one.

On an association that proposed no storage context at all, one object is asked for; a server that would send it
counts it among the sub-operations that it then cannot perform. The control asks the same for UIDs that exist
nowhere. Cost: one association for the UIDs, one for the control, one for the question; the server opens one file.
"""

import secrets
from collections.abc import Callable

from leadglass.model.facts import RetrievalProof
from leadglass.model.record import Record
from leadglass.model.words import Retrieval, Status
from leadglass.net.ends import GetEnd
from leadglass.net.errors import StepFailed
from leadglass.net.questions import Line, Questions, questions
from leadglass.probe.reading import MODEL_NAMES, Seen, number
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.picker import Picker
from leadglass.wire.queries import IMAGE, SERIES, STUDY, identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET, STUDY_ROOT_FIND, STUDY_ROOT_GET

GET_FOR_FIND = {STUDY_ROOT_FIND: STUDY_ROOT_GET, PATIENT_ROOT_FIND: PATIENT_ROOT_GET}
MAX_SERIES_LOOKED_AT = 20
# PS3.4 C.4.3.1.4: the statuses that come with sub-operations which failed for want of a context.
_FAILED_SUB_OPERATIONS, _WARNING = 0xA702, 0xB000


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
    chosen = await _choose(line, find_uid, seen.study_uid, patient)
    if chosen is None:
        return Verdict(retrieval=Retrieval.NOT_ASKED, proof=None, detail="the budget was spent before it was asked")
    control = await _get(line, get_uid, chosen.control())
    if shown(control) and not control.is_refusal:
        return _verdict(Retrieval.UNDETERMINED, chosen.level, None, control, "it counts images that exist nowhere")
    answer = await _get(line, get_uid, chosen.identifier())
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
    if not _may_prove(answer.dimse_status):
        return Retrieval.UNDETERMINED, "the reply shows images, under a status that says nothing of sending them"
    if not _shows_none(control):
        return Retrieval.UNDETERMINED, "the control, for images that exist nowhere, was not answered with none"
    return Retrieval.PROVED, "it was about to send an image, and none of those that exist nowhere"


def shown(end: GetEnd) -> int:
    """Sub-operations that a reply shows, 0 where it gives no counts."""
    return end.sub_operations or 0


def _may_prove(status: int) -> bool:
    pending = status in (0xFF00, 0xFF01)
    return pending or status in (_FAILED_SUB_OPERATIONS, _WARNING) or status >> 8 == 0xC0


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


class _Chosen:
    """The one object to ask for, at the lowest level that the server would name; identifiers, never shown."""

    __slots__ = ("_image", "_patient", "_series", "_study", "level")

    def __init__(self, patient: bytes, study: bytes, series: bytes = b"", image: bytes = b"") -> None:
        self._patient, self._study, self._series, self._image = patient, study, series, image
        self.level = IMAGE if image else STUDY

    def __repr__(self) -> str:
        return f"_Chosen({self.level})"

    def identifier(self) -> DataSet:
        return self._build(lambda uid: uid.decode("ascii", "ignore"))

    def control(self) -> DataSet:
        """The same question with every UID random under 2.25 (PS3.5 B.2)."""
        return self._build(lambda _: f"2.25.{secrets.randbits(122)}")

    def _build(self, write: Callable[[bytes], str]) -> DataSet:
        matching = {"study_instance_uid": write(self._study)}
        if self._patient:
            matching["patient_id"] = self._patient.decode("ascii", "ignore")
        if self.level == IMAGE:
            matching["series_instance_uid"] = write(self._series)
            matching["sop_instance_uid"] = write(self._image)
        return identifier(self.level, **matching)


async def _choose(line: Line, find_uid: str, study: bytes, patient: bytes) -> _Chosen | None:
    """Walks down to one image of the smallest series; stays at the study where the server does not answer below.

    None where the budget, and not the server, ended the walk.
    """
    above = {"study_instance_uid": study.decode("ascii", "ignore")}
    if patient:
        above["patient_id"] = patient.decode("ascii", "ignore")
    async with questions(line, find_uid, MODEL_NAMES[find_uid]) as asking:
        series = await _smallest(
            asking,
            identifier(SERIES, tags.SERIES_INSTANCE_UID, tags.NUMBER_OF_SERIES_RELATED_INSTANCES, **above),
            SERIES,
            tags.SERIES_INSTANCE_UID,
            MAX_SERIES_LOOKED_AT,
        )
        if not series:
            return None if asking.out_of_budget else _Chosen(patient, study)
        above["series_instance_uid"] = series.decode("ascii", "ignore")
        image = await _smallest(
            asking, identifier(IMAGE, tags.SOP_INSTANCE_UID, **above), IMAGE, tags.SOP_INSTANCE_UID, 1
        )
        if not image:
            return None if asking.out_of_budget else _Chosen(patient, study)
        return _Chosen(patient, study, series, image)


async def _smallest(asking: Questions, asked: DataSet, level: str, tag: int, most: int) -> bytes:
    """The UID under `tag` of the record with the fewest instances among the first `most`, b"" where none came."""
    seen: list[tuple[int, bytes]] = []

    def take(data: bytes, explicit: bool) -> bool:
        picked = Picker((tag, tags.NUMBER_OF_SERIES_RELATED_INSTANCES), explicit=explicit).pick(data)
        uid = picked.get(tag, b"").strip(b" \0")
        count = number(picked.get(tags.NUMBER_OF_SERIES_RELATED_INSTANCES, b""))
        if uid:
            seen.append((len(seen) if count is None else count, uid))
        return len(seen) < most

    await asking.ask(level, "the UIDs above it", asked, take)
    return min(seen)[1] if seen else b""


async def _get(line: Line, get_uid: str, asked: DataSet) -> GetEnd:
    try:
        async with line.associate((get_uid,)) as dialogue:
            return await dialogue.get(get_uid, asked)
    except StepFailed as failure:
        return GetEnd(status=failure.status, detail=failure.detail, asked=False)
