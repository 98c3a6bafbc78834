"""Servers that misbehave at a retrieval: what they answer to C-GET contradicts itself, or has no end."""

from collections.abc import Mapping
from types import MappingProxyType

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import PENDING, Polite
from leadglass.wire.association import Message
from leadglass.wire.commands import Command, CommandField, Priority


class Getting(Polite):
    """Answers a C-GET for what exists by one response with these numbers."""

    status = 0
    counts: Mapping[str, int] = MappingProxyType({})
    control: Mapping[str, int] | None = None

    async def get(self, caller: Caller, message: Message) -> None:
        """What the numbers say."""
        counts = self.counts if self.has(caller, message) else self.control
        if counts is None:
            await super().get(caller, message)
            return
        caller.send(caller.response(message, self.status, None, **counts))


@dimse
class CompletedWithoutSending(Getting):
    """Success, and five images sent that never came."""

    counts = MappingProxyType({"remaining": 0, "completed": 5, "failed": 0, "warning": 0})


@dimse
class FailedWithNone(Getting):
    """A702H says that sub-operations failed; the numbers say that there were none."""

    status = 0xA702
    counts = MappingProxyType({"remaining": 0, "completed": 0, "failed": 0, "warning": 0})


@dimse
class WithoutCounts(Getting):
    """C000H and no numbers at all."""

    status = 0xC000
    counts = MappingProxyType({})


@dimse
class CountingWhatIsNowhere(Getting):
    """Counts the same failures for images that exist and for those that exist nowhere."""

    status = 0xC000
    counts = MappingProxyType({"failed": 3})
    control = MappingProxyType({"failed": 3})


@dimse
class ClosingOnARetrieval(Polite):
    """Hangs up on C-GET."""

    async def get(self, caller: Caller, message: Message) -> None:
        """At once."""
        caller.close()


@dimse
class SilentOnARetrieval(Polite):
    """Never answers a C-GET."""

    async def get(self, caller: Caller, message: Message) -> None:
        """Never."""
        await caller.gone()


@dimse
class PendingForEver(Polite):
    """Pending responses to a C-GET without an end, for what exists."""

    async def get(self, caller: Caller, message: Message) -> None:
        """A cancel is ignored."""
        if not self.has(caller, message):
            await super().get(caller, message)
            return
        pending = caller.response(message, PENDING, remaining=1, completed=0, failed=0, warning=0)
        await caller.flood(pending * 50)


@dimse
class MoreThanThereAre(Getting):
    """Pending for ever, if its numbers were true: 65,535 of each, of one image."""

    status = PENDING
    counts = MappingProxyType(dict.fromkeys(("remaining", "completed", "failed", "warning"), 0xFFFF))


@dimse
class SuccessWithFailures(Getting):
    """Success, with sub-operations that failed and some that remain."""

    counts = MappingProxyType({"remaining": 2, "completed": 0, "failed": 7, "warning": 1})


@dimse
class UnknownStatus(Getting):
    """Ends a retrieval by a status that no standard knows."""

    status = 0x7F42
    counts = MappingProxyType({"completed": 1})


@dimse
class StoringUninvited(Polite):
    """Answers a C-GET by pushing an image at a caller that took no storage context."""

    async def get(self, caller: Caller, message: Message) -> None:
        """On the context of the question itself (PS3.7 9.3.1)."""
        store = Command(
            field=CommandField.C_STORE_RQ,
            message_id=1,
            affected_sop_class_uid="1.2.840.10008.5.1.4.1.1.7",
            affected_sop_instance_uid="1.2.3.4.5",
            priority=Priority.MEDIUM,
            has_data_set=True,
        )
        caller.send(caller.association.send_message(message.context_id, store, bytes(4000)))
        await caller.gone()
