"""A world of the lab is served beside a survey of it, for as long as a block lasts."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ENVIRONMENT
from leadglass.lab.truth import Truth

SURVEY = [sys.executable, "-m", "leadglass", "survey"]
_SCOPE = """
authority = "the proof"
contact = "proof@example.org"
targets = ["127.19.0.0/16", { file = "targets.csv" }]
opt_out = []
permits = ["connect", "read-record", "request-images"]
ports = { dimse = [104, 11112], web = [8080] }
depth = "measure"
pace = { per_second = 50_000, per_network = 20_000, per_address = 500 }
"""


def begun(folder: Path, name: str, told: Truth, store: str, *options: str) -> None:
    """A survey of a world, with each server's country as a label."""
    lines = (f"{one.address},country={one.country}\n" for one in told.addresses)
    (folder / "targets.csv").write_text("".join(lines))
    (folder / "scope.toml").write_text(_SCOPE)
    wanted = ("init", name, "--scope", str(folder / "scope.toml"), "--store", store, *options)
    subprocess.run([*SURVEY, *wanted], check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)


@contextmanager
def served(world: str) -> Iterator[None]:
    """The world, as `leadglass lab up` serves it."""
    lab = subprocess.Popen(
        [sys.executable, "-m", "leadglass", "lab", "up", world], stdout=subprocess.PIPE, env=ENVIRONMENT
    )
    assert lab.stdout is not None
    lab.stdout.readline()
    try:
        yield
    finally:
        lab.terminate()
        lab.wait(60)
        lab.stdout.close()
