"""A server of the bench tells what it has used whenever it is asked, until whoever started it closes the pipe."""

import resource
import sys

import msgspec

from bench.figures import Timed


def tell_until_closed() -> None:
    """One line of JSON for each line that is read."""
    while sys.stdin.readline():
        used = resource.getrusage(resource.RUSAGE_SELF)
        told = Timed(count=0, wall_s=0, cpu_s=used.ru_utime + used.ru_stime, peak_bytes=used.ru_maxrss * 1024)
        print(msgspec.json.encode(told).decode(), flush=True)
