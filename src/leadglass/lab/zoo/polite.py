"""A small open archive of one image that answers everything properly: a hostile server overrides one step of it."""

from leadglass.lab.zoo.caller import Caller, Gone
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.commands import CommandField
from leadglass.wire.elements import DataSet, encode, text
from leadglass.wire.pdu import AssociateAccept, AssociateRequest, ContextResult, ReleaseReply, ReleaseRequest
from leadglass.wire.user_information import UserInformation

UIDS = {tags.STUDY_INSTANCE_UID: "1.2.3", tags.SERIES_INSTANCE_UID: "1.2.3.4", tags.SOP_INSTANCE_UID: "1.2.3.4.5"}
PENDING = 0xFF00


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
            data = encode(self.record(caller, message), explicit=caller.explicit(message))
            caller.send(caller.response(message, PENDING, data))
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

    def has(self, caller: Caller, message: Message) -> bool:
        """Whether the archive holds what was asked for."""
        asked = self.values(caller, message)
        same = all(asked.get(tag) in (None, "", uid) for tag, uid in UIDS.items())
        return same and not asked.get(tags.STUDY_DATE, "").startswith("18")

    def values(self, caller: Caller, message: Message) -> dict[int, str]:
        """The plain keys that were asked."""
        return {
            e.tag: e.value.decode("ascii", "replace").strip(" \0")
            for e in caller.asked(message)
            if isinstance(e.value, bytes)
        }

    def record(self, caller: Caller, message: Message) -> DataSet:
        """The record at the level that was asked for."""
        held = {**UIDS, tags.PATIENT_ID: "ONE", tags.STUDY_DATE: "20190402", tags.MODALITIES_IN_STUDY: "CT"}
        held |= {tags.NUMBER_OF_STUDY_RELATED_INSTANCES: "1", tags.NUMBER_OF_SERIES_RELATED_INSTANCES: "1"}
        return tuple(text(tag, held.get(tag, "")) for tag in self.values(caller, message))
