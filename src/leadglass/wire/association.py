"""One association without I/O: bytes in, events out; events in, bytes out; both roles."""

from collections.abc import Iterator

from leadglass.wire.assembly import Assembly, Message
from leadglass.wire.commands import Command, encode_command
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.fragments import fragment
from leadglass.wire.limits import (
    MAX_ASSOCIATE_LENGTH,
    MAX_PDU_LENGTH,
)
from leadglass.wire.pdu import (
    ABORT,
    ASSOCIATE_AC,
    ASSOCIATE_RQ,
    P_DATA_TF,
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    DataTransfer,
    Pdu,
    ProposedContext,
    ReleaseReply,
    ReleaseRequest,
)
from leadglass.wire.pdu_codec import PDU_HEADER, PDV_HEADER, decode_pdu
from leadglass.wire.upper_layer import UNRECOGNIZED_PDU, Role, State, UpperLayer

__all__ = ["Association", "Event", "Message"]

Event = AssociateRequest | AssociateAccept | AssociateReject | Message | ReleaseRequest | ReleaseReply | Abort

_RECEIVES_DATA = (State.STA6, State.STA7)
_OVER = (State.STA1, State.STA13)
_unpack_pdu, _unpack_value = PDU_HEADER.unpack_from, PDV_HEADER.unpack_from
_NOTHING = DataTransfer(values=())


class Association:
    """The upper layer and its messages together.

    `receive` takes bytes, `events` gives what they mean, `send` and `send_message` give bytes to send. After a
    PeerError the association is over: send its `reply`, then close. `skip_data_sets` passes over the data sets of
    messages without keeping a byte of them.
    """

    def __init__(self, role: Role, *, skip_data_sets: bool = False) -> None:
        """The transport connection is open."""
        self.upper = UpperLayer(role)
        self._assembly = Assembly(skip_data_sets=skip_data_sets)
        self.peer_max_pdu_length = 0
        self._proposed: dict[int, ProposedContext] = {}
        self.contexts: dict[int, tuple[str, str]] = {}
        """Accepted contexts: id to abstract syntax and transfer syntax."""
        self._chunks: list[bytes] = []
        self._held = 0
        self._needed = PDU_HEADER.size
        self._buffer = b""
        self._at = 0
        self._values_end = 0
        self._lost = False

    @property
    def finished(self) -> bool:
        """Whether the transport connection is to be closed."""
        return self.upper.finished

    @property
    def skip_data_sets(self) -> bool:
        """Whether data sets are passed over; a message keeps to what held when it began."""
        return self._assembly.skip_data_sets

    @skip_data_sets.setter
    def skip_data_sets(self, skip: bool) -> None:
        self._assembly.skip_data_sets = skip

    def send(self, event: Pdu) -> bytes:
        """`event` as bytes to send. Raises LocalError where it is not allowed now."""
        if isinstance(event, DataTransfer):
            raise LocalError("data is sent as messages")
        data = self.upper.send(event)
        if isinstance(event, AssociateRequest):
            self._proposed = {context.id: context for context in event.contexts}
        elif isinstance(event, AssociateAccept):
            self._settle(event)
        return data

    def send_message(self, context_id: int, command: Command, data: bytes | None = None) -> bytes:
        """One message as P-DATA-TFs that fit the peer. Raises LocalError without an accepted context."""
        if context_id not in self.contexts:
            raise LocalError(f"presentation context {context_id} was not accepted")
        if command.has_data_set != (data is not None):
            raise LocalError("a data set and a command that does not announce it, or the other way round")
        self.upper.send(_NOTHING)
        limit = self.peer_max_pdu_length
        encoded = fragment(context_id, encode_command(command), limit, is_command=True)
        return encoded if data is None else encoded + fragment(context_id, data, limit, is_command=False)

    def receive(self, data: bytes) -> None:
        """Takes bytes from the peer; `events` says what they mean."""
        if not self._lost:
            self._chunks.append(data)
            self._held += len(data)

    def closed(self) -> None:
        """The transport connection ended. Raises PeerError where it ended inside a PDU or a message."""
        inside = bool(self._held) or self._assembly.begun
        over = self.upper.state in _OVER
        self.upper.transport_closed()
        if inside and not over:
            raise PeerError("the connection ended inside a message")

    def events(self) -> Iterator[Event]:
        """What the bytes received so far mean. Raises PeerError; what came before it has been given by then.

        Who stops in the middle misses nothing: the next call goes on where this one stopped.
        """
        upper = self.upper
        while True:
            if upper.state in _RECEIVES_DATA:
                message = self._data()
                if message is not None:
                    yield message
                    continue
            elif self._at < self._values_end:  # we aborted meanwhile
                self._at = self._values_end
            if self._held < self._needed or upper.state is State.STA1:
                return
            event = self._pdu()
            if event is not None:
                yield event

    def _pdu(self) -> Event | None:
        """The next PDU; None where it is not whole yet, or where it is a P-DATA-TF, which `_data` takes."""
        if self._chunks:
            self._join()
        kind, length = _unpack_pdu(self._buffer, self._at)
        if kind != P_DATA_TF or length > MAX_PDU_LENGTH:
            self._check(kind, length)
        size = length + 6
        if self._held < size:
            self._needed = size
            return None
        self._needed = 6
        if kind == P_DATA_TF and self.upper.state in _RECEIVES_DATA:
            return None
        self._held -= size
        start = self._at + 6
        self._at = self._values_end = start + length
        return self._control(kind, self._buffer[start : self._at])

    def _join(self) -> None:
        """Makes one buffer of what is held; without this a peer that drips would make us copy for ever."""
        if self._chunks:
            rest = self._buffer[self._at :] if self._at < len(self._buffer) else b""
            if rest or len(self._chunks) > 1:
                self._chunks.insert(0, rest)
                self._buffer = b"".join(self._chunks)
            else:
                self._buffer = self._chunks[0]
            self._at = self._values_end = 0
            self._chunks = []

    def _check(self, kind: int, length: int) -> None:
        """Refuses a type or a length before anything of the PDU is waited for; nothing after it can be framed."""
        limit = MAX_ASSOCIATE_LENGTH if kind in (ASSOCIATE_RQ, ASSOCIATE_AC) else 4
        if kind == P_DATA_TF:
            limit = MAX_PDU_LENGTH
        known = ASSOCIATE_RQ <= kind <= ABORT
        if known and length <= limit:
            return
        self._lost, self._held = True, 0
        if not known:
            raise self.upper.invalid(f"a PDU of unknown type {kind:02X}H", UNRECOGNIZED_PDU)
        raise self.upper.invalid(f"a PDU of type {kind:02X}H announces {length} bytes, more than {limit}")

    def _control(self, kind: int, body: bytes) -> Event | None:
        try:
            pdu = decode_pdu(kind, body)
        except PeerError as error:
            raise self.upper.invalid(str(error)) from None
        if isinstance(pdu, AssociateAccept) and self.upper.state is State.STA5:
            self._check_answer(pdu)
        if not self.upper.receive(pdu) or isinstance(pdu, DataTransfer):
            return None
        if isinstance(pdu, AssociateAccept):
            self._settle(pdu)
        elif isinstance(pdu, AssociateRequest):
            self._proposed = {context.id: context for context in pdu.contexts}
            self.peer_max_pdu_length = pdu.user_information.max_pdu_length
        return pdu

    def _check_answer(self, accept: AssociateAccept) -> None:
        ids = [context.id for context in accept.contexts]
        if len(set(ids)) != len(ids) or not set(ids) <= set(self._proposed):
            raise self.upper.invalid("an acceptance with contexts that were never proposed, or answered twice")

    def _settle(self, accept: AssociateAccept) -> None:
        """What is agreed: a context answered with a syntax that was never proposed for it is no use to anyone."""
        proposed = self._proposed
        self.contexts = {
            context.id: (proposed[context.id].abstract_syntax, context.transfer_syntax)
            for context in accept.contexts
            if context.result == 0
            and context.id in proposed
            and context.transfer_syntax in proposed[context.id].transfer_syntaxes
        }
        self._assembly.contexts = self.contexts
        if self.upper.role is Role.REQUESTOR:
            self.peer_max_pdu_length = accept.user_information.max_pdu_length

    def _data(self) -> Message | None:
        """The message that the open P-DATA-TF, and those behind it that are whole, complete; None where none is.

        Every response passes through this loop: it asks for nothing that it could hold.
        """
        buffer, at, end, take = self._buffer, self._at, self._values_end, self._assembly.take
        whole, opened, message = len(buffer), end, None
        try:
            while message is None:
                if at == end:
                    if whole - at < 6:
                        break
                    kind, length = _unpack_pdu(buffer, at)
                    if kind != P_DATA_TF or length > MAX_PDU_LENGTH or length > whole - at - 6:
                        break
                    at += 6
                    end = at + length
                if end - at < 6:
                    raise self.upper.invalid("P-DATA-TF: without a data value, or with one cut inside its header")
                length, context_id, control = _unpack_value(buffer, at)
                stop = at + 4 + length
                if length < 2 or stop > end:
                    raise self.upper.invalid("P-DATA-TF: a data value whose length lies")
                start, at = at + 6, stop
                try:
                    message = take(context_id, buffer[start:stop], control & 1, control & 2)
                except PeerError as error:
                    raise self.upper.invalid(str(error)) from None
        finally:
            self._at, self._values_end = at, end
            self._held -= end - opened
        return message
