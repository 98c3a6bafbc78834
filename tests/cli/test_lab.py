"""`leadglass lab` as a user types it: the worlds, their truth, and the zoo until Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leadglass.cli.exits import Exit

SRC = Path(__file__).parents[2] / "src"


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    """What `leadglass lab WORDS` came to."""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "leadglass", "lab", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_the_worlds_are_listed() -> None:
    done = typed("list")
    assert done.returncode == 0
    assert {line.split()[0] for line in done.stdout.splitlines()} >= {"clinic", "dark", "greenbone-2019-09"}


def test_the_truth_is_json() -> None:
    done = typed("truth", "clinic")
    assert done.returncode == 0
    assert json.loads(done.stdout)["totals"]["servers"] == 12


@pytest.mark.parametrize("words", [("truth", "nowhere"), ("up", "nowhere")])
def test_what_is_not_there_is_wrong_usage(words: tuple[str, ...]) -> None:
    done = typed(*words)
    assert done.returncode == Exit.USAGE
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error:")


def test_the_zoo_is_served_until_ctrl_c() -> None:
    command = [sys.executable, "-m", "leadglass", "lab", "up", "zoo"]
    environment = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stdout is not None
        lines = [served.stdout.readline() for _ in range(40)]
        served.send_signal(signal.SIGINT)
        assert served.wait(30) == 0
    assert all("127.90." in line and "  # " in line for line in lines)
