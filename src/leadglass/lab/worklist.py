"""A worklist is made of the archive's own patients: one item for the latest study of every tenth."""

from collections.abc import Iterator

import numpy as np

from leadglass.lab.archive import Archive, Rows, Values
from leadglass.lab.asking import has_unknown_value, refuse_unknown
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.manners import STANDARD, Manners
from leadglass.lab.matching import Wanted, matches, wanted_of
from leadglass.wire import tags
from leadglass.wire.elements import DataSet, Element, sequence, text
from leadglass.wire.queries import STUDY

_EVERY = 10
_BLOCK = 256  # items that are made together
_OF_ITEM = (
    tags.PATIENT_ID,
    tags.PATIENT_NAME,
    tags.PATIENT_BIRTH_DATE,
    tags.PATIENT_SEX,
    tags.NUMBER_OF_PATIENT_RELATED_STUDIES,
    tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
    tags.ACCESSION_NUMBER,
    tags.STUDY_INSTANCE_UID,
)
_KNOWN = frozenset({tags.SPECIFIC_CHARACTER_SET, tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE, *_OF_ITEM})
_KNOWN_OF_STEP = frozenset(
    {
        tags.SCHEDULED_STATION_AE_TITLE,
        tags.SCHEDULED_PROCEDURE_STEP_START_DATE,
        tags.MODALITY,
        tags.SCHEDULED_PROCEDURE_STEP_ID,
    }
)


def items_of(patients: int) -> int:
    """How many items the worklist of an archive with so many patients has."""
    return -(-patients // _EVERY)


def find_worklist(
    archive: Archive, identifier: DataSet, habits: Habits = PLAIN, manners: Manners = STANDARD
) -> Iterator[DataSet]:
    """The worklist items that match; those of the step are matched inside its sequence (PS3.4 K.6.1.2).

    Raises QueryError at once, not at the first item.
    """
    refuse_unknown(identifier, _KNOWN, habits)
    step_keys: DataSet = ()
    for element in identifier:
        if element.tag == tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE and isinstance(element.value, tuple):
            step_keys = next(iter(element.value), ())
    refuse_unknown(step_keys, _KNOWN_OF_STEP, habits)
    unknown = has_unknown_value(identifier, _KNOWN) or has_unknown_value(step_keys, _KNOWN_OF_STEP)
    if unknown and not manners.unknown_values:  # a level of queries is such a value
        return iter(())
    any_case = manners.names_in_any_case
    wanted = wanted_of(identifier, habits, names_in_any_case=any_case)
    return _matching(archive, identifier, step_keys, wanted, wanted_of(step_keys, habits, names_in_any_case=any_case))


def _matching(
    archive: Archive, identifier: DataSet, step_keys: DataSet, wanted: Wanted, wanted_step: Wanted
) -> Iterator[DataSet]:
    for item, step in worklist_items(archive):
        if matches(wanted, item) and matches(wanted_step, step):
            yield tuple(
                sequence(element.tag, tuple(text(key.tag, step.get(key.tag, "")) for key in step_keys))
                if element.vr == "SQ"
                else _element(element.tag, item)
                for element in identifier
            )


def worklist_items(archive: Archive) -> Iterator[tuple[Values, Values]]:
    """Each item's values, and those of its one scheduled step."""
    columns = archive.columns
    for start in range(0, archive.spec.patients, _EVERY * _BLOCK):
        patients = np.arange(start, min(archive.spec.patients, start + _EVERY * _BLOCK), _EVERY)
        latest = np.array(
            [
                int(low + columns.day[low:high].argmax())
                for low, high in zip(
                    columns.first[patients].tolist(), columns.first[patients + 1].tolist(), strict=True
                )
            ]
        )
        for at, values in enumerate(archive.values(STUDY, Rows(patients, latest))):
            step = {
                tags.SCHEDULED_STATION_AE_TITLE: "LABSTATION",
                tags.SCHEDULED_PROCEDURE_STEP_START_DATE: values[tags.STUDY_DATE],
                tags.MODALITY: values[tags.MODALITIES_IN_STUDY].partition("\\")[0],
                tags.SCHEDULED_PROCEDURE_STEP_ID: f"STEP{start // _EVERY + at}",
            }
            yield {tag: values[tag] for tag in _OF_ITEM}, step


def _element(tag: int, values: Values) -> Element:
    """The value under `tag`, empty where the item does not know it (PS3.4 C.4.1.3.2)."""
    return text(tag, values.get(tag, ""))
