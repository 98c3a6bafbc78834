"""Servers that misbehave before an association is accepted, each a few lines with a name."""

import random

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.caller import Caller, bytes_of
from leadglass.lab.zoo.polite import Polite
from leadglass.wire.pdu import AssociateAccept, AssociateReject, AssociateRequest, ContextResult

ANNOUNCES_4_GIB = b"\x02\x00\xff\xff\xff\xff"
NOISE_BYTES = 3000


async def answer(caller: Caller, data: bytes) -> None:
    """Sends `data` as the answer to the first bytes, and hangs up."""
    await caller.read()
    caller.send(data)
    caller.close()


@dimse
async def silent(caller: Caller) -> None:
    """Reads, and never answers."""
    await caller.gone()


@dimse
async def closing(caller: Caller) -> None:
    """Hangs up at once."""
    caller.close()


@dimse
async def closing_after_the_request(caller: Caller) -> None:
    """Hangs up on the first bytes, whatever they are."""
    await caller.read()
    caller.close()


@dimse
async def resetting(caller: Caller) -> None:
    """Resets the connection on the first byte."""
    await caller.read()
    caller.reset()


@dimse
async def aborting(caller: Caller) -> None:
    """Sends A-ABORT in the place of an answer."""
    await caller.event()
    caller.abort()


@dimse
async def rejecting_absurdly(caller: Caller) -> None:
    """Rejects with a result, a source and a reason that do not exist."""
    await caller.event()
    data = bytearray(caller.association.send(AssociateReject(result=1, source=1, reason=1)))
    data[7:10] = b"\xfe\xfd\xfc"
    caller.send(bytes(data))
    await caller.gone()


@dimse
async def announcing_4_gib(caller: Caller) -> None:
    """Announces an acceptance of 4 GiB."""
    await answer(caller, ANNOUNCES_4_GIB)


@dimse
async def unknown_pdu(caller: Caller) -> None:
    """Answers by a PDU of a type that does not exist."""
    await answer(caller, b"\x42\x00\x00\x00\x00\x04\x00\x00\x00\x00")


@dimse
async def mirror(caller: Caller) -> None:
    """Sends back whatever it gets."""
    while data := await caller.read():
        caller.send(data)
        await caller.sent()


@dimse
async def random_bytes(caller: Caller) -> None:
    """Answers by noise, the same for everybody."""
    await answer(caller, random.Random(4711).randbytes(NOISE_BYTES))  # noqa: S311 - repeatable, not secret


@dimse
async def endless_noise(caller: Caller) -> None:
    """Answers by zeros without an end."""
    await caller.read()
    await caller.flood(bytes(65_536))


@dimse
async def answering_first(caller: Caller) -> None:
    """Accepts an association before anybody asked for one."""
    caller.send(b"\x02\x00\x00\x00\x00\x44\x00\x01" + bytes(66))
    await caller.gone()


@dimse
async def data_first(caller: Caller) -> None:
    """Answers the request for an association by data."""
    await answer(caller, b"\x04\x00\x00\x00\x00\x08\x00\x00\x00\x04\x01\x03\x00\x00")


class Accepting(Polite):
    """Accepts by the bytes that `spoilt` makes of a proper acceptance."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """As bytes, which our own encoder would refuse to make."""
        caller.send(self.spoilt(caller.association.send(self.acceptance(request))))

    def spoilt(self, accept: bytes) -> bytes:
        """What is sent instead."""
        raise NotImplementedError


@dimse
class HalfAnAnswer(Polite):
    """Hangs up in the middle of its acceptance."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Half."""
        caller.send(caller.association.send(self.acceptance(request))[:40])
        caller.close()


@dimse
class DrippingAnAcceptance(Polite):
    """Sends a byte of its acceptance every 20 ms."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """One after another."""
        await caller.drip(bytes_of(caller.association.send(self.acceptance(request))))
        await caller.gone()


@dimse
class ItemsOutOfOrder(Accepting):
    """Puts the items of its acceptance the other way round."""

    def spoilt(self, accept: bytes) -> bytes:
        """The last first."""
        items, at = [], 74
        while at < len(accept):
            end = at + 4 + int.from_bytes(accept[at + 2 : at + 4])
            items.append(accept[at:end])
            at = end
        return accept[:74] + b"".join(reversed(items))


@dimse
class LyingPduLength(Accepting):
    """Says that its acceptance is ten bytes shorter than it is."""

    def spoilt(self, accept: bytes) -> bytes:
        """The length of the PDU."""
        return accept[:2] + (len(accept) - 16).to_bytes(4) + accept[6:]


@dimse
class LyingItemLength(Accepting):
    """Says of the first item of its acceptance that it is longer than the PDU."""

    def spoilt(self, accept: bytes) -> bytes:
        """The length of the application context."""
        return accept[:76] + b"\xff\xff" + accept[78:]


@dimse
class NoItems(Accepting):
    """Accepts with nothing but the fixed part."""

    def spoilt(self, accept: bytes) -> bytes:
        """A PDU that is whole, and has no items."""
        return accept[:2] + (68).to_bytes(4) + accept[6:74]


@dimse
class AcceptingTwice(Accepting):
    """Accepts twice in one segment."""

    def spoilt(self, accept: bytes) -> bytes:
        """The second is out of place (PS3.8 9.2.3, AA-8)."""
        return accept * 2


class Contexts(Polite):
    """Accepts with the contexts that `answered` makes."""

    def acceptance(self, request: AssociateRequest) -> AssociateAccept:
        """All else is proper."""
        accept = super().acceptance(request)
        return AssociateAccept(
            called_ae_title=accept.called_ae_title,
            calling_ae_title=accept.calling_ae_title,
            contexts=self.answered(accept.contexts),
            user_information=accept.user_information,
        )

    def answered(self, contexts: tuple[ContextResult, ...]) -> tuple[ContextResult, ...]:
        """What is answered instead of `contexts`."""
        raise NotImplementedError


@dimse
class NeverProposed(Contexts):
    """Accepts a context that nobody proposed."""

    def answered(self, contexts: tuple[ContextResult, ...]) -> tuple[ContextResult, ...]:
        """One of number 99."""
        return (*contexts, ContextResult(id=99, result=0, transfer_syntax="1.2.840.10008.1.2"))


@dimse
class AnsweredTwice(Contexts):
    """Answers each context twice."""

    def answered(self, contexts: tuple[ContextResult, ...]) -> tuple[ContextResult, ...]:
        """Accepted both times."""
        return contexts * 2


@dimse
class OtherSyntax(Contexts):
    """Accepts each context in a transfer syntax that was never proposed."""

    def answered(self, contexts: tuple[ContextResult, ...]) -> tuple[ContextResult, ...]:
        """JPEG 2000."""
        return tuple(ContextResult(id=c.id, result=0, transfer_syntax="1.2.840.10008.1.2.4.90") for c in contexts)


@dimse
class NothingAccepted(Contexts):
    """Accepts the association and none of its contexts."""

    def answered(self, contexts: tuple[ContextResult, ...]) -> tuple[ContextResult, ...]:
        """Abstract syntax not supported, throughout."""
        return tuple(ContextResult(id=c.id, result=3, transfer_syntax=c.transfer_syntax) for c in contexts)
