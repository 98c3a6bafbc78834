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
    home, port = _home(), free_port()
    place = Path(tempfile.mkdtemp(prefix="leadglass-pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(place, "postgres", "postgres")
    place.chmod(0o700)
    data = str(place / "data")
    server = None
    try:
        made = _as_nobody_special(str(home / "initdb"), "-D", data, "-U", "leadglass", "-A", "trust", "--no-sync")
        subprocess.run(made, check=True, capture_output=True, cwd="/", timeout=_START_S)
        options = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={place}", "fsync=off")
        run = _as_nobody_special(str(home / "postgres"), "-D", data, *(x for o in options for x in ("-c", o)))
        server = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        ready = [str(home / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
        end = time.monotonic() + _START_S
        while subprocess.run(ready, capture_output=True, check=False).returncode:
            if time.monotonic() > end or server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(_POLL_S)
        yield f"postgresql://leadglass@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # at once: a terminated one waits until its last client has gone
            server.wait(_START_S)
        shutil.rmtree(place, ignore_errors=True)
