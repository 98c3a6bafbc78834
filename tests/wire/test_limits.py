"""Every bound holds: what is just allowed is read, one more is the peer's error, and nothing of it is waited for."""

import re
from pathlib import Path

import pytest

from leadglass.wire import limits
from leadglass.wire.association import Association, Message
from leadglass.wire.commands import Command, CommandField, encode_command
from leadglass.wire.elements import Element, decode, encode, sequence, text
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort, AssociateRequest, DataTransfer, DataValue, ProposedContext
from leadglass.wire.pdu_codec import PDU_HEADER, decode_pdu, encode_pdu
from leadglass.wire.picker import Picker
from leadglass.wire.units import item, pack_ae_title, pack_uid, read_uid
from leadglass.wire.user_information import UserInformation, decode_user_information
from tests.wire.feeding import events_of
from tests.wire.samples import REQUEST, acceptor, command, established, requestor

_FIND = command(CommandField.C_FIND_RSP, has_data_set=True)
_COMMAND = encode_command(_FIND)
_INVALID = encode_pdu(Abort(source=2, reason=6))


def value(data: bytes, *, is_command: bool, is_last: bool, context_id: int = 1) -> bytes:
    """One P-DATA-TF with one value."""
    one = DataValue(context_id=context_id, is_command=is_command, is_last=is_last, data=data)
    return encode_pdu(DataTransfer(values=(one,)))


def refused(association: Association, *chunks: bytes) -> str:
    """What the PeerError says that `chunks` lead to; its reply is the provider's abort."""
    with pytest.raises(PeerError) as caught:
        events_of(association, *chunks)
    assert caught.value.reply == _INVALID
    return str(caught.value)


def in_pieces(data: bytes, size: int, *, is_command: bool) -> list[bytes]:
    """`data` as P-DATA-TFs of `size` bytes of data each."""
    starts = range(0, len(data) or 1, size)
    return [value(data[at : at + size], is_command=is_command, is_last=at + size >= len(data)) for at in starts]


@pytest.mark.parametrize(
    ("kind", "limit"),
    [(4, limits.MAX_PDU_LENGTH), (1, limits.MAX_ASSOCIATE_LENGTH), (2, limits.MAX_ASSOCIATE_LENGTH)]
    + [(kind, 4) for kind in (3, 5, 6, 7)],
)
def test_a_length_is_refused_by_its_header_alone(kind: int, limit: int) -> None:
    for length in (limit + 1, 0x7FFFFFFF, 0xFFFFFFFF):
        association = established()
        assert "announces" in refused(association, PDU_HEADER.pack(kind, length))
        assert events_of(association, bytes(5000)) == []
        assert not association._chunks
    association = established()
    assert events_of(association, PDU_HEADER.pack(kind, limit)) == []


def test_the_longest_data_pdu_is_read() -> None:
    room = limits.MAX_PDU_LENGTH - 6
    association = established()
    assert events_of(association, value(_COMMAND, is_command=True, is_last=True)) == []
    longest = value(bytes(room), is_command=False, is_last=True)
    assert events_of(association, longest) == [Message(context_id=1, command=_FIND, data=bytes(room))]


def test_the_largest_command_set() -> None:
    def comment(length: int) -> Command:
        return command(CommandField.C_FIND_RSP, error_comment="x" * length)

    base = len(encode_command(comment(2))) - 2
    fits = comment(limits.MAX_COMMAND_LENGTH - base)
    assert min(limits.MAX_COMMAND_LENGTH, limits.MAX_DATA_SET_LENGTH) > limits.MAX_PDU_LENGTH, "one value always fits"
    for size in (1 << 16, 1000):
        assert events_of(established(), *in_pieces(encode_command(fits), size, is_command=True)) == [
            Message(context_id=1, command=fits)
        ]
        beyond = encode_command(comment(limits.MAX_COMMAND_LENGTH - base + 2))
        assert "too long" in refused(established(), *in_pieces(beyond, size, is_command=True))


@pytest.mark.parametrize(
    ("skip", "limit"), [(False, limits.MAX_DATA_SET_LENGTH), (True, limits.MAX_SKIPPED_LENGTH)], ids=["kept", "skipped"]
)
def test_the_longest_data_set(skip: bool, limit: int) -> None:
    start = value(_COMMAND, is_command=True, is_last=True)
    size = limits.MAX_PDU_LENGTH - 6
    count, rest = divmod(limit, size)
    full = value(bytes(size), is_command=False, is_last=False)
    for extra in (0, 1):
        association = established(skip_data_sets=skip)
        assert events_of(association, start, *[full] * count) == []
        assert not skip or sum(map(len, association._assembly._parts)) == 0
        last = value(bytes(rest + extra), is_command=False, is_last=True)
        if extra:
            assert "too long" in refused(association, last)
        else:
            [message] = events_of(association, last)
            assert isinstance(message, Message)
            assert len(message.data) == (0 if skip else limit)


@pytest.mark.parametrize("is_command", [True, False])
def test_endless_empty_fragments(is_command: bool) -> None:
    body = value(b"", is_command=is_command, is_last=False)[6:] * 1024
    many = PDU_HEADER.pack(4, len(body)) + body
    association = established()
    if not is_command:
        events_of(association, value(_COMMAND, is_command=True, is_last=True))
    assert limits.MAX_FRAGMENTS % 1024 == 0
    assert events_of(association, *[many] * (limits.MAX_FRAGMENTS // 1024)) == []
    assert "too many fragments" in refused(association, value(b"", is_command=is_command, is_last=True))


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "not accepted"), (255, "not accepted"), (3, "not accepted"), (2, "not accepted")],
)
def test_a_value_of_a_context_never_accepted(number: int, said: str) -> None:
    bad = value(_COMMAND, is_command=True, is_last=True, context_id=number)
    assert said in refused(established(), bad)
    begun = value(_COMMAND, is_command=True, is_last=True)
    assert "another context" in refused(established(), begun, bad)
    half = value(_COMMAND[:4], is_command=True, is_last=False)
    assert "another context" in refused(established(), half, bad)


def test_commands_and_data_sets_out_of_turn() -> None:
    whole = value(_COMMAND, is_command=True, is_last=True)
    data = value(b"12", is_command=False, is_last=True)
    half = value(_COMMAND[:4], is_command=True, is_last=False)
    for chunks in ((data,), (whole, whole), (half, data), (whole, value(b"1", is_command=False, is_last=False), whole)):
        assert "without its command" in refused(established(), *chunks)


@pytest.mark.parametrize(
    "body",
    [b"", b"\0", b"\0\0\0\1\1", b"\0\0\0\1\1\3\0", b"\0\0\0\0\1\3", b"\0\0\0\3\1\3", b"\xff\xff\xff\xff\1\3", bytes(6)],
)
def test_data_values_whose_lengths_lie(body: bytes) -> None:
    assert "P-DATA-TF" in refused(established(), PDU_HEADER.pack(4, len(body)) + body)
    with pytest.raises(PeerError, match="P-DATA-TF"):
        decode_pdu(4, body)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Command(field=CommandField.C_FIND_RSP, responded_message_id=1), "without a status"),
        (Command(field=CommandField.C_FIND_RSP, status=0), "without the id"),
        (Command(field=CommandField.C_CANCEL_RQ), "without the id"),
        (Command(field=CommandField.C_ECHO_RQ), "without a message id"),
    ],
)
def test_a_command_without_what_it_must_carry(broken: Command, said: str) -> None:
    assert said in refused(established(), value(encode_command(broken), is_command=True, is_last=True))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"\0\0\x00\x01\x02\0\0\0\x20\x80", b"\0\0\x00\x01\x02\0\0\0\x21\x70", "unknown type"),
        (b"\0\0\x00\x01\x02\0\0\0\x20\x80", b"\0\0\x00\x01\x00\0\0\0", "missing"),
        (b"\0\0\x00\x08\x02\0\0\0\x01\0", b"", "missing"),
        (b"\0\0\x00\x08", b"\x08\0\x00\x08", "missing"),
        (b"\0\0\x00\x08", b"\0\0\x00\x09", "given twice"),
        (b"\0\0\x20\x01\x02\0", b"\0\0\x20\x01\xff\xff", "longer than itself"),
    ],
)
def test_a_broken_command_set(old: bytes, new: bytes, said: str) -> None:
    assert _COMMAND.count(old) == 1
    broken = _COMMAND.replace(old, new)
    assert said in refused(established(), value(broken, is_command=True, is_last=True))


def test_elements_of_other_groups_in_a_command_set_are_passed_over() -> None:
    """Orthanc writes the failed UIDs of a C-GET there."""
    failed = b"\x08\0\x58\0\x04\0\0\x001.2\0"
    sent = value(encode_command(command(CommandField.C_GET_RSP)) + failed * 2, is_command=True, is_last=True)
    assert events_of(established(), sent) == [Message(context_id=1, command=command(CommandField.C_GET_RSP))]


@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_how_deep_sequences_nest(explicit: bool, undefined: bool) -> None:
    nested: Element = text(0x00100020, "1 ")
    for _ in range(limits.MAX_DEPTH):
        nested = sequence(0x00400100, (nested,))
    assert decode(encode([nested], explicit=explicit, undefined=undefined), explicit=explicit) == (nested,)
    beyond = encode([sequence(0x00400100, (nested,))], explicit=explicit, undefined=undefined)
    with pytest.raises(PeerError, match="deep"):
        decode(beyond, explicit=explicit)
    with pytest.raises(PeerError, match="deep"):
        decode(b"\x40\0\0\1\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff" * 100_000, explicit=False)


@pytest.mark.parametrize("explicit", [False, True])
def test_how_many_elements(explicit: bool) -> None:
    one = encode([text(0x00100020)], explicit=explicit)
    most = one * limits.MAX_ELEMENTS
    assert len(decode(most, explicit=explicit)) == limits.MAX_ELEMENTS
    assert Picker([0x00100020], explicit=explicit).pick(most) == {0x00100020: b""}
    nested = encode([sequence(0x00400100, *[()] * limits.MAX_ELEMENTS)], explicit=explicit)
    for beyond in (most + one, nested):
        with pytest.raises(PeerError, match="more than"):
            decode(beyond, explicit=explicit)
        with pytest.raises(PeerError, match="more than"):
            Picker([0x00100020], explicit=explicit).pick(beyond)


def test_how_many_contexts() -> None:
    def asked(count: int) -> AssociateRequest:
        contexts = tuple(
            ProposedContext(id=2 * n + 1, abstract_syntax="1.2", transfer_syntaxes=("1.3",)) for n in range(count)
        )
        return AssociateRequest(
            called_ae_title="A", calling_ae_title="B", contexts=contexts, user_information=UserInformation()
        )

    most = asked(limits.MAX_PRESENTATION_CONTEXTS)
    data = encode_pdu(most)
    assert events_of(acceptor(), data) == [most]
    context = data[6 + 68 + 4 + 21 :][:22]
    assert context[:2] == b"\x20\0"
    body = data[6:] + context
    with pytest.raises(PeerError, match="more than 128"):
        decode_pdu(1, body)
    twice = encode_pdu(asked(2)).replace(b"\x20\0\0\x12\3", b"\x20\0\0\x12\1")
    with pytest.raises(PeerError, match="two presentation contexts of one id"):
        decode_pdu(1, twice[6:])
    with pytest.raises(LocalError, match="odd id"):
        encode_pdu(asked(limits.MAX_PRESENTATION_CONTEXTS + 1))


def test_how_long_a_uid_a_title_and_a_version_name_are() -> None:
    longest = "1" * limits.MAX_UID_LENGTH
    assert read_uid(pack_uid(longest)) == longest == read_uid(longest.encode() + b"\0")
    for bad in (longest + "1", "", "1.2\u00e9"):
        with pytest.raises(LocalError, match="a UID"):
            pack_uid(bad)
    for odd in (longest.encode() + b"1", b"1.\x1b[2J", b"1 2", b"\xff"):
        with pytest.raises(PeerError, match="a UID"):
            read_uid(odd)
    assert pack_ae_title(" A ") == b"A".ljust(16)
    for bad in ("", "x" * 17, "A\\B", "A\nB", "\u00e9"):
        with pytest.raises(LocalError, match="an AE title"):
            pack_ae_title(bad)
    name = b"v" * limits.MAX_VERSION_NAME_LENGTH
    assert decode_user_information(item(0x55, name)).implementation_version_name == name.decode()
    with pytest.raises(PeerError, match="too long"):
        decode_user_information(item(0x55, name + b"v"))


def test_a_request_of_the_largest_length_is_waited_for_and_read() -> None:
    body = encode_pdu(REQUEST)[6:]
    padding = limits.MAX_ASSOCIATE_LENGTH - len(body)
    for size in (0xFFFF, padding - 0xFFFF - 8):
        body += b"\x99\0" + size.to_bytes(2, "big") + bytes(size)
    assert len(body) == limits.MAX_ASSOCIATE_LENGTH
    assert events_of(acceptor(), PDU_HEADER.pack(1, len(body)) + body) == [REQUEST]
    assert "announces" in refused(requestor(), PDU_HEADER.pack(1, len(body) + 1))


def test_every_bound_is_named_here() -> None:
    """A new limit without a test is found by its name."""
    names = {name for name in vars(limits) if name.startswith("MAX_")}
    tested = set(re.findall(r"limits\.(MAX_[A-Z_]+)", Path(__file__).read_text(encoding="utf-8")))
    assert names <= tested, f"limits without a test at the bound and one beyond: {sorted(names - tested)}"
