"""Whatever can be written is read back the same; whatever can be read twice is read alike both times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadglass.wire.association import Association, Message
from leadglass.wire.commands import Command, decode_command, encode_command
from leadglass.wire.elements import DataSet, Element, decode, encode, sequence, text
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort, AssociateAccept, AssociateReject, AssociateRequest, ContextResult, Pdu
from leadglass.wire.pdu_codec import PDU_HEADER, decode_pdu, encode_pdu
from leadglass.wire.picker import MAX_HEADERS, Picker
from leadglass.wire.upper_layer import Role
from leadglass.wire.user_information import UserInformation
from tests.wire.feeding import events_of
from tests.wire.samples import established
from tests.wire.strategies import BOUNDED, COMMAND, KNOWN_TAGS, PDU, data_sets

_IMPLICIT, _EXPLICIT = data_sets(explicit=False), data_sets(explicit=True)


@BOUNDED
@given(PDU)
def test_any_pdu(pdu: Pdu) -> None:
    data = encode_pdu(pdu)
    kind, length = PDU_HEADER.unpack_from(data)
    assert length == len(data) - 6
    assert decode_pdu(kind, data[6:]) == pdu


@BOUNDED
@given(COMMAND)
def test_any_command(command: Command) -> None:
    assert decode_command(encode_command(command)) == command


@BOUNDED
@given(_EXPLICIT, st.booleans())
def test_any_explicit_data_set(data_set: DataSet, undefined: bool) -> None:
    assert decode(encode(data_set, explicit=True, undefined=undefined), explicit=True) == data_set


@BOUNDED
@given(_IMPLICIT)
def test_any_implicit_data_set(data_set: DataSet) -> None:
    """With undefined lengths every sequence is told from bytes; with lengths the dictionary must know it."""
    assert decode(encode(data_set, explicit=False, undefined=True), explicit=False) == data_set


@BOUNDED
@given(st.lists(st.tuples(COMMAND, st.binary(max_size=60)), max_size=5), st.integers(8, 40), st.integers(1, 50))
def test_any_messages_in_any_segments(messages: list[tuple[Command, bytes]], limit: int, size: int) -> None:
    sender, receiver = established(Role.ACCEPTOR), established()
    sender.peer_max_pdu_length = limit
    sent = b"".join(
        sender.send_message(1, command, data if command.has_data_set else None) for command, data in messages
    )
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
    assert events_of(receiver, *pieces) == [
        Message(context_id=1, command=command, data=data if command.has_data_set else b"") for command, data in messages
    ]


def slowly(wanted: tuple[int, ...], data: bytes, *, explicit: bool) -> object:
    """What the full reader finds at the top level, or that it refuses."""
    try:
        read = decode(data, explicit=explicit)
    except PeerError:
        return PeerError
    return {one.tag: one.value for one in read if one.tag in wanted and isinstance(one.value, bytes)}


def picked(wanted: tuple[int, ...], data: bytes, *, explicit: bool) -> object:
    try:
        return Picker(wanted, explicit=explicit).pick(data)
    except PeerError:
        return PeerError


@BOUNDED
@given(_EXPLICIT | _IMPLICIT, st.tuples(*[st.booleans()] * 3), st.binary(max_size=8), st.integers(0, 200))
def test_the_picker_is_the_full_reader(data_set: DataSet, ways: tuple[bool, bool, bool], noise: bytes, at: int) -> None:
    """On what was written and on what was broken, in the right syntax and in the wrong one."""
    written, read, undefined = ways
    if any(one.vr == "" for one in data_set):
        written = False
    try:
        whole = encode(data_set, explicit=written, undefined=undefined)
    except LocalError:  # an Implicit data set that knows no VRs, in Explicit
        whole = encode(data_set, explicit=False, undefined=undefined)
    wanted = (*KNOWN_TAGS, *(one.tag for one in data_set))
    for data in (whole, whole[:at], whole[:at] + noise + whole[at + len(noise) :], whole + whole):
        assert picked(wanted, data, explicit=read) == slowly(wanted, data, explicit=read)


_LETTERS = st.sampled_from(("LO", "UI", "SQ", "UN", "OB", "ZZ", "lo", "L1", "\0\0", "  "))
_ELEMENT = st.tuples(st.sampled_from(KNOWN_TAGS), _LETTERS, st.integers(0, 12), st.binary(max_size=12))


@BOUNDED
@given(st.lists(_ELEMENT, max_size=4), st.booleans())
def test_the_picker_is_the_full_reader_on_raw_elements(raw: list[tuple[int, str, int, bytes]], explicit: bool) -> None:
    """Letters that are no VR, lengths that lie a little, sequences of defined length with anything in them."""
    data = b""
    for tag, vr, length, value in raw:
        head = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
        tail = vr.encode("ascii") + length.to_bytes(2, "little") if explicit else length.to_bytes(4, "little")
        data += head + tail + value
    assert picked(KNOWN_TAGS, data, explicit=explicit) == slowly(KNOWN_TAGS, data, explicit=explicit)


@pytest.mark.parametrize(
    "pdu",
    [
        AssociateReject(result=256, source=0, reason=0),
        Abort(source=-1, reason=0),
        AssociateRequest(
            called_ae_title="A",
            calling_ae_title="B",
            contexts=(),
            user_information=UserInformation(max_pdu_length=1 << 32),
        ),
        AssociateRequest(
            called_ae_title="A",
            calling_ae_title="B",
            contexts=(),
            user_information=UserInformation(implementation_version_name="\u00e9"),
        ),
        AssociateAccept(
            called_ae_title="A",
            calling_ae_title="B",
            contexts=(ContextResult(id=1, result=0),),
            user_information=UserInformation(),
        ),
        AssociateAccept(
            called_ae_title="A",
            calling_ae_title="B",
            contexts=(ContextResult(id=2, result=1),),
            user_information=UserInformation(),
        ),
    ],
)
def test_what_cannot_be_written_is_our_error(pdu: Pdu) -> None:
    with pytest.raises(LocalError):
        encode_pdu(pdu)


@pytest.mark.parametrize(
    "element",
    [
        Element(tag=0x00100020, vr="l", value=b""),
        Element(tag=0x00100020, vr="LO", value=bytes(0x10000)),
        Element(tag=0x00100020, vr="LO", value=((),)),
        Element(tag=0xFFFEE000, vr="LO", value=b""),
        Element(tag=1 << 32, vr="LO", value=b""),
    ],
)
def test_an_element_that_cannot_be_written_is_our_error(element: Element) -> None:
    with pytest.raises(LocalError):
        encode([element], explicit=True)
    with pytest.raises(LocalError):
        text(0x00100010, "\u00e9")


@pytest.mark.parametrize("field", ["message_id", "affected_sop_class_uid"])
def test_a_command_that_cannot_be_written_is_our_error(field: str) -> None:
    value: object = 1 << 16 if field == "message_id" else "\u00e9"
    known = {"field": 0x0030, field: value}
    with pytest.raises(LocalError):
        encode_command(Command(**known))  # type: ignore[arg-type]


def test_titles_that_were_sent_to_us_are_echoed_whatever_they_are() -> None:
    """A request with blank or foreign titles can be answered (PS3.8 9.3.3: not to be tested)."""
    asked = b"\0\1\0\0" + b" " * 16 + b"\xe9\n" + b"x" * 14 + bytes(32)
    asked += b"\x10\0\0\3" + b"1.2" + b"\x50\0\0\0"
    acceptor = Association(Role.ACCEPTOR)
    [request] = events_of(acceptor, PDU_HEADER.pack(1, len(asked)) + asked)
    assert isinstance(request, AssociateRequest)
    answer = AssociateAccept(
        called_ae_title=request.called_ae_title,
        calling_ae_title=request.calling_ae_title,
        contexts=(),
        user_information=UserInformation(),
    )
    assert len(acceptor.send(answer)) > 74
    assert not acceptor.finished


def test_elements_are_written_in_order_and_padded() -> None:
    data = encode([text(0x00200010, "1"), text(0x0020000D, "1.2"), sequence(0x00400100)], explicit=False)
    assert data.index(b"1.2\0") < data.index(b"1 ")
    assert decode(data, explicit=False)[2].value == ()


@pytest.mark.parametrize("explicit", [False, True])
def test_the_picker_is_the_full_reader_on_more_headers_than_it_remembers(explicit: bool) -> None:
    """All of them new in one identifier, then one by one in identifiers of their own; what is remembered is bounded."""
    patient = text(0x00100020, "A1")
    others = [Element(tag=0x00110000 + number, vr="LO", value=b"") for number in range(MAX_HEADERS + 10)]
    picker = Picker([0x00100020], explicit=explicit)
    for data_set in ((patient, *others), *((patient, other) for other in others), (patient,)):
        assert picker.pick(encode(data_set, explicit=explicit)) == {0x00100020: b"A1"}
    assert len(picker._plain) == MAX_HEADERS
