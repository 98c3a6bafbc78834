"""Whole conversations between two of our own: what is agreed, the release collision, what an error leaves behind."""

import pytest

from leadglass.wire.association import Association, Message
from leadglass.wire.commands import CommandField
from leadglass.wire.elements import Element, sequence
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import (
    Abort,
    AssociateAccept,
    AssociateReject,
    ContextResult,
    DataTransfer,
    DataValue,
    Pdu,
    ReleaseReply,
    ReleaseRequest,
)
from leadglass.wire.pdu_codec import encode_pdu
from leadglass.wire.uids import EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, STUDY_ROOT_FIND
from leadglass.wire.upper_layer import Role, State
from leadglass.wire.user_information import UserIdentity, UserInformation
from tests.wire.feeding import events_of
from tests.wire.samples import ACCEPT, REQUEST, acceptor, command, established, requestor

_ECHO = command(CommandField.C_ECHO_RQ)
_FIND = command(CommandField.C_FIND_RSP, has_data_set=True)


def accept(*contexts: ContextResult) -> AssociateAccept:
    """An acceptance of `contexts`."""
    return AssociateAccept(
        called_ae_title="A", calling_ae_title="B", contexts=contexts, user_information=UserInformation(max_pdu_length=9)
    )


def refused(association: Association, data: bytes) -> PeerError:
    """The error that `data` leads to."""
    association.receive(data)
    with pytest.raises(PeerError) as caught:
        list(association.events())
    return caught.value


@pytest.mark.parametrize("role", Role)
def test_what_is_agreed(role: Role) -> None:
    association = established(role)
    assert association.contexts == {1: (STUDY_ROOT_FIND, IMPLICIT_VR_LITTLE_ENDIAN)}
    assert association.peer_max_pdu_length == (0 if role is Role.REQUESTOR else 16_384)
    assert association.upper.state is State.STA6
    assert not association.finished


def test_the_release_collision() -> None:
    one, other = established(), established(Role.ACCEPTOR)
    from_one, from_other = one.send(ReleaseRequest()), other.send(ReleaseRequest())
    assert events_of(one, from_other) == [ReleaseRequest()]
    assert events_of(other, from_one) == [ReleaseRequest()]
    with pytest.raises(LocalError, match="may not be sent"):
        other.send(ReleaseReply())
    assert events_of(other, one.send(ReleaseReply())) == [ReleaseReply()]
    assert events_of(one, other.send(ReleaseReply())) == [ReleaseReply()]
    assert one.finished
    other.closed()
    assert other.finished


def test_messages_still_come_while_we_wait_for_the_release() -> None:
    one, other = established(), established(Role.ACCEPTOR)
    one.send(ReleaseRequest())
    assert events_of(one, other.send_message(1, _FIND, b"1234")) == [Message(context_id=1, command=_FIND, data=b"1234")]


def test_a_message_needs_its_context_its_state_and_its_data_set() -> None:
    association = established()
    for context_id, sent, data in ((255, _ECHO, None), (3, _ECHO, None), (1, _ECHO, b"12"), (1, _FIND, None)):
        with pytest.raises(LocalError):
            association.send_message(context_id, sent, data)
    association.send(ReleaseRequest())
    with pytest.raises(LocalError, match="may not be sent"):
        association.send_message(1, _ECHO)
    with pytest.raises(LocalError, match="as messages"):
        association.send(DataTransfer(values=()))


def test_a_peer_whose_maximum_leaves_no_room() -> None:
    association = established()
    association.peer_max_pdu_length = 7
    with pytest.raises(LocalError, match="no PDU that could hold data"):
        association.send_message(1, _ECHO)


@pytest.mark.parametrize(
    "contexts",
    [
        (ContextResult(id=3, result=0, transfer_syntax=IMPLICIT_VR_LITTLE_ENDIAN),),
        (ContextResult(id=3, result=1),),
        (ContextResult(id=1, result=1), ContextResult(id=1, result=1)),
    ],
    ids=["never proposed", "refused but never proposed", "answered twice"],
)
def test_an_answer_to_what_was_never_asked(contexts: tuple[ContextResult, ...]) -> None:
    error = refused(requestor(), encode_pdu(accept(*contexts)))
    assert error.reply == encode_pdu(Abort(source=2, reason=6))
    assert "never proposed" in str(error)


def test_a_syntax_that_was_never_proposed_is_not_agreed() -> None:
    association = requestor()
    answer = accept(
        ContextResult(id=1, result=0, transfer_syntax=EXPLICIT_VR_LITTLE_ENDIAN),
        ContextResult(id=255, result=0, transfer_syntax=EXPLICIT_VR_LITTLE_ENDIAN),
    )
    assert events_of(association, encode_pdu(answer)) == [answer]
    assert list(association.contexts) == [1]
    assert association.peer_max_pdu_length == 9


@pytest.mark.parametrize("late", [ACCEPT, REQUEST, accept(ContextResult(id=9, result=0, transfer_syntax="1.2"))])
def test_a_second_association_is_unexpected_whatever_it_says(late: Pdu) -> None:
    error = refused(established(), encode_pdu(late))
    assert error.reply == encode_pdu(Abort(source=2, reason=2))


def test_after_our_abort_the_rest_is_passed_over() -> None:
    """Even what stands in the same P-DATA-TF; a half PDU at the end is then nobody's fault."""
    sender, receiver = established(Role.ACCEPTOR), established()
    pdus = [sender.send_message(1, _ECHO)[6:] for _ in range(3)]
    receiver.receive(b"\4\0" + sum(map(len, pdus)).to_bytes(4, "big") + b"".join(pdus))
    events = receiver.events()
    assert isinstance(next(events), Message)
    receiver.send(Abort())
    assert list(events) == []
    assert events_of(receiver, encode_pdu(accept(ContextResult(id=9, result=3))), b"\4\0\0\0\1\0half") == []
    receiver.closed()
    assert receiver.finished


def test_after_a_reject_the_rest_is_passed_over() -> None:
    rejected = AssociateReject(result=1, source=1, reason=7)
    association = requestor()
    assert events_of(association, encode_pdu(rejected) + b"<html>", b"more") == [rejected]
    assert association.finished
    association.closed()


@pytest.mark.parametrize("greeting", [b"SSH-2.0-x\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"\x00" * 8, b"\xff" * 8])
def test_another_protocol_is_no_pdu_and_nothing_of_it_is_kept(greeting: bytes) -> None:
    association = requestor()
    error = refused(association, greeting)
    assert f"unknown type {greeting[0]:02X}H" in str(error)
    assert error.reply == encode_pdu(Abort(source=2, reason=1))
    assert events_of(association, *([greeting * 1000] * 50)) == []
    assert not association._chunks
    assert refused(acceptor(), greeting).reply == encode_pdu(Abort(source=0, reason=0))


def test_the_end_inside_a_message() -> None:
    wire = established().send_message(1, _FIND, b"1234")
    for at in (1, 5, 6, len(wire) - 1):
        association = established()
        assert events_of(association, wire[:at]) == []
        with pytest.raises(PeerError, match="ended inside"):
            association.closed()
        assert association.finished
    between = established()
    between.closed()
    assert between.finished


def test_skipping_may_be_switched_between_the_fragments_of_a_data_set() -> None:
    """What one message began with holds to its end: never half a data set."""
    sender, receiver = established(Role.ACCEPTOR), established(skip_data_sets=True)
    sender.peer_max_pdu_length = 40
    wire = sender.send_message(1, _FIND, bytes(100))
    events = events_of(receiver, wire[:-60])
    receiver.skip_data_sets = False
    assert events + events_of(receiver, wire[-60:]) == [Message(context_id=1, command=_FIND)]
    assert events_of(receiver, wire) == [Message(context_id=1, command=_FIND, data=bytes(100))]


def test_replies_of_commands() -> None:
    assert CommandField.C_FIND_RQ.reply is CommandField.C_FIND_RSP
    assert CommandField.N_SET_RQ.reply is CommandField.N_SET_RSP
    for field in (CommandField.C_CANCEL_RQ, CommandField.C_ECHO_RSP):
        with pytest.raises(LocalError, match="no response"):
            _ = field.reply
    assert command(CommandField.C_GET_RSP).sub_operations is None
    assert command(CommandField.C_GET_RSP, remaining=1, failed=2).sub_operations == 3
    assert command(CommandField.C_FIND_RSP, status=0xFF01).is_pending
    assert not command(CommandField.C_FIND_RSP, status=0xFE00).is_pending


def test_nothing_that_holds_a_value_prints_it() -> None:
    """Reprs reach logs and tracebacks; a record's values must not."""
    element = Element(tag=0x00100010, vr="PN", value=b"CANARY")
    shown = [
        repr(element),
        repr(sequence(0x00400100, (element,))),
        repr(Message(context_id=1, command=_FIND, data=b"CANARY")),
        repr(DataTransfer(values=(DataValue(context_id=1, is_command=False, is_last=True, data=b"CANARY"),))),
        repr(command(CommandField.C_FIND_RSP, error_comment="CANARY", affected_sop_instance_uid="CANARY")),
        repr(UserInformation(user_identity=UserIdentity(kind=2, primary=b"CANARY", secondary=b"CANARY"))),
    ]
    assert "CANARY" not in "".join(shown)
    assert shown[0] == "Element(00100010 PN, 6 bytes)"
