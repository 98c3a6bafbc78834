"""Servers that misbehave at the end of an association, when all has been asked."""

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import Polite
from leadglass.wire.association import Message


@dimse
class ClosingOnRelease(Polite):
    """Hangs up where a reply to A-RELEASE-RQ is due."""

    async def released(self, caller: Caller) -> None:
        """Without a word."""
        caller.close()


@dimse
class SilentOnRelease(Polite):
    """Never replies to A-RELEASE-RQ."""

    async def released(self, caller: Caller) -> None:
        """Never."""
        await caller.gone()


@dimse
class Colliding(Polite):
    """Answers A-RELEASE-RQ by an A-RELEASE-RQ of its own (PS3.8 9.2.3), and then by the reply."""

    async def released(self, caller: Caller) -> None:
        """As bytes: our own state machine would not collide with itself."""
        caller.send(b"\x05\x00\x00\x00\x00\x04\x00\x00\x00\x00")
        await caller.read()
        caller.send(b"\x06\x00\x00\x00\x00\x04\x00\x00\x00\x00")
        await caller.gone()


@dimse
class TalkingOnRelease(Polite):
    """Answers A-RELEASE-RQ by proper responses without an end."""

    last = b""

    async def echo(self, caller: Caller, message: Message) -> None:
        """Keeps its answer for later."""
        self.last = caller.response(message, 0)
        caller.send(self.last)

    async def released(self, caller: Caller) -> None:
        """Again and again, on whatever association."""
        await caller.flood(self.last * 50)
