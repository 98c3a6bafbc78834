"""A few values are picked out of many identifiers fast; whatever is not plain goes to the full reader instead.

The result is the same as reading the whole data set and looking up the tags at its top level: a test holds the two
together on every kind of data set.
"""

import struct
from collections.abc import Iterable

from leadglass.wire.elements import LONG_VRS, decode
from leadglass.wire.errors import PeerError
from leadglass.wire.limits import MAX_ELEMENTS
from leadglass.wire.tags import SEQUENCES

_IMPLICIT = struct.Struct("<II")
_EXPLICIT = struct.Struct("<I2sH")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Two capitals that announce a 16-bit length; the others are long, or no VR at all.
_SHORT_VRS = frozenset((a + b).encode() for a in _LETTERS for b in _LETTERS if a + b not in LONG_VRS)
_SEQUENCE = -1


class Picker:
    """Picks the values of some tags, as bytes, out of one identifier after another."""

    def __init__(self, tags: Iterable[int], *, explicit: bool) -> None:
        """`tags` are wanted at the top level; `explicit` tells the transfer syntax."""
        # On the wire a tag is two little-endian halves, so read as one 32-bit number its halves are swapped.
        self._wanted = {_swapped(tag): tag for tag in tags}
        self._explicit = explicit
        self._implicit = self._wanted | {_swapped(tag): _SEQUENCE for tag in SEQUENCES}

    def pick(self, data: bytes) -> dict[int, bytes]:
        """The wanted values that `data` holds, padding and all. Raises PeerError where `data` is malformed."""
        if len(data) > 8 * MAX_ELEMENTS:  # only then can it have too many elements
            return self._slowly(data)
        return self._pick_explicit(data) if self._explicit else self._pick_implicit(data)

    def _pick_implicit(self, data: bytes) -> dict[int, bytes]:
        unpack, wanted, found = _IMPLICIT.unpack_from, self._implicit, {}
        at, end = 0, len(data)
        while at < end:
            if end - at < 8:
                raise PeerError("an element longer than what holds it")
            key, length = unpack(data, at)
            at += 8
            if length > end - at or key & 0xFFFF == 0xFFFE:
                return self._slowly(data)
            if key in wanted:
                tag = wanted[key]
                if tag == _SEQUENCE:
                    return self._slowly(data)
                found[tag] = data[at : at + length]
            at += length
        return found

    def _pick_explicit(self, data: bytes) -> dict[int, bytes]:
        unpack, wanted, found = _EXPLICIT.unpack_from, self._wanted, {}
        at, end = 0, len(data)
        while at < end:
            if end - at < 8:
                raise PeerError("an element longer than what holds it")
            key, vr, length = unpack(data, at)
            at += 8
            if vr not in _SHORT_VRS or length > end - at or key & 0xFFFF == 0xFFFE:
                return self._slowly(data)
            if key in wanted:
                found[wanted[key]] = data[at : at + length]
            at += length
        return found

    def _slowly(self, data: bytes) -> dict[int, bytes]:
        wanted = set(self._wanted.values())
        return {
            element.tag: element.value
            for element in decode(data, explicit=self._explicit)
            if element.tag in wanted and isinstance(element.value, bytes)
        }


def _swapped(tag: int) -> int:
    return ((tag & 0xFFFF) << 16) | (tag >> 16)
