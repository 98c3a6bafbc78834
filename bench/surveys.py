"""What a survey costs: an address where nothing is, one that listens, a million of them, and a row of the store."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figures import Timed, figures
from bench.processes import ENVIRONMENT, program, timed
from bench.rows import rows_written
from bench.setting import PORT
from bench.table import Row, memory, section

_RUNS = 3
_LISTENING = "127.0.0.0/18"  # 16,384 addresses, on each of which the lab's server listens
_DARK, _DARK_ADDRESSES = "127.32.0.0/18", 16_384
_DROP = """
add table ip bench
add chain ip bench out { type filter hook output priority 0; }
add rule ip bench out ip daddr 127.32.0.0/18 drop
"""
_SHARED = ("127.64.0.0/14", 262_144)
_MANY = (("127.64.0.0/19", 8_192, 3), ("127.64.0.0/16", 65_536, 3), ("127.64.0.0/12", 1_048_576, 1))
_NMAP_TOUCH = ("-n", "-Pn", "-T5", "--max-retries", "0", "--min-parallelism", "300", "--min-hostgroup", "4096")
_NMAP_DARK = (
    *("-n", "-Pn", "--max-retries", "0", "--initial-rtt-timeout", "2s", "--max-rtt-timeout", "2s"),
    *("--min-parallelism", "1000", "--min-hostgroup", "16384"),
)
_SCOPE = """
authority = "the benchmark"
contact = "bench@example.org"
targets = ["{network}"]
opt_out = []
permits = ["connect"]
depth = "touch"
ports = {{ dimse = [{port}], web = [] }}
pace = {{ per_second = 1_000_000, per_network = 1_000_000, per_address = 1_000 }}
"""


def surveys(*, isolated: bool) -> str:
    """The sections of the table; what needs a firewall is measured in a namespace alone."""
    parts = [_listening(), _dark() if isolated else "", _many(), _workers(), rows_written(_RUNS)]
    return "\n".join(part for part in parts if part)


def _listening() -> str:
    nmap = program("nmap")
    start = _survey("127.0.0.1/32", PORT, 1)
    nmap_start = timed((nmap, *_NMAP_TOUCH, "-p", str(PORT), "127.0.0.1"), 1) if nmap else None
    ours, theirs = [], []
    for _ in range(_RUNS):
        ours.append(_survey(_LISTENING, PORT, 16_384).without(start))
        if nmap and nmap_start:
            words = (nmap, *_NMAP_TOUCH, "-p", str(PORT), "--script", "dicom-ping", _LISTENING)
            theirs.append(timed(words, 16_384).without(nmap_start))
    rows = (
        Row(name="survey at depth touch, into SQLite", figures=figures(ours)),
        Row(name="nmap dicom-ping, kept nowhere", figures=figures(theirs) if theirs else None),
    )
    return section("A survey: 16,384 addresses that listen and speak", rows) + memory(rows)


def _dark() -> str:
    nft, nmap = program("nft"), program("nmap")
    if nft is None or subprocess.run((nft, "-f", "-"), input=_DROP, text=True, check=False).returncode:
        return "A survey of dark space: not measured, since there is no nft here\n"
    start = _survey("127.0.0.1/32", PORT, 1)
    nmap_start = timed((nmap, *_NMAP_DARK, "-sT", "-p", str(PORT), "127.0.0.1"), 1) if nmap else None
    ours, full, half = [], [], []
    for _ in range(_RUNS):
        ours.append(_survey(_DARK, PORT, _DARK_ADDRESSES).without(start))
        if nmap and nmap_start:
            words = (*_NMAP_DARK, "-p", str(PORT), _DARK)
            full.append(timed((nmap, "-sT", *words), _DARK_ADDRESSES).without(nmap_start))
            half.append(timed((nmap, "-sS", "--min-rate", "20000", *words), _DARK_ADDRESSES).without(nmap_start))
    rows = (
        Row(name="survey at depth touch, into SQLite", figures=figures(ours)),
        Row(name="nmap -sT, a connection each", figures=figures(full) if full else None),
        Row(name="nmap -sS as root, a packet each", figures=figures(half) if half else None),
    )
    title = f"A survey: {_DARK_ADDRESSES:,} addresses that answer nothing, waited for 5 s (nmap: 2 s)"
    return section(title, rows) + memory(rows)


def _many() -> str:
    rows = tuple(
        Row(name=f"{count:,} targets", figures=figures([_survey(network, 104, count) for _ in range(runs)]))
        for network, count, runs in _MANY
    )
    return section("A survey: addresses that refuse, start-up and all", rows) + memory(rows)


def _workers() -> str:
    network, count = _SHARED
    alone, beside = _survey("127.64.0.1/32", 104, 1), _survey("127.64.0.1/32", 104, 1, "--workers", "2")
    one, two = [], []
    for _ in range(_RUNS):
        one.append(_survey(network, 104, count).without(alone))
        two.append(_survey(network, 104, count, "--workers", "2").without(beside))
    rows = (Row(name="one worker", figures=figures(one)), Row(name="two workers", figures=figures(two)))
    base, shared = figures(one).cpu_s, figures(two).cpu_s
    title = f"A survey: {count:,} addresses that refuse, without start-up"
    return section(title, rows) + f"  CPU each with two workers, at most 1.15 of that with one: {shared / base:.2f}\n"


def _survey(network: str, port: int, count: int, *options: str) -> Timed:
    """One `survey run` of a network, and nothing of what is made before it."""
    with tempfile.TemporaryDirectory() as folder:
        scope, store = Path(folder, "scope.toml"), str(Path(folder, "store.db"))
        scope.write_text(_SCOPE.format(network=network, port=port))
        command = (sys.executable, "-m", "leadglass", "survey")
        made = (*command, "init", "bench", "--scope", str(scope), "--store", store, "--seed", "7")
        subprocess.run(made, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        return timed((*command, "run", "bench", "--store", store, *options), count)
