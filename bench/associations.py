"""Associations a second at the same server: associate, echo, release (nmap: without echo and release)."""

import importlib.util

from bench.figures import Figures, Timed, figures, middle
from bench.processes import asked, program, timed
from bench.setting import ADDRESSES, IN_FLIGHT, PORT, PYNETDICOM_RUNS, PYNETDICOM_THREADS, RUNS
from bench.table import Row, distance, fair_distance, memory, reached, section

_PROTOTYPE_RATE, _PROTOTYPE_CPU_S = 7_200, 0.00011
_NMAP_THEN_S = 0.00044  # on the machine and the day of the prototype
# The range that ADDRESSES spells out, as nmap writes it.
_RANGE = f"127.0.1-{len(ADDRESSES) // 256}.0-255"
_BAR, _AIM = 3, 5
_NMAP_BEST = ("-n", "-Pn", "-T5", "--max-retries", "0", "--min-parallelism", "300", "--min-hostgroup", "4096")


def associations() -> str:
    """The section of the table."""
    in_flight = _best("ask_leadglass", IN_FLIGHT)
    threads = _best("ask_pynetdicom", PYNETDICOM_THREADS) if importlib.util.find_spec("pynetdicom") else None
    nmap = program("nmap")
    start_up = middle([_nmap(nmap, "127.0.0.1", 1) for _ in range(3)]) if nmap else None
    ours, floor, theirs, nmaps = [], [], [], []
    for run in range(RUNS):
        ours.append(asked("ask_leadglass", "associations", str(in_flight)))
        floor.append(asked("ask_canned", str(in_flight)))
        if nmap and start_up:
            nmaps.append(_nmap(nmap, _RANGE, len(ADDRESSES)).without(start_up))
        if threads and run < PYNETDICOM_RUNS:
            theirs.append(asked("ask_pynetdicom", "associations", str(threads)))
    first = figures(ours)
    rows = (
        Row(name=f"Leadglass, {in_flight} in flight", figures=first),
        Row(name="nmap dicom-ping, no echo, no release", figures=figures(nmaps) if nmaps else None),
        Row(name=f"pynetdicom, {threads or 'no'} threads", figures=figures(theirs) if theirs else None),
        Row(name="canned bytes, nothing read (floor)", figures=figures(floor)),
    )
    return (
        section(f"Hosts: associate, echo, release at {len(ADDRESSES):,} listening addresses", rows)
        + memory(rows[:3])
        + _bar(first, rows[1])
        + distance("a second, against 7,200 on an idle machine", first.rate, _PROTOTYPE_RATE, lower_is_better=False)
        + distance("CPU each, against 0.11 ms", first.cpu_s, _PROTOTYPE_CPU_S, lower_is_better=True)
        + fair_distance(first, rows[1], _PROTOTYPE_CPU_S, _NMAP_THEN_S)
    )


def _bar(ours: Figures, nmap: Row) -> str:
    """How far the bar against nmap was reached; nothing without it."""
    if nmap.figures is None:
        return ""
    return reached(f"hosts a second, {_BAR} times nmap's (aim: {_AIM})", ours.rate, _BAR * nmap.figures.rate)


def _best(client: str, numbers: tuple[int, ...]) -> int:
    """The number that gave the best rate of two runs."""
    rates: dict[int, float] = {}
    for _ in range(2):
        for number in numbers:
            run = asked(client, "associations", str(number))
            rates[number] = max(rates.get(number, 0.0), run.count / run.wall_s)
    return max(rates, key=lambda number: rates[number])


def _nmap(nmap: str, addresses: str, count: int) -> Timed:
    return timed((nmap, *_NMAP_BEST, "-p", str(PORT), "--script", "dicom-ping", addresses), count)
