"""Servers that accept an association and misbehave within it, each a few lines with a name."""

import asyncio

from leadglass.wire.association import Message
from leadglass.wire.elements import encode
from leadglass.wire.pdu import AssociateRequest, ReleaseRequest
from tests.bad_peers.polite import PENDING, Caller, Polite

# A P-DATA-TF of 4 GiB, which nobody should wait for.
FOUR_GIB = b"\x04\x00\xff\xff\xff\xff"


class ReleasingAtOnce(Polite):
    """Accepts, and releases in the same breath."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Both."""
        await super().requested(caller, request)
        caller.send(caller.association.send(ReleaseRequest()))


class ClosingAfterAcceptance(Polite):
    """Accepts, and hangs up."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Both."""
        await super().requested(caller, request)
        await caller.writer.drain()
        caller.close()


class EchoingWrongly(Polite):
    """Answers a C-ECHO that nobody asked."""

    async def echo(self, caller: Caller, message: Message) -> None:
        """Message 77."""
        caller.send(caller.response(message, 0, responded_message_id=77))


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


class ClosingOnAQuery(Finding):
    """Hangs up on a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """At once."""
        caller.close()


class SilentOnAQuery(Finding):
    """Never answers a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Never."""
        await caller.gone()


class AbortingAQuery(Finding):
    """Aborts on a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """A-ABORT."""
        caller.abort()


class HalfAResponse(Finding):
    """Hangs up in the middle of a response."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Its last byte never comes."""
        caller.send(pending[:-1])
        await caller.writer.drain()
        caller.close()


class ReleasingWithinAResponse(Finding):
    """Releases between a command and its data set."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """The first PDV, then A-RELEASE-RQ."""
        length = 6 + int.from_bytes(pending[2:6])
        caller.send(pending[:length] + caller.association.send(ReleaseRequest()))
        await caller.gone()


class ReleasingInsteadOfAnAnswer(Finding):
    """A-RELEASE-RQ to a query."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Properly, and out of place."""
        caller.send(caller.association.send(ReleaseRequest()))
        await caller.gone()


class OtherMessage(Finding):
    """A response to a message that was not sent."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Message 4711."""
        caller.send(caller.response(message, 0, responded_message_id=4711))


class OtherContext(Finding):
    """A response in a context that was not accepted."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Context 251."""
        caller.association.contexts[251] = ("1.2", "1.2.840.10008.1.2")
        caller.send(caller.response(message, 0, context_id=251))


class CutShort(Finding):
    """A data set whose last element runs over its end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Four bytes are missing, and the message is whole."""
        record = encode(self.record(caller, message), explicit=caller.explicit(message))
        caller.send(caller.response(message, PENDING, record[:-4] if len(record) > 4 else b"\1"))
        caller.send(caller.response(message, 0))


class FourGib(Finding):
    """Announces 4 GiB."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """And sends a little of it."""
        caller.send(FOUR_GIB + bytes(1000))
        await caller.gone()


class DrippingAResponse(Finding):
    """A response of which a byte comes every 20 ms."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """For ever, as far as anybody waits."""
        loop = asyncio.get_running_loop()
        for number in range(len(pending)):
            loop.call_later(0.02 * number, caller.send, pending[number : number + 1])
        await caller.gone()


class Endless(Finding):
    """Pending responses without an end, as fast as they are read; a cancel is ignored."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Until the connection is gone."""
        while not caller.reader.at_eof() and not caller.writer.is_closing():
            caller.send(pending * 50)
            await caller.writer.drain()
            await asyncio.sleep(0)


class EndlessFragments(Finding):
    """One response in empty fragments without an end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Each is a command fragment that is not the last."""
        fragment = b"\x04\x00\x00\x00\x00\x06\x00\x00\x00\x02" + bytes((message.context_id, 1))
        while not caller.reader.at_eof() and not caller.writer.is_closing():
            caller.send(fragment * 500)
            await caller.writer.drain()
            await asyncio.sleep(0)


class OneRecordNowAndThen(Finding):
    """A record every 50 ms for ever: every wait is short, and there is no end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """On the loop's timer."""
        loop = asyncio.get_running_loop()

        def tick() -> None:
            if not caller.writer.is_closing():
                caller.send(pending)
                loop.call_later(0.05, tick)

        tick()
        await caller.gone()


class Getting(Polite):
    """Answers a C-GET for what exists by one response with these numbers."""

    status = 0
    counts: dict[str, int]
    control: dict[str, int]

    async def get(self, caller: Caller, message: Message) -> None:
        """What the numbers say."""
        counts = self.counts if self.has(caller, message) else getattr(self, "control", None)
        if counts is None:
            await super().get(caller, message)
            return
        caller.send(caller.response(message, self.status, **counts))


class CompletedWithoutSending(Getting):
    """Success, and five images sent that never came."""

    counts = {"remaining": 0, "completed": 5, "failed": 0, "warning": 0}  # noqa: RUF012


class FailedWithNone(Getting):
    """A702H says that sub-operations failed; the numbers say that there were none."""

    status = 0xA702
    counts = {"remaining": 0, "completed": 0, "failed": 0, "warning": 0}  # noqa: RUF012


class WithoutCounts(Getting):
    """C000H and no numbers at all."""

    status = 0xC000
    counts = {}  # noqa: RUF012


class CountingWhatIsNowhere(Getting):
    """The same for images that exist nowhere."""

    status = 0xC000
    counts = {"failed": 3}  # noqa: RUF012
    control = {"failed": 3}  # noqa: RUF012


class ClosingOnARetrieval(Polite):
    """Hangs up on C-GET."""

    async def get(self, caller: Caller, message: Message) -> None:
        """At once."""
        caller.close()


class SilentOnARetrieval(Polite):
    """Never answers a C-GET."""

    async def get(self, caller: Caller, message: Message) -> None:
        """Never."""
        await caller.gone()


class PendingForEver(Polite):
    """Pending responses to a C-GET without an end, for what exists."""

    async def get(self, caller: Caller, message: Message) -> None:
        """A cancel is ignored."""
        if not self.has(caller, message):
            await super().get(caller, message)
            return
        pending = caller.response(message, PENDING, remaining=1, completed=0, failed=0, warning=0)
        while not caller.reader.at_eof() and not caller.writer.is_closing():
            caller.send(pending * 50)
            await caller.writer.drain()
            await asyncio.sleep(0)


class ClosingOnRelease(Polite):
    """Hangs up where a reply to A-RELEASE-RQ is due."""

    async def released(self, caller: Caller) -> None:
        """Without a word."""
        caller.close()


class SilentOnRelease(Polite):
    """Never replies to A-RELEASE-RQ."""

    async def released(self, caller: Caller) -> None:
        """Never."""
        await caller.gone()


class Colliding(Polite):
    """Answers A-RELEASE-RQ by an A-RELEASE-RQ of its own (PS3.8 9.2.3), and then by the reply."""

    async def released(self, caller: Caller) -> None:
        """As bytes: our own state machine would not collide with itself."""
        caller.send(b"\x05\x00\x00\x00\x00\x04\x00\x00\x00\x00")
        await caller.reader.read(65536)
        caller.send(b"\x06\x00\x00\x00\x00\x04\x00\x00\x00\x00")
        await caller.gone()


class TalkingOnRelease(Polite):
    """Answers A-RELEASE-RQ by proper responses without an end."""

    last = b""

    async def echo(self, caller: Caller, message: Message) -> None:
        """Keeps its answer for later."""
        self.last = caller.response(message, 0)
        caller.send(self.last)

    async def released(self, caller: Caller) -> None:
        """Again and again, on whatever association."""
        while not caller.reader.at_eof() and not caller.writer.is_closing():
            caller.send(self.last * 50)
            await caller.writer.drain()
            await asyncio.sleep(0)
