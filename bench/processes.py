"""Programs are run and timed from outside, and servers are up for the length of a `with`."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from bench.figures import Timed
from bench.setting import PORT

TIMEOUT_S = 300.0
_RSS_UNIT_BYTES = 1024  # of ru_maxrss on Linux, getrusage(2)
# DCMTK as packaged waits for acknowledgements otherwise, and would be compared at its worst.
ENVIRONMENT = {**os.environ, "TCP_NODELAY": "1", "PYTHONPATH": os.pathsep.join(("src", "."))}


def program(name: str) -> str | None:
    """The path of a foreign program, None where it is not here."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")


def timed(command: Sequence[str], count: int) -> Timed:
    """One run of a program that does `count` things, start-up and all. Raises CalledProcessError where it fails."""
    wall = time.perf_counter()
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=ENVIRONMENT, stdin=silent, stdout=silent, stderr=silent)
    watch = threading.Timer(TIMEOUT_S, process.kill)
    watch.start()
    try:
        # Not `wait`: this call alone tells what the one child used, and not what all of them did.
        _, status, used = os.wait4(process.pid, 0)
    finally:
        watch.cancel()
    wall = time.perf_counter() - wall
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    cpu = used.ru_utime + used.ru_stime
    return Timed(count=count, wall_s=wall, cpu_s=cpu, peak_bytes=used.ru_maxrss * _RSS_UNIT_BYTES)


def asked(module: str, *arguments: str) -> Timed:
    """One run of a client of ours in a process of its own, which times itself without its imports."""
    command = (sys.executable, "-m", f"bench.{module}", *arguments)
    done = subprocess.run(
        command, check=True, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_S
    )
    return msgspec.json.decode(done.stdout, type=Timed)


class Served:
    """A server of ours in a process of its own, which tells what it has used."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        """The server is up."""
        self._process = process
        self.pid = process.pid

    def used(self) -> Timed:
        """What the server used until now: `count` and `wall_s` are nought."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a process without its pipes")
        self._process.stdin.write("used\n")
        self._process.stdin.flush()
        return msgspec.json.decode(self._process.stdout.readline(), type=Timed)


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[Served]:
    """A server of the bench on loopback, `python -m bench.MODULE ARGUMENTS PORT`."""
    command = (sys.executable, "-m", f"bench.{module}", *arguments, str(PORT))
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without its pipes")
        if process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{module} did not start")
        try:
            yield Served(process)
        finally:
            process.stdin.close()
