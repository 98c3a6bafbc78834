"""Servers that misbehave before an association is accepted, each a few lines with a name."""

import asyncio

from leadglass.wire.pdu import AssociateAccept, AssociateRequest, ContextResult
from tests.bad_peers.polite import Caller, Polite, Serve


def says(data: bytes) -> Serve:
    """Sends `data` to whoever connects, and nothing after it."""

    async def serve(caller: Caller) -> None:
        caller.send(data)
        await caller.gone()

    return serve


def answers(data: bytes) -> Serve:
    """Sends `data` as its answer to the first bytes, and hangs up."""

    async def serve(caller: Caller) -> None:
        await caller.reader.read(1)
        caller.send(data)
        await caller.writer.drain()
        caller.close()

    return serve


async def nothing(caller: Caller) -> None:
    """Reads, and never answers."""
    await caller.gone()


async def closing(caller: Caller) -> None:
    """Hangs up at once."""
    caller.close()


async def closing_after_the_request(caller: Caller) -> None:
    """Hangs up on the request."""
    await caller.event()
    caller.close()


async def resetting(caller: Caller) -> None:
    """Resets the connection on the first byte."""
    await caller.reader.read(1)
    caller.writer.transport.abort()


async def aborting(caller: Caller) -> None:
    """A-ABORT in the place of an answer."""
    await caller.event()
    caller.abort()


async def dripping(caller: Caller) -> None:
    """An acceptance of which a byte comes every 20 ms."""
    request = await caller.event()
    assert isinstance(request, AssociateRequest)
    data = caller.association.send(Polite().acceptance(request))
    loop = asyncio.get_running_loop()
    for number in range(len(data)):
        loop.call_later(0.02 * number, caller.send, data[number : number + 1])
    await caller.gone()


class HalfAnAnswer(Polite):
    """Hangs up in the middle of its acceptance."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Half."""
        caller.send(caller.association.send(self.acceptance(request))[:40])
        await caller.writer.drain()
        caller.close()


class NeverProposed(Polite):
    """Accepts a context that nobody proposed."""

    def acceptance(self, request: AssociateRequest) -> AssociateAccept:
        """One of number 99."""
        accept = super().acceptance(request)
        extra = ContextResult(id=99, result=0, transfer_syntax="1.2.840.10008.1.2")
        return AssociateAccept(
            called_ae_title=accept.called_ae_title,
            calling_ae_title=accept.calling_ae_title,
            contexts=(*accept.contexts, extra),
            user_information=accept.user_information,
        )


class NothingAccepted(Polite):
    """Accepts the association and none of its contexts."""

    def acceptance(self, request: AssociateRequest) -> AssociateAccept:
        """Abstract syntax not supported, throughout."""
        accept = super().acceptance(request)
        return AssociateAccept(
            called_ae_title=accept.called_ae_title,
            calling_ae_title=accept.calling_ae_title,
            contexts=tuple(
                ContextResult(id=context.id, result=3, transfer_syntax=context.transfer_syntax)
                for context in accept.contexts
            ),
            user_information=accept.user_information,
        )
