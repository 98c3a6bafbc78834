"""DIMSE command sets (PS3.7 9.3, 10.3, E.1): always Implicit VR Little Endian, read by one table."""

import struct
from enum import IntEnum
from functools import lru_cache
from typing import Any

import msgspec

from leadglass.wire.errors import LocalError, PeerError

_ELEMENT = struct.Struct("<HHI")
NO_DATA_SET = 0x0101  # PS3.7 E.1: any other value of CommandDataSetType announces a data set
DATA_SET = 0x0001


class CommandField(IntEnum):
    """PS3.7 E.1: the type of a command."""

    C_STORE_RQ = 0x0001
    C_STORE_RSP = 0x8001
    C_GET_RQ = 0x0010
    C_GET_RSP = 0x8010
    C_FIND_RQ = 0x0020
    C_FIND_RSP = 0x8020
    C_MOVE_RQ = 0x0021
    C_MOVE_RSP = 0x8021
    C_ECHO_RQ = 0x0030
    C_ECHO_RSP = 0x8030
    N_EVENT_REPORT_RQ = 0x0100
    N_EVENT_REPORT_RSP = 0x8100
    N_GET_RQ = 0x0110
    N_GET_RSP = 0x8110
    N_SET_RQ = 0x0120
    N_SET_RSP = 0x8120
    N_ACTION_RQ = 0x0130
    N_ACTION_RSP = 0x8130
    N_CREATE_RQ = 0x0140
    N_CREATE_RSP = 0x8140
    N_DELETE_RQ = 0x0150
    N_DELETE_RSP = 0x8150
    C_CANCEL_RQ = 0x0FFF

    @property
    def is_response(self) -> bool:
        """Whether this answers a request."""
        return bool(self & 0x8000)

    @property
    def reply(self) -> "CommandField":
        """The response that answers this request. Raises LocalError where there is none."""
        if self.is_response or self is CommandField.C_CANCEL_RQ:
            raise LocalError(f"{self.name} has no response")
        return CommandField(self | 0x8000)


class Priority(IntEnum):
    """PS3.7 E.1."""

    MEDIUM = 0
    HIGH = 1
    LOW = 2


class Command(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One command set. A field that the command does not carry is None; numbers are 16-bit unsigned."""

    field: CommandField
    has_data_set: bool = False
    message_id: int | None = None
    responded_message_id: int | None = None
    affected_sop_class_uid: str | None = None
    requested_sop_class_uid: str | None = None
    affected_sop_instance_uid: str | None = None
    requested_sop_instance_uid: str | None = None
    priority: int | None = None
    status: int | None = None
    offending_elements: tuple[int, ...] | None = None
    error_comment: str | None = None
    error_id: int | None = None
    move_destination: str | None = None
    move_originator_ae_title: str | None = None
    move_originator_message_id: int | None = None
    event_type_id: int | None = None
    action_type_id: int | None = None
    attribute_identifiers: tuple[int, ...] | None = None
    remaining: int | None = None
    completed: int | None = None
    failed: int | None = None
    warning: int | None = None

    def __repr__(self) -> str:
        """Without UIDs and the peer's free text."""
        number = self.message_id if self.responded_message_id is None else self.responded_message_id
        return f"Command({self.field.name}, message {number}, status {self.status})"

    @property
    def is_pending(self) -> bool:
        """Whether more responses follow (PS3.7 C.4: FF00H and FF01H)."""
        return self.status in (0xFF00, 0xFF01)

    @property
    def sub_operations(self) -> int | None:
        """Remaining, completed, failed and warning sub-operations together, None where no count was given."""
        given = [n for n in (self.remaining, self.completed, self.failed, self.warning) if n is not None]
        return sum(given) if given else None


_FIELD, _DATA_SET_TYPE = 0x0100, 0x0800
# Element of group 0000 -> the record's field and its kind (PS3.7 E.1).
_ELEMENTS: dict[int, tuple[str, str]] = {
    0x0002: ("affected_sop_class_uid", "UI"),
    0x0003: ("requested_sop_class_uid", "UI"),
    0x0110: ("message_id", "US"),
    0x0120: ("responded_message_id", "US"),
    0x0600: ("move_destination", "AE"),
    0x0700: ("priority", "US"),
    0x0900: ("status", "US"),
    0x0901: ("offending_elements", "AT"),
    0x0902: ("error_comment", "LO"),
    0x0903: ("error_id", "US"),
    0x1000: ("affected_sop_instance_uid", "UI"),
    0x1001: ("requested_sop_instance_uid", "UI"),
    0x1002: ("event_type_id", "US"),
    0x1005: ("attribute_identifiers", "AT"),
    0x1008: ("action_type_id", "US"),
    0x1020: ("remaining", "US"),
    0x1021: ("completed", "US"),
    0x1022: ("failed", "US"),
    0x1023: ("warning", "US"),
    0x1030: ("move_originator_ae_title", "AE"),
    0x1031: ("move_originator_message_id", "US"),
}


_FIELDS = {field.value: field for field in CommandField}
_ALIKE = 64  # requests of one kind differ in nothing, and responses in little


# Commands that carry no identifier (PS3.7 9.3.2, 9.3.5), as far as they are short.
_NAMELESS = (CommandField.C_ECHO_RQ, CommandField.C_ECHO_RSP, CommandField.C_FIND_RQ)
_SHORT, _MOST_KNOWN = 128, 256
_KNOWN: dict[bytes, "Command"] = {}


@lru_cache(maxsize=_ALIKE)
def encode_command(command: Command) -> bytes:
    """The command set with its group length. Raises LocalError for a value that does not fit."""
    values: dict[int, bytes] = {
        _FIELD: struct.pack("<H", command.field),
        _DATA_SET_TYPE: struct.pack("<H", DATA_SET if command.has_data_set else NO_DATA_SET),
    }
    for element, (name, kind) in _ELEMENTS.items():
        value = getattr(command, name)
        if value is not None:
            values[element] = _pack(kind, value)
    body = b"".join(_ELEMENT.pack(0, element, len(values[element])) + values[element] for element in sorted(values))
    return _ELEMENT.pack(0, 0, 4) + struct.pack("<I", len(body)) + body


def decode_command(data: bytes) -> Command:
    """The command in `data`. Raises PeerError where it is cut, given twice, unknown or without what it must carry."""
    known = _KNOWN.get(data)
    if known is not None:
        return known
    command = _decode(data)
    # Thousands of servers answer alike. What names an object, or may, is not kept.
    if len(data) <= _SHORT and len(_KNOWN) < _MOST_KNOWN and command.field in _NAMELESS:
        _KNOWN[data] = command
    return command


def _decode(data: bytes) -> Command:
    raw: dict[int, bytes] = {}
    at, end = 0, len(data)
    while at < end:
        if end - at < _ELEMENT.size:
            raise PeerError("a command set cut inside an element")
        group, element, length = _ELEMENT.unpack_from(data, at)
        at += _ELEMENT.size
        if length > end - at:
            raise PeerError("a command set with an element longer than itself")
        if group == 0:
            if element in raw:
                raise PeerError("a command set with an element given twice")
            raw[element] = data[at : at + length]
        # Orthanc writes the failed UIDs of a C-GET (0008,0058) into the command set: identifiers, passed over.
        at += length
    field = _FIELDS.get(_number(raw.get(_FIELD, b"")))
    if field is None:
        raise PeerError("a command of unknown type")
    has_data_set = _number(raw.get(_DATA_SET_TYPE, b"")) != NO_DATA_SET
    values: dict[str, Any] = {}
    for element, value in raw.items():
        if value and element in _ELEMENTS:
            name, kind = _ELEMENTS[element]
            values[name] = _unpack(kind, value)
    command = Command(field=field, has_data_set=has_data_set, **values)
    _require(command)
    return command


def _require(command: Command) -> None:
    """What every command must carry (PS3.7 9.3, 10.3) for its answer to be found."""
    if command.field.is_response or command.field is CommandField.C_CANCEL_RQ:
        if command.responded_message_id is None:
            raise PeerError("a response without the id of the message that it responds to")
        if command.field.is_response and command.status is None:
            raise PeerError("a response without a status")
    elif command.message_id is None:
        raise PeerError("a request without a message id")


def _number(value: bytes) -> int:
    if len(value) != 2:
        raise PeerError("a command set number that is missing or not 2 bytes long")
    return int.from_bytes(value, "little")


def _unpack(kind: str, value: bytes) -> object:
    if kind == "US":
        return _number(value)
    if kind == "AT":
        if len(value) % 4:
            raise PeerError("a list of tags that is not a multiple of 4 bytes long")
        return tuple((group << 16) | element for group, element in struct.iter_unpack("<HH", value))
    return value.decode("ascii", "replace").strip(" \0")


def _pack(kind: str, value: object) -> bytes:
    try:
        if kind == "US" and isinstance(value, int):
            return struct.pack("<H", value)
        if kind == "AT" and isinstance(value, tuple):
            return b"".join(struct.pack("<HH", tag >> 16, tag & 0xFFFF) for tag in value)
        text = str(value).encode("ascii")
    except (struct.error, UnicodeEncodeError):
        raise LocalError(f"a value that does not fit its command element of kind {kind}") from None
    padding = b"\0" if kind == "UI" else b" "
    return text + padding * (len(text) % 2)
