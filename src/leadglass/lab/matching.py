"""A key of a query matches as PS3.4 C.2.2.2 says: single value, list of UIDs, range, wildcard, anything.

A server's habits bend that: some keys narrow nothing, and a wildcard may be a character like any other.
"""

import re
from collections.abc import Callable, Mapping

from leadglass.lab.habits import PLAIN, Habits
from leadglass.model.record import Record
from leadglass.wire import tags
from leadglass.wire.elements import DataSet
from leadglass.wire.tags import vr_of

COUNTS = frozenset(
    {
        tags.NUMBER_OF_PATIENT_RELATED_STUDIES,
        tags.NUMBER_OF_PATIENT_RELATED_INSTANCES,
        tags.NUMBER_OF_STUDY_RELATED_SERIES,
        tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
        tags.NUMBER_OF_SERIES_RELATED_INSTANCES,
    }
)
# Counts are returned, never matched (PS3.4 C.3.4); the level is not a value of a record.
_NEVER_MATCHED = COUNTS | {tags.QUERY_RETRIEVE_LEVEL, tags.SPECIFIC_CHARACTER_SET}
_WITH_WILDCARDS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})  # PS3.4 C.2.2.2.4
_FULL = {"DA": 8, "TM": 6}
_NOTHING = (1, 0)  # bounds between which nothing lies


class Wanted(Record):
    """The keys that narrow a query; `wildcards` says whether `*` and `?` stand for others.

    `names_in_any_case` says whether capitals in a person's name mean nothing.
    """

    keys: Mapping[int, str]
    wildcards: bool = True
    names_in_any_case: bool = False

    def has_wildcard(self, tag: int) -> bool:
        """Whether the key under `tag` asks for more than one value by a wildcard."""
        return self.wildcards and vr_of(tag) in _WITH_WILDCARDS and any(sign in self.keys[tag] for sign in "*?")

    def end_of(self, tag: int) -> bytes | None:
        """What a value under `tag` is to end with, where nothing else is asked of it: `37` for `*37`."""
        wish = self.keys[tag]
        end = wish[1:]
        plain = end.isascii() and not any(sign in end for sign in "*?\\")
        return end.encode() if self.has_wildcard(tag) and wish[0] == "*" and end and plain else None

    def matcher(self, tag: int) -> Callable[[str], bool]:
        """Tells of a value (several are separated by backslashes) whether it is what is asked for under `tag`."""
        wish = self.keys[tag]
        if vr_of(tag) == "UI":
            uids = frozenset(wish.split("\\"))
            return lambda value: value in uids
        any_case = self.names_in_any_case and vr_of(tag) == "PN"
        if not self.has_wildcard(tag) and not any_case:
            return lambda value: wish in value.split("\\")
        signs = {"*": ".*", "?": "."} if self.wildcards else {}
        pattern = re.compile(
            "".join(signs.get(sign) or re.escape(sign) for sign in wish),
            re.DOTALL | (re.IGNORECASE if any_case else re.NOFLAG),
        )
        return lambda value: any(pattern.fullmatch(one) for one in value.split("\\"))


def wanted_of(identifier: DataSet, habits: Habits = PLAIN, *, names_in_any_case: bool = False) -> Wanted:
    """The keys of `identifier` that narrow it, by tag; sequences are left to who knows them."""
    ignored = _NEVER_MATCHED | {getattr(tags, _constant(keyword), 0) for keyword in habits.ignores}
    keys = {
        element.tag: value
        for element in identifier
        if isinstance(element.value, bytes) and element.tag not in ignored and (value := plain(element.value))
    }
    return Wanted(keys=keys, wildcards=habits.wildcards, names_in_any_case=names_in_any_case)


def plain(value: bytes) -> str:
    """A value of the wire without its padding."""
    return value.decode("ascii", "replace").strip(" \0")


def matches(wanted: Wanted, values: Mapping[int, str]) -> bool:
    """Whether a record with `values` matches; a key that the record does not know matches anything."""
    return all(tag not in values or match_one(wanted, tag, values[tag]) for tag in wanted.keys)


def match_one(wanted: Wanted, tag: int, value: str) -> bool:
    """Whether `value` is what is asked for under `tag`."""
    if vr_of(tag) not in _FULL:
        return wanted.matcher(tag)(value)
    low, high = bounds(tag, wanted.keys[tag])
    return bool(value) and (low is None or int(value) >= low) and (high is None or int(value) <= high)


def bounds(tag: int, wish: str) -> tuple[int | None, int | None]:
    """The first and the last date or time that a single value or a range means, None where it is open.

    A shorter bound means all that begins with it: 10 to 12 in TM holds 12:59:59.
    """
    full = _FULL[vr_of(tag)]
    if "-" not in wish:
        one = _figures(wish)
        return (int(one), int(one)) if one is not None and len(one) == full else _NOTHING
    first, _, last = wish.partition("-")
    low, high = _figures(first), _figures(last)
    if low is None or high is None or max(len(low), len(high)) > full:
        return _NOTHING
    return int(low.ljust(full, "0")) if low else None, int(high.ljust(full, "9")) if high else None


def _figures(written: str) -> str | None:
    """The digits of one bound without a fraction of a second, None where it is no date or time."""
    figures = written.strip().partition(".")[0].replace(":", "")
    return figures if not figures or (figures.isascii() and figures.isdecimal()) else None


def _constant(keyword: str) -> str:
    """The name in `tags` of an attribute's keyword."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", keyword).upper()
