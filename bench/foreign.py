"""A foreign server runs for the length of a `with`, and the system's own books tell what it used."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ENVIRONMENT, TIMEOUT_S

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def running(command: tuple[str, ...], ports: tuple[int, ...], log: Path) -> Iterator[int]:
    """The server's process number, once it listens on `ports`. Raises RuntimeError where it does not."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=ENVIRONMENT)
        try:
            _await_ports(process, ports, log)
            yield process.pid
        finally:
            process.terminate()
            process.wait(TIMEOUT_S)


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process and its children used (proc(5), stat), in ticks of 10 ms.

    A child is in its parent's books once it was waited for; one that was not, though it may have ended, has its own.
    """
    while True:
        children = _children(pid)
        try:
            ticks = sum(map(_ticks, (pid, *children)))
        except (FileNotFoundError, ProcessLookupError):
            ticks = None
        if ticks is not None and children == _children(pid):
            return ticks / _TICKS


def _ticks(pid: int) -> int:
    """utime, stime, cutime and cstime."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _children(pid: int) -> list[int]:
    """The children of a process that it did not wait for yet. Raises FileNotFoundError where there is none `pid`."""
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def loopback_bytes() -> int:
    """Bytes that have crossed loopback in this network namespace, both ways, headers of packets among them."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, counters = line.partition(":")
        if name.strip() == "lo":
            return int(counters.split()[0])
    raise RuntimeError("no loopback device")


def _await_ports(process: "subprocess.Popen[bytes]", ports: tuple[int, ...], log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    for port in ports:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args!r} did not start: see {log}")
            time.sleep(0.1)  # a foreign program's start: there is nothing else to wait on
