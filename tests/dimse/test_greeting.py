"""A port whose protocol nobody named is greeted as DICOM, then as a web server, and a slow one once more."""

from unittest import mock

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import Polite
from leadglass.model.scope import Timing
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.probe import reach
from leadglass.survey import probing
from leadglass.wire.association import Message
from leadglass.wire.pdu import AssociateRequest
from tests.dimse.asking import assessed
from tests.dimse.shelf import Shelf, Study

ANY = "127.0.0.1:{port}"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first answer is waited for only this long."""
    monkeypatch.setattr(probing, "HELLO_S", 0.3)


class Web(Polite):
    """Reads to the end of a head, as a web server does, and answers it."""

    def __init__(self) -> None:
        """Nobody has called."""
        self.calls = 0

    async def serve(self, caller: Caller) -> None:
        """One request after another."""
        self.calls += 1
        head = b""
        while data := await caller.read():
            head += data
            if head.endswith(b"\r\n\r\n"):
                caller.send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                head = b""


@pytest.mark.usefixtures("hasty")
def test_a_web_server_on_an_unusual_port_is_not_waited_for_as_dicom() -> None:
    result = assessed(Web(), form=ANY, timing=Timing(connect_s=5.0, reply_s=6.0))
    assert [surface.kind for surface in result.surfaces] == [SurfaceKind.WEB]
    assert result.cost.busy_s < 3.0


class Slow(Shelf):
    """Answers no association request but the second."""

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """The first caller waits in vain."""
        self.associations += 1
        if self.associations == 1:
            await caller.gone()
        await super().requested(caller, request)


@pytest.mark.usefixtures("hasty")
def test_a_slow_dicom_server_is_asked_again_in_patience() -> None:
    result = assessed(Slow(studies=(Study("1.2.3"),)), form=ANY)
    assert result.proof is Rung.RETRIEVABLE
    assert result.surfaces[0].kind is SurfaceKind.DIMSE


class ClosingAtQueries(Shelf):
    """Hangs up at each C-FIND."""

    async def find(self, caller: Caller, message: Message) -> None:
        """The end."""
        caller.close()


class ResettingAtQueries(Shelf):
    """Resets at each C-FIND."""

    async def find(self, caller: Caller, message: Message) -> None:
        """The end, with what is unread thrown away."""
        caller.reset()


@pytest.mark.parametrize("server", [ClosingAtQueries, ResettingAtQueries])
def test_a_server_that_ends_each_query_is_not_worn_out(server: type[Shelf]) -> None:
    result = assessed(server(studies=(Study("1.2.3"),)))
    assert result.proof is Rung.ADMITS
    assert result.cost.connections <= 18


class HangingUp(Polite):
    """Hangs up on every caller without a word."""

    async def serve(self, caller: Caller) -> None:
        """The end."""
        await caller.read()
        caller.close()


def test_who_hangs_up_without_a_word_is_not_said_to_be_no_medical_server() -> None:
    result = assessed(HangingUp(), form=ANY)
    assert result.surfaces[0].status in (Status.CONNECTION_CLOSED, Status.CONNECTION_RESET)
    assert {finding.outcome.value for finding in result.findings} == {"unknown"}


class HangingUpAtTls(Shelf):
    """Speaks DICOM in clear, and meets the hello of TLS by an end or a reset, without a word."""

    def __init__(self, *, resets: bool) -> None:
        """One study."""
        super().__init__(studies=(Study("1.2.3"),))
        self.resets = resets

    async def connected(self, caller: Caller) -> None:
        """By the first byte (RFC 8446 5.1)."""
        first = await caller.read()
        if first[:1] == b"\x16":
            caller.reset() if self.resets else caller.close()
        caller.association.receive(first)


@pytest.mark.parametrize("resets", [False, True])
def test_a_server_in_clear_on_the_port_of_tls_is_found(resets: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "TLS_PORT", mock.ANY)
    result = assessed(HangingUpAtTls(resets=resets), form=ANY)
    assert {surface.tls for surface in result.surfaces} == {False}
    assert result.proof is Rung.RETRIEVABLE
