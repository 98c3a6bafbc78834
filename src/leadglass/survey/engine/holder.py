"""Who holds a survey, or works on it, is a machine and a process: another on the same machine sees whether it lives."""

import os
import platform


def machine_here() -> str:
    """This machine's name."""
    return platform.node() or "a machine"


def holder_here() -> str:
    """This process: machine and process number."""
    return f"{machine_here()}, process {os.getpid()}"


def dead_holder(holder: str | None) -> str | None:
    """The holder where it was a process of this machine and is gone, else None."""
    machine, _, number = (holder or "").rpartition(", process ")
    if machine != machine_here() or not number.isdigit() or os.name == "nt":
        return None
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return holder
    except PermissionError:
        return None
    return None
