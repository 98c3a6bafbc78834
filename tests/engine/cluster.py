"""A dask cluster on loopback: a scheduler and its workers, each a process that ends with the block."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.engine.world import ENVIRONMENT
from tests.peers.process import free_port

_START_S = 60.0


@contextmanager
def cluster(folder: Path, workers: int, *tls: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address, and the processes of its workers; `tls` are dask's own options."""
    with all_of_cluster(folder, workers, *tls) as (address, _, made):
        yield address, made


@contextmanager
def all_of_cluster(
    folder: Path, workers: int, *tls: str
) -> Iterator[tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]]:
    """The same with the process of the scheduler."""
    port = free_port()
    address = f"{'tls' if tls else 'tcp'}://127.0.0.1:{port}"
    with ExitStack() as stack:
        scheduler = ("scheduler", "--host", f"{'tls' if tls else 'tcp'}://127.0.0.1", "--port", str(port))
        leading = stack.enter_context(_dask(folder / "scheduler", *scheduler, "--no-dashboard", *tls))
        place = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
        made = [
            stack.enter_context(_dask(folder / f"worker{n}", "worker", address, *place, *tls)) for n in range(workers)
        ]
        for n in range(workers):
            _wait_for(folder / f"worker{n}", "Registered to")
        yield address, leading, made


@contextmanager
def _dask(log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words], stdout=told, stderr=subprocess.STDOUT, env=ENVIRONMENT
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGCONT)
            process.kill()
        process.wait()


def _wait_for(log: Path, words: str) -> None:
    end = time.monotonic() + _START_S
    while words not in log.read_text():  # which takes its time
        if time.monotonic() > end:
            pytest.fail(log.read_text())
