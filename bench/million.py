"""A million studies: what it costs to know how many, by a sample, by reading all, and by `findscu -q`."""

import subprocess
import sys

import msgspec

from bench.ask_million import Spent
from bench.figures import short_time
from bench.million_server import HABITS, SPEC
from bench.processes import ENVIRONMENT, program, serving, timed
from bench.responses import COUNTED
from bench.setting import MILLION_RUNS, PORT

_TIMEOUT_S = 600.0


def million() -> str:
    """The sections of the table."""
    return "\n".join(_section(habit) for habit in HABITS)


def _section(habit: str) -> str:
    findscu = program("findscu")
    with serving("million_server", habit):
        _asked("sample")  # makes the archive, and is not counted
        samples = [_asked("sample") for _ in range(MILLION_RUNS)]
        exact = _asked("exact")
        dcmtk_s = timed(_findscu(findscu), SPEC.studies).wall_s if findscu else None
    median = sorted(samples, key=lambda one: one.wall_s)[len(samples) // 2]
    lines = [
        f"{SPEC.studies:,} studies, the server takes: {habit}",
        f"  {'':<24}{'records':>12}{'bytes':>12}{'wall':>10}{'busy':>10}",
        *(_line(name, spent) for name, spent in (("a sample (median)", median), ("Leadglass, --exact", exact))),
        f"  {'findscu -q':<24}{SPEC.studies:>12,}{'':>12}{short_time(dcmtk_s) if dcmtk_s else 'not here':>10}",
    ]
    for name, true in (("studies", SPEC.studies), ("images", SPEC.images), ("patients", SPEC.patients)):
        counts = [count for one in samples if (count := getattr(one.exposure, name)) is not None]
        held = sum(count.low <= true and (count.high is None or true <= count.high) for count in counts)
        halves = sorted((count.high - count.low) / 2 / count.count for count in counts if count.high is not None)
        width = f"±{halves[len(halves) // 2]:.1%}" if halves else "at least"
        lines.append(f"  {name}: {width} (median), {held} of {len(counts)} hold the truth")
    return "\n".join(lines) + "\n"


def _asked(how: str) -> Spent:
    done = subprocess.run(
        (sys.executable, "-m", "bench.ask_million", how, str(PORT)),
        check=True,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=_TIMEOUT_S,
    )
    return msgspec.json.decode(done.stdout, type=Spent)


def _findscu(path: str) -> tuple[str, ...]:
    keys = [part for key in COUNTED for part in ("-k", key)]
    return (path, "-q", "-S", *keys, "127.0.0.1", str(PORT))


def _line(name: str, spent: Spent) -> str:
    size = f"{spent.received_bytes / 2**20:.1f} MiB"
    return f"  {name:<24}{spent.records:>12,}{size:>12}{short_time(spent.wall_s):>10}{short_time(spent.busy_s):>10}"
