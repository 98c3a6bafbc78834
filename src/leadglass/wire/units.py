"""Items, UIDs and AE titles as they stand inside PDUs (PS3.8 9.3)."""

import struct
from collections.abc import Iterator

from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.limits import MAX_UID_LENGTH

_ITEM = struct.Struct(">BxH")
_VISIBLE = bytes(range(0x21, 0x7F))


def item(kind: int, value: bytes) -> bytes:
    """One item: type, a reserved byte, 16-bit length, value. Raises LocalError where the length does not fit."""
    if len(value) > 0xFFFF:
        raise LocalError(f"an item of type {kind:02X}H is longer than 65,535 bytes")
    return _ITEM.pack(kind, len(value)) + value


class Items:
    """Walks the items in `body`. Raises PeerError where an item runs over the end; `where` names the container.

    Where `lenient`, the zeros with which some pad what is left, less than an item, are no item.
    """

    def __init__(self, body: bytes, where: str, *, lenient: bool = False) -> None:
        """`body` holds items and nothing else."""
        self._body = body
        self._where = where
        self._lenient = lenient

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Pairs of item type and value."""
        body, at = self._body, 0
        while at < len(body):
            if len(body) - at < _ITEM.size:
                if self._lenient and not any(body[at:]):
                    return
                raise PeerError(f"{self._where}: an item cut inside its header")
            kind, length = _ITEM.unpack_from(body, at)
            at += _ITEM.size
            if length > len(body) - at:
                raise PeerError(f"{self._where}: an item longer than what holds it")
            yield kind, body[at : at + length]
            at += length


def pack_uid(uid: str) -> bytes:
    """A UID without padding (PS3.8 F). Raises LocalError."""
    if not uid or len(uid) > MAX_UID_LENGTH or not uid.isascii():
        raise LocalError("a UID has 1 to 64 ASCII characters")
    return uid.encode("ascii")


def read_uid(value: bytes) -> str:
    """A UID, trailing padding removed. Raises PeerError where it is too long or not printable ASCII."""
    plain = value.rstrip(b"\0 ")
    if len(plain) > MAX_UID_LENGTH:
        raise PeerError("a UID of more than 64 characters")
    if plain.translate(None, _VISIBLE):
        raise PeerError("a UID with characters that no UID has")
    return plain.decode("ascii")


def pack_ae_title(title: str) -> bytes:
    """An AE title padded with blanks to 16 bytes (PS3.5 6.2). Raises LocalError."""
    plain = title.strip()
    if not plain or len(plain) > 16 or not plain.isascii() or not plain.isprintable() or "\\" in plain:
        raise LocalError("an AE title has 1 to 16 printable ASCII characters and no backslash")
    return plain.encode("ascii").ljust(16)


def echo_ae_title(title: str) -> bytes:
    """A peer's own title sent back: whatever it is, it takes 16 bytes."""
    return title.encode("ascii", "replace")[:16].ljust(16)


def read_ae_title(value: bytes) -> str:
    """The 16 bytes of a title; anything that is not ASCII is replaced."""
    return value.decode("ascii", "replace").strip(" \0")
