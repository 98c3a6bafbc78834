"""Servers whose records hold what no record should: lies, nests, and strings that would steer who shows them."""

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.before import Accepting
from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import PENDING, Polite
from leadglass.lab.zoo.within import Finding
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.elements import DataSet, Element, encode
from leadglass.wire.tags import vr_of

ESCAPES = b"\x1b]0;owned\x07\x1b[31m\x9b31m"
MARKUP = b"<script>alert(1)</script>"
BACKWARDS = "\N{RIGHT-TO-LEFT OVERRIDE} evil\r\n".encode()
_ROOM = b"V" * 30
# A sequence and its one item, both left open (PS3.5 7.5).
_NEST = b"\x40\x00\x00\x01SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"


class Saying(Finding):
    """Answers every query by one record of the bytes that `body` gives, and success."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Whole messages, whatever they hold."""
        if self.has(caller, message):
            caller.send(caller.response(message, PENDING, self.body(caller, message)))
        caller.send(caller.response(message, 0))

    def body(self, caller: Caller, message: Message) -> bytes:
        """The data set."""
        raise NotImplementedError


@dimse
class NestedWithoutEnd(Saying):
    """Sends a record whose sequences are nested 5,000 deep and never end."""

    def body(self, caller: Caller, message: Message) -> bytes:
        """Each in Explicit VR, which nobody has to guess."""
        return _NEST * 5000


@dimse
class ValueOf4Gib(Saying):
    """Sends a record whose first value is 4 GiB long, as it says."""

    def body(self, caller: Caller, message: Message) -> bytes:
        """Of VR UN, so that the length has room."""
        return b"\x08\x00\x05\x00UN\x00\x00\xfe\xff\xff\xff" + bytes(20)


@dimse
class NoiseForARecord(Saying):
    """Sends a record that is noise."""

    def body(self, caller: Caller, message: Message) -> bytes:
        """Every byte there is."""
        return bytes(range(256)) * 3


@dimse
class EmptyRecord(Saying):
    """Sends a record without an element."""

    def body(self, caller: Caller, message: Message) -> bytes:
        """As some do where nothing matches."""
        return b""


@dimse
class ManyElements(Saying):
    """Sends a record of 50,000 elements, of one tag and of no length."""

    def body(self, caller: Caller, message: Message) -> bytes:
        """Out of order by that alone (PS3.5 7.1)."""
        return b"\x08\x00\x05\x00CS\x00\x00" * 50_000


class Shouting(Accepting):
    """Puts `text` into its version name, its titles, its records and its comments."""

    version_name = "V" * 30  # the length of `_ROOM`: what it holds is written over the bytes
    text = b""

    def spoilt(self, accept: bytes) -> bytes:
        """Written over the bytes of a proper acceptance: our own encoder would refuse it."""
        accept = accept.replace(_ROOM, self.text[:30].ljust(30))
        return accept[:10] + self.text[:16].ljust(16) * 2 + accept[42:]

    def record(self, caller: Caller, message: Message) -> DataSet:
        """`text` in every value but those that hold the archive together."""
        kept = {e.tag: e for e in super().record(caller, message)}
        return tuple(
            element if element.value and tag != tags.MODALITIES_IN_STUDY else self.shout(tag)
            for tag, element in kept.items()
        )

    def shout(self, tag: int) -> Element:
        """One element."""
        return Element(tag=tag, vr=vr_of(tag), value=self.text[:16] if vr_of(tag) in ("CS", "DA", "TM") else self.text)

    async def find(self, caller: Caller, message: Message) -> None:
        """The record, and a failure with words of its own where nothing matches."""
        if self.has(caller, message):
            data = encode(self.record(caller, message), explicit=caller.explicit(message))
            caller.send(caller.response(message, PENDING, data))
            caller.send(caller.response(message, 0))
            return
        comment = "C" * 64
        failed = Command(
            field=CommandField.C_FIND_RSP,
            responded_message_id=message.command.message_id,
            affected_sop_class_uid=message.command.affected_sop_class_uid,
            status=0xC001,
            error_comment=comment,
        )
        data = caller.association.send_message(message.context_id, failed)
        caller.send(data.replace(comment.encode(), self.text[:64].ljust(64)))


@dimse
class EscapesInEveryString(Shouting):
    """Puts terminal escapes into its version name, titles, records and comments."""

    text = ESCAPES


@dimse
class MarkupInEveryString(Shouting):
    """Puts HTML into its version name, titles, records and comments."""

    text = MARKUP


@dimse
class BackwardsInEveryString(Shouting):
    """Puts line ends and a turn of the writing direction into its version name, titles, records and comments."""

    text = BACKWARDS


@dimse
class ImpossibleDates(Polite):
    """Gives dates that no calendar has, numbers that are none, and UIDs that are too long."""

    def record(self, caller: Caller, message: Message) -> DataSet:
        """What was asked for as UID stays, so that it goes on."""
        wrong = {
            tags.STUDY_DATE: b"99999999",
            tags.NUMBER_OF_STUDY_RELATED_INSTANCES: b"-1e99",
            tags.NUMBER_OF_SERIES_RELATED_INSTANCES: b"999999999999",
            tags.MODALITIES_IN_STUDY: b"\\" * 200,
            tags.SERIES_INSTANCE_UID: b"1." * 200,
        }
        return tuple(
            Element(tag=e.tag, vr=e.vr, value=wrong[e.tag]) if e.tag in wrong else e
            for e in super().record(caller, message)
        )
