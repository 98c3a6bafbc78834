"""Programs are run and timed from outside, and servers are up for the length of a `with`."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from bench.figures import Timed
from bench.setting import ADDRESSES, PORT

TIMEOUT_S = 300.0
# DCMTK as packaged waits for acknowledgements otherwise, and would be compared at its worst.
_ENVIRONMENT = {**os.environ, "TCP_NODELAY": "1", "PYTHONPATH": os.pathsep.join(("src", "."))}


def program(name: str) -> str | None:
    """The path of a foreign program, None where it is not here."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")


def timed(command: Sequence[str], count: int) -> Timed:
    """One run of a program that does `count` things, start-up and all. Raises CalledProcessError where it fails."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        check=True,
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=TIMEOUT_S,
    )
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(count=count, wall_s=wall, cpu_s=cpu)


def asked(module: str, *arguments: str) -> Timed:
    """One run of a client of ours in a process of its own, which times itself without its imports."""
    command = (sys.executable, "-m", f"bench.{module}", *arguments)
    done = subprocess.run(
        command, check=True, env=_ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=TIMEOUT_S
    )
    return msgspec.json.decode(done.stdout, type=Timed)


@contextmanager
def lab_server() -> Iterator[None]:
    """The lab server on all of the bench's addresses."""
    command = (sys.executable, "-m", "bench.lab_server")
    with subprocess.Popen(
        command, env=_ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without its pipes")
        process.stdin.write(f"{' '.join(('127.0.0.1', *ADDRESSES))}\n{PORT}\n")
        process.stdin.flush()
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the lab server did not start")
        yield
        process.stdin.close()
