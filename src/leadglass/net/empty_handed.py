"""The empty-handed C-GET: one image is asked for on an association that can take none, and counted as about to be sent.

On an association that proposed no storage context at all, a server that would send an object counts it among the
sub-operations that it then cannot perform (PS3.4 C.4.3). `probe` proves by it that images are handed over, `measure`
asks how many. The cost is stated where it is asked; the server opens one file.
"""

import secrets
from collections.abc import Callable, Iterable

from leadglass.model.words import Status
from leadglass.net.ends import GetEnd
from leadglass.net.errors import StepFailed
from leadglass.net.questions import Line, Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.picker import Picker, number
from leadglass.wire.queries import IMAGE, SERIES, STUDY, identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET, STUDY_ROOT_FIND, STUDY_ROOT_GET

GET_FOR_FIND = {STUDY_ROOT_FIND: STUDY_ROOT_GET, PATIENT_ROOT_FIND: PATIENT_ROOT_GET}
MAX_SERIES_LOOKED_AT = 20
FEW_IMAGES = 20  # of a series: more are not asked for only to take one, since a cancel comes too late for hundreds
MAX_SILENCES = 2  # questions without an answer, after which a server is asked no more of them
# PS3.4 C.4.3.1.4: the statuses that come with sub-operations which failed for want of a context.
_FAILED_SUB_OPERATIONS, _WARNING = 0xA702, 0xB000


class Asked:
    """The one object to ask for, at the lowest level that the server would name; identifiers, never shown."""

    __slots__ = ("_image", "_patient", "_series", "_study", "level")

    def __init__(self, patient: bytes, study: bytes, series: bytes = b"", image: bytes = b"") -> None:
        """UIDs as the server wrote them, and the patient's ID where the model begins with patients."""
        self._patient, self._study, self._series, self._image = patient, study, series, image
        self.level = IMAGE if image else STUDY

    def __repr__(self) -> str:
        """Without values."""
        return f"Asked({self.level})"

    def identifier(self) -> DataSet:
        """The question."""
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


async def choose(asking: Questions, study: bytes, patient: bytes) -> Asked | None:
    """Walks down to one image of the smallest series; stays at the study where the server does not answer below.

    `patient` is the patient's ID where the model begins with patients, else b"". None where the budget, and not the
    server, ended the walk. Cost: two questions, and the records that they bring; of a series with more than a few
    images the first is asked for by its number, and a third question where there is none of that number.
    """
    above = {"study_instance_uid": study.decode("ascii", "ignore")}
    if patient:
        above["patient_id"] = patient.decode("ascii", "ignore")
    images, series = await _smallest(
        asking,
        identifier(SERIES, tags.SERIES_INSTANCE_UID, tags.NUMBER_OF_SERIES_RELATED_INSTANCES, **above),
        SERIES,
        tags.SERIES_INSTANCE_UID,
        MAX_SERIES_LOOKED_AT,
    )
    if not series:
        return None if asking.out_of_budget else Asked(patient, study)
    above["series_instance_uid"] = series.decode("ascii", "ignore")
    image = b""
    for number_of_it in ("1", "") if images > FEW_IMAGES else ("",):
        narrower = {"instance_number": number_of_it} if number_of_it else {}
        asked = identifier(IMAGE, tags.SOP_INSTANCE_UID, **above, **narrower)
        _, image = await _smallest(asking, asked, IMAGE, tags.SOP_INSTANCE_UID, 1)
        if image or asking.out_of_budget:
            break
    if not image:
        return None if asking.out_of_budget else Asked(patient, study)
    return Asked(patient, study, series, image)


async def _smallest(asking: Questions, asked: DataSet, level: str, tag: int, most: int) -> tuple[int, bytes]:
    """The UID under `tag` of the record with the fewest instances among the first `most`, and how many those are.

    b"" where none came. Where the numbers are left out, the first is taken for the smallest.
    """
    seen: list[tuple[int, bytes]] = []

    def take(data: bytes, explicit: bool) -> bool:
        picked = Picker((tag, tags.NUMBER_OF_SERIES_RELATED_INSTANCES), explicit=explicit).pick(data)
        uid = picked.get(tag, b"").strip(b" \0")
        count = number(picked.get(tags.NUMBER_OF_SERIES_RELATED_INSTANCES, b""))
        if uid:
            seen.append((len(seen) if count is None else count, uid))
        return len(seen) < most

    await asking.ask(level, "the UIDs above it", asked, take)
    return min(seen, default=(0, b""))


async def get(line: Line, get_uid: str, asked: DataSet) -> GetEnd:
    """One question on an association of its own. Never raises for what the peer does."""
    try:
        async with line.associate((get_uid,)) as dialogue:
            return await dialogue.get(get_uid, asked)
    except StepFailed as failure:
        return GetEnd(status=failure.status, detail=failure.detail, asked=False)


async def get_each(line: Line, get_uid: str, asked: Iterable[DataSet]) -> list[GetEnd]:
    """One question after another, on one association while the server keeps it; how each ended, in their order.

    Fewer ends than questions where the budget was spent, or where the server let two go unanswered. Never raises for
    what the peer does.
    """
    waiting, ends = list(asked), list[GetEnd]()
    while len(ends) < len(waiting) and not _is_over(ends):
        try:
            async with line.associate((get_uid,)) as dialogue:
                while dialogue.alive and len(ends) < len(waiting) and not _is_over(ends):
                    ends.append(await dialogue.get(get_uid, waiting[len(ends)]))
        except StepFailed as failure:
            ends.append(GetEnd(status=failure.status, detail=failure.detail, asked=False))
    return ends[: len(waiting)]


def _is_over(ends: list[GetEnd]) -> bool:
    spent = bool(ends) and ends[-1].status is Status.BUDGET_SPENT
    silent = sum(end.status is not Status.SUCCESS and not end.is_refusal for end in ends)
    return spent or silent >= MAX_SILENCES


def shown(end: GetEnd) -> int:
    """Sub-operations that a reply shows, 0 where it gives no counts."""
    return end.sub_operations or 0


def shows_images(end: GetEnd) -> bool:
    """Whether a reply shows images under a status that comes with sending them."""
    status = end.dimse_status
    if end.is_refusal or end.status is not Status.SUCCESS or status is None or not shown(end):
        return False
    pending = status in (0xFF00, 0xFF01)
    return pending or status in (_FAILED_SUB_OPERATIONS, _WARNING) or status >> 8 == 0xC0
