"""The upper layer as the standard's own state table (PS3.8 9.2, Tables 9-6 to 9-10), for both roles.

The transport connection belongs to the caller: a requestor begins in Sta4 with the connection open, an acceptor in
Sta2. The ARTIM timer is the caller's too: it must run while `artim` is true, and `artim_expired` is told.
"""

from enum import Enum

from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import (
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    DataTransfer,
    Pdu,
    ReleaseReply,
    ReleaseRequest,
)
from leadglass.wire.pdu_codec import encode_pdu


class Role(Enum):
    """Which side of the association we are."""

    REQUESTOR = "requestor"
    ACCEPTOR = "acceptor"


class State(Enum):
    """The states of PS3.8 Tables 9-1 to 9-5."""

    STA1 = "idle"
    STA2 = "transport connection open, awaiting A-ASSOCIATE-RQ"
    STA3 = "awaiting local A-ASSOCIATE response"
    STA4 = "transport connection open, awaiting local A-ASSOCIATE request"
    STA5 = "awaiting A-ASSOCIATE-AC or -RJ"
    STA6 = "association established"
    STA7 = "awaiting A-RELEASE-RP"
    STA8 = "awaiting local A-RELEASE response"
    STA9 = "release collision, requestor: awaiting local A-RELEASE response"
    STA10 = "release collision, acceptor: awaiting A-RELEASE-RP"
    STA11 = "release collision, requestor: awaiting A-RELEASE-RP"
    STA12 = "release collision, acceptor: awaiting local A-RELEASE response"
    STA13 = "awaiting the end of the transport connection"


class Reaction(Enum):
    """What a PDU from the peer leads to: groups of the actions of PS3.8 Tables 9-6 to 9-9."""

    DELIVER = "AE-3 AE-4 AE-6 DT-2 AR-2 AR-3 AR-6 AR-8 AR-10 AA-3"
    IGNORE = "AA-6"
    CLOSE = "AA-2"
    ABORT_AS_USER = "AA-1"
    ABORT_AS_PROVIDER = "AA-8"
    ABORT_AGAIN = "AA-7"


_S = State
_OPEN = (_S.STA5, _S.STA6, _S.STA7, _S.STA8, _S.STA9, _S.STA10, _S.STA11, _S.STA12)

# What we may send, by the state that we are in: the next state.
_SEND: dict[tuple[type, State], State] = {
    (AssociateRequest, _S.STA4): _S.STA5,  # AE-2
    (AssociateAccept, _S.STA3): _S.STA6,  # AE-7
    (AssociateReject, _S.STA3): _S.STA13,  # AE-8
    (DataTransfer, _S.STA6): _S.STA6,  # DT-1
    (DataTransfer, _S.STA8): _S.STA8,  # AR-7
    (ReleaseRequest, _S.STA6): _S.STA7,  # AR-1
    (ReleaseReply, _S.STA8): _S.STA13,  # AR-4
    (ReleaseReply, _S.STA9): _S.STA11,  # AR-9
    (ReleaseReply, _S.STA12): _S.STA13,  # AR-4
    (Abort, _S.STA3): _S.STA13,  # AA-1
    **{(Abort, state): _S.STA13 for state in _OPEN},  # AA-1
}

# What the peer's PDUs lead to where they are expected; everywhere else they are unexpected, see `_unexpected`.
_RECEIVE: dict[tuple[type, State], tuple[Reaction, State]] = {
    (AssociateAccept, _S.STA5): (Reaction.DELIVER, _S.STA6),  # AE-3
    (AssociateReject, _S.STA5): (Reaction.DELIVER, _S.STA1),  # AE-4
    (AssociateRequest, _S.STA2): (Reaction.DELIVER, _S.STA3),  # AE-6
    (AssociateRequest, _S.STA13): (Reaction.ABORT_AGAIN, _S.STA13),  # AA-7
    (DataTransfer, _S.STA6): (Reaction.DELIVER, _S.STA6),  # DT-2
    (DataTransfer, _S.STA7): (Reaction.DELIVER, _S.STA7),  # AR-6
    (ReleaseRequest, _S.STA6): (Reaction.DELIVER, _S.STA8),  # AR-2
    (ReleaseReply, _S.STA7): (Reaction.DELIVER, _S.STA1),  # AR-3
    (ReleaseReply, _S.STA10): (Reaction.DELIVER, _S.STA12),  # AR-10
    (ReleaseReply, _S.STA11): (Reaction.DELIVER, _S.STA1),  # AR-3
    (Abort, _S.STA2): (Reaction.CLOSE, _S.STA1),  # AA-2
    (Abort, _S.STA3): (Reaction.DELIVER, _S.STA1),  # AA-3
    (Abort, _S.STA13): (Reaction.CLOSE, _S.STA1),  # AA-2
    **{(Abort, state): (Reaction.DELIVER, _S.STA1) for state in _OPEN},  # AA-3
}

# PS3.8 Table 9-26: reasons of an A-ABORT by the provider.
UNRECOGNIZED_PDU, UNEXPECTED_PDU, INVALID_PARAMETER = 1, 2, 6


class UpperLayer:
    """One association's state: says what may be sent, and what a PDU from the peer leads to."""

    def __init__(self, role: Role) -> None:
        """The transport connection is open."""
        self.role = role
        self.state = State.STA4 if role is Role.REQUESTOR else State.STA2

    @property
    def artim(self) -> bool:
        """Whether the ARTIM timer must run (PS3.8 9.1.5)."""
        return self.state in (State.STA2, State.STA13)

    @property
    def finished(self) -> bool:
        """Whether nothing more can happen: the transport connection is to be closed."""
        return self.state is State.STA1

    def send(self, pdu: Pdu) -> bytes:
        """`pdu` as bytes to send. Raises LocalError where this state does not allow it."""
        following = _SEND.get((type(pdu), self.state))
        if following is None:
            raise LocalError(f"{type(pdu).__name__} may not be sent while {self.state.value}")
        data = encode_pdu(pdu)
        self.state = following
        return data

    def receive(self, pdu: Pdu) -> bool:
        """Whether `pdu` is to be delivered. Raises PeerError, with the A-ABORT to send, where it is unexpected."""
        if isinstance(pdu, ReleaseRequest) and self.state is State.STA7:  # AR-8: the release collision
            self.state = State.STA9 if self.role is Role.REQUESTOR else State.STA10
            return True
        reaction, following = _RECEIVE.get((type(pdu), self.state)) or self._unexpected()
        self.state = following
        if reaction in (Reaction.ABORT_AS_USER, Reaction.ABORT_AS_PROVIDER, Reaction.ABORT_AGAIN):
            raise PeerError(f"an unexpected {type(pdu).__name__}", self._abort(reaction, UNEXPECTED_PDU))
        return reaction is Reaction.DELIVER

    def invalid(self, message: str, reason: int = INVALID_PARAMETER) -> PeerError:
        """The error for bytes that are no PDU (Evt19), with the A-ABORT to send; the caller raises it."""
        reaction, following = self._unexpected()
        if self.state is State.STA13:
            reaction = Reaction.ABORT_AGAIN  # AA-7
        self.state = following
        return PeerError(message, self._abort(reaction, reason))

    def transport_closed(self) -> None:
        """The connection ended (Evt17): AA-4, AA-5 or AR-5."""
        self.state = State.STA1

    def artim_expired(self) -> None:
        """The timer ran out (Evt18): AA-2, the connection is to be closed. Raises LocalError where none ran."""
        if not self.artim:
            raise LocalError(f"no ARTIM timer runs while {self.state.value}")
        self.state = State.STA1

    def _unexpected(self) -> tuple[Reaction, State]:
        if self.state is State.STA2:
            return Reaction.ABORT_AS_USER, State.STA13
        if self.state is State.STA13:
            return Reaction.IGNORE, State.STA13
        if self.state in (State.STA1, State.STA4):  # nothing may arrive here; there is nobody to answer
            return Reaction.IGNORE, self.state
        return Reaction.ABORT_AS_PROVIDER, State.STA13

    def _abort(self, reaction: Reaction, reason: int) -> bytes:
        if reaction is Reaction.IGNORE:
            return b""
        if reaction is Reaction.ABORT_AS_USER:
            return encode_pdu(Abort(source=0, reason=0))
        return encode_pdu(Abort(source=2, reason=reason))
