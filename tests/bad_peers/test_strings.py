"""Whatever a server writes into its strings reaches nobody's terminal as a command and nobody's page as markup."""

import asyncio
from datetime import UTC, datetime

import pytest

from leadglass.model.assessment import Assessment, TargetResult, Tool
from leadglass.model.words import Rung
from leadglass.report import document, page, terminal
from leadglass.wire.pdu import AssociateRequest
from tests.bad_peers.asking import assess, finish
from tests.bad_peers.polite import Caller, Polite, listening

ESCAPE = b"\x1b]0;owned\x07\x1b[31m"
MARKUP = b"<script>alert(1)</script>"


class Shouting(Polite):
    """Puts `text` into its version name, and into both titles of its acceptance."""

    version_name = "V" * 30

    def __init__(self, text: bytes) -> None:
        """`text` of at most 30 bytes."""
        self.text = text

    async def requested(self, caller: Caller, request: AssociateRequest) -> None:
        """Written over the bytes of a proper acceptance: our own encoder would refuse it."""
        data = bytearray(caller.association.send(self.acceptance(request)))
        at = data.index(b"V" * 30)
        data[at : at + 30] = self.text.ljust(30)
        data[10:42] = self.text[:16].ljust(16) * 2
        caller.send(bytes(data))


def result_of(server: Polite) -> TargetResult:
    """The result for `server`."""

    async def work() -> TargetResult:
        async with listening(server.serve) as port:
            [result] = await assess(f"dicom://127.0.0.1:{port}")
        return result

    return finish(work())


def written(result: TargetResult) -> dict[str, str]:
    """The result in every format."""
    now = datetime.now(UTC)
    assessment = Assessment(
        schema="leadglass.assessment/1",
        tool=Tool(name="Leadglass", version="0"),
        started=now,
        finished=now,
        authority=None,
        contact="test",
        targets=(result,),
    )
    return {
        "terminal": terminal.render(assessment, width=80, color=False, verbose=True),
        "html": page.render(assessment),
        "json": document.render(assessment),
    }


@pytest.mark.parametrize("text", [ESCAPE, MARKUP, b"\xe2\x80\xae evil", b"a\r\nb\x00c\x9b31m"], ids=repr)
def test_a_version_name_and_titles_do_no_harm(text: bytes) -> None:
    result = result_of(Shouting(text))
    assert result.proof is Rung.RETRIEVABLE
    for form, out in written(result).items():
        assert not set(out) & {chr(code) for code in (*range(9), *range(11, 32), 127, 0x9B, 0x202E)}, form
        if form == "html":
            assert "<script>alert" not in out


def test_an_association_that_is_cancelled_is_aborted_and_not_left() -> None:
    """Ctrl-C reaches every socket."""

    class Waiting(Polite):
        ended = False
        waits: asyncio.Event
        done: asyncio.Event

        async def asked(self, caller: Caller, message: object) -> None:
            self.waits.set()
            data = await caller.reader.read(65536)
            self.ended = data[:1] == b"\x07"  # A-ABORT
            self.done.set()

    async def work() -> bool:
        server = Waiting()
        server.waits, server.done = asyncio.Event(), asyncio.Event()
        async with listening(server.serve) as port:
            running = asyncio.create_task(assess(f"dicom://127.0.0.1:{port}"))
            await server.waits.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await server.done.wait()
            return server.ended

    assert finish(work())
