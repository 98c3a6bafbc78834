"""One caller of an animal: its bytes as events, and whatever bytes the animal likes; no visit is endless."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import NoReturn

import h11

from leadglass.lab.http import Request, next_request
from leadglass.model.words import Step
from leadglass.net.errors import StepFailed
from leadglass.net.listener import IDLE_S, read_or_end
from leadglass.net.stream import Stream
from leadglass.wire.association import Association, Event, Message
from leadglass.wire.commands import Command
from leadglass.wire.elements import DataSet, decode
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort
from leadglass.wire.uids import EXPLICIT_VR_LITTLE_ENDIAN
from leadglass.wire.upper_layer import Role

MAX_VISIT_S = 120.0  # of one connection, whatever either side does
DRIP_S = 0.02  # between two parts of what drips


class Gone(Exception):  # noqa: N818 - a caller that leaves is no error
    """The connection has ended, by whichever side."""


class Caller:
    """One caller."""

    def __init__(self, stream: Stream) -> None:
        """Connected."""
        self.stream = stream
        self.association = Association(Role.ACCEPTOR)
        self._loop = asyncio.get_running_loop()

    @property
    def left(self) -> bool:
        """Whether nothing that is sent now would reach it."""
        return self.stream.is_closing

    async def read(self) -> bytes:
        """What the caller sends next, b"" where it is gone."""
        return await read_or_end(self.stream, self._loop)

    async def event(self) -> Event:
        """What the caller says next. Raises Gone."""
        while True:
            for event in self.association.events():
                return event
            data = await self.read()
            if not data:
                raise Gone
            self.association.receive(data)

    async def request(self) -> Request:
        """The next web request. Raises Gone where there is none."""
        try:
            found = await next_request(self.stream, h11.Connection(h11.SERVER), self._loop)
        except h11.ProtocolError:
            raise Gone from None
        if found is None:
            raise Gone
        return found

    def send(self, data: bytes) -> None:
        """Any bytes."""
        self.stream.write(data)

    async def sent(self) -> None:
        """Waits until there is room for more. Raises Gone where nobody reads any more."""
        try:
            await self.stream.drain(self._loop.time() + IDLE_S, Step.QUERY)
        except StepFailed:
            raise Gone from None
        await asyncio.sleep(0)  # who reads it may live in the same process

    async def flood(self, data: bytes) -> NoReturn:
        """`data` again and again, as fast as it is read. Raises Gone."""
        while not self.left:
            self.send(data)
            await self.sent()
        raise Gone

    async def drip(self, parts: Iterable[bytes], every_s: float = DRIP_S) -> None:
        """One part after another. Raises Gone where the caller left meanwhile."""
        for part in parts:
            if self.left:
                raise Gone
            self.send(part)
            await asyncio.sleep(every_s)

    async def gone(self) -> NoReturn:
        """Answers nothing more until the caller is gone. Raises Gone."""
        while await self.read():
            pass
        raise Gone

    def close(self) -> NoReturn:
        """The end of the connection once all is sent. Raises Gone."""
        self.stream.close()
        raise Gone

    def reset(self) -> NoReturn:
        """The end of the connection at once. Raises Gone."""
        self.stream.abort()
        raise Gone

    def abort(self) -> NoReturn:
        """A-ABORT, and the end. Raises Gone."""
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

    def asked(self, message: Message) -> DataSet:
        """The identifier of a message."""
        return decode(message.data, explicit=self.explicit(message))


async def receive(talk: Callable[[Caller], Awaitable[None]], stream: Stream) -> None:
    """One visit, which ends whatever the caller is."""
    try:
        async with asyncio.timeout(MAX_VISIT_S):
            await talk(Caller(stream))
    except (Gone, PeerError, LocalError, TimeoutError):
        pass  # it left, or stayed too long, or spoke no DICOM: an animal tells nobody


def bytes_of(data: bytes) -> Iterator[bytes]:
    """`data` a byte at a time."""
    return (data[at : at + 1] for at in range(len(data)))
