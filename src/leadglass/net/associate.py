"""An association is asked for under our own name, and is released or aborted whatever happens on it."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from ssl import SSLContext
from types import TracebackType

from leadglass.model.words import Status, Step
from leadglass.net.dialogue import Dialogue
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.identity import CALLING_AE_TITLE, VERSION_NAME
from leadglass.net.stream import Stream
from leadglass.wire.association import Association, Event
from leadglass.wire.errors import LocalError, PeerError
from leadglass.wire.pdu import Abort, AssociateAccept, AssociateReject, AssociateRequest, ProposedContext
from leadglass.wire.upper_layer import Role
from leadglass.wire.user_information import UserInformation


class Rejected(StepFailed):
    """The server answered A-ASSOCIATE-RJ, kept in `rejection`."""

    def __init__(self, rejection: AssociateReject) -> None:
        """`rejection` as it came."""
        super().__init__(Status.REJECTED, Step.ASSOCIATE, "the server rejected the association")
        self.rejection = rejection


def request(called_ae_title: str, proposed: Iterable[tuple[str, tuple[str, ...]]]) -> AssociateRequest:
    """An A-ASSOCIATE-RQ under our own name: `proposed` pairs a SOP class with its transfer syntaxes."""
    return AssociateRequest(
        called_ae_title=called_ae_title,
        calling_ae_title=CALLING_AE_TITLE,
        contexts=tuple(
            ProposedContext(id=2 * index + 1, abstract_syntax=sop_class, transfer_syntaxes=syntaxes)
            for index, (sop_class, syntaxes) in enumerate(proposed)
        ),
        user_information=UserInformation(implementation_version_name=VERSION_NAME),
    )


class NotDicom(StepFailed):
    """Something answered, and not with a DICOM PDU: `speaks` names the protocol where its first bytes tell."""

    def __init__(self, speaks: str | None, words: str) -> None:
        """`words` says which rule was broken."""
        what = f"it speaks {speaks}, not DICOM" if speaks else f"it is not DICOM, or breaks it: {words}"
        super().__init__(Status.PROTOCOL_ERROR, Step.ASSOCIATE, what)
        self.speaks = speaks


class BrokenAnswer(StepFailed):
    """A DICOM server answered, and what it sent breaks the standard in what cannot be passed over."""

    def __init__(self, words: str) -> None:
        """`words` says which rule was broken."""
        what = f"it speaks DICOM, and its answer to an association request breaks the standard: {words}"
        super().__init__(Status.PROTOCOL_ERROR, Step.ASSOCIATE, what)


# First bytes of what else is found on these ports. A TPKT header begins like an A-ASSOCIATE-RJ.
_BANNERS = (
    (b"HTTP/", "HTTP"),
    (b"SSH-", "SSH"),
    (b"\x15\x03", "TLS"),
    (b"\x03\x00\x00", "RDP or another TPKT protocol"),
    (b"220", "FTP or SMTP"),
    (b"RFB ", "VNC"),
)


# An A-ASSOCIATE-AC of any length, an A-ASSOCIATE-RJ or A-ABORT of the right one (PS3.8 9.3): a TPKT header is none.
_DICOM = (b"\x02\x00", b"\x03\x00\x00\x00", b"\x07\x00\x00\x00")


def banner(first: bytes) -> str | None:
    """The protocol that `first` bytes belong to, None where they do not tell."""
    return next((name for start, name in _BANNERS if first.startswith(start)), None)


class associate:  # noqa: N801 - a context manager, which `contextlib` would make at twice the cost
    """An association for the length of a `with`, released at its end. Raises StepFailed, Rejected where it was.

    `within_s` bounds the wait for its acceptance, None for as long as any other answer.
    """

    __slots__ = ("_asked", "_dialogue", "_host", "_port", "_stream", "_tls", "_within_s")

    def __init__(
        self,
        host: Host,
        port: int,
        asked: AssociateRequest,
        tls: SSLContext | None = None,
        within_s: float | None = None,
    ) -> None:
        """Dials nothing yet."""
        self._host = host
        self._port = port
        self._asked = asked
        self._tls = tls
        self._within_s = within_s
        self._stream: Stream | None = None
        self._dialogue: Dialogue | None = None

    async def __aenter__(self) -> Dialogue:
        """Dials, and asks."""
        host = self._host
        host.meter.check(Step.ASSOCIATE)
        stream = self._stream = await (
            host.dial(self._port) if self._tls is None else host.dial_tls(self._port, self._tls)
        )
        try:
            self._dialogue = await establish(host, stream, self._asked, self._within_s)
            return self._dialogue
        finally:
            if self._dialogue is None:
                stream.close()

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Releases; aborts where the `with` was left by an error, or cancelled."""
        dialogue, stream = self._dialogue, self._stream
        if dialogue is None or stream is None:
            return
        try:
            if kind is None:
                await dialogue.release()
        finally:
            if dialogue.alive:
                dialogue.abort()
            stream.close()


async def establish(host: Host, stream: Stream, asked: AssociateRequest, within_s: float | None = None) -> Dialogue:
    """An association over a stream that is open. Raises StepFailed, Rejected where it was."""
    association = Association(Role.REQUESTOR)
    started = host.clock()
    deadline = host.deadline() if within_s is None else min(host.deadline(), started + within_s)
    first = b""
    try:
        stream.write(association.send(asked))
        while True:
            for event in association.events():
                return _answered(host, stream, association, event)
            data = await stream.read(deadline, Step.ASSOCIATE)
            if not data:
                words = "it closed the connection" + (" inside its answer" if first else " without a word")
                raise StepFailed(Status.CONNECTION_CLOSED, Step.ASSOCIATE, words)
            first = first or data[:16]
            association.receive(data)
    except PeerError as error:
        stream.write(error.reply)
        stream.close()
        if first.startswith(_DICOM):
            raise BrokenAnswer(str(error)) from None
        raise NotDicom(banner(first), str(error)) from None
    except LocalError as error:
        raise StepFailed(Status.PROTOCOL_ERROR, Step.ASSOCIATE, str(error)) from None
    except asyncio.CancelledError:
        with suppress(LocalError):  # not in every state (PS3.8 Table 9-10)
            stream.write(association.send(Abort()))
        raise
    finally:
        host.meter.busy_s += host.clock() - started


def _answered(host: Host, stream: Stream, association: Association, event: Event) -> Dialogue:
    if isinstance(event, AssociateAccept):
        return Dialogue(host, stream, association, event)
    stream.close()
    if isinstance(event, AssociateReject):
        raise Rejected(event)
    raise StepFailed(Status.ABORTED, Step.ASSOCIATE, "it aborted the association before it was accepted")
