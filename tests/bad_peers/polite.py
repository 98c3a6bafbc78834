"""A small open archive of one image that answers everything properly: a hostile server overrides one step of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from leadglass.wire import tags
from leadglass.wire.association import Association, Event, Message
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.elements import DataSet, decode, encode, text
from leadglass.wire.pdu import (
    Abort,
    AssociateAccept,
    AssociateRequest,
    ContextResult,
    ReleaseReply,
    ReleaseRequest,
)
from leadglass.wire.uids import EXPLICIT_VR_LITTLE_ENDIAN
from leadglass.wire.upper_layer import Role
from leadglass.wire.user_information import UserInformation

UIDS = {tags.STUDY_INSTANCE_UID: "1.2.3", tags.SERIES_INSTANCE_UID: "1.2.3.4", tags.SOP_INSTANCE_UID: "1.2.3.4.5"}
PENDING = 0xFF00


class Gone(Exception):  # noqa: N818 - a caller that leaves is no error
    """The caller ended the connection."""


class Caller:
    """One caller: its bytes as events, and ours as bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connected."""
        self.reader, self.writer = reader, writer
        self.association = Association(Role.ACCEPTOR)

    async def event(self) -> Event:
        """What the caller sends next."""
        while True:
            for event in self.association.events():
                return event
            data = await self.reader.read(65536)
            if not data:
                raise Gone
            self.association.receive(data)

    def send(self, data: bytes) -> None:
        """Any bytes."""
        self.writer.write(data)

    async def gone(self) -> None:
        """Answers nothing more until the caller is gone."""
        while await self.reader.read(65536):
            pass
        raise Gone

    def close(self) -> None:
        """The end of the connection, where a script wants it."""
        self.writer.close()
        raise Gone

    def abort(self) -> None:
        """A-ABORT, and the end."""
        self.send(self.association.send(Abort()))
        self.close()

    def response(self, message: Message, status: int, data: bytes | None = None, **fields: int) -> bytes:
        """The bytes of one response; `context_id` and `responded_message_id` may lie."""
        context = fields.pop("context_id", message.context_id)
        answered = fields.pop("responded_message_id", message.command.message_id or 0)
        command = Command(
            field=message.command.field.reply,
            responded_message_id=answered,
            affected_sop_class_uid=message.command.affected_sop_class_uid,
            status=status,
            has_data_set=data is not None,
            **fields,  # type: ignore[arg-type]  # the numbers of sub-operations
        )
        return self.association.send_message(context, command, data)

    def explicit(self, message: Message) -> bool:
        """Whether the context of a message is in Explicit VR."""
        return self.association.contexts[message.context_id][1] == EXPLICIT_VR_LITTLE_ENDIAN


class Polite:
    """Answers as it should; every step is a method of its own."""

    version_name: str | None = "POLITE"

    async def serve(self, caller: Caller) -> None:
        """One connection."""
        await self.connected(caller)
        request = await caller.event()
        if not isinstance(request, AssociateRequest):
            raise Gone
        await self.requested(caller, request)
        while True:
            event = await caller.event()
            if isinstance(event, ReleaseRequest):
                await self.released(caller)
                raise Gone
            if isinstance(event, Message):
                await self.asked(caller, event)
            else:
                raise Gone

    async def connected(self, caller: Caller) -> None:
        """Before a byte of the caller's."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """After A-ASSOCIATE-RQ."""
        caller.send(caller.association.send(self.acceptance(request)))

    def acceptance(self, request: AssociateRequest) -> AssociateAccept:
        """Every context in its first transfer syntax."""
        return AssociateAccept(
            called_ae_title=request.called_ae_title,
            calling_ae_title=request.calling_ae_title,
            contexts=tuple(
                ContextResult(id=context.id, result=0, transfer_syntax=context.transfer_syntaxes[0])
                for context in request.contexts
            ),
            user_information=UserInformation(implementation_version_name=self.version_name),
        )

    async def asked(self, caller: Caller, message: Message) -> None:
        """After a request."""
        match message.command.field:
            case CommandField.C_ECHO_RQ:
                await self.echo(caller, message)
            case CommandField.C_FIND_RQ:
                await self.find(caller, message)
            case CommandField.C_GET_RQ:
                await self.get(caller, message)
            case _:  # a cancel of what has been answered already
                pass

    async def echo(self, caller: Caller, message: Message) -> None:
        """C-ECHO."""
        caller.send(caller.response(message, 0))

    async def find(self, caller: Caller, message: Message) -> None:
        """C-FIND: the one entity of the level, unless another was asked for."""
        if self.has(caller, message):
            caller.send(
                caller.response(
                    message, PENDING, encode(self.record(caller, message), explicit=self.vr(caller, message))
                )
            )
        caller.send(caller.response(message, 0))

    async def get(self, caller: Caller, message: Message) -> None:
        """C-GET: the one image, which cannot be sent."""
        found = int(self.has(caller, message))
        status = 0xA702 if found else 0
        caller.send(caller.response(message, status, remaining=0, completed=0, failed=found, warning=0))

    async def released(self, caller: Caller) -> None:
        """After A-RELEASE-RQ."""
        caller.send(caller.association.send(ReleaseReply()))
        caller.close()

    def vr(self, caller: Caller, message: Message) -> bool:
        """Whether records go out in Explicit VR."""
        return caller.explicit(message)

    def has(self, caller: Caller, message: Message) -> bool:
        """Whether the archive holds what was asked for."""
        asked = self.values(caller, message)
        same = all(asked.get(tag) in (None, "", uid) for tag, uid in UIDS.items())
        return same and not asked.get(tags.STUDY_DATE, "").startswith("18")

    def values(self, caller: Caller, message: Message) -> dict[int, str]:
        """The plain keys that were asked."""
        elements = decode(message.data, explicit=caller.explicit(message))
        return {e.tag: e.value.decode("ascii").strip(" \0") for e in elements if isinstance(e.value, bytes)}

    def record(self, caller: Caller, message: Message) -> DataSet:
        """The record at the level that was asked for."""
        held = {**UIDS, tags.PATIENT_ID: "ONE", tags.STUDY_DATE: "20190402", tags.MODALITIES_IN_STUDY: "CT"}
        held |= {tags.NUMBER_OF_STUDY_RELATED_INSTANCES: "1", tags.NUMBER_OF_SERIES_RELATED_INSTANCES: "1"}
        return tuple(text(tag, held.get(tag, "")) for tag in self.values(caller, message))


Serve = Callable[[Caller], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """A server that hands each caller to `serve`; gives its port, and ends every conversation with the block."""
    tasks: set[asyncio.Task[None]] = set()

    async def called(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            tasks.add(task)
        try:
            await serve(Caller(reader, writer))
        except (Gone, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(called, address, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
