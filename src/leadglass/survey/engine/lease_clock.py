"""Leases are reckoned in seconds that go on while the machine sleeps, as they do for everyone else."""

import time

_ASLEEP_TOO = getattr(time, "CLOCK_BOOTTIME", None)  # Linux, whose monotonic clock stands still meanwhile


def lease_seconds() -> float:
    """Seconds since some moment before the process began."""
    return time.monotonic() if _ASLEEP_TOO is None else time.clock_gettime(_ASLEEP_TOO)
