"""The identifiers that queries ask (PS3.4 C.6, K.6): never more keys than a question needs."""

from leadglass.wire import tags
from leadglass.wire.elements import DataSet, Element, sequence, text

PATIENT, STUDY, SERIES, IMAGE = "PATIENT", "STUDY", "SERIES", "IMAGE"
# What a viewer's list of studies asks for (PS3.4 Tables C.6-1 and C.6-2). Of what comes, identifiers are looked at.
USUAL_KEYS = (
    tags.STUDY_DATE,
    tags.STUDY_TIME,
    tags.ACCESSION_NUMBER,
    tags.MODALITIES_IN_STUDY,
    tags.STUDY_DESCRIPTION,
    tags.PATIENT_NAME,
    tags.PATIENT_ID,
    tags.PATIENT_BIRTH_DATE,
    tags.STUDY_INSTANCE_UID,
    tags.STUDY_ID,
    tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
)


def identifier(level: str, *return_keys: int, **matching: str) -> DataSet:
    """A query at `level`: `matching` maps the name of a constant in `tags`, in lower case, to the value to match.

    TimezoneOffsetFromUTC is never among the keys: one real server then finds nothing.
    """
    keys = {tags.QUERY_RETRIEVE_LEVEL: level, **dict.fromkeys(return_keys, "")}
    keys.update({getattr(tags, name.upper()): value for name, value in matching.items()})
    return tuple(text(tag, value) for tag, value in sorted(keys.items()))


def with_value(identifier: DataSet, tag: int, value: bytes) -> DataSet:
    """`identifier` with `value` under `tag`, as the peer itself wrote it: an ID need not be ASCII."""
    return tuple(Element(tag=e.tag, vr=e.vr, value=value) if e.tag == tag else e for e in identifier)


def worklist_identifier(*return_keys: int, date: str | None = "", time: str | None = None) -> DataSet:
    """A Modality Worklist query: no level (PS3.4 K.6.1.2); `date` and `time` match the scheduled start.

    Where `date` is None, the step sequence is left out; where `time` is, its key.
    """
    keys: list[Element] = [text(tag) for tag in return_keys]
    if date is not None:
        step = [text(tags.SCHEDULED_PROCEDURE_STEP_START_DATE, date)]
        step += [text(tags.SCHEDULED_PROCEDURE_STEP_START_TIME, time)] if time is not None else []
        keys.append(sequence(tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE, (*step, text(tags.MODALITY))))
    return tuple(sorted(keys, key=lambda element: element.tag))
