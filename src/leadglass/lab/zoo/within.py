"""Servers that accept an association and misbehave at a question, each a few lines with a name."""

from itertools import repeat

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.caller import Caller, bytes_of
from leadglass.lab.zoo.polite import PENDING, Polite
from leadglass.wire.association import Message
from leadglass.wire.elements import encode
from leadglass.wire.pdu import AssociateRequest, ReleaseRequest

# A P-DATA-TF of 4 GiB, which nobody should wait for.
FOUR_GIB = b"\x04\x00\xff\xff\xff\xff"


@dimse
class ReleasingAtOnce(Polite):
    """Accepts, and releases in the same breath."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Both."""
        await super().requested(caller, request)
        caller.send(caller.association.send(ReleaseRequest()))


@dimse
class ClosingAfterAcceptance(Polite):
    """Accepts, and hangs up."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Both."""
        await super().requested(caller, request)
        caller.close()


@dimse
class EchoingWrongly(Polite):
    """Answers a C-ECHO that nobody asked."""

    async def echo(self, caller: Caller, message: Message) -> None:
        """Message 77."""
        caller.send(caller.response(message, 0, responded_message_id=77))


@dimse
class AbortingAnEcho(Polite):
    """Aborts on C-ECHO, and serves everything else."""

    async def echo(self, caller: Caller, message: Message) -> None:
        """A-ABORT."""
        caller.abort()


class Finding(Polite):
    """Answers a C-FIND by `answer`."""

    async def find(self, caller: Caller, message: Message) -> None:
        """Whatever was asked."""
        await self.answer(caller, message, self.pending(caller, message))

    def pending(self, caller: Caller, message: Message) -> bytes:
        """One proper pending response."""
        record = encode(self.record(caller, message), explicit=caller.explicit(message))
        return caller.response(message, PENDING, record)

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Hostile."""
        raise NotImplementedError


@dimse
class ClosingOnAQuery(Finding):
    """Hangs up on a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """At once."""
        caller.close()


@dimse
class SilentOnAQuery(Finding):
    """Never answers a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Never."""
        await caller.gone()


@dimse
class AbortingAQuery(Finding):
    """Aborts on a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """A-ABORT."""
        caller.abort()


@dimse
class HalfAResponse(Finding):
    """Hangs up in the middle of a response."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Its last byte never comes."""
        caller.send(pending[:-1])
        caller.close()


@dimse
class ReleasingWithinAResponse(Finding):
    """Releases between a command and its data set."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """The first PDV, then A-RELEASE-RQ."""
        length = 6 + int.from_bytes(pending[2:6])
        caller.send(pending[:length] + caller.association.send(ReleaseRequest()))
        await caller.gone()


@dimse
class ReleasingInsteadOfAnAnswer(Finding):
    """A-RELEASE-RQ to a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Properly, and out of place."""
        caller.send(caller.association.send(ReleaseRequest()))
        await caller.gone()


@dimse
class OtherMessage(Finding):
    """A response to a message that was not sent."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Message 4711."""
        caller.send(caller.response(message, 0, responded_message_id=4711))


@dimse
class OtherContext(Finding):
    """A response in a context that was not accepted."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Context 251."""
        caller.association.contexts[251] = ("1.2", "1.2.840.10008.1.2")
        caller.send(caller.response(message, 0, context_id=251))


@dimse
class CutShort(Finding):
    """A data set whose last element runs over its end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Four bytes are missing, and the message is whole."""
        record = encode(self.record(caller, message), explicit=caller.explicit(message))
        caller.send(caller.response(message, PENDING, record[:-4] if len(record) > 4 else b"\1"))
        caller.send(caller.response(message, 0))


@dimse
class FourGib(Finding):
    """Announces 4 GiB."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """And sends a little of it."""
        caller.send(FOUR_GIB + bytes(1000))
        await caller.gone()


@dimse
class DrippingAResponse(Finding):
    """A response of which a byte comes every 20 ms."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """For ever, as far as anybody waits."""
        await caller.drip(bytes_of(pending))
        await caller.gone()


@dimse
class Endless(Finding):
    """Pending responses without an end, as fast as they are read; a cancel is ignored."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Until the connection is gone."""
        await caller.flood(pending * 50)


@dimse
class EndlessFragments(Finding):
    """One response in empty fragments without an end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Each is a command fragment that is not the last."""
        fragment = b"\x04\x00\x00\x00\x00\x06\x00\x00\x00\x02" + bytes((message.context_id, 1))
        await caller.flood(fragment * 500)


@dimse
class OneRecordNowAndThen(Finding):
    """A record every 50 ms for ever: every wait is short, and there is no end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Each well within a deadline."""
        await caller.drip(repeat(pending), 0.05)
