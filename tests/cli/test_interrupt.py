"""Ctrl-C loses no target that was finished, ends every association, and calls nothing closed that was not asked."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from leadglass.cli.exits import Exit
from leadglass.lab.zoo.caller import Caller, Gone
from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import Assessment, TargetResult
from leadglass.model.words import Outcome, Rung, Status, SurfaceKind
from leadglass.wire.association import Message
from leadglass.wire.pdu import Abort, AssociateRequest
from leadglass.wire.uids import WORKLIST_FIND
from tests.cli.test_exit_codes import SRC
from tests.peers.running import Ran

END_S = 30.0
_T = TypeVar("_T")


class Silent:
    """Takes a call and answers nothing; `called` says that the call came, `heard` holds what came after the first."""

    def __init__(self) -> None:
        """Nobody has called."""
        self.called, self.left = asyncio.Event(), asyncio.Event()
        self.heard: list[object] = []

    async def serve(self, caller: Caller) -> None:
        """One connection, until the caller is gone."""
        try:
            await self.talk(caller)
            self.called.set()
            while True:
                self.heard.append(await caller.event())
        except Gone:
            self.left.set()

    async def talk(self, caller: Caller) -> None:
        """Up to the silence."""
        assert isinstance(await caller.event(), AssociateRequest)


class SilentOnTheWeb(Silent):
    """Takes any bytes."""

    async def talk(self, caller: Caller) -> None:
        """Up to the end, since nothing of it is DICOM."""
        assert await caller.read()
        self.called.set()
        await caller.gone()


class SilentWhileCounting(Polite):
    """Answers everything up to its image, and then no question for records any more."""

    def __init__(self) -> None:
        """Not yet asked for its image."""
        self.called, self.gave = asyncio.Event(), False
        self.heard: list[object] = []

    async def get(self, caller: Caller, message: Message) -> None:
        """The image, or the control after it."""
        self.gave = True
        await super().get(caller, message)

    async def find(self, caller: Caller, message: Message) -> None:
        """After the image was asked for, only the worklist is read before counting begins."""
        if self.gave and message.command.affected_sop_class_uid != WORKLIST_FIND:
            self.called.set()
            while True:
                self.heard.append(await caller.event())
        await super().find(caller, message)


def finish(work: Coroutine[Any, Any, _T]) -> _T:
    """What `work` gives; a test that hangs fails."""

    async def bounded() -> _T:
        async with asyncio.timeout(END_S):
            return await work

    return asyncio.run(bounded())


async def interrupted(event: asyncio.Event, *arguments: str) -> Ran:
    """`leadglass ARGUMENTS` as a process that gets SIGINT when `event` has come."""
    # Files, not pipes: what the process has written is there when it has ended, however busy the machine is.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "leadglass",
            *arguments,
            stdout=out,
            stderr=err,
            env={**os.environ, "PYTHONPATH": str(SRC)},
        )
        try:
            await event.wait()
            process.send_signal(signal.SIGINT)
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
        out.seek(0)
        err.seek(0)
        return Ran(process.returncode or 0, out.read().decode(), err.read().decode())


async def three(*arguments: str) -> Ran:
    """A run of a finished target, one that is being asked and one that waits for its turn at the same address."""
    silent = Silent()
    async with (
        listening(Polite().serve) as first,
        listening(silent.serve) as second,
        listening(Polite().serve) as third,
    ):
        targets = [f"dicom://127.0.0.1:{port}" for port in (first, second, third)]
        ran = await interrupted(silent.called, "check", *targets, *arguments)
        await silent.left.wait()
    assert [type(event) for event in silent.heard] == [Abort]
    assert (ran.code, ran.err) == (Exit.INTERRUPTED, "leadglass: interrupted: 1 of 3 targets were finished\n")
    return ran


def told(document: str) -> tuple[TargetResult, ...]:
    """The results in a JSON document."""
    return msgspec.json.decode(document, type=Assessment).targets


def never_calls_it_closed(result: TargetResult) -> bool:
    """No check of an interrupted target says `ok`, and none of DIMSE that nothing was there."""
    outcomes = {finding.check: finding.outcome for finding in result.findings}
    return Outcome.OK not in outcomes.values() and outcomes["associations-open"] is not Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("to_file", [False, True])
def test_a_finished_target_is_told_and_the_others_are_interrupted(tmp_path: Path, to_file: bool) -> None:
    path = tmp_path / "out.json"
    ran = finish(three("--format", "json", *(("-o", str(path)) if to_file else ())))
    first, second, third = told(path.read_text() if to_file else ran.out)
    assert (first.status, first.proof) == (Status.SUCCESS, Rung.RETRIEVABLE)
    for result in (second, third):
        assert (result.status, result.proof) == (Status.INTERRUPTED, Rung.SILENT)
        assert never_calls_it_closed(result)
    assert (second.cost.connections, third.cost.connections) == (1, 0)


@pytest.mark.parametrize("form", ["terminal", "html"])
def test_every_format_says_what_was_not_finished(form: str) -> None:
    out = finish(three("--format", form)).out
    assert "OPEN" in out
    assert out.count("NOT FINISHED") >= 2
    assert "Traceback" not in out


def test_what_was_found_before_is_told_while_the_ports_that_are_left_stay_open_questions() -> None:
    async def work() -> Ran:
        silent = Silent()
        async with listening(Polite().serve, "127.0.0.3", 11112), listening(silent.serve, "127.0.0.3", 4242):
            return await interrupted(silent.called, "check", "127.0.0.3", "--format", "json")

    ran = finish(work())
    [result] = told(ran.out)
    assert (ran.code, result.status, result.proof) == (Exit.INTERRUPTED, Status.INTERRUPTED, Rung.RETRIEVABLE)
    found = {surface.port: surface.status for surface in result.surfaces}
    assert (found[104], found[11112]) == (Status.CONNECTION_REFUSED, Status.SUCCESS)
    assert {found[port] for port in (4242, 2761, 80, 443, 8042)} == {Status.INTERRUPTED}
    outcomes = {finding.check: finding.outcome for finding in result.findings}
    assert outcomes["images-retrievable"] is Outcome.VULNERABLE
    assert outcomes["management-api-open"] is Outcome.UNKNOWN


def test_counting_that_is_interrupted_keeps_what_was_proved() -> None:
    async def work() -> tuple[Ran, list[object]]:
        counting = SilentWhileCounting()
        async with listening(counting.serve) as port:
            ran = await interrupted(counting.called, "check", f"dicom://127.0.0.1:{port}", "--format", "json")
            return ran, counting.heard

    ran, heard = finish(work())
    [result] = told(ran.out)
    [surface] = [surface for surface in result.surfaces if surface.kind is SurfaceKind.DIMSE]
    assert ran.code == Exit.INTERRUPTED
    assert (result.status, surface.status, surface.proof) == (Status.INTERRUPTED, Status.INTERRUPTED, Rung.RETRIEVABLE)
    assert (surface.exposure, surface.detail) == (None, "counting was not finished")
    assert ran.err == "leadglass: interrupted: 0 of 1 target was finished\n"
    assert Abort in [type(event) for event in heard]


def test_a_web_server_that_does_not_answer_is_left() -> None:
    async def work() -> Ran:
        silent = SilentOnTheWeb()
        async with listening(silent.serve) as port:
            ran = await interrupted(silent.called, "check", f"http://127.0.0.1:{port}")
            await silent.left.wait()
        return ran

    ran = finish(work())
    assert ran.code == Exit.INTERRUPTED
    assert "NOT FINISHED" in ran.out
