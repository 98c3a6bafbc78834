"""Clients ask one server, one after another, and the system's books tell what each of them cost it."""

import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar

import msgspec

from bench.ask_measure import Spent
from bench.ask_qido import Read
from bench.costs import Cost
from bench.figures import Timed, middle
from bench.foreign import cpu_s, loopback_bytes
from bench.processes import ENVIRONMENT, timed
from bench.responses import COUNTED
from leadglass.model.exposure import Exposure

_TIMEOUT_S = 600.0
_LEAST_BYTES = 100  # of a response: a UID, an identifier and their headers take more
Made = TypeVar("Made")


class Watched:
    """One server by its process number; nothing else uses loopback meanwhile."""

    def __init__(self, pid: int) -> None:
        """The server is up."""
        self._pid = pid

    def leadglass(self, how: str, port: int, where: str) -> tuple[Cost, Exposure]:
        """Leadglass measures, as `bench.ask_measure` says: the cost, and what it found."""
        spent, cpu, crossed = self._around(lambda: _asked("ask_measure", Spent, how, str(port), where))
        ledger = spent.ledger
        cost = Cost(
            records=ledger.records_received,
            connections=ledger.connections,
            received_bytes=ledger.bytes_received,
            crossed_bytes=crossed,
            wall_s=spent.wall_s,
            busy_s=ledger.busy_s,
            server_s=cpu,
        )
        return cost, spent.exposure

    def findscu(self, path: str, port: int, title: str, studies: int) -> Cost:
        """DCMTK reads all studies with the keys that tell patients and images apart: the wall is without its start.

        By itself it gives up where a server takes more than 60 s to its first answer, and exits with 0 all the same.
        Raises RuntimeError where too little came.
        """
        keys = [part for key in COUNTED for part in ("-k", key)]
        patience = ("-ts", f"{_TIMEOUT_S:.0f}")
        command = (path, "-q", "-S", *patience, "-aec", title, *keys, "127.0.0.1", str(port))
        start_up = middle([timed((path, "--version"), 0) for _ in range(3)])
        run, cpu, crossed = self._around(lambda: timed(command, studies))
        if crossed < _LEAST_BYTES * studies:
            raise RuntimeError(f"findscu received {crossed:,} bytes, and so not all of {studies:,} studies")
        return _plain(run.without(start_up), studies, crossed, cpu)

    def qido(self, port: int, path: str) -> Cost:
        """A plain HTTP client reads one unbounded list."""
        read, cpu, crossed = self._around(lambda: _asked("ask_qido", Read, str(port), path))
        return _plain(Timed(count=read.records, wall_s=read.wall_s, cpu_s=0.0), read.records, crossed, cpu)

    def _around(self, work: Callable[[], Made]) -> tuple[Made, float, int]:
        """What `work` made, the CPU that the server used for it, and the bytes that crossed loopback."""
        cpu, crossed = cpu_s(self._pid), loopback_bytes()
        made = work()
        return made, cpu_s(self._pid) - cpu, loopback_bytes() - crossed


def _plain(run: Timed, records: int, crossed: int, cpu: float) -> Cost:
    """The cost of a client that keeps no ledger."""
    return Cost(
        records=records,
        connections=1,
        received_bytes=None,
        crossed_bytes=crossed,
        wall_s=run.wall_s,
        busy_s=None,
        server_s=cpu,
    )


def _asked(module: str, told: type[Made], *arguments: str) -> Made:
    """One run of a client of ours in a process of its own."""
    done = subprocess.run(
        (sys.executable, "-m", f"bench.{module}", *arguments),
        check=True,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=_TIMEOUT_S,
    )
    return msgspec.json.decode(done.stdout, type=told)
