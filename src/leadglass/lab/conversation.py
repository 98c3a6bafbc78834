"""One caller is answered on one connection: every request by its door, and a cancel heard between two batches."""

import asyncio
from collections import deque

from leadglass.lab.asking import UNABLE_TO_PROCESS, QueryError
from leadglass.lab.cost import Cost, Spend
from leadglass.lab.handing import handed
from leadglass.lab.negotiation import OWN, door, negotiate
from leadglass.lab.population import Identity
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

# PS3.7 C: SOP class not supported, not authorized, no such operation; PS3.4 C.4.1.1.4: cancelled.
_NOT_SUPPORTED, _NOT_AUTHORIZED, _UNRECOGNIZED, _CANCELLED = 0x0122, 0x0124, 0x0211, 0xFE00
_PAUSE = 64  # answers to a retrieval between two looks for what the caller says


class Conversation:
    """One connection from its first byte to its end."""

    def __init__(
        self,
        stream: Stream,
        service: Service,
        posture: Posture,
        identity: Identity = OWN,
        *,
        spend: Spend = asyncio.sleep,
    ) -> None:
        """The connection is open; `spend` is where the server's time goes that its habits cost."""
        self._stream = stream
        self._service = service
        self._posture = posture
        self._habits = service.habits
        self._handing = service.habits.handing or service.manners.handing
        self._identity = identity
        self._spend = spend
        self._association = Association(Role.ACCEPTOR)
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Event] = deque()
        self._over = False

    def heard(self, data: bytes) -> bool:
        """Answers `data` where that takes no time; False where `run` must go on."""
        self._take(data)
        while self._waiting and not self._over and not self._habits.delay_s and self._said(self._waiting[0]):
            self._waiting.popleft()
        if self._waiting and not self._over:
            return False
        if self._over or self._association.finished:
            self._stream.close()
        return True

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
        self._take(data)

    def _take(self, data: bytes) -> None:
        """Queues what bytes mean."""
        self._association.receive(data)
        try:
            self._waiting.extend(self._association.events())
        except PeerError as error:
            self._stream.write(error.reply)
            self._over = True
        self._over = self._over or (self._association.finished and not self._waiting)

    async def _answer(self, event: Event) -> None:
        if self._habits.delay_s and isinstance(event, AssociateRequest | Message):
            await self._spend(self._habits.delay_s)
        try:
            if not self._said(event) and isinstance(event, Message):
                await self._answer_message(event)
        except LocalError:  # it announced what no answer fits into, or asked out of turn
            self._abort()

    def _said(self, event: Event) -> bool:
        """Whether an event was answered, or needs no answer: all but questions are, which take time."""
        try:
            if isinstance(event, Message):
                field = event.command.field
                if field is CommandField.C_ECHO_RQ:
                    self._reply(event, 0)
                return field.is_response or field in (CommandField.C_ECHO_RQ, CommandField.C_CANCEL_RQ)
            if isinstance(event, AssociateRequest):
                reply = negotiate(self._posture, event, self._identity, self._habits)
                self._stream.write(self._association.send(reply))
            elif isinstance(event, ReleaseRequest):
                # The caller closes the connection (PS3.8 9.2, AR-3), so we go on reading.
                self._stream.write(self._association.send(ReleaseReply()))
            else:
                self._over = True
        except LocalError:
            self._abort()
        return True

    async def _answer_message(self, message: Message) -> None:
        command = message.command
        sop_class, syntax = self._association.contexts[message.context_id]
        explicit = syntax == EXPLICIT_VR_LITTLE_ENDIAN
        way = door(self._posture, sop_class, self._habits)
        if way is Door.ABORTED:
            self._abort()
        elif way is Door.REFUSED:
            self._reply(message, _NOT_AUTHORIZED)
        elif way is Door.ABSENT:  # accepted, as everything is
            self._reply(message, _NOT_SUPPORTED)
        elif command.field is CommandField.C_FIND_RQ:
            await self._find(message, sop_class, explicit=explicit)
        elif command.field is CommandField.C_GET_RQ:
            await self._get(message, sop_class, explicit=explicit)
        else:
            self._reply(message, _UNRECOGNIZED)

    async def _find(self, message: Message, sop_class_uid: str, *, explicit: bool) -> None:
        cost = Cost(self._habits, self._service.archive.spec.studies, self._spend)
        limit = self._association.peer_max_pdu_length
        try:
            rendering = self._service.responses(message, sop_class_uid, explicit=explicit, max_pdu_length=limit)
        except (QueryError, PeerError) as error:
            if isinstance(error, QueryError) and error.looked:
                await cost.search()
            self._fail(message, error)
            return
        await cost.before(rendering.matches)
        if await self._told_to_stop(message):
            return
        index = 0
        while batch := rendering.batch(index):
            await cost.along(rendering.records(index))
            self._stream.write(batch)
            index += 1
            if await self._interrupted(message):
                return
        if rendering.ending is None:
            self._over = True
            return
        await cost.after()
        self._reply(message, rendering.ending)

    async def _get(self, message: Message, sop_class_uid: str, *, explicit: bool) -> None:
        """As an open server answers a caller that takes no images."""
        try:
            count = self._service.images(message, sop_class_uid, explicit=explicit)
        except (QueryError, PeerError) as error:
            self._fail(message, error)
            return
        for number, (status, remaining, failed) in enumerate(handed(count, self._handing), 1):
            self._reply(message, status, failed=failed, remaining=remaining)
            if number % _PAUSE == 0 and await self._interrupted(message):
                return

    async def _interrupted(self, message: Message) -> bool:
        """Lets others be answered; whether this caller left meanwhile, or cancelled and was told so."""
        await asyncio.sleep(0)
        await self._stream.drain(self._loop.time() + IDLE_S, Step.QUERY)
        return await self._told_to_stop(message)

    async def _told_to_stop(self, message: Message) -> bool:
        """As `_interrupted`, without a pause; a cancel may have come in one packet with its question."""
        if self._stream.has_input:
            await self._receive()
        if self._over or self._ended():
            return True
        cancelled = self._cancelled(message.command.message_id)
        if cancelled:
            self._reply(message, _CANCELLED)
        return cancelled

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

    def _fail(self, message: Message, error: QueryError | PeerError) -> None:
        """The answer to a question that gets no record."""
        status = error.status if isinstance(error, QueryError) else UNABLE_TO_PROCESS
        if status is None:
            self._abort()
        else:
            self._reply(message, status)

    def _reply(self, message: Message, status: int, *, failed: int | None = None, remaining: int | None = None) -> None:
        """One response to `message` that holds no record; `failed` and `remaining` are sub-operations."""
        request = message.command
        none = None if failed is None else 0
        reply = Command(
            field=request.field.reply,
            responded_message_id=request.message_id,
            affected_sop_class_uid=request.affected_sop_class_uid or request.requested_sop_class_uid,
            status=status,
            remaining=remaining,
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
