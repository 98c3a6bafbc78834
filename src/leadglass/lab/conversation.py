"""One caller is answered on one connection: every request by its door, and a cancel heard between two batches."""

import asyncio
from collections import deque

from leadglass.lab.answers import QueryError
from leadglass.lab.negotiation import door, negotiate
from leadglass.lab.posture import Door, Posture
from leadglass.lab.service import Service
from leadglass.model.words import Step
from leadglass.net.listener import IDLE_S, read_or_end
from leadglass.net.stream import Stream
from leadglass.wire.association import Association, Event, Message
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort, AssociateRequest, ReleaseReply, ReleaseRequest
from leadglass.wire.uids import EXPLICIT_VR_LITTLE_ENDIAN
from leadglass.wire.upper_layer import Role

# PS3.7 C: not authorized, no such operation; PS3.4 C.4.1.1.4, C.4.3.1.4: cannot understand, failed, cancelled.
_NOT_AUTHORIZED, _UNRECOGNIZED, _CANNOT_UNDERSTAND, _ALL_FAILED, _CANCELLED = 0x0124, 0x0211, 0xC000, 0xA702, 0xFE00


class Conversation:
    """One connection from its first byte to its end."""

    def __init__(self, stream: Stream, service: Service, posture: Posture) -> None:
        """The connection is open."""
        self._stream = stream
        self._service = service
        self._posture = posture
        self._association = Association(Role.ACCEPTOR)
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Event] = deque()
        self._over = False

    async def run(self) -> None:
        """Answers until one side ends it. Raises StepFailed where the caller stops reading."""
        while not self._over:
            while self._waiting and not self._over:
                await self._answer(self._waiting.popleft())
            if not self._over:
                await self._receive()

    async def _receive(self) -> None:
        """Waits for bytes, and queues what they mean."""
        data = await read_or_end(self._stream, self._loop)
        if not data:
            self._over = True
            return
        self._association.receive(data)
        try:
            self._waiting.extend(self._association.events())
        except PeerError as error:
            self._stream.write(error.reply)
            self._over = True
        self._over = self._over or (self._association.finished and not self._waiting)

    async def _answer(self, event: Event) -> None:
        try:
            if isinstance(event, Message):
                await self._answer_message(event)
            elif isinstance(event, AssociateRequest):
                reply = negotiate(self._posture, event)
                self._stream.write(self._association.send(reply))
            elif isinstance(event, ReleaseRequest):
                # The caller closes the connection (PS3.8 9.2, AR-3), so we go on reading.
                self._stream.write(self._association.send(ReleaseReply()))
            else:
                self._over = True
        except LocalError:  # it announced what no answer fits into, or asked out of turn
            self._abort()

    async def _answer_message(self, message: Message) -> None:
        command = message.command
        if command.field.is_response or command.field is CommandField.C_CANCEL_RQ:
            return
        sop_class, syntax = self._association.contexts[message.context_id]
        if command.field is CommandField.C_ECHO_RQ:
            self._reply(message, 0)
        elif door(self._posture, sop_class) is Door.ABORTED:
            self._abort()
        elif door(self._posture, sop_class) is Door.REFUSED:
            self._reply(message, _NOT_AUTHORIZED)
        elif command.field is CommandField.C_FIND_RQ:
            await self._find(message, sop_class, explicit=syntax == EXPLICIT_VR_LITTLE_ENDIAN)
        elif command.field is CommandField.C_GET_RQ:
            self._get(message, sop_class, explicit=syntax == EXPLICIT_VR_LITTLE_ENDIAN)
        else:
            self._reply(message, _UNRECOGNIZED)

    async def _find(self, message: Message, sop_class_uid: str, *, explicit: bool) -> None:
        limit = self._association.peer_max_pdu_length
        try:
            rendering = self._service.responses(message, sop_class_uid, explicit=explicit, max_pdu_length=limit)
        except (QueryError, PeerError) as error:
            self._reply(message, error.status if isinstance(error, QueryError) else _CANNOT_UNDERSTAND)
            return
        index = 0
        while batch := rendering.batch(index):
            self._stream.write(batch)
            index += 1
            await asyncio.sleep(0)  # others are answered, and this caller may have said something
            await self._stream.drain(self._loop.time() + IDLE_S, Step.QUERY)
            if self._stream.has_input:
                await self._receive()
                if self._over or self._ended():
                    return
                if self._cancelled(message.command.message_id):
                    self._reply(message, _CANCELLED)
                    return
        self._reply(message, 0)

    def _ended(self) -> bool:
        """Whether the caller left instead of waiting: then its other messages mean nothing."""
        return any(isinstance(event, Abort | ReleaseRequest) for event in self._waiting)

    def _cancelled(self, message_id: int | None) -> bool:
        return any(
            isinstance(event, Message)
            and event.command.field is CommandField.C_CANCEL_RQ
            and event.command.responded_message_id == message_id
            for event in self._waiting
        )

    def _get(self, message: Message, sop_class_uid: str, *, explicit: bool) -> None:
        """As an open server answers a caller that takes no images: each was about to be sent, and could not be."""
        try:
            count = self._service.images(message, sop_class_uid, explicit=explicit)
        except (QueryError, PeerError) as error:
            self._reply(message, error.status if isinstance(error, QueryError) else _CANNOT_UNDERSTAND)
            return
        failed = min(count, 0xFFFF)  # an unsigned short (PS3.7 E.1)
        self._reply(message, _ALL_FAILED if failed else 0, failed=failed)

    def _reply(self, message: Message, status: int, *, failed: int | None = None) -> None:
        """The final response to `message`."""
        request = message.command
        none = None if failed is None else 0
        reply = Command(
            field=request.field.reply,
            responded_message_id=request.message_id,
            affected_sop_class_uid=request.affected_sop_class_uid or request.requested_sop_class_uid,
            status=status,
            completed=none,
            failed=failed,
            warning=none,
        )
        self._stream.write(self._association.send_message(message.context_id, reply))

    def _abort(self) -> None:
        self._over = True
        try:
            self._stream.write(self._association.send(Abort()))
        except LocalError:  # not in every state: then the connection just ends
            return
