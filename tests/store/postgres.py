"""A real PostgreSQL, Debian's own, in a temporary directory for as long as a block lasts."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.process import free_port, missing

_HOMES = Path("/usr/lib/postgresql")
_START_S = 30.0
_POLL_S = 0.02


def _home() -> Path:
    found = sorted(_HOMES.glob("*/bin/postgres"))
    if not found:
        missing("PostgreSQL")
    return found[-1].parent


def _as_nobody_special(*command: str) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return list(command)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database on loopback."""
    with cluster_of_files() as place, served(place) as address:
        yield address


@contextmanager
def cluster_of_files() -> Iterator[Path]:
    """A database that nobody serves yet."""
    place = Path(tempfile.mkdtemp(prefix="leadglass-pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(place, "postgres", "postgres")
    place.chmod(0o700)
    made = (str(_home() / "initdb"), "-D", str(place / "data"), "-U", "leadglass", "-A", "trust", "--no-sync")
    try:
        subprocess.run(_as_nobody_special(*made), check=True, capture_output=True, cwd="/", timeout=_START_S)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def served(place: Path, port: int = 0) -> Iterator[str]:
    """The address of a database, for as long as a block lasts; on a free port where none is given."""
    port = port or free_port()
    options = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={place}", "fsync=off")
    words = (str(_home() / "postgres"), "-D", str(place / "data"), *(x for o in options for x in ("-c", o)))
    run = _as_nobody_special(*words)
    server = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        ready = [str(_home() / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
        end = time.monotonic() + _START_S
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            if time.monotonic() > end or server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(_POLL_S)
        yield f"postgresql://leadglass@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # at once: a terminated one waits until its last client has gone
        server.wait(_START_S)
