"""Servers whose answers are put into PDUs, fragments and segments as no sane server would put them."""

from leadglass.lab.zoo.animal import dimse
from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import PENDING, Polite
from leadglass.lab.zoo.within import Finding
from leadglass.wire.association import Message
from leadglass.wire.commands import Command, CommandField
from leadglass.wire.pdu import AssociateRequest
from leadglass.wire.user_information import UserInformation

SEGMENTS = 40
SEGMENT_S = 0.004  # so that each leaves alone, and all of them are sooner done than anybody's patience


def data_pdu(context_id: int, control: int, body: bytes) -> bytes:
    """A P-DATA-TF of one value (PS3.8 9.3.5.1, E.2)."""
    value = bytes((context_id, control)) + body
    return b"\x04\x00" + (len(value) + 4).to_bytes(4) + len(value).to_bytes(4) + value


@dimse
class TwoPdusInOneSegment(Finding):
    """Sends record and success together in one segment, which is allowed."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Nothing is wrong with it."""
        caller.send((pending if self.has(caller, message) else b"") + caller.response(message, 0))


@dimse
class OneAnswerInFortySegments(Finding):
    """Sends every answer to a query in forty segments, which is allowed."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Nothing is wrong with it."""
        whole = (pending if self.has(caller, message) else b"") + caller.response(message, 0)
        size = -(-len(whole) // SEGMENTS)
        await caller.drip((whole[at : at + size] for at in range(0, len(whole), size)), SEGMENT_S)


@dimse
class AnsweringBeforeTheQuestion(Polite):
    """Sends a record with its acceptance, before any question."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Out of the blue."""
        await super().requested(caller, request)
        response = Command(
            field=CommandField.C_FIND_RSP,
            responded_message_id=1,
            affected_sop_class_uid=request.contexts[-1].abstract_syntax,
            status=PENDING,
            has_data_set=True,
        )
        number = next(iter(caller.association.contexts))
        caller.send(caller.association.send_message(number, response, b"\x08\x00\x05\x00\x00\x00\x00\x00"))


@dimse
class AskingBack(Finding):
    """Answers a question by the same question."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """A C-FIND-RQ to a caller that serves nothing."""
        caller.send(caller.association.send_message(message.context_id, message.command, message.data))
        await caller.gone()


@dimse
class DataBeforeItsCommand(Finding):
    """Sends the data set of a response before its command."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """The two P-DATA-TFs the other way round."""
        length = 6 + int.from_bytes(pending[2:6])
        caller.send(pending[length:] + pending[:length])
        await caller.gone()


@dimse
class LyingFragment(Finding):
    """Says of a fragment that it is longer than the PDU that holds it."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """The length of the first value."""
        caller.send(pending[:6] + b"\x00\x00\xff\xff" + pending[10:])
        await caller.gone()


@dimse
class EmptyPdu(Finding):
    """Answers by a P-DATA-TF that holds nothing."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Not one value (PS3.8 9.3.5: one or more)."""
        caller.send(b"\x04\x00\x00\x00\x00\x00")
        await caller.gone()


@dimse
class GarbageCommand(Finding):
    """Answers by a command set that is noise."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Its first element is longer than a command may be."""
        caller.send(data_pdu(message.context_id, 3, b"\x00\x00\x00\x01\xff\xff\xff\x7f" + b"\xa5" * 200))
        await caller.gone()


@dimse
class EndlessCommand(Finding):
    """Sends a command set without an end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """Fragments of 16 kB, none of which is the last."""
        await caller.flood(data_pdu(message.context_id, 1, bytes(16_384)))


@dimse
class EndlessDataSet(Finding):
    """Sends one record without an end."""

    async def answer(self, caller: Caller, message: Message, pending: bytes) -> None:
        """A proper command, and fragments of 16 kB, none of which is the last."""
        caller.send(pending[: 6 + int.from_bytes(pending[2:6])])
        await caller.flood(data_pdu(message.context_id, 0, bytes(16_384)))


@dimse
class TakingOneByteAtATime(Polite):
    """Accepts, and says that it takes PDUs of one byte."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Into which no fragment fits (PS3.8 D.1)."""
        accept = self.acceptance(request)
        information = UserInformation(max_pdu_length=1, implementation_version_name=self.version_name)
        changed = type(accept)(
            called_ae_title=accept.called_ae_title,
            calling_ae_title=accept.calling_ae_title,
            contexts=accept.contexts,
            user_information=information,
        )
        caller.send(caller.association.send(changed))
