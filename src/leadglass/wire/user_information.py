"""The user-information item (PS3.8 9.3.2.3, PS3.7 D.3.3): every sub-item of the standard, unknown ones passed over."""

import struct
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import TypeVar

import msgspec

from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.limits import ANNOUNCED_MAX_PDU_LENGTH, MAX_VERSION_NAME_LENGTH
from leadglass.wire.uids import IMPLEMENTATION_CLASS_UID
from leadglass.wire.units import Items, item, pack_uid, read_uid

MAX_LENGTH, CLASS_UID, ASYNC_WINDOW, ROLE, VERSION_NAME, EXTENDED, COMMON_EXTENDED, IDENTITY, IDENTITY_REPLY = range(
    0x51, 0x5A
)
_T = TypeVar("_T")
_ONCE = frozenset((MAX_LENGTH, CLASS_UID, ASYNC_WINDOW, VERSION_NAME, IDENTITY, IDENTITY_REPLY))


class RoleSelection(msgspec.Struct, frozen=True, kw_only=True):
    """SCP/SCU role selection for one SOP class (PS3.7 D.3.3.4)."""

    sop_class_uid: str
    scu: bool
    scp: bool


class ExtendedNegotiation(msgspec.Struct, frozen=True, kw_only=True):
    """SOP class extended negotiation (PS3.7 D.3.3.5): `information` is the service class's own."""

    sop_class_uid: str
    information: bytes


class CommonExtendedNegotiation(msgspec.Struct, frozen=True, kw_only=True):
    """SOP class common extended negotiation (PS3.7 D.3.3.6), only in requests."""

    sop_class_uid: str
    service_class_uid: str
    related_sop_class_uids: tuple[str, ...] = ()


class UserIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """User identity of a request (PS3.7 D.3.3.7.1): `kind` 1 name, 2 name and passcode, 3 Kerberos, 4 SAML, 5 JWT."""

    kind: int
    primary: bytes
    secondary: bytes = b""
    positive_response_requested: bool = False

    def __repr__(self) -> str:
        """Without the login."""
        return f"UserIdentity(kind {self.kind})"


class UserInformation(msgspec.Struct, frozen=True, kw_only=True):
    """All of it. `max_pdu_length` 0 means no limit; the class UID is required of both sides (PS3.7 D.3.3.2)."""

    max_pdu_length: int = ANNOUNCED_MAX_PDU_LENGTH
    implementation_class_uid: str | None = IMPLEMENTATION_CLASS_UID
    implementation_version_name: str | None = None
    asynchronous_window: tuple[int, int] | None = None
    roles: tuple[RoleSelection, ...] = ()
    extended: tuple[ExtendedNegotiation, ...] = ()
    common_extended: tuple[CommonExtendedNegotiation, ...] = ()
    user_identity: UserIdentity | None = None
    user_identity_reply: bytes | None = None


def encode_user_information(info: UserInformation) -> bytes:
    """The item 50H with its sub-items in ascending order of their types."""
    parts = [item(MAX_LENGTH, struct.pack(">I", info.max_pdu_length))]
    if info.implementation_class_uid is not None:
        parts.append(item(CLASS_UID, pack_uid(info.implementation_class_uid)))
    if info.asynchronous_window is not None:
        parts.append(item(ASYNC_WINDOW, struct.pack(">HH", *info.asynchronous_window)))
    parts += [item(ROLE, _sized(pack_uid(r.sop_class_uid)) + bytes((r.scu, r.scp))) for r in info.roles]
    if info.implementation_version_name is not None:
        parts.append(item(VERSION_NAME, info.implementation_version_name.encode("ascii")))
    parts += [item(EXTENDED, _sized(pack_uid(e.sop_class_uid)) + e.information) for e in info.extended]
    parts += [item(COMMON_EXTENDED, _common(c)) for c in info.common_extended]
    if info.user_identity is not None:
        parts.append(item(IDENTITY, _identity(info.user_identity)))
    if info.user_identity_reply is not None:
        parts.append(item(IDENTITY_REPLY, _sized(info.user_identity_reply)))
    return item(0x50, b"".join(parts))


def decode_user_information(body: bytes, *, lenient: bool = False) -> UserInformation:
    """The sub-items in `body`. Raises PeerError for a length that lies or a sub-item given twice.

    Where `lenient`, a sub-item that cannot be read is as good as none, and the first of two counts: a server that
    spells its name wrongly is a server all the same.
    """
    # Callers say alike who they are; what may hold a password or a ticket is not kept.
    return (_decode if IDENTITY in body or IDENTITY_REPLY in body else _decode_once)(body, lenient)


def _decode(body: bytes, lenient: bool) -> UserInformation:
    single: dict[int, bytes] = {}
    roles: list[RoleSelection] = []
    extended: list[ExtendedNegotiation] = []
    common: list[CommonExtendedNegotiation] = []
    for kind, value in Items(body, "user information", lenient=lenient):
        if kind in _ONCE:
            if kind in single and not lenient:
                raise PeerError("a user-information sub-item is given twice")
            single.setdefault(kind, value)
            continue
        with suppress(*((PeerError,) if lenient else ())):
            if kind == ROLE:
                roles.append(_read_role(value))
            elif kind == EXTENDED:
                uid, information = _take(value, "extended negotiation")
                extended.append(ExtendedNegotiation(sop_class_uid=read_uid(uid), information=information))
            elif kind == COMMON_EXTENDED:
                common.append(_read_common(value))

    def read(kind: int, reader: Callable[[bytes], _T]) -> _T | None:
        with suppress(*((PeerError,) if lenient else ())):
            return reader(single[kind]) if kind in single else None
        return None

    return UserInformation(
        max_pdu_length=read(MAX_LENGTH, lambda value: _number(value, ">I")) or 0,
        implementation_class_uid=read(CLASS_UID, read_uid),
        implementation_version_name=read(VERSION_NAME, _read_version_name),
        asynchronous_window=read(ASYNC_WINDOW, _read_window),
        roles=tuple(roles),
        extended=tuple(extended),
        common_extended=tuple(common),
        user_identity=read(IDENTITY, _read_identity),
        user_identity_reply=read(IDENTITY_REPLY, lambda value: _take(value, "user identity")[0]),
    )


_decode_once = lru_cache(maxsize=64)(_decode)


def _sized(value: bytes) -> bytes:
    if len(value) > 0xFFFF:
        raise LocalError("a user-information field is longer than 65,535 bytes")
    return struct.pack(">H", len(value)) + value


def _take(value: bytes, where: str) -> tuple[bytes, bytes]:
    """The field that `value` begins with, by its own 16-bit length, and the rest."""
    if len(value) < 2:
        raise PeerError(f"{where}: a field without its length")
    length = int.from_bytes(value[:2], "big")
    if length > len(value) - 2:
        raise PeerError(f"{where}: a field longer than its item")
    return value[2 : 2 + length], value[2 + length :]


def _number(value: bytes, form: str) -> int:
    if len(value) != struct.calcsize(form):
        raise PeerError("a user-information number has the wrong length")
    number: int = struct.unpack(form, value)[0]
    return number


def _read_version_name(value: bytes) -> str:
    if len(value) > MAX_VERSION_NAME_LENGTH:
        raise PeerError("an implementation version name is too long")
    return value.decode("ascii", "replace").strip(" \0")


def _read_window(value: bytes) -> tuple[int, int]:
    both = _number(value, ">I")
    return both >> 16, both & 0xFFFF


def _read_role(value: bytes) -> RoleSelection:
    uid, rest = _take(value, "role selection")
    if len(rest) != 2:
        raise PeerError("role selection: not two roles")
    return RoleSelection(sop_class_uid=read_uid(uid), scu=rest[0] == 1, scp=rest[1] == 1)


def _common(negotiation: CommonExtendedNegotiation) -> bytes:
    related = b"".join(_sized(pack_uid(uid)) for uid in negotiation.related_sop_class_uids)
    return (
        _sized(pack_uid(negotiation.sop_class_uid)) + _sized(pack_uid(negotiation.service_class_uid)) + _sized(related)
    )


def _read_common(value: bytes) -> CommonExtendedNegotiation:
    where = "common extended negotiation"
    sop_class, rest = _take(value, where)
    service_class, rest = _take(rest, where)
    listed, _ = _take(rest, where)
    related = []
    while listed:
        uid, listed = _take(listed, where)
        related.append(read_uid(uid))
    return CommonExtendedNegotiation(
        sop_class_uid=read_uid(sop_class),
        service_class_uid=read_uid(service_class),
        related_sop_class_uids=tuple(related),
    )


def _identity(identity: UserIdentity) -> bytes:
    head = bytes((identity.kind, identity.positive_response_requested))
    return head + _sized(identity.primary) + _sized(identity.secondary)


def _read_identity(value: bytes) -> UserIdentity:
    if len(value) < 2:
        raise PeerError("user identity: without its type")
    primary, rest = _take(value[2:], "user identity")
    secondary, _ = _take(rest, "user identity")
    return UserIdentity(kind=value[0], positive_response_requested=value[1] == 1, primary=primary, secondary=secondary)
