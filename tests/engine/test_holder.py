"""No two runs have one name, and no living holder is taken for dead, however alike their containers are."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from leadglass.survey.engine import holder
from leadglass.survey.engine.holder import dead_holder, holder_here, worker_here
from tests.engine.world import ENVIRONMENT
from tests.peers.process import missing

linux = pytest.mark.skipif(sys.platform != "linux", reason="process namespaces are Linux's")
APART = (
    "import sys; from leadglass.survey.engine.holder import *; print(holder_here()); print(dead_holder(sys.argv[1]))"
)


def gone() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    return ended.pid


def numbered(name: str, number: int) -> str:
    """The holder's name with another process number."""
    return f"{name.rpartition(' ')[0]} {number}"


def test_a_name_is_readable_and_no_two_runs_have_the_same() -> None:
    first, second = holder_here(), holder_here()
    assert first.startswith(platform.node())
    assert first.endswith(f", process {os.getpid()}")
    assert first != second
    assert worker_here(numbered(first, 5)) == first


def test_a_holder_is_dead_where_its_number_means_the_same_and_nobody_has_it() -> None:
    mine = holder_here()
    ended = numbered(mine, gone())
    assert dead_holder(ended) == ended
    assert dead_holder(numbered(mine, os.getppid())) is None
    assert dead_holder(mine) is None
    for other in (None, "", "x", f"{platform.node()}, process {gone()}", f"other{ended}", ended + "0" * 20):
        assert dead_holder(other) is None


def test_who_had_the_number_of_this_process_before_it_is_dead() -> None:
    """A container's process is number 1 again after each start."""
    mine = holder_here()
    token = mine.partition(".")[2][:8]
    earlier = mine.replace(token, "0" * 8)
    assert dead_holder(earlier) == earlier


@linux
def test_after_another_start_of_a_machine_of_this_name_nobody_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = numbered(holder_here(), gone())
    (tmp_path / "boot").write_text("another\n")
    for boot in ("boot", "nowhere"):
        monkeypatch.setattr(holder, "_BOOT", tmp_path / boot)
        assert dead_holder(ended) is None
    unknown = numbered(holder_here(), gone())
    assert dead_holder(unknown) is None


@linux
def test_containers_of_one_name_are_told_apart_and_see_no_process_of_each_other() -> None:
    apart = ["unshare", "--pid", "--fork"]
    if shutil.which("unshare") is None or subprocess.run([*apart, "true"], check=False).returncode:
        missing("the right to number processes anew")
    mine = holder_here()
    said = [
        subprocess.run(
            [*apart, sys.executable, "-c", APART, mine],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout.splitlines()
        for _ in range(2)
    ]
    (one, dead), (two, dead_too) = said
    assert one.endswith(", process 1")
    assert two.endswith(", process 1")
    assert one != two
    assert (dead, dead_too) == ("None", "None")
