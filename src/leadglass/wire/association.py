"""One association without I/O: bytes in, events out; events in, bytes out; both roles.

Data values are put together into messages on the way, by one path that is written for speed: tens of thousands of
C-FIND responses pass through it, most of which share one command set byte for byte.
"""

from collections.abc import Iterator

import msgspec

from leadglass.wire.commands import Command, decode_command, encode_command
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.fragments import fragment
from leadglass.wire.limits import (
    MAX_ASSOCIATE_LENGTH,
    MAX_COMMAND_LENGTH,
    MAX_DATA_SET_LENGTH,
    MAX_FRAGMENTS,
    MAX_PDU_LENGTH,
    MAX_SKIPPED_LENGTH,
)
from leadglass.wire.pdu import (
    ASSOCIATE_AC,
    ASSOCIATE_RQ,
    P_DATA_TF,
    Abort,
    AssociateAccept,
    AssociateReject,
    AssociateRequest,
    DataTransfer,
    Pdu,
    ReleaseReply,
    ReleaseRequest,
)
from leadglass.wire.pdu_codec import PDU_HEADER, PDV_HEADER, decode_pdu
from leadglass.wire.upper_layer import Role, State, UpperLayer


class Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One DIMSE message (PS3.7 6.3). `data` is b"" where there is no data set, or where it was skipped."""

    context_id: int
    command: Command
    data: bytes = b""


Event = AssociateRequest | AssociateAccept | AssociateReject | Message | ReleaseRequest | ReleaseReply | Abort

_RECEIVES_DATA = (State.STA6, State.STA7)
_NOTHING = DataTransfer(values=())
_WHOLE_DATA_SET, _WHOLE_COMMAND = 2, 3  # PS3.8 E.2: message control headers


class Association:
    """The upper layer and its messages together.

    `receive` takes bytes, `events` gives what they mean, `send` and `send_message` give bytes to send. After a
    PeerError the association is over: send its `reply`, then close. `skip_data_sets` passes over the data sets of
    messages without keeping a byte of them.
    """

    def __init__(self, role: Role, *, skip_data_sets: bool = False) -> None:
        """The transport connection is open."""
        self.upper = UpperLayer(role)
        self.skip_data_sets = skip_data_sets
        self.peer_max_pdu_length = 0
        self._proposed: dict[int, str] = {}
        self.contexts: dict[int, tuple[str, str]] = {}
        """Accepted contexts: id to abstract syntax and transfer syntax."""
        self._chunks: list[bytes] = []
        self._held = 0
        self._needed = PDU_HEADER.size
        self._buffer = b""
        self._at = 0
        self._context_id = 0
        self._command: Command | None = None
        self._parts: list[bytes] = []
        self._length = 0
        self._fragments = 0
        self._last_command = b""
        self._last_decoded: Command | None = None
        self._announcing: bytes | None = None

    @property
    def finished(self) -> bool:
        """Whether the transport connection is to be closed."""
        return self.upper.finished

    def send(self, event: Pdu) -> bytes:
        """`event` as bytes to send. Raises LocalError where it is not allowed now."""
        if isinstance(event, DataTransfer):
            raise LocalError("data is sent as messages")
        data = self.upper.send(event)
        if isinstance(event, AssociateRequest):
            self._proposed = {context.id: context.abstract_syntax for context in event.contexts}
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
        self._chunks.append(data)
        self._held += len(data)

    def closed(self) -> None:
        """The transport connection ended. Raises PeerError where it ended inside a PDU or a message."""
        inside = bool(self._held) or self._command is not None or bool(self._parts)
        self.upper.transport_closed()
        if inside:
            raise PeerError("the connection ended inside a message")

    def events(self) -> Iterator[Event]:
        """What the bytes received so far mean. Raises PeerError; what came before it has been given by then."""
        while self._held >= self._needed:
            if self._chunks:
                self._join()
            kind, length = PDU_HEADER.unpack_from(self._buffer, self._at)
            self._check(kind, length)
            if self._held < PDU_HEADER.size + length:
                self._needed = PDU_HEADER.size + length
                return
            self._needed = PDU_HEADER.size
            if kind == P_DATA_TF and self.upper.state in _RECEIVES_DATA:
                yield from self._messages()
                continue
            start = self._at + PDU_HEADER.size
            self._at = start + length
            self._held -= PDU_HEADER.size + length
            event = self._control(kind, self._buffer[start : self._at])
            if event is not None:
                yield event

    def _join(self) -> None:
        """Makes one buffer of what is held, once enough is held to be of use: a peer may drip."""
        rest = self._buffer[self._at :] if self._at < len(self._buffer) else b""
        if rest or len(self._chunks) > 1:
            self._chunks.insert(0, rest)
            self._buffer = b"".join(self._chunks)
        else:
            self._buffer = self._chunks[0]
        self._at = 0
        self._chunks = []

    def _check(self, kind: int, length: int) -> None:
        """Refuses a length before anything of it is waited for."""
        if kind == P_DATA_TF:
            limit = MAX_PDU_LENGTH
        elif kind in (ASSOCIATE_RQ, ASSOCIATE_AC):
            limit = MAX_ASSOCIATE_LENGTH
        else:
            limit = 4
        if length > limit:
            raise self.upper.invalid(f"a PDU of type {kind:02X}H announces {length} bytes, more than {limit}")
        if not 1 <= kind <= 7:
            raise self.upper.invalid(f"a PDU of unknown type {kind:02X}H")

    def _control(self, kind: int, body: bytes) -> Event | None:
        try:
            pdu = decode_pdu(kind, body)
        except PeerError as error:
            raise self.upper.invalid(str(error)) from None
        if isinstance(pdu, AssociateAccept):
            self._check_answer(pdu)
        if not self.upper.receive(pdu) or isinstance(pdu, DataTransfer):
            return None
        if isinstance(pdu, AssociateAccept):
            self._settle(pdu)
        elif isinstance(pdu, AssociateRequest):
            self._proposed = {context.id: context.abstract_syntax for context in pdu.contexts}
            self.peer_max_pdu_length = pdu.user_information.max_pdu_length
        return pdu

    def _check_answer(self, accept: AssociateAccept) -> None:
        ids = [context.id for context in accept.contexts]
        if len(set(ids)) != len(ids) or not set(ids) <= set(self._proposed):
            raise self.upper.invalid("an acceptance with contexts that were never proposed, or answered twice")

    def _settle(self, accept: AssociateAccept) -> None:
        self.contexts = {
            context.id: (self._proposed[context.id], context.transfer_syntax)
            for context in accept.contexts
            if context.result == 0 and context.id in self._proposed
        }
        if self.upper.role is Role.REQUESTOR:
            self.peer_max_pdu_length = accept.user_information.max_pdu_length

    def _messages(self) -> Iterator[Message]:
        """The messages that the P-DATA-TFs at hand complete: the first is whole, and others may follow in the buffer.

        Written for speed: a counted archive passes through here, a C-FIND response at a time.
        """
        buffer, size, skip = self._buffer, len(self._buffer), self.skip_data_sets
        unpack_pdu, unpack_value = PDU_HEADER.unpack_from, PDV_HEADER.unpack_from
        while self._at <= size - 6 and self.upper.state in _RECEIVES_DATA:
            kind, length = unpack_pdu(buffer, self._at)
            at = self._at + 6
            end = at + length
            if kind != P_DATA_TF or length > MAX_PDU_LENGTH or end > size:
                return
            self._at = end
            self._held -= 6 + length
            if not length:
                raise self.upper.invalid("P-DATA-TF: without a data value")
            while at < end:
                if end - at < 6:
                    raise self.upper.invalid("P-DATA-TF: a data value cut inside its header")
                length, context_id, control = unpack_value(buffer, at)
                stop = at + 4 + length
                if length < 2 or stop > end:
                    raise self.upper.invalid("P-DATA-TF: a data value whose length lies")
                data = buffer[at + 6 : stop]
                at = stop
                if context_id != self._context_id:
                    self._switch(context_id)
                # Nearly every value is a whole data set, or a whole command set like the last: no call for these.
                command = self._command
                if command is None and data == self._announcing and control == _WHOLE_COMMAND and not self._parts:
                    self._command = self._last_decoded
                elif control == _WHOLE_DATA_SET and command is not None and not self._parts and not skip:
                    self._command = None
                    yield Message(context_id=context_id, command=command, data=data)
                else:
                    message = self._take(data, control & 1, control & 2)
                    if message is not None:
                        yield message

    def _switch(self, context_id: int) -> None:
        if self._parts or self._command is not None:
            raise self.upper.invalid("a data value of another context inside a message")
        if context_id not in self.contexts:
            raise self.upper.invalid("a data value in a context that was not accepted")
        self._context_id = context_id

    def _take(self, data: bytes, is_command: int, is_last: int) -> Message | None:
        """One fragment; the message, where it completes one."""
        command = self._command
        if (command is None) != bool(is_command):
            raise self.upper.invalid("a data set without its command, or a command inside a message")
        if not is_last:
            self._hold(data, MAX_COMMAND_LENGTH if is_command else self._limit)
            return None
        if self._parts:
            self._hold(data, MAX_COMMAND_LENGTH if is_command else self._limit)
            data = b"".join(self._parts)
            self._forget()
        elif not is_command and len(data) + self._length > self._limit:
            raise self.upper.invalid("a data set that is too long")
        if command is not None:
            self._command = None
            self._forget()
            return Message(context_id=self._context_id, command=command, data=b"" if self.skip_data_sets else data)
        command = self._decode(data)
        if command.has_data_set:
            self._command = command
            return None
        return Message(context_id=self._context_id, command=command)

    @property
    def _limit(self) -> int:
        return MAX_SKIPPED_LENGTH if self.skip_data_sets else MAX_DATA_SET_LENGTH

    def _hold(self, data: bytes, limit: int) -> None:
        self._length += len(data)
        self._fragments += 1
        if self._length > limit or self._fragments > MAX_FRAGMENTS:
            raise self.upper.invalid("a message that is too long or in too many fragments")
        self._parts.append(b"" if self.skip_data_sets and self._command is not None else data)

    def _forget(self) -> None:
        if self._parts or self._length:
            self._parts = []
            self._length = self._fragments = 0

    def _decode(self, data: bytes) -> Command:
        """The command in `data`; the responses to one request mostly carry the same bytes, so the last is kept."""
        if data == self._last_command and self._last_decoded is not None:
            return self._last_decoded
        if len(data) > MAX_COMMAND_LENGTH:
            raise self.upper.invalid("a command set that is too long")
        try:
            command = decode_command(data)
        except PeerError as error:
            raise self.upper.invalid(str(error)) from None
        self._last_command, self._last_decoded = data, command
        self._announcing = data if command.has_data_set else None
        return command
