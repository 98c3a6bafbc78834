"""`python -m bench.sampling` measures seeded archives in process and writes `docs/sampling.json` and its pictures.

Seeds by rule: archive n of a shape has seed 1000 (number of the shape + 1) + n and a size that follows from it; a
sampler's own chance follows from the same seed. `--archives` is how many of each shape (150), `--pages` only draws.
"""

import argparse
import os
import sys
from multiprocessing import get_context
from pathlib import Path

import msgspec

from bench.sampling.misleading import HABITS
from bench.sampling.pages import write_pages
from bench.sampling.results import Results, Row, row
from bench.sampling.shapes import SHAPES
from bench.sampling.tasks import SIZES, done, tasks
from bench.sampling.trial import Trial

ROOT = Path(__file__).resolve().parents[2]
FOUND = ROOT / "docs" / "sampling.json"


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
        accuracy={str(studies): rows(str(studies), shapes) for studies, _ in SIZES},
        habits=rows("habits", [habit.name for habit in HABITS]),
    )


if __name__ == "__main__":
    sys.exit(main())
