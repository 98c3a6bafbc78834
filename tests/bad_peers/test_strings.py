"""Whatever a server writes into its strings reaches nobody's terminal as a command and nobody's page as markup."""

import asyncio
from datetime import UTC, datetime

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.contents import BACKWARDS, ESCAPES, MARKUP, Shouting
from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import Assessment, TargetResult, Tool
from leadglass.model.words import Rung
from leadglass.report import document, page, terminal
from tests.bad_peers.asking import assess, finish


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


@pytest.mark.parametrize("text", [ESCAPES, MARKUP, BACKWARDS, b"a\r\nb\x00c\x9b31m"], ids=repr)
def test_a_version_name_and_titles_do_no_harm(text: bytes) -> None:
    server = Shouting()
    server.text = text
    result = result_of(server)
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
            data = await caller.read()
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
