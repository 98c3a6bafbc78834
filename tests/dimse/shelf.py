"""A scripted archive over DIMSE: what it holds, how it limits its answers, and what each called AE title opens."""

from dataclasses import dataclass, field

from leadglass.lab.zoo.caller import Caller, Gone
from leadglass.lab.zoo.polite import PENDING, Polite
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.commands import CommandField
from leadglass.wire.elements import DataSet, decode, encode, text
from leadglass.wire.pdu import AssociateReject, AssociateRequest
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from leadglass.wire.uids import WORKLIST_FIND

UNKNOWN_TITLE = AssociateReject(result=1, source=1, reason=7)
_KEY = {
    PATIENT: tags.PATIENT_ID,
    STUDY: tags.STUDY_INSTANCE_UID,
    SERIES: tags.SERIES_INSTANCE_UID,
    IMAGE: tags.SOP_INSTANCE_UID,
}
Values = dict[int, str]


@dataclass(frozen=True)
class Study:
    """One study: `series` holds the number of images of each."""

    uid: str
    patient: str = "ONE"
    day: str = "20190402"
    series: tuple[int, ...] = (1,)

    def images(self) -> list[Values]:
        """Every image, with all that is above it."""
        return [
            {
                tags.STUDY_INSTANCE_UID: self.uid,
                tags.PATIENT_ID: self.patient,
                tags.STUDY_DATE: self.day,
                tags.SERIES_INSTANCE_UID: f"{self.uid}.{series}",
                tags.SOP_INSTANCE_UID: f"{self.uid}.{series}.{image}",
                tags.SERIES_NUMBER: str(series + 1),
                tags.INSTANCE_NUMBER: str(image + 1),
                tags.MODALITY: "CT",
                tags.NUMBER_OF_STUDY_RELATED_INSTANCES: str(sum(self.series)),
                tags.NUMBER_OF_SERIES_RELATED_INSTANCES: str(number),
            }
            for series, number in enumerate(self.series)
            for image in range(number)
        ]


@dataclass(frozen=True)
class Limit:
    """What a query gets above `most` matches: the first ones or, where `empty`, none, then `status`."""

    most: int
    status: int = 0
    empty: bool = False


@dataclass(frozen=True)
class Doors:
    """What one called AE title opens; the statuses answer where a door is closed, None ends the association."""

    find: bool = True
    get: bool = True
    worklist: bool = False
    refusal: int | None = 0x0124


@dataclass
class Shelf(Polite):
    """An archive. Titles that are not in `titles` are rejected, unless it is empty.

    `counts` says whether numbers are told, `heeds` which keys narrow, `endings` whether one after an asterisk does.
    """

    studies: tuple[Study, ...] = ()
    limits: dict[str, Limit] = field(default_factory=dict)
    titles: dict[str, Doors] = field(default_factory=dict)
    counts: bool = True
    finds: list[Values] = field(default_factory=list)
    gets: int = 0
    associations: int = 0
    version_name: str | None = "SHELF"
    endings: bool = False
    heeds: tuple[int, ...] = (*_KEY.values(), tags.STUDY_DATE, tags.SERIES_NUMBER, tags.INSTANCE_NUMBER)

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """The title decides."""
        self.associations += 1
        if self.titles and request.called_ae_title not in self.titles:
            caller.send(caller.association.send(UNKNOWN_TITLE))
            await caller.sent()
            raise Gone
        self._doors[caller] = self.titles.get(request.called_ae_title or "", Doors())
        await super().requested(caller, request)

    def __post_init__(self) -> None:
        """Nobody has called."""
        self._doors: dict[Caller, Doors] = {}

    async def asked(self, caller: Caller, message: Message) -> None:
        """Closed doors answer by their status."""
        doors = self._doors[caller]
        worklist = caller.association.contexts[message.context_id][0] == WORKLIST_FIND
        field_ = message.command.field
        closed = (field_ is CommandField.C_FIND_RQ and not (doors.worklist if worklist else doors.find)) or (
            field_ is CommandField.C_GET_RQ and not doors.get
        )
        if not closed:
            await super().asked(caller, message)
        elif doors.refusal is None:
            caller.abort()
        else:
            caller.send(caller.response(message, doors.refusal))

    async def find(self, caller: Caller, message: Message) -> None:
        """What matches, within the limit of its level."""
        asked = {e.tag: e.value for e in decode(message.data, explicit=caller.explicit(message))}
        wanted = {tag: value.decode().strip(" \0") for tag, value in asked.items() if isinstance(value, bytes)}
        self.finds.append(wanted)
        level = wanted.get(tags.QUERY_RETRIEVE_LEVEL, "")
        found = self.matching(wanted, level)
        limit = self.limits.get(level, Limit(most=10**9))
        over = len(found) > limit.most
        for values in ([] if limit.empty else found[: limit.most]) if over else found:
            data = encode(self.answered(wanted, values), explicit=caller.explicit(message))
            caller.send(caller.response(message, PENDING, data))
        await caller.sent()
        caller.send(caller.response(message, limit.status if over else 0))

    async def get(self, caller: Caller, message: Message) -> None:
        """The images that match and cannot be sent."""
        self.gets += 1
        found = int(bool(self.matching(self.values(caller, message), IMAGE)))
        caller.send(caller.response(message, 0xA702 if found else 0, remaining=0, completed=0, failed=found, warning=0))

    def matching(self, wanted: Values, level: str) -> list[Values]:
        """One image for each entity of the level that matches; under two patients a study is two, as Orthanc has it."""
        entities: dict[tuple[str, str], Values] = {}
        for study in self.studies:
            for values in study.images():
                if all(self._matches(wanted.get(tag, ""), values[tag]) for tag in self.heeds):
                    key = _KEY.get(level, tags.STUDY_INSTANCE_UID)
                    entities.setdefault((values[tags.PATIENT_ID], values[key]), values)
        return list(entities.values())

    def _matches(self, wish: str, value: str) -> bool:
        if wish.startswith("*") and self.endings:
            return value.endswith(wish[1:])
        if "-" in wish:
            first, _, last = wish.partition("-")
            return first <= value <= (last or "9")
        return not wish or wish == value

    def answered(self, wanted: Values, values: Values) -> DataSet:
        """The keys that were asked for, as far as they are known here."""
        told = values if self.counts else {t: v for t, v in values.items() if t not in _NUMBERS}
        return tuple(text(tag, told.get(tag, wanted[tag])) for tag in wanted)


_NUMBERS = (tags.NUMBER_OF_STUDY_RELATED_INSTANCES, tags.NUMBER_OF_SERIES_RELATED_INSTANCES)
