"""The drawn records are looked at over C-FIND: studies by lists of UIDs, patients and worklist items by their IDs.

Cost: one association; 3 questions and 20 records at most where the server takes a list of UIDs (PS3.4 C.2.2.2.2), else
one question a record.
"""

from collections.abc import Callable, Iterable

from leadglass.measure.drawn import Drawn
from leadglass.measure.kinds.classify import PATIENT_KEYS, STUDY_KEYS, WORKLIST_KEYS
from leadglass.measure.kinds.sample import Sample, ask_singly, ask_together, single_values, uids
from leadglass.model.ways import DimseWay
from leadglass.model.words import Status
from leadglass.net.ends import FindEnd
from leadglass.net.questions import Questions
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.picker import Picker
from leadglass.wire.queries import PATIENT, SERIES, STUDY, USUAL_KEYS, identifier, with_value, worklist_identifier
from leadglass.wire.uids import PATIENT_ROOT_FIND, WORKLIST_FIND

_LISTS = (STUDY_KEYS, USUAL_KEYS, (tags.PATIENT_ID, tags.PATIENT_NAME))  # from what tells most to what all answer
_NUMBER = tags.NUMBER_OF_STUDY_RELATED_SERIES
_SERIES_KEYS = (tags.SERIES_INSTANCE_UID, tags.MODALITY)
_Take = Callable[[bytes, bool], bool]
_ENDS = (Status.IO_TIMEOUT, Status.BUDGET_SPENT)


async def look_by_dimse(asking: Questions, way: DimseWay, drawn: Drawn, sample: Sample) -> None:
    """Gives the drawn records to `sample`. Never raises for what the peer does."""
    looking = _Looking(asking, way, sample)
    if way.sop_class_uid == WORKLIST_FIND or way.level == PATIENT:
        await ask_singly(sample, single_values(drawn.keys()), looking.people)
        return
    await ask_together(sample, uids(drawn.keys()), looking.studies)
    if sample.seen.records and not sample.seen.documents_told:
        await looking.below()


class _Looking:
    """Asks one server for what was drawn."""

    def __init__(self, asking: Questions, way: DimseWay, sample: Sample) -> None:
        self._asking = asking
        self._way = way
        self._sample = sample
        self._lists: tuple[tuple[int, ...], ...] = _LISTS
        self._studies: list[tuple[bytes, bytes]] = []
        """UIDs and patient IDs of the studies that came, for as long as their series are asked for."""

    def __repr__(self) -> str:
        """Without values."""
        return f"_Looking({self._sample!r})"

    async def studies(self, keys: list[bytes]) -> None:
        """Studies, with all that tells of their kinds; with fewer keys where that is not answered."""
        for returned in self._lists:
            end = await self._ask_studies(keys, returned)
            if self._sample.seen.records:
                self._lists = (returned,)
            if self._sample.over or end.records:
                return

    async def _ask_studies(self, keys: list[bytes], returned: tuple[int, ...]) -> FindEnd:
        pickers = _pickers((*returned, _NUMBER, tags.STUDY_INSTANCE_UID))

        def take(data: bytes, explicit: bool) -> bool:
            picked = pickers[explicit].pick(data)
            uid = picked.get(tags.STUDY_INSTANCE_UID, b"")
            number = picked.get(_NUMBER, b"").strip(b" \0")
            if not (number.isdigit() and len(number) > 1):  # ten or more are not asked for
                self._studies.append((uid.strip(b" \0"), picked.get(tags.PATIENT_ID, b"")))
            return self._sample.came(uid, picked, returned)

        asked = identifier(STUDY, *returned, _NUMBER, study_instance_uid="")
        asked = with_value(asked, tags.STUDY_INSTANCE_UID, b"\\".join(keys))
        self._sample.ask_for(keys)
        return await self._ask(STUDY, "kinds of data, of studies by UID", asked, take)

    async def people(self, keys: list[bytes]) -> None:
        """One patient, or the worklist's items of one."""
        worklist = self._way.sop_class_uid == WORKLIST_FIND
        returned = WORKLIST_KEYS if worklist else PATIENT_KEYS
        pickers = _pickers(returned)

        def take(data: bytes, explicit: bool) -> bool:
            picked = pickers[explicit].pick(data)
            return self._sample.came(picked.get(tags.PATIENT_ID, b""), picked, returned, several=worklist)

        asked = identifier(PATIENT, *returned)
        if worklist:
            asked = worklist_identifier(*returned, date=None if self._way.level == PATIENT else "")
        self._sample.ask_for(keys)
        words = "kinds of data, of items by patient" if worklist else "kinds of data, of one patient"
        await self._ask("" if worklist else PATIENT, words, with_value(asked, tags.PATIENT_ID, b"\\".join(keys)), take)

    async def below(self) -> None:
        """The modalities of some studies' series, where the studies do not tell them."""
        for study, patient in self._studies:
            if self._sample.left <= 0 or self._sample.over:
                return
            asked = identifier(SERIES, *_SERIES_KEYS, study_instance_uid="")
            if self._asking.sop_class_uid == PATIENT_ROOT_FIND:
                asked = with_value(identifier(SERIES, *_SERIES_KEYS, study_instance_uid="", patient_id=""),
                                   tags.PATIENT_ID, patient)  # fmt: skip
            end = await self._ask(
                SERIES, "kinds of data, of the series of one study",
                with_value(asked, tags.STUDY_INSTANCE_UID, study), self._take_series,
            )  # fmt: skip
            if not end.records:
                return

    def _take_series(self, data: bytes, explicit: bool) -> bool:
        self._sample.left -= 1
        self._sample.seen.holds(Picker(_SERIES_KEYS, explicit=explicit).pick(data).get(tags.MODALITY, b""))
        return self._sample.left > 0

    async def _ask(self, level: str, words: str, asked: DataSet, take: _Take) -> FindEnd:
        end = await self._asking.ask(level, words, asked, take)
        self._sample.over = self._sample.over or end.status in _ENDS
        return end


def _pickers(wanted: Iterable[int]) -> tuple[Picker, Picker]:
    """For Implicit and for Explicit VR."""
    keys = tuple(wanted)
    return Picker(keys, explicit=False), Picker(keys, explicit=True)
