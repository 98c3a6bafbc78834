"""An established association with one question at a time: echo, find, get; every wait bounded, released properly."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Never

from leadglass.model.words import Status, Step
from leadglass.net.ends import PROVIDER, FindEnd, GetEnd, ProviderAborted
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.stream import Stream
from leadglass.wire.association import Association, Event, Message
from leadglass.wire.commands import Command, CommandField, Priority
from leadglass.wire.elements import DataSet, encode
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort, AssociateAccept, ReleaseReply, ReleaseRequest
from leadglass.wire.uids import EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN, VERIFICATION

QUERY_SYNTAXES = (EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN)
MAX_AFTER_CANCEL_S = 3.0  # real servers were seen to send about 200 responses more; then we abort
RELEASE_S = 3.0
_MESSAGE_ID = 1  # one request at a time, one number does


class Dialogue:
    """An established association with one question at a time."""

    def __init__(self, host: Host, stream: Stream, association: Association, accept: AssociateAccept) -> None:
        """Made by `associate`."""
        self._host = host
        self._stream = stream
        self._association = association
        self.accept = accept
        self.alive = True

    def context(self, sop_class_uid: str) -> tuple[int, bool] | None:
        """Id of the accepted context of a SOP class, and whether its syntax is Explicit VR; None where refused."""
        for number, (abstract, transfer) in self._association.contexts.items():
            if abstract == sop_class_uid and transfer in QUERY_SYNTAXES:
                return number, transfer == EXPLICIT_VR_LITTLE_ENDIAN
        return None

    async def echo(self) -> int:
        """The status of a C-ECHO (PS3.7 9.1.5). Raises StepFailed."""
        command = Command(field=CommandField.C_ECHO_RQ, message_id=_MESSAGE_ID, affected_sop_class_uid=VERIFICATION)
        self._send(self._accepted(VERIFICATION)[0], command)
        started = self._host.clock()
        try:
            message = await self._reply(CommandField.C_ECHO_RSP, Step.ECHO, self._host.deadline())
        finally:
            self._host.meter.busy_s += self._host.clock() - started
        return message.command.status or 0

    async def find(self, sop_class_uid: str, identifier: DataSet, take: Callable[[bytes], bool]) -> FindEnd:
        """Asks `identifier`; `take` gets each pending response's data set and says whether to go on.

        When it says no, or the budget ends, the question is cancelled, and aborted where the cancel is not obeyed.
        Every record received is counted, those after a cancel too. Never raises for what the peer does.
        """
        number, explicit = self._accepted(sop_class_uid)
        meter, before, started = self._host.meter, self._host.meter.records, self._host.clock()
        try:
            meter.check_query(Step.QUERY)
        except StepFailed as failure:  # nothing was asked: the association is as it was
            return FindEnd(status=failure.status, records=0, detail=failure.detail)
        self._send(number, _request(CommandField.C_FIND_RQ, sop_class_uid), encode(identifier, explicit=explicit))
        finding, final, ended = _Finding(self, number, take), None, None
        try:
            final = await finding.run()
        except StepFailed as failure:
            self.abort()
            ended = failure
        finally:
            meter.busy_s += self._host.clock() - started
        ended = finding.spent or ended
        return FindEnd(
            status=Status.SUCCESS if ended is None else ended.status,
            records=meter.records - before,
            dimse_status=final,
            cancelled=finding.cancelled,
            detail="" if ended is None else ended.detail,
            by_provider=isinstance(ended, ProviderAborted),
        )

    async def get(self, sop_class_uid: str, identifier: DataSet) -> GetEnd:
        """The empty-handed C-GET: no data set of a reply is kept, and it stops at the first pending one.

        Never raises for what the peer does.
        """
        number, explicit = self._accepted(sop_class_uid)
        self._association.skip_data_sets = True
        started = self._host.clock()
        end = started + self._host.meter.busy_left_s
        try:
            self._host.meter.check(Step.RETRIEVE)
            self._send(number, _request(CommandField.C_GET_RQ, sop_class_uid), encode(identifier, explicit=explicit))
            deadline = min(self._host.deadline(), end)
            reply = (await self._reply(CommandField.C_GET_RSP, Step.RETRIEVE, deadline)).command
            if reply.is_pending:
                await self._cancel_get(number, end)
        except StepFailed as failure:
            self.abort()
            late = failure.status is Status.IO_TIMEOUT and self._host.clock() >= end
            ended = self._host.meter.out_of_time(Step.RETRIEVE) if late else failure
            by_provider = isinstance(failure, ProviderAborted)
            return GetEnd(status=ended.status, detail=ended.detail, by_provider=by_provider)
        finally:
            self._host.meter.busy_s += self._host.clock() - started
        return GetEnd(status=Status.SUCCESS, dimse_status=reply.status, sub_operations=reply.sub_operations)

    async def release(self) -> None:
        """A-RELEASE, then the end of the connection; A-ABORT where the peer does not take part."""
        if not self.alive:
            return
        self.alive = False
        deadline = self._host.clock() + min(RELEASE_S, self._host.timing.reply_s)
        try:
            self._stream.write(self._association.send(ReleaseRequest()))
            data = await self._stream.read(deadline, Step.RELEASE)
            while data:
                self._association.receive(data)
                for event in self._association.events():
                    if isinstance(event, ReleaseRequest):  # the release collision, PS3.8 9.2.3
                        self._stream.write(self._association.send(ReleaseReply()))
                over = self._association.finished or self._host.clock() >= deadline
                data = b"" if over else await self._stream.read(deadline, Step.RELEASE)
            self._stream.close()
        except (StepFailed, PeerError, LocalError):
            self.abort()

    def abort(self) -> None:
        """A-ABORT where one may be sent, then the end of the connection."""
        self.alive = False
        with suppress(LocalError):  # not in every state (PS3.8 Table 9-10): then the connection just ends
            self._stream.write(self._association.send(Abort()))
        self._stream.close()

    def _accepted(self, sop_class_uid: str) -> tuple[int, bool]:
        found = self.context(sop_class_uid)
        if found is None:
            raise StepFailed(Status.REJECTED, Step.QUERY, "the presentation context was not accepted")
        return found

    def _send(self, number: int, command: Command, data: bytes | None = None) -> None:
        try:
            self._stream.write(self._association.send_message(number, command, data))
        except LocalError as error:
            raise StepFailed(Status.PROTOCOL_ERROR, Step.QUERY, str(error)) from None

    async def _cancel_get(self, number: int, end: float) -> None:
        """Ends a C-GET whose first reply said enough; what the peer still sends is passed over, within bounds."""
        self._send(number, _cancel())
        deadline = min(self._host.clock() + MAX_AFTER_CANCEL_S, end)
        try:
            while (await self._reply(CommandField.C_GET_RSP, Step.RETRIEVE, deadline)).command.is_pending:
                pass
        except StepFailed:
            self.abort()

    async def _reply(self, field: CommandField, step: Step, deadline: float) -> Message:
        while True:
            for message in self.batch(field, step):
                return message
            await self.more(step, deadline)

    def batch(self, field: CommandField, step: Step) -> Iterator[Message]:
        """The replies that have already come. Raises StepFailed for anything else."""
        known: Command | None = None  # replies that carry the same bytes share one command: it is looked at once
        try:
            for event in self._association.events():
                if type(event) is not Message:
                    self._refuse(event, step)
                elif event.command is not known:
                    known = event.command
                    if known.field is not field or known.responded_message_id != _MESSAGE_ID:
                        self._refuse(event, step)
                yield event
        except PeerError as error:
            self._stream.write(error.reply)
            self.alive = False
            self._stream.close()
            raise StepFailed(Status.PROTOCOL_ERROR, step, f"it broke the protocol: {error}") from None

    async def more(self, step: Step, deadline: float) -> None:
        """Waits for more bytes. Raises StepFailed where none come in time, or where a stream of them has no end."""
        if self._host.clock() >= deadline:
            raise StepFailed(Status.IO_TIMEOUT, step, "it was still sending when its time was up")
        data = await self._stream.read(deadline, step)
        if not data:
            self.alive = False
            self._stream.close()
            raise StepFailed(Status.CONNECTION_CLOSED, step, "it closed the connection instead of answering")
        self._association.receive(data)

    def _refuse(self, event: Event, step: Step) -> Never:
        self.alive = False
        if isinstance(event, Abort):
            self._stream.close()
            if event.source == PROVIDER:
                raise ProviderAborted(step)
            raise StepFailed(Status.ABORTED, step, "it aborted the association")
        if isinstance(event, ReleaseRequest):
            self._stream.write(self._association.send(ReleaseReply()))
            self._stream.close()
            raise StepFailed(Status.CONNECTION_CLOSED, step, "it released the association instead of answering")
        self.abort()
        raise StepFailed(Status.PROTOCOL_ERROR, step, "it sent a message that answers nothing we asked")


class _Finding:
    """One C-FIND being answered: counts, stops at the budget, cancels."""

    def __init__(self, dialogue: Dialogue, number: int, take: Callable[[bytes], bool]) -> None:
        self._dialogue = dialogue
        self._number = number
        self._take = take
        self.cancelled = False
        self.spent: StepFailed | None = None
        """The budget that ended the question, where one did."""

    async def run(self) -> int | None:
        """The final status. Raises StepFailed."""
        dialogue, host = self._dialogue, self._dialogue._host
        meter, clock = host.meter, host.clock
        limit, end = meter.budget.max_records, clock() + meter.busy_left_s
        pending: Command | None = None
        seen, answer_by = meter.records, host.deadline()
        while True:
            for message in dialogue.batch(CommandField.C_FIND_RSP, Step.QUERY):
                if message.command is not pending:
                    if not message.command.is_pending:
                        self._last(message)
                        return message.command.status
                    pending = message.command
                meter.records += 1
                go_on = self._taken(message.data)
                if (not go_on or meter.records >= limit) and not self.cancelled:
                    if go_on:
                        self.spent = meter.out_of_records(Step.QUERY)
                    self._cancel()
                    end = min(end, clock() + MAX_AFTER_CANCEL_S)
            if meter.records > seen:  # bytes that complete no record put the deadline off by nothing
                seen, answer_by = meter.records, host.deadline()
            if clock() >= end:
                raise self._late()
            try:
                await dialogue.more(Step.QUERY, min(answer_by, end))
            except StepFailed as failure:
                raise self._late() if failure.status is Status.IO_TIMEOUT and clock() >= end else failure from None

    def _last(self, message: Message) -> None:
        """A last reply has no data set (PS3.7 9.1.2.1); some servers send their last record with it all the same."""
        if message.data and message.command.status == 0:
            self._dialogue._host.meter.records += 1
            self._taken(message.data)

    def _late(self) -> StepFailed:
        """What ended the question where its time was up: our patience after a cancel, or the budget."""
        if self.cancelled:
            return StepFailed(Status.IO_TIMEOUT, Step.QUERY, "it went on answering after it was told to stop")
        self.spent = self._dialogue._host.meter.out_of_time(Step.QUERY)
        return self.spent

    def _taken(self, data: bytes) -> bool:
        try:
            return self._take(data)
        except PeerError as error:
            raise StepFailed(Status.PROTOCOL_ERROR, Step.QUERY, f"it sent a malformed record: {error}") from None

    def _cancel(self) -> None:
        self.cancelled = True
        self._dialogue._send(self._number, _cancel())


def _request(field: CommandField, sop_class_uid: str) -> Command:
    return Command(
        field=field,
        message_id=_MESSAGE_ID,
        affected_sop_class_uid=sop_class_uid,
        priority=Priority.MEDIUM,
        has_data_set=True,
    )


def _cancel() -> Command:
    return Command(field=CommandField.C_CANCEL_RQ, responded_message_id=_MESSAGE_ID)
