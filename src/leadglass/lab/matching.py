"""A key of a query matches as PS3.4 C.2.2.2 says: single value, list of UIDs, range of dates or times, anything.

Wildcards are not among them: the questions that this server is for use none.
"""

from collections.abc import Mapping

from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.tags import vr_of

# Counts are returned, never matched (PS3.4 C.3.4); the level is not a value of a record.
_NEVER_MATCHED = frozenset(
    {
        tags.QUERY_RETRIEVE_LEVEL,
        tags.SPECIFIC_CHARACTER_SET,
        tags.NUMBER_OF_PATIENT_RELATED_STUDIES,
        tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
        tags.NUMBER_OF_STUDY_RELATED_SERIES,
        tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
        tags.NUMBER_OF_SERIES_RELATED_INSTANCES,
    }
)


def wanted_values(identifier: DataSet) -> dict[int, str]:
    """The keys of `identifier` that narrow it, by tag; sequences are left to who knows them."""
    return {
        element.tag: value
        for element in identifier
        if isinstance(element.value, bytes) and element.tag not in _NEVER_MATCHED and (value := plain(element.value))
    }


def plain(value: bytes) -> str:
    """A value of the wire without its padding."""
    return value.decode("ascii", "replace").strip(" \0")


def matches(wanted: Mapping[int, str], values: Mapping[int, str]) -> bool:
    """Whether a record with `values` matches; a key that the record does not know matches anything."""
    return all(tag not in values or match_one(tag, wish, values[tag]) for tag, wish in wanted.items())


def match_one(tag: int, wish: str, value: str) -> bool:
    """Whether `value` (several are separated by backslashes) is what `wish` asks for under `tag`."""
    kind = vr_of(tag)
    if kind in ("DA", "TM") and "-" in wish:
        low, _, high = wish.partition("-")
        # A value is cut to the bound's length: 10 to 12 in TM holds 12:59.
        return bool(value) and value[: len(low)] >= low and (not high or value[: len(high)] <= high)
    if kind == "UI":
        return value in wish.split("\\")
    return wish in value.split("\\")
