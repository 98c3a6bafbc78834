"""`leadglass lab` as a user types it: the worlds, their truth, and the zoo until Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from leadglass.cli.exits import Exit

SRC = Path(__file__).parents[2] / "src"


_OWN = """
name = "own"
title = "one server"
seed = 1
network = "{network}"
scattered = false
[[groups]]
name = "open"
countries = "DE"
owners = "Practice"
identities = "orthanc"
"""


def typed(*words: str) -> subprocess.CompletedProcess[str]:
    """What `leadglass lab WORDS` came to."""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    command = [sys.executable, "-m", "leadglass", "lab", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_the_worlds_are_listed() -> None:
    done = typed("list")
    assert done.returncode == 0
    assert {line.split()[0] for line in done.stdout.splitlines()} >= {"clinic", "dark", "greenbone-2019-09", "zoo"}
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_the_truth_is_json() -> None:
    done = typed("truth", "clinic")
    assert done.returncode == 0
    assert json.loads(done.stdout)["totals"]["servers"] == 12


def test_a_world_that_does_not_come_to_its_figures_is_told(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    figure = '[[figures]]\nname = "servers"\nvalue = 5\nmark = "assumed"\nsource = "made up"\nmeasure = "servers"\n'
    file.write_text(_OWN.format(network="127.200.0.0/24").replace("[[groups]]", f"{figure}[[groups]]"))
    done = typed("truth", str(file))
    assert done.returncode == 0
    assert "the figure 'servers' is 5, and the world comes to 1" in done.stderr
    assert not typed("truth", "clinic").stderr


def test_the_targets_are_one_a_line() -> None:
    done = typed("targets", "clinic")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [f"127.16.0.{number}" for number in range(1, 13)]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("truth", "nowhere"), "clinic"),
        (("up", "nowhere"), "clinic"),
        (("up", "clinc"), "did you mean clinic?"),
        (("targets", "greenbone-2019-9"), "did you mean greenbone-2019-09?"),
        (("up", "zooo"), "did you mean zoo?"),
        (("up", "clinic", "--port", "104"), "--port is for the zoo"),
    ],
)
def test_what_is_not_there_is_wrong_usage(words: tuple[str, ...], meant: str) -> None:
    done = typed(*words)
    assert done.returncode == Exit.USAGE
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Error:")
    assert meant in " ".join(done.stderr.split())
    assert not done.stdout


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_world_is_served_until_it_is_stopped(stop: signal.Signals, tmp_path: Path) -> None:
    """A file of one's own: it says where, answers there, and ends well."""
    first = f"127.201.{int(stop)}.1"  # two of these tests may run at once
    file = tmp_path / "own.toml"
    file.write_text(_OWN.format(network=f"{first[:-1]}0/30"), encoding="utf-8")
    with served(str(file)) as process:
        told = until(process, "Stop:")
        assert f"between {first} and {first}" in told
        with socket.create_connection((first, 11112), timeout=10):
            process.send_signal(stop)  # with a caller who is still there
            assert process.wait(30) == 0
        assert process.stderr is not None
        assert not process.stderr.read()


def test_the_zoo_is_served_until_ctrl_c() -> None:
    with served("zoo") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(40)]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert all("127.90." in line and "  # " in line and len(line) <= 80 for line in lines)


def served(name: str) -> subprocess.Popen[str]:
    """`leadglass lab up NAME`, running."""
    command = [sys.executable, "-m", "leadglass", "lab", "up", name]
    environment = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def until(process: subprocess.Popen[str], word: str) -> str:
    """What it said until a line that begins with `word`, in one line."""
    assert process.stdout is not None
    lines = list(takewhile(lambda line: not line.startswith(word), process.stdout))
    return " ".join(line.strip() for line in lines)
