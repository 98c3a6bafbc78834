"""A few values are picked out of many identifiers fast; whatever is not plain goes to the full reader instead.

The result is the same as reading the whole data set and looking up the tags at its top level: a test holds the two
together on every kind of data set.
"""

import struct
from collections.abc import Iterable

from leadglass.wire.elements import LONG_VRS, decode
from leadglass.wire.limits import MAX_ELEMENTS
from leadglass.wire.tags import SEQUENCES

_IMPLICIT, _EXPLICIT = struct.Struct("<4sI"), struct.Struct("<6sH")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Two capitals that announce a 16-bit length; the others are long, or no VR at all.
_SHORT_VRS = frozenset((a + b).encode() for a in _LETTERS for b in _LETTERS if a + b not in LONG_VRS)
_DELIMITERS = 0xFFFE  # the group of items and their ends
MAX_HEADERS = 256  # an answer repeats the headers of the one before it; a peer that varies them is read slowly


class Picker:
    """Picks the values of some tags, as bytes, out of one identifier after another."""

    def __init__(self, tags: Iterable[int], *, explicit: bool) -> None:
        """`tags` are wanted at the top level; `explicit` tells the transfer syntax."""
        self._wanted = frozenset(tags)
        self._explicit = explicit
        self._unpack = (_EXPLICIT if explicit else _IMPLICIT).unpack_from
        self._plain: dict[bytes, int] = {}
        """Headers (tag, and VR where there is one) of plain values met so far: the tag, 0 where it is not wanted."""

    def pick(self, data: bytes) -> dict[int, bytes]:
        """The wanted values that `data` holds, padding and all. Raises PeerError where `data` is malformed."""
        found: dict[int, bytes] = {}
        unpack, plain = self._unpack, self._plain
        at, end, header = 0, len(data), b""
        try:
            while at < end:
                header, length = unpack(data, at)
                at += 8
                tag = plain[header]
                if tag:
                    found[tag] = data[at : at + length]
                at += length
        except (KeyError, struct.error):
            return self.pick(data) if self._learn(header) else self._slowly(data)
        # Too many elements, or one longer than the data: the full reader finds the words for it.
        return found if at == end <= 8 * MAX_ELEMENTS else self._slowly(data)

    def _learn(self, header: bytes) -> bool:
        """Whether `header` is a new one of a plain value, which is known from now on."""
        if header in self._plain or len(header) < 4 or len(self._plain) >= MAX_HEADERS:
            return False
        group, number, vr = int.from_bytes(header[:2], "little"), int.from_bytes(header[2:4], "little"), header[4:]
        tag = (group << 16) | number
        if group == _DELIMITERS or (vr not in _SHORT_VRS if self._explicit else tag in SEQUENCES):
            return False
        self._plain[header] = tag if tag in self._wanted else 0
        return True

    def _slowly(self, data: bytes) -> dict[int, bytes]:
        return {
            element.tag: element.value
            for element in decode(data, explicit=self._explicit)
            if element.tag in self._wanted and isinstance(element.value, bytes)
        }
