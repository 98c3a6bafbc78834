"""Who holds a survey has a name of its own: its machine, where on it, its run and its process.

Machine names and process numbers are alike in containers, and come again after a start. So the name says which start of
the machine and which numbering of processes is meant, and no two runs have the same.
"""

import os
import platform
import re
import secrets
import sys
from hashlib import sha256
from pathlib import Path

_NAME = re.compile(r"(?P<machine>.*) \((?P<place>[0-9a-f]{8})\.[0-9a-f]{8}\), process (?P<number>[0-9]{1,10})")
_BOOT, _NUMBERING = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
_made: set[str] = set()  # the names of this process's own runs


def machine_here() -> str:
    """This machine's name."""
    return platform.node() or "a machine"


def holder_here() -> str:
    """A new run of this process: `vm (1f3a9c0d.77ab12cd), process 123`."""
    name = f"{machine_here()} ({_place() or secrets.token_hex(4)}.{secrets.token_hex(4)}), process {os.getpid()}"
    _made.add(name)
    return name


def worker_here(holder: str) -> str:
    """This process as a worker of the run that `holder` began on this machine."""
    return f"{holder.rpartition(', process ')[0]}, process {os.getpid()}"


def dead_holder(holder: str | None) -> str | None:
    """The holder where it was a process that would be seen from here and is gone, else None."""
    name = _NAME.fullmatch(holder or "")
    if name is None or os.name == "nt" or (name["machine"], name["place"]) != (machine_here(), _place()):
        return None
    number = int(name["number"])
    if number == os.getpid():  # which had this number before
        return None if holder in _made else holder
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return holder
    except (PermissionError, OverflowError):
        return None
    return None


def _place() -> str | None:
    """Within which start of the machine, and which namespace, a process number means the same; None where unknown."""
    try:
        here = f"{_BOOT.read_text().strip()} {_NUMBERING.readlink()}" if sys.platform == "linux" else sys.platform
    except OSError:
        return None
    return sha256(here.encode()).hexdigest()[:8]
