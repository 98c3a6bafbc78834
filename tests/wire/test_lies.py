"""Structures that are whole and still lie: lengths, delimiters and items where none belong, each named in the error."""

import pytest

from leadglass.wire.commands import CommandField, decode_command, encode_command
from leadglass.wire.elements import decode
from leadglass.wire.errors import PeerError
from leadglass.wire.pdu import AssociateAccept, ContextResult
from leadglass.wire.pdu_codec import decode_pdu, decode_values, encode_pdu
from leadglass.wire.picker import Picker
from leadglass.wire.uids import IMPLICIT_VR_LITTLE_ENDIAN
from leadglass.wire.units import item
from leadglass.wire.upper_layer import Role
from leadglass.wire.user_information import UserInformation, decode_user_information
from tests.wire.samples import REQUEST, acceptor, command

_HEAD = b"\0\1\0\0" + b"A".ljust(16) + b"B".ljust(16) + bytes(32)
_APPLICATION, _INFORMATION = item(0x10, b"1.2"), item(0x50, item(0x51, b"\0\0\1\0"))
_ABSTRACT, _TRANSFER = item(0x30, b"1.2"), item(0x40, b"1.3")
_OPEN, _CLOSE = b"\xfe\xff\0\xe0\xff\xff\xff\xff", b"\xfe\xff\x0d\xe0\0\0\0\0"
_END = b"\xfe\xff\xdd\xe0\0\0\0\0"
_LEAF = b"\x10\0\x20\0\2\0\0\0X "
_SEQUENCE, _UNDEFINED = b"\x40\0\0\1", b"\xff\xff\xff\xff"


def sized(body: bytes) -> bytes:
    """`body` behind its 32-bit length."""
    return len(body).to_bytes(4, "little") + body


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_SEQUENCE + sized(_LEAF), "not an item"),
        (_SEQUENCE + _UNDEFINED + _LEAF + _END, "not an item"),
        (_SEQUENCE + sized(_END), "not an item"),
        (_SEQUENCE + _UNDEFINED + _OPEN + _CLOSE, "a sequence without its end"),
        (_SEQUENCE + _UNDEFINED, "a sequence without its end"),
        (_SEQUENCE + sized(_OPEN + _LEAF), "an item without its end"),
        (_SEQUENCE + sized(b"\xfe\xff\0\xe0\x20\0\0\0" + _LEAF), "longer than its sequence"),
        (_SEQUENCE + b"\x20\0\0\0" + _LEAF, "longer than what holds it"),
        (_CLOSE, "where none belongs"),
        (_END, "where none belongs"),
        (_LEAF + _OPEN, "where none belongs"),
        (_SEQUENCE + sized(b"\xfe\xff\0\xe0" + sized(_CLOSE)), "where none belongs"),
        (_LEAF[:-1], "longer than what holds it"),
        (_LEAF[:7], "longer than what holds it"),
    ],
)
def test_a_data_set_that_lies(data: bytes, said: str) -> None:
    with pytest.raises(PeerError, match=said):
        decode(data, explicit=False)
    with pytest.raises(PeerError):
        Picker([0x00100020], explicit=False).pick(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x10\0\x20\0OB\0\0\xff\xff\xff\xff" + _END, "with undefined length"),
        (b"\x10\0\x20\0UT\0\0\xff\xff\xff\xff" + _END, "with undefined length"),
        (b"\x10\0\x20\0lo\0\0", "without a VR"),
        (b"\x10\0\x20\0L1\0\0", "without a VR"),
        (b"\x10\0\x20\0\xff\xff\0\0", "without a VR"),
        (b"\x10\0\x20\0\0\0\0\0", "without a VR"),
        (b"\x10\0\x20\0OB\0\0\0\0", "longer than what holds it"),
        (_CLOSE, "where none belongs"),
    ],
)
def test_an_explicit_data_set_that_lies(data: bytes, said: str) -> None:
    with pytest.raises(PeerError, match=said):
        decode(data, explicit=True)
    with pytest.raises(PeerError):
        Picker([0x00100020], explicit=True).pick(data)


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        (1, _HEAD + _APPLICATION * 2 + _INFORMATION, "given twice"),
        (1, _HEAD + _APPLICATION + _INFORMATION * 2, "given twice"),
        (1, _HEAD + _INFORMATION, "without its application context"),
        (1, _HEAD + _APPLICATION, "without its application context"),
        (1, _HEAD[:-1], "fixed part"),
        (1, _HEAD + _APPLICATION + item(0x20, b"\1\0\0\0" + _ABSTRACT * 2) + _INFORMATION, "one abstract syntax"),
        (1, _HEAD + _APPLICATION + item(0x20, b"\1\0\0\0" + _TRANSFER) + _INFORMATION, "one abstract syntax"),
        (1, _HEAD + _APPLICATION + item(0x20, b"\2\0\0\0" + _ABSTRACT) + _INFORMATION, "odd id"),
        (1, _HEAD + _APPLICATION + item(0x20, b"\1\0\0") + _INFORMATION, "odd id"),
        (2, _HEAD + _APPLICATION + item(0x21, b"\1\0\0\0") + _INFORMATION, "without a transfer syntax"),
        (2, _HEAD + _APPLICATION + item(0x21, b"\4\0\0\0" + _TRANSFER) + _INFORMATION, "odd id"),
        (1, _HEAD + _APPLICATION + _INFORMATION[:-1], "longer than what holds it"),
        (1, _HEAD + _APPLICATION + _INFORMATION + b"\x10\0\0", "inside its header"),
        (3, bytes(5), "not 4 bytes"),
        (7, bytes(3), "not 4 bytes"),
        (8, bytes(4), "unknown type"),
    ],
)
def test_a_pdu_that_lies(kind: int, body: bytes, said: str) -> None:
    with pytest.raises(PeerError, match=said):
        decode_pdu(kind, body)


def test_a_refused_context_may_carry_anything() -> None:
    body = _HEAD + _APPLICATION + item(0x21, b"\1\0\3\0\x40\0\xff\xff\xff") + _INFORMATION
    read = decode_pdu(2, body)
    assert isinstance(read, AssociateAccept)
    assert read.contexts == (ContextResult(id=1, result=3),)


_RESULT = item(0x21, b"\1\0\0\0" + _TRANSFER)


@pytest.mark.parametrize(
    "body",
    [
        _HEAD + _RESULT + _INFORMATION,
        _HEAD + _APPLICATION * 2 + _RESULT + _INFORMATION * 2,
        _HEAD + _APPLICATION + item(0x21, b"\1\0\0\0" + _TRANSFER * 2) + _INFORMATION,
        _HEAD + _APPLICATION + _RESULT + _INFORMATION + bytes(2),
        _HEAD + _APPLICATION + _RESULT,
        _HEAD + _APPLICATION + _RESULT + item(0x50, item(0x55, b"x" * 65)),
        _HEAD + _APPLICATION + _RESULT + item(0x50, item(0x52, b"1." * 40)),
        _HEAD + _APPLICATION + _RESULT + item(0x50, item(0x52, b"1.2\x80")),
        _HEAD + _APPLICATION + _RESULT + item(0x50, item(0x53, b"\0") + item(0x54, b"\0") + item(0x56, b"\0")),
        _HEAD + _APPLICATION + _RESULT + item(0x50, item(0x55, b"A") + item(0x55, b"B")),
    ],
)
def test_an_acceptance_is_read_leniently_where_nobody_needs_what_is_wrong(body: bytes) -> None:
    """Else a server that is open to everybody would pass for none."""
    read = decode_pdu(2, body)
    assert isinstance(read, AssociateAccept)
    assert read.contexts == (ContextResult(id=1, result=0, transfer_syntax="1.3"),)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (item(0x51, b"\0\0\0\1") * 2, "given twice"),
        (item(0x52, b"1.2") * 2, "given twice"),
        (item(0x51, b"\0\0\1"), "wrong length"),
        (item(0x53, b"\0\1\0"), "wrong length"),
        (item(0x54, b"\0\3" + b"1.2" + b"\1"), "not two roles"),
        (item(0x54, b"\0\4" + b"1.2"), "longer than its item"),
        (item(0x54, b"\0"), "without its length"),
        (item(0x56, b"\0\4" + b"1.2"), "longer than its item"),
        (item(0x57, b"\0\3" + b"1.2" + b"\0\3" + b"1.3" + b"\0\4\0\3" + b"1."), "longer than its item"),
        (item(0x58, b"\1"), "without its type"),
        (item(0x58, b"\1\0\0\4jo"), "longer than its item"),
        (item(0x58, b"\2\0\0\2jo\0"), "without its length"),
        (item(0x59, b"\0\4jo"), "longer than its item"),
        (item(0x51, b"\0\0\0\1")[:-1], "longer than what holds it"),
    ],
)
def test_user_information_that_lies(body: bytes, said: str) -> None:
    with pytest.raises(PeerError, match=said):
        decode_user_information(body)


def test_unknown_sub_items_are_passed_over_however_often_they_come() -> None:
    unknown = item(0x60, b"new") * 2
    assert decode_user_information(unknown + item(0x51, b"\0\0\0\7")) == UserInformation(
        max_pdu_length=7, implementation_class_uid=None
    )


def test_a_value_shorter_than_its_own_header_does_not_shift_the_next() -> None:
    with pytest.raises(PeerError, match="whose length lies"):
        decode_values(b"\0\0\0\0" + b"\0\0\0\2\1\3")


def test_a_list_of_tags_that_is_cut() -> None:
    data = encode_command(command(CommandField.C_FIND_RSP))
    with pytest.raises(PeerError, match="multiple of 4"):
        decode_command(data + b"\0\0\1\x09\6\0\0\0" + bytes(6))


def test_a_context_that_we_refused_is_not_agreed() -> None:
    """Whatever syntax the refusal carried."""
    association = acceptor()
    association.receive(encode_pdu(REQUEST))
    assert list(association.events()) == [REQUEST]
    refusal = ContextResult(id=1, result=3, transfer_syntax=IMPLICIT_VR_LITTLE_ENDIAN)
    association.send(
        AssociateAccept(
            called_ae_title="A", calling_ae_title="B", contexts=(refusal,), user_information=UserInformation()
        )
    )
    assert association.upper.role is Role.ACCEPTOR
    assert association.contexts == {}
