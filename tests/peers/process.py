"""A foreign server runs for exactly as long as a block lasts, and a missing one is seen."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

START_S = 20.0
_POLL_S = 0.02


def missing(what: str) -> None:
    """A missing peer is a visible skip, and a failure where CI is true."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")


def program(name: str) -> str:
    """The path of a real server."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
    if found is None:
        missing(name)
    return found or name


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], ports: tuple[int, ...], folder: Path) -> Iterator[Path]:
    """A server that listens on `ports`, for as long as the block lasts; gives its log.

    It is killed, not asked to end: its folder is thrown away, and Orthanc takes three seconds to say goodbye.
    """
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, env={**os.environ, "TCP_NODELAY": "1"})
        try:
            deadline = time.monotonic() + START_S
            while not all(_listens(port) for port in ports):
                if _ended(process) or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            yield log
        finally:
            process.kill()
            process.wait(30)


def _ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether it ended while we gave it a moment: a foreign program's start has nothing else to wait on."""
    try:
        process.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
