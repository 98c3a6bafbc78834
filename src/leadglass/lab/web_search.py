"""A DICOMweb search finds the records of a level and shows them in DICOM's JSON (PS3.18 10.6, F.2)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from leadglass.lab.http import Request
from leadglass.lab.matching import COUNTS
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, SERIES, STUDY
from leadglass.wire.tags import vr_of

Values = Mapping[int, str]


class Find(Protocol):
    """What finds records in an archive."""

    def __call__(
        self, level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None
    ) -> Iterable[Values]:
        """The records of a level that match the values: from place `start` on, and `most` of them."""


UIDS = (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID, tags.SOP_INSTANCE_UID)
_KEYS = {
    "StudyInstanceUID": tags.STUDY_INSTANCE_UID,
    "PatientID": tags.PATIENT_ID,
    "StudyDate": tags.STUDY_DATE,
    "ModalitiesInStudy": tags.MODALITIES_IN_STUDY,
}
_BY_NAME = {**_KEYS, **{f"{tag:08X}": tag for tag in _KEYS.values()}}  # PS3.18 8.3.4.1: a keyword or a tag
# PS3.18 Table 10.6.1-1: a search begins with studies, and a relational one below them.
_LEVELS: dict[tuple[str, ...], str] = {
    ("studies",): STUDY,
    ("studies", "series"): SERIES,
    ("studies", "instances"): IMAGE,
    ("studies", "series", "instances"): IMAGE,
}
_RELATIONAL: dict[tuple[str, ...], str] = {("series",): SERIES, ("instances",): IMAGE}
# Told of a level's own records alone (PS3.18 Tables 10.6.3-3 to 10.6.3-5), and by no image of itself.
_TOLD = COUNTS | {tags.MODALITIES_IN_STUDY}
_TOLD_AT: dict[str, frozenset[int]] = {
    STUDY: frozenset(
        {tags.MODALITIES_IN_STUDY, tags.NUMBER_OF_STUDY_RELATED_SERIES, tags.NUMBER_OF_STUDY_RELATED_INSTANCES}
    ),
    SERIES: frozenset({tags.NUMBER_OF_SERIES_RELATED_INSTANCES}),
    IMAGE: frozenset(),
}


def level_of(parts: list[str], *, relational: bool) -> str | None:
    """The level that a path searches, None where it searches none."""
    known = {**_LEVELS, **_RELATIONAL} if relational else _LEVELS
    return known.get(tuple(parts[::2])) if len(parts) % 2 else None


def search(request: Request, parts: list[str], level: str, find: Find) -> Iterator[dict[str, object]]:
    """The records that a search means, as far as `offset` and `limit` let them through: each made when it is taken."""
    wanted = dict(zip(UIDS, parts[1::2], strict=False))
    wanted |= {_BY_NAME[name]: value for name, value in request.query.items() if name in _BY_NAME and value}
    start, limit = number(request.query.get("offset")) or 0, number(request.query.get("limit"))
    return (_shown(record, level) for record in find(level, wanted, start, limit))


def metadata(uids: list[str], find: Find) -> list[dict[str, object]]:
    """The attributes of the images under these UIDs."""
    found = find(IMAGE, dict(zip(UIDS, uids, strict=False)))
    return [_shown(record, IMAGE) for record in found]


def _shown(record: Values, level: str) -> dict[str, object]:
    """A record as an answer has it."""
    hidden = _TOLD - _TOLD_AT[level]
    return dicom_json({tag: value for tag, value in record.items() if tag not in hidden})


def dicom_json(record: Values) -> dict[str, object]:
    """A record in the DICOM JSON model (PS3.18 F.2)."""
    shown: dict[str, object] = {}
    for tag, value in sorted(record.items()):
        kind, values = vr_of(tag), [value] if value else []
        if tag == tags.QUERY_RETRIEVE_LEVEL or kind == "SQ":
            continue
        if kind == "PN":
            shown[f"{tag:08X}"] = {"vr": kind, "Value": [{"Alphabetic": one} for one in values]}
        elif kind == "IS":
            shown[f"{tag:08X}"] = {"vr": kind, "Value": [int(one) for one in values]}
        else:
            shown[f"{tag:08X}"] = {"vr": kind, "Value": value.split("\\") if value else []}
    return {tag: entry if entry["Value"] else {"vr": entry["vr"]} for tag, entry in shown.items()}  # type: ignore[index]


def number(value: str | None) -> int | None:
    """A number of a query, None where it is none."""
    return int(value) if value is not None and value.isdigit() and len(value) < 10 else None
