"""Leadglass as a user runs it: a process of its own, its document read back into values."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from leadglass.model.assessment import Assessment, Surface, TargetResult
from leadglass.model.words import Outcome, SurfaceKind

SRC = Path(__file__).resolve().parents[2] / "src"
_END_S = 60


class Ran(msgspec.Struct, frozen=True):
    """What a run came to."""

    code: int
    out: str
    err: str

    def document(self) -> Assessment:
        """The JSON document on standard output."""
        return msgspec.json.decode(self.out, type=Assessment)

    def result(self) -> TargetResult:
        """The only target of the document."""
        [result] = self.document().targets
        return result


def leadglass(*arguments: str, home: Path | None = None, program: tuple[str, ...] = ("-m", "leadglass")) -> Ran:
    """`leadglass ARGUMENTS`, with a HOME and a working directory of its own where `home` is given."""
    environment = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONIOENCODING": "utf-8"}
    if home is not None:
        environment |= {"HOME": str(home), "TMPDIR": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    done = subprocess.run(
        [sys.executable, *program, *arguments],
        capture_output=True,
        env=environment,
        cwd=home,
        timeout=_END_S,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def check(*arguments: str) -> Ran:
    """`leadglass check ARGUMENTS --format json`."""
    return leadglass("check", *arguments, "--format", "json")


def surface(result: TargetResult, kind: SurfaceKind = SurfaceKind.DIMSE) -> Surface:
    """The only surface of a kind."""
    [found] = [surface for surface in result.surfaces if surface.kind is kind]
    return found


def outcome(result: TargetResult, name: str) -> Outcome:
    """The outcome of the check `name`."""
    [found] = [finding.outcome for finding in result.findings if finding.check == name]
    return found
