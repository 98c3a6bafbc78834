"""The state machine does in every state what PS3.8 Table 9-10 says, for both roles."""

import pytest
from pynetdicom.fsm import TRANSITION_TABLE

from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort, AssociateReject, Pdu, ReleaseReply, ReleaseRequest
from leadglass.wire.pdu_codec import encode_pdu
from leadglass.wire.upper_layer import Role, State, UpperLayer
from tests.wire.samples import ACCEPT, DATA, REQUEST
from tests.wire.state_table import ABORTS, DELIVERS, EVENTS, SILENT, grid

GRID = grid()
PEER: dict[str, Pdu] = {
    "AC": ACCEPT,
    "RJ": AssociateReject(result=1, source=1, reason=1),
    "RQ": REQUEST,
    "DATA": DATA,
    "RELEASE": ReleaseRequest(),
    "REPLY": ReleaseReply(),
    "ABORT": Abort(source=2, reason=0),
}
LOCAL: dict[str, Pdu] = {
    "request": REQUEST,
    "accept": ACCEPT,
    "reject": AssociateReject(result=1, source=1, reason=1),
    "data": DATA,
    "release": ReleaseRequest(),
    "reply": ReleaseReply(),
    "abort": Abort(source=0, reason=0),
}
STATES = range(1, 14)


def layer(role: Role, number: int) -> UpperLayer:
    """The upper layer of `role`, put into a state."""
    made = UpperLayer(role)
    made.state = State[f"STA{number}"]
    return made


def number_of(made: UpperLayer) -> int:
    return int(made.state.name.removeprefix("STA"))


def test_the_transcription_agrees_with_a_foreign_one() -> None:
    """pynetdicom wrote the table down as well; AE-1, AE-5 and the transport's own events are the caller's here."""
    foreign = {
        (int(event.removeprefix("Evt")), int(state.removeprefix("Sta"))): action
        for (event, state), action in TRANSITION_TABLE.items()
    }
    own = {(EVENTS[event], state): action for (event, state), (action, _) in GRID.items()}
    assert {**own, (1, 1): "AE-1", (5, 1): "AE-5"} == foreign


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", STATES)
def test_what_the_peer_sends(state: int, role: Role) -> None:
    for event in PEER:
        receive(event, state, role)


def receive(event: str, state: int, role: Role) -> None:
    """One cell of the table."""
    made = layer(role, state)
    if (event, state) not in GRID:  # an empty cell: nothing is there that could arrive, and nothing happens
        assert not made.receive(PEER[event])
        assert number_of(made) == state
        return
    action, following = GRID[event, state]
    if action in ABORTS:
        with pytest.raises(PeerError, match="unexpected") as caught:
            made.receive(PEER[event])
        reason = 2 if ABORTS[action] else 0
        assert caught.value.reply == encode_pdu(Abort(source=ABORTS[action], reason=reason))
    else:
        assert action in DELIVERS | SILENT
        assert made.receive(PEER[event]) is (action in DELIVERS)
    expected = following[-1] if role is Role.ACCEPTOR else following[0]
    assert number_of(made) == expected


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", STATES)
def test_what_we_send(state: int, role: Role) -> None:
    for event in LOCAL:
        send(event, state, role)


def send(event: str, state: int, role: Role) -> None:
    """One cell of the table."""
    made = layer(role, state)
    action, following = GRID.get((event, state), ("", ()))
    if action in ("", "AA-2"):  # AA-2 in Sta4 closes the connection and sends nothing: the caller's to do
        with pytest.raises(LocalError, match="may not be sent"):
            made.send(LOCAL[event])
        assert number_of(made) == state
        return
    assert made.send(LOCAL[event]) == encode_pdu(LOCAL[event])
    assert (number_of(made),) == following


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", STATES)
def test_bytes_that_are_no_pdu(state: int, role: Role) -> None:
    made = layer(role, state)
    error = made.invalid("odd", 1)
    action, following = GRID.get(("INVALID", state), ("", (state,)))
    assert (number_of(made),) == following
    if not action:
        assert error.reply == b""
    else:
        assert error.reply == encode_pdu(Abort(source=ABORTS[action], reason=1 if ABORTS[action] else 0))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", STATES)
def test_the_timer_runs_in_two_states_and_ends_them(state: int, role: Role) -> None:
    made = layer(role, state)
    assert made.artim is (("timer", state) in GRID)
    if made.artim:
        made.artim_expired()
        assert made.finished
    else:
        with pytest.raises(LocalError, match="no ARTIM timer"):
            made.artim_expired()
        assert number_of(made) == state


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", STATES)
def test_the_end_of_the_connection_ends_every_state(state: int, role: Role) -> None:
    made = layer(role, state)
    made.transport_closed()
    assert made.finished
    assert GRID.get(("closed", state), ("", (1,)))[1] == (1,)


def test_roles_begin_where_the_connection_is_open() -> None:
    assert UpperLayer(Role.REQUESTOR).state is State.STA4
    assert UpperLayer(Role.ACCEPTOR).state is State.STA2
    assert not UpperLayer(Role.REQUESTOR).finished


def test_a_pdu_that_cannot_be_encoded_changes_no_state() -> None:
    made = layer(Role.ACCEPTOR, 3)
    with pytest.raises(LocalError, match="does not fit"):
        made.send(AssociateReject(result=300, source=1, reason=1))
    assert made.state is State.STA3
