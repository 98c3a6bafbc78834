"""A few values are picked out of many identifiers fast; whatever is not plain goes to the full reader instead.

The result is the same as reading the whole data set and looking up the tags at its top level: a test holds the two
together on every kind of data set.
"""

import struct
from collections.abc import Iterable

from leadglass.wire.elements import LONG_VRS, decode
from leadglass.wire.limits import MAX_ELEMENTS
from leadglass.wire.tags import SEQUENCES

_IMPLICIT, _EXPLICIT = struct.Struct("<HHI"), struct.Struct("<HH2sH")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Two capitals that announce a 16-bit length; the others are long, or no VR at all.
_SHORT_VRS = frozenset((a + b).encode() for a in _LETTERS for b in _LETTERS if a + b not in LONG_VRS)
_DELIMITERS = 0xFFFE  # the group of items and their ends
MAX_HEADERS = 1024  # a dozen tags with the few even lengths of each; a peer that varies more is read slowly


class Picker:
    """Picks the values of some tags, as bytes, out of one identifier after another."""

    def __init__(self, tags: Iterable[int], *, explicit: bool) -> None:
        """`tags` are wanted at the top level; `explicit` tells the transfer syntax."""
        self._wanted = frozenset(tags)
        self._explicit = explicit
        self._plain: dict[bytes, tuple[int, int]] = {}
        """Headers of plain values met so far, as they stand: the tag, 0 where it is not wanted, and the length."""

    def pick(self, data: bytes) -> dict[int, bytes]:
        """The wanted values that `data` holds, padding and all. Raises PeerError where `data` is malformed."""
        found: dict[int, bytes] = {}
        plain = self._plain
        at, end = 0, len(data)
        while at < end:
            try:
                while at < end:
                    start = at + 8
                    tag, length = plain[data[at:start]]
                    at = start + length
                    if tag:
                        found[tag] = data[start:at]
            except KeyError:
                if not self._learn(data[at : at + 8]):
                    return self._slowly(data)
        # Too many elements, or one longer than the data: the full reader finds the words for it.
        return found if at == end <= 8 * MAX_ELEMENTS else self._slowly(data)

    def _learn(self, header: bytes) -> bool:
        """Whether `header`, a new one, is that of a plain value, which is known from now on."""
        if len(header) < 8 or len(self._plain) >= MAX_HEADERS:
            return False
        if self._explicit:
            group, number, vr, length = _EXPLICIT.unpack(header)
        else:
            group, number, length = _IMPLICIT.unpack(header)
            vr = b""
        tag = (group << 16) | number
        if group == _DELIMITERS or (vr not in _SHORT_VRS if self._explicit else tag in SEQUENCES):
            return False
        self._plain[header] = (tag if tag in self._wanted else 0, length)
        return True

    def _slowly(self, data: bytes) -> dict[int, bytes]:
        return {
            element.tag: element.value
            for element in decode(data, explicit=self._explicit)
            if element.tag in self._wanted and isinstance(element.value, bytes)
        }


def number(value: bytes) -> int | None:
    """An integer string (PS3.5 6.2, IS) of a sensible size, None where it is none."""
    plain = value.strip(b" \0")
    return int(plain) if plain.isdigit() and len(plain) <= 12 else None
