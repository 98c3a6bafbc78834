"""A query's identifier says which records it means, or gets the status that refuses it (PS3.4 C.4.1, C.4.3, K.4.1)."""

from typing import NamedTuple

from leadglass.lab.archive.fields import known_at
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.manners import STANDARD, Manners, Parents, Unnamed
from leadglass.lab.matching import COUNTS, Wanted, plain, wanted_of
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from leadglass.wire.tags import vr_of
from leadglass.wire.uids import PATIENT_ROOT_FIND, PATIENT_ROOT_GET

DOES_NOT_MATCH_SOP_CLASS = 0xA900  # PS3.4 C.4.1.1.4: the identifier is not one of this model
UNABLE_TO_PROCESS = 0xC000
_PATIENT_ROOT = (PATIENT_ROOT_FIND, PATIENT_ROOT_GET)
# The unique keys above a level: a hierarchical query gives each of them (PS3.4 C.4.1.3.1.1). Nearly nobody asks for the
# patient above a study in Patient Root, and so it is left out here.
_ABOVE = {
    PATIENT: (),
    STUDY: (),
    SERIES: (tags.STUDY_INSTANCE_UID,),
    IMAGE: (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID),
}
_KNOWN = frozenset({tags.QUERY_RETRIEVE_LEVEL, tags.SPECIFIC_CHARACTER_SET, *known_at(IMAGE)})


class QueryError(Exception):
    """The query is answered with `status` and no record; None ends the association.

    `looked` says that the server looked into its archive before it said so.
    """

    def __init__(self, status: int | None, *, looked: bool = False) -> None:
        """`status` is a DIMSE failure."""
        super().__init__("abort" if status is None else f"{status:04X}H")
        self.status = status
        self.looked = looked


class Asked(NamedTuple):
    """The records of a level, and the keys that narrow them."""

    level: str
    wanted: Wanted


def query(sop_class_uid: str, identifier: DataSet, habits: Habits, manners: Manners) -> Asked | None:
    """What a C-FIND asks for, None where that is nothing. Raises QueryError."""
    level, wanted = _question(sop_class_uid, identifier, habits, manners)
    present = {element.tag for element in identifier}
    if manners.parents is Parents.VALUED and any(tag not in wanted.keys for tag in _ABOVE[level]):
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    if manners.parents is Parents.PRESENT and not present >= _all_above(level, sop_class_uid):
        raise QueryError(UNABLE_TO_PROCESS)
    if not manners.unknown_values and has_unknown_value(identifier, _KNOWN):
        return None
    if manners.needs_a_key and present <= {tags.QUERY_RETRIEVE_LEVEL, tags.SPECIFIC_CHARACTER_SET}:
        return None
    wild_dates = any(vr_of(tag) in ("DA", "TM") and "*" in wish for tag, wish in wanted.keys.items())
    if manners.refuses_wild_dates and wild_dates:
        raise QueryError(UNABLE_TO_PROCESS)
    return Asked(level, wanted)


def retrieval(sop_class_uid: str, identifier: DataSet, habits: Habits, manners: Manners) -> Asked | None:
    """What a C-GET asks for, None where that is nothing. Raises QueryError."""
    level, wanted = _question(sop_class_uid, identifier, habits, manners)
    if not wanted.keys and manners.unnamed is Unnamed.REFUSED:  # it names what it wants (PS3.4 C.4.3.1.3.1)
        raise QueryError(DOES_NOT_MATCH_SOP_CLASS)
    if not wanted.keys and manners.unnamed is Unnamed.NOTHING:
        return None
    if manners.parents is Parents.PRESENT and not wanted.keys.keys() >= _all_above(level, sop_class_uid):
        return None
    return Asked(level, wanted)


def asked_back(identifier: DataSet, habits: Habits = PLAIN, manners: Manners = STANDARD) -> list[int]:
    """The attributes that each record of an answer has: those that were asked for, as far as the server has them."""
    asked = {tags.QUERY_RETRIEVE_LEVEL, *(element.tag for element in identifier)}
    if not habits.counts:
        asked -= COUNTS
    if not manners.unknown_keys:
        asked &= _KNOWN
        if "ModalitiesInStudy" in habits.ignores:  # it ignores what it does not know
            asked -= {tags.MODALITIES_IN_STUDY}
    return sorted(asked)


def refuse_unknown(identifier: DataSet, known: frozenset[int], habits: Habits) -> None:
    """Raises QueryError where an attribute that the server does not know ends the association."""
    if habits.aborts_on_unknown_keys and any(element.tag not in known for element in identifier):
        raise QueryError(None)


def has_unknown_value(identifier: DataSet, known: frozenset[int]) -> bool:
    """Whether a value is asked for under an attribute that the server does not know."""
    return any(
        element.tag not in known and isinstance(element.value, bytes) and plain(element.value) for element in identifier
    )


def _all_above(level: str, sop_class_uid: str) -> set[int]:
    """The unique keys above a level, the patient's too where the model begins with patients."""
    patient = sop_class_uid in _PATIENT_ROOT and level != PATIENT
    return {*_ABOVE[level], *((tags.PATIENT_ID,) if patient else ())}


def _question(sop_class_uid: str, identifier: DataSet, habits: Habits, manners: Manners) -> Asked:
    refuse_unknown(identifier, _KNOWN, habits)
    levels = [plain(e.value) for e in identifier if e.tag == tags.QUERY_RETRIEVE_LEVEL and isinstance(e.value, bytes)]
    if not levels:
        raise QueryError(manners.no_level)
    [level, *_] = levels
    patients = sop_class_uid in _PATIENT_ROOT or manners.patients_in_study_root
    if level not in _ABOVE or (level == PATIENT and not patients):
        raise QueryError(manners.wrong_level)
    return Asked(level, wanted_of(identifier, habits, names_in_any_case=manners.names_in_any_case))
