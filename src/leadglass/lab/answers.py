"""A query's identifier becomes the records that answer it, or the status that refuses it (PS3.4 C.4.1, K.4.1)."""

from collections.abc import Iterator, Mapping

from leadglass.lab.archive import Archive
from leadglass.lab.matching import matches, plain, wanted_values
from leadglass.lab.records import Values, records, worklist_items
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, Element, sequence, text
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET

DOES_NOT_MATCH_SOP_CLASS = 0xA900  # PS3.4 C.4.1.1.4: the identifier is not one of this model
_PATIENT_ROOT = (PATIENT_ROOT_FIND, PATIENT_ROOT_GET)
# The unique keys above a level: a hierarchical query gives each of them (PS3.4 C.4.1.3.1.1).
_ABOVE = {
    PATIENT: (),
    STUDY: (),
    SERIES: (tags.STUDY_INSTANCE_UID,),
    IMAGE: (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID),
}


class QueryError(Exception):
    """The query is answered with `status` and no record."""

    def __init__(self, status: int) -> None:
        """`status` is a DIMSE failure."""
        super().__init__(f"{status:04X}H")
        self.status = status


def find(archive: Archive, sop_class_uid: str, identifier: DataSet) -> Iterator[DataSet]:
    """The identifiers of the responses. Raises QueryError at once, not at the first record."""
    level, wanted = _question(sop_class_uid, identifier)
    if any(tag not in wanted for tag in _ABOVE[level]):
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    asked = tuple(dict.fromkeys((tags.QUERY_RETRIEVE_LEVEL, *(element.tag for element in identifier))))
    return (_returned(asked, values) for values in _matching(archive, level, wanted))


def count_images(archive: Archive, sop_class_uid: str, identifier: DataSet) -> int:
    """How many images a retrieval would move. Raises QueryError."""
    level, wanted = _question(sop_class_uid, identifier)
    if not wanted:  # a retrieval names what it wants (PS3.4 C.4.3.1.3.1)
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    found = _matching(archive, level, wanted)
    if level == IMAGE:
        return sum(1 for _ in found)
    tag = {
        PATIENT: tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
        STUDY: tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
        SERIES: tags.NUMBER_OF_SERIES_RELATED_INSTANCES,
    }[level]
    return sum(int(values[tag]) for values in found)


def find_worklist(archive: Archive, identifier: DataSet) -> Iterator[DataSet]:
    """The worklist items that match; those of the step are matched inside its sequence (PS3.4 K.6.1.2)."""
    wanted = wanted_values(identifier)
    step_keys: DataSet = ()
    for element in identifier:
        if element.tag == tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE and isinstance(element.value, tuple):
            step_keys = next(iter(element.value), ())
    wanted_step = wanted_values(step_keys)
    for item, step in worklist_items(archive):
        if matches(wanted, item) and matches(wanted_step, step):
            yield tuple(
                sequence(element.tag, tuple(text(key.tag, step.get(key.tag, "")) for key in step_keys))
                if element.vr == "SQ"
                else _element(element.tag, item)
                for element in identifier
            )


def _question(sop_class_uid: str, identifier: DataSet) -> tuple[str, dict[int, str]]:
    levels = [plain(e.value) for e in identifier if e.tag == tags.QUERY_RETRIEVE_LEVEL and isinstance(e.value, bytes)]
    level = levels[0] if levels else ""
    if level not in _ABOVE or (level == PATIENT and sop_class_uid not in _PATIENT_ROOT):
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    return level, wanted_values(identifier)


def _matching(archive: Archive, level: str, wanted: Mapping[int, str]) -> Iterator[Values]:
    uids = wanted.get(tags.STUDY_INSTANCE_UID)
    for values in records(archive, level, None if uids is None else frozenset(uids.split("\\"))):
        if matches(wanted, values):
            yield values


def _returned(asked: tuple[int, ...], values: Values) -> DataSet:
    return tuple(_element(tag, values) for tag in asked)


def _element(tag: int, values: Values) -> Element:
    """The value under `tag`, empty where the archive does not know it (PS3.4 C.4.1.3.2)."""
    return text(tag, values.get(tag, ""))
