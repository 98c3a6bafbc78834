"""`python -m bench.sampling` measures seeded archives in process and writes `docs/sampling.json` and its pictures.

Seeds by rule: archive n of a shape has seed 1000 (number of the shape + 1) + n and a size that follows from it; a
sampler's own chance follows from the same seed. `--archives` is how many of each shape (150), `--pages` only draws.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import msgspec

from bench.sampling.archive import InProcess
from bench.sampling.misleading import HABITS
from bench.sampling.pages import write_pages
from bench.sampling.results import Results, Row, row
from bench.sampling.shapes import SHAPES
from bench.sampling.trial import Trial, tried
from leadglass.lab.spreading import number
from leadglass.model.record import Record

ROOT = Path(__file__).resolve().parents[2]
FOUND = ROOT / "docs" / "sampling.json"
_SIZES = ((1_000_000, 5), (2_000_000, 3), (5_000_000, 3))  # and how many archives of each
_SMALLEST, _LARGEST = 40_000, 200_000  # of those that coverage is proved on
_HABIT_ARCHIVES = 40
_HABIT_STUDIES = 100_000
_HABIT_SEED = 90_000


class Task(Record):
    """One archive to measure."""

    part: str
    index: int
    seed: int
    studies: int


def size_of(seed: int) -> int:
    """How many studies the archive of a seed has: as many small ones as large ones, by their logarithm."""
    share = number(seed, "size") % 10_000 / 10_000
    return int(_SMALLEST * (_LARGEST / _SMALLEST) ** share)


def tasks(archives: int) -> Iterator[Task]:
    """Everything that is measured, the largest first."""
    for studies, count in reversed(_SIZES):
        for index in range(len(SHAPES)):
            for n in range(count):
                yield Task(part=f"{studies}", index=index, seed=500_000 + studies // 1_000 + n, studies=studies)
    for index in range(len(SHAPES)):
        for n in range(archives):
            seed = 1_000 * (index + 1) + n
            yield Task(part="coverage", index=index, seed=seed, studies=size_of(seed))
    for index in range(len(HABITS)):
        for n in range(min(archives, _HABIT_ARCHIVES)):
            yield Task(part="habits", index=index, seed=_HABIT_SEED + 1_000 * index + n, studies=_HABIT_STUDIES)


def done(task: Task) -> tuple[Task, Trial]:
    """One archive, measured."""
    if task.part == "habits":
        misleading = HABITS[task.index].archive(task.seed, task.studies)
        return task, tried(misleading, task.seed, misleading.least)
    shape = SHAPES[task.index]
    return task, tried(InProcess(shape.spec(task.seed, task.studies), shape), task.seed)


def main() -> int:
    """Measures, writes, and says whether what was demanded is met."""
    reads = argparse.ArgumentParser()
    reads.add_argument("--archives", type=int, default=150)
    reads.add_argument("--pages", action="store_true")
    chosen = reads.parse_args()
    if not chosen.pages:
        FOUND.write_bytes(msgspec.json.format(msgspec.json.encode(_measured(chosen.archives)), indent=1) + b"\n")
    found = msgspec.json.decode(FOUND.read_bytes(), type=Results)
    write_pages(found, ROOT / "docs")
    missed = found.missed()
    print("\n".join(missed) or "what was demanded is met")
    return 1 if missed else 0


def _measured(archives: int) -> Results:
    trials: dict[tuple[str, int], list[Trial]] = {}
    wanted = list(tasks(archives))
    with get_context("spawn").Pool(min(2, os.cpu_count() or 1)) as pool:
        for count, (task, trial) in enumerate(pool.imap_unordered(done, wanted, chunksize=1), 1):
            trials.setdefault((task.part, task.index), []).append(trial)
            if count % 100 == 0:
                print(f"{count:,} of {len(wanted):,}", flush=True)

    def rows(part: str, names: list[str]) -> tuple[Row, ...]:
        return tuple(
            row(name, sorted(trials[part, index], key=lambda one: one.seed)) for index, name in enumerate(names)
        )

    shapes = [shape.name for shape in SHAPES]
    return Results(
        coverage=rows("coverage", shapes),
        accuracy={str(studies): rows(str(studies), shapes) for studies, _ in _SIZES},
        habits=rows("habits", [habit.name for habit in HABITS]),
    )


if __name__ == "__main__":
    sys.exit(main())
