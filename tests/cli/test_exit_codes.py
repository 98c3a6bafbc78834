"""The exit code says what a script needs to know: each meaning, by results and by real runs."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from leadglass.cli.exits import Exit, exit_code
from leadglass.model.assessment import TargetResult
from leadglass.model.target import parse_target
from leadglass.model.words import Outcome, Rung, Severity, Status, Step
from leadglass.net.errors import StepFailed
from leadglass.survey.conclude import unreached
from tests.cli.typed import typed

SRC = Path(__file__).resolve().parents[2] / "src"


def result(status: Status, *outcomes: tuple[Severity, Outcome]) -> TargetResult:
    """A result with findings of these severities and outcomes."""
    blank = unreached(parse_target("h"), StepFailed(status, Step.CONNECT, "as the test says"), datetime.now(UTC))
    findings = tuple(
        msgspec.structs.replace(finding, severity=severity, outcome=outcome)
        for finding, (severity, outcome) in zip(blank.findings, outcomes, strict=False)
    )
    return msgspec.structs.replace(blank, status=status, proof=Rung.SPEAKS, findings=findings)


HIGH, LOW = Severity.HIGH, Severity.LOW
OK, BAD, UNSURE = Outcome.OK, Outcome.VULNERABLE, Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("results", "fail_on", "expected"),
    [
        ([result(Status.SUCCESS, (HIGH, OK), (LOW, BAD))], HIGH, Exit.CLOSED),
        ([result(Status.SUCCESS, (HIGH, OK), (LOW, BAD))], LOW, Exit.OPEN),
        ([result(Status.SUCCESS, (Severity.CRITICAL, BAD))], HIGH, Exit.OPEN),
        ([result(Status.SUCCESS, (HIGH, UNSURE))], HIGH, Exit.UNDECIDED),
        ([result(Status.SUCCESS, (LOW, UNSURE))], HIGH, Exit.CLOSED),
        ([result(Status.SUCCESS, (HIGH, OK)), result(Status.CONNECTION_REFUSED)], HIGH, Exit.UNDECIDED),
        ([result(Status.SUCCESS, (HIGH, BAD)), result(Status.CONNECTION_REFUSED)], HIGH, Exit.OPEN),
        ([result(Status.NAME_NOT_RESOLVED), result(Status.OUT_OF_SCOPE)], HIGH, Exit.NOT_REACHED),
        ([result(Status.INTERNAL_ERROR)], HIGH, Exit.UNDECIDED),
    ],
)
def test_exit_code(results: Sequence[TargetResult], fail_on: Severity, expected: Exit) -> None:
    assert exit_code(results, fail_on) is expected


def closed_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nothing_listens_is_not_reached() -> None:
    ran = typed("check", f"dicom://127.0.0.1:{closed_port()}", "--no-color")
    assert ran.code == Exit.NOT_REACHED
    assert "NO ANSWER" in ran.out


def test_a_public_address_without_a_scope_is_not_reached_and_says_how() -> None:
    ran = typed("check", "8.8.8.8:104", "--no-color")
    assert ran.code == Exit.NOT_REACHED
    assert "--scope FILE" in " ".join(ran.out.split())


def run(*arguments: str, **options: object) -> "subprocess.Popen[bytes]":
    """`leadglass ARGUMENTS` as a process."""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "leadglass", *arguments]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "dicom://127.0.0.1:{port}"), Exit.NOT_REACHED),
        (("check", "127.0.0.1", "--dry-run"), Exit.CLOSED),
        (("scope",), Exit.CLOSED),
    ],
)
def test_a_reader_that_has_had_enough_changes_no_exit_code(arguments: tuple[str, ...], code: Exit) -> None:
    """As `| head -1` under `set -o pipefail`: 1 would be a finding."""
    reading, writing = os.pipe()
    os.close(reading)
    process = run(*(argument.format(port=closed_port()) for argument in arguments), stdout=writing)
    os.close(writing)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (code, b"")


def test_the_version_is_told() -> None:
    process = run("--version", stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=30)
    assert out.startswith(b"leadglass 0.")
