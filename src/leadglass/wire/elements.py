"""The little of PS3.5 that queries need: data sets in Implicit and Explicit VR Little Endian, nested and bounded."""

import struct
from collections.abc import Iterable

import msgspec

from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.limits import MAX_DEPTH, MAX_ELEMENTS
from leadglass.wire.tags import SPECIFIC_CHARACTER_SET, vr_of

_IMPLICIT = struct.Struct("<HHI")
_EXPLICIT_SHORT = struct.Struct("<HH2sH")
_LONG_LENGTH = struct.Struct("<I")
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
# PS3.5 7.1.2: these VRs have two reserved bytes and a 32-bit length in Explicit VR.
LONG_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
_PADDED_WITH_NULL = frozenset({"UI", "OB", "UN"})


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One data element: `tag` is group << 16 | element; a sequence's value is a tuple of items."""

    tag: int
    vr: str
    value: "bytes | tuple[tuple[Element, ...], ...]"

    def __repr__(self) -> str:
        """Without values: what a patient's record holds is never printed, not by accident either."""
        what = "bytes" if isinstance(self.value, bytes) else "items"
        return f"Element({self.tag:08X} {self.vr}, {len(self.value)} {what})"


DataSet = tuple[Element, ...]


def text(tag: int, value: str = "") -> Element:
    """An element with a text value, its VR from the dictionary of query keys. Raises LocalError."""
    try:
        return Element(tag=tag, vr=vr_of(tag), value=value.encode("ascii"))
    except UnicodeEncodeError:
        raise LocalError("a query value that is not ASCII") from None


def sequence(tag: int, *items: DataSet) -> Element:
    """A sequence of items."""
    return Element(tag=tag, vr="SQ", value=items)


def encode(data_set: Iterable[Element], *, explicit: bool, undefined: bool = False) -> bytes:
    """`data_set` as bytes in ascending order of tags; `undefined` writes sequences without lengths (PS3.5 7.5)."""
    return b"".join(_encode(element, explicit, undefined) for element in sorted(data_set, key=lambda e: e.tag))


def decode(data: bytes, *, explicit: bool) -> DataSet:
    """All elements of `data`. Raises PeerError for a length that lies, too deep a nest or too many elements.

    In Implicit VR an element is a sequence where its length is undefined or the dictionary says so; values of
    tags that the dictionary does not know stay bytes of VR UN.
    """
    return _Reader(data, explicit).data_set(len(data), 0)


def says_something(items: DataSet) -> bool:
    """Whether an element other than the character set has a value, in sequences too."""
    return any(
        any(map(says_something, element.value)) if isinstance(element.value, tuple) else element.value.strip(b" \0")
        for element in items
        if element.tag != SPECIFIC_CHARACTER_SET
    )


def _encode(element: Element, explicit: bool, undefined: bool) -> bytes:
    value = element.value
    if isinstance(value, bytes):
        if len(value) % 2:
            value += b"\0" if element.vr in _PADDED_WITH_NULL else b" "
        return _header(element, len(value), explicit) + value
    if element.vr not in ("SQ", "UN"):
        raise LocalError(f"items in an element of VR {element.vr}")
    if explicit and element.vr == "UN":  # PS3.5 6.2.2 note: only undefined length tells its items from bytes
        explicit_items, undefined = False, True
    else:
        explicit_items = explicit
    items = b"".join(_encode_item(item, explicit_items, undefined) for item in value)
    if undefined:
        return _header(element, _UNDEFINED, explicit) + items + _marker(_SEQUENCE_END, 0)
    return _header(element, len(items), explicit) + items


def _encode_item(item: DataSet, explicit: bool, undefined: bool) -> bytes:
    body = encode(item, explicit=explicit, undefined=undefined)
    if undefined:
        return _marker(_ITEM, _UNDEFINED) + body + _marker(_ITEM_END, 0)
    return _marker(_ITEM, len(body)) + body


def _marker(tag: int, length: int) -> bytes:
    return _IMPLICIT.pack(tag >> 16, tag & 0xFFFF, length)


def _header(element: Element, length: int, explicit: bool) -> bytes:
    group, number = element.tag >> 16, element.tag & 0xFFFF
    if group == 0xFFFE or not 0 <= group <= 0xFFFF:
        raise LocalError("an element whose tag is no tag of a data element")
    if not explicit:
        return _IMPLICIT.pack(group, number, length)
    if not _is_vr(element.vr):
        raise LocalError("an element without a VR in Explicit VR")
    vr = element.vr.encode("ascii")
    if element.vr in LONG_VRS:
        return _EXPLICIT_SHORT.pack(group, number, vr, 0) + _LONG_LENGTH.pack(length)
    if length > 0xFFFF:
        raise LocalError(f"a value of VR {element.vr} is longer than 65,535 bytes")
    return _EXPLICIT_SHORT.pack(group, number, vr, length)


def _is_vr(vr: str) -> bool:
    return len(vr) == 2 and vr.isascii() and vr.isalpha() and vr.isupper()


class _Reader:
    """Reads one data set front to back; the number of elements is bounded over all levels together."""

    def __init__(self, data: bytes, explicit: bool) -> None:
        self._data = data
        self._explicit = explicit
        self._at = 0
        self._left = MAX_ELEMENTS

    def data_set(self, end: int, depth: int, *, until_item_end: bool = False, explicit: bool | None = None) -> DataSet:
        """Elements up to `end`, or up to an item delimiter."""
        syntax = self._explicit if explicit is None else explicit
        elements: list[Element] = []
        while self._at < end:
            tag, vr, length = self._head(end, syntax)
            if tag == _ITEM_END and until_item_end:
                return tuple(elements)
            if tag >> 16 == 0xFFFE:
                raise PeerError("a data set with an item delimiter where none belongs")
            elements.append(Element(tag=tag, vr=vr, value=self._value(vr, length, end, depth, syntax)))
        if until_item_end:
            raise PeerError("an item without its end")
        return tuple(elements)

    def _value(self, vr: str, length: int, end: int, depth: int, explicit: bool) -> bytes | tuple[DataSet, ...]:
        if vr == "SQ" or length == _UNDEFINED:
            if vr not in ("SQ", "UN"):
                raise PeerError(f"a value of VR {vr} with undefined length")
            # PS3.5 6.2.2 note: UN of undefined length holds a sequence in Implicit VR.
            return self._sequence(length, end, depth, explicit and vr == "SQ")
        return self._take(length, end)

    def _sequence(self, length: int, end: int, depth: int, explicit: bool) -> tuple[DataSet, ...]:
        if depth >= MAX_DEPTH:
            raise PeerError(f"sequences nested more than {MAX_DEPTH} deep")
        open_ended = length == _UNDEFINED
        stop = end if open_ended else self._at + length
        if stop > end:
            raise PeerError("a sequence longer than what holds it")
        items: list[DataSet] = []
        while self._at < stop:
            tag, _, size = self._head(stop, explicit=False)
            if tag == _SEQUENCE_END and open_ended:
                return tuple(items)
            if tag != _ITEM:
                raise PeerError("a sequence with something that is not an item")
            if size == _UNDEFINED:
                items.append(self.data_set(stop, depth + 1, until_item_end=True, explicit=explicit))
            elif size > stop - self._at:
                raise PeerError("an item longer than its sequence")
            else:
                items.append(self.data_set(self._at + size, depth + 1, explicit=explicit))
        if open_ended:
            raise PeerError("a sequence without its end")
        return tuple(items)

    def _head(self, end: int, explicit: bool) -> tuple[int, str, int]:
        """Tag, VR and length of the next element; delimiters have no VR (PS3.5 7.5)."""
        self._left -= 1
        if self._left < 0:
            raise PeerError(f"a data set of more than {MAX_ELEMENTS} elements")
        raw = self._take(8, end)
        group, number, length = _IMPLICIT.unpack(raw)
        tag = (group << 16) | number
        if group == 0xFFFE:
            return tag, "", length
        if not explicit:
            vr = vr_of(tag)
            return tag, "SQ" if length == _UNDEFINED else vr, length
        vr = raw[4:6].decode("ascii", "replace")
        if not _is_vr(vr):
            raise PeerError("an element without a VR in Explicit VR")
        if vr in LONG_VRS:
            return tag, vr, _LONG_LENGTH.unpack(self._take(4, end))[0]
        return tag, vr, int.from_bytes(raw[6:8], "little")

    def _take(self, length: int, end: int) -> bytes:
        stop = self._at + length
        if stop > end:
            raise PeerError("an element longer than what holds it")
        value = self._data[self._at : stop]
        self._at = stop
        return value
