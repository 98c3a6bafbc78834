"""Every PDU and every message, fed in every way, means the same or breaks off with a PeerError."""

from collections.abc import Callable

import pytest

from leadglass.wire.association import Association, Event, Message
from leadglass.wire.commands import Command, CommandField, decode_command, encode_command
from leadglass.wire.elements import DataSet, decode, encode
from leadglass.wire.errors import PeerError
from leadglass.wire.pdu import Abort, AssociateReject, DataTransfer, DataValue, Pdu, ReleaseReply, ReleaseRequest
from leadglass.wire.pdu_codec import PDU_HEADER, decode_pdu, encode_pdu
from leadglass.wire.upper_layer import Role
from tests.wire.feeding import events_of, feed, fragments
from tests.wire.samples import (
    ACCEPT,
    BARE_REQUEST,
    DATA_SETS,
    FULL_COMMANDS,
    PDUS,
    PLAIN,
    PLAIN_COMMANDS,
    REQUEST,
    acceptor,
    command,
    established,
    requestor,
)

_ABORT = encode_pdu(Abort(source=0, reason=0))
FRAGMENTATIONS: tuple[tuple[int, ...], ...] = ((), (0,), (1,), (0, 3, 0, 0, 7), (2,) * 8)


def values(context_id: int, data: bytes, sizes: tuple[int, ...], *, is_command: bool) -> list[DataValue]:
    """`data` as data values of `sizes`, the last one marked."""
    pieces = fragments(data, sizes)
    last = len(pieces) - 1
    return [
        DataValue(context_id=context_id, is_command=is_command, is_last=number == last, data=piece)
        for number, piece in enumerate(pieces)
    ]


def transfers(together: list[DataValue], a_pdu: int) -> bytes:
    """The values as P-DATA-TFs with `a_pdu` of them each."""
    groups = [tuple(together[at : at + a_pdu]) for at in range(0, len(together), a_pdu)]
    return b"".join(encode_pdu(DataTransfer(values=group)) for group in groups)


@pytest.mark.parametrize("pdu", PDUS, ids=lambda pdu: type(pdu).__name__)
def test_a_pdu_round_trips(pdu: Pdu) -> None:
    data = encode_pdu(pdu)
    kind, length = PDU_HEADER.unpack_from(data)
    assert length == len(data) - 6
    assert decode_pdu(kind, data[6:]) == pdu


@pytest.mark.parametrize(
    ("make", "pdu", "seed"),
    [
        (acceptor, REQUEST, 1),
        (acceptor, BARE_REQUEST, 2),
        (requestor, ACCEPT, 3),
        (requestor, AssociateReject(result=2, source=3, reason=1), 4),
        (established, ReleaseRequest(), 5),
        (established, Abort(source=2, reason=1), 6),
    ],
)
def test_a_pdu_fed_in_every_way(make: Callable[[], Association], pdu: Event, seed: int) -> None:
    data = encode_pdu(pdu) if not isinstance(pdu, Message) else b""
    assert feed(make, data, tail=_ABORT, seed=seed) == [pdu]


def test_a_release_reply_fed_in_every_way() -> None:
    def releasing() -> Association:
        association = established()
        association.send(ReleaseRequest())
        return association

    assert feed(releasing, encode_pdu(ReleaseReply()), tail=_ABORT, seed=7) == [ReleaseReply()]


@pytest.mark.parametrize("a_pdu", [1, 3])
@pytest.mark.parametrize("sizes", FRAGMENTATIONS)
@pytest.mark.parametrize("skip", [False, True])
def test_messages_fragmented_in_any_way(sizes: tuple[int, ...], a_pdu: int, skip: bool) -> None:
    """Two messages and one without data, in one PDU or in many, with empty fragments in between."""
    find = command(CommandField.C_FIND_RSP, has_data_set=True)
    done = command(CommandField.C_FIND_RSP, status=0)
    data = encode(PLAIN, explicit=False)
    together = [
        *values(1, encode_command(find), sizes, is_command=True),
        *values(1, data, sizes, is_command=False),
        *values(1, encode_command(find), (), is_command=True),
        *values(1, b"", sizes, is_command=False),
        *values(1, encode_command(done), sizes, is_command=True),
    ]
    expected = [
        Message(context_id=1, command=find, data=b"" if skip else data),
        Message(context_id=1, command=find),
        Message(context_id=1, command=done),
    ]

    def make() -> Association:
        return established(skip_data_sets=skip)

    assert feed(make, transfers(together, a_pdu), tail=_ABORT, seed=8, mutations=20) == expected


@pytest.mark.parametrize("size", [1, 5, 17])
def test_one_data_value_over_many_segments(size: int) -> None:
    association = established()
    find = command(CommandField.C_FIND_RSP, has_data_set=True)
    data = association.send_message(1, find, bytes(5000))
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert events_of(established(), *pieces) == [Message(context_id=1, command=find, data=bytes(5000))]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("limit", [8, 9, 10, 100, 0])
def test_what_we_send_fits_the_peer(role: Role, limit: int) -> None:
    sender, receiver = established(role), established(Role.REQUESTOR)
    sender.peer_max_pdu_length = limit
    find = command(CommandField.C_FIND_RSP, has_data_set=True)
    sent = sender.send_message(1, find, bytes(range(200)))
    assert events_of(receiver, sent) == [Message(context_id=1, command=find, data=bytes(range(200)))]
    at = 0
    while at < len(sent):
        _, length = PDU_HEADER.unpack_from(sent, at)
        assert not limit or length <= limit
        at += 6 + length


@pytest.mark.parametrize("sent", [*PLAIN_COMMANDS, *FULL_COMMANDS], ids=lambda c: c.field.name)
def test_a_command_set_round_trips_and_fits_a_message(sent: Command) -> None:
    assert decode_command(encode_command(sent)) == sent
    data = b"1234" if sent.has_data_set else None
    wire = established().send_message(1, sent, data)
    assert events_of(established(), wire) == [Message(context_id=1, command=sent, data=data or b"")]


@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("explicit", [False, True])
@pytest.mark.parametrize("data_set", DATA_SETS, ids=len)
def test_a_data_set_round_trips(data_set: DataSet, explicit: bool, undefined: bool) -> None:
    """What was written is read back; in Implicit VR the bytes are the same, the dictionary knows few VRs."""
    data = encode(data_set, explicit=explicit, undefined=undefined)
    read = decode(data, explicit=explicit)
    assert [element.tag for element in read] == [element.tag for element in data_set]
    if explicit:
        assert read == tuple(data_set)
    for at in range(1, len(data)):
        try:
            cut = decode(data[:at], explicit=explicit)
        except PeerError:
            continue
        assert cut == read[: len(cut)], "a cut data set is an error or ends between elements"
