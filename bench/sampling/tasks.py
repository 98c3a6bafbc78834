"""What is measured: seeds and sizes by a committed rule, so that a run can be made again."""

from collections.abc import Iterator

from bench.sampling.archive import InProcess
from bench.sampling.misleading import HABITS
from bench.sampling.shapes import SHAPES
from bench.sampling.trial import Trial, tried
from leadglass.lab.spreading import number
from leadglass.model.record import Record

SIZES = ((1_000_000, 5), (2_000_000, 3), (5_000_000, 3))  # and how many archives of each
_SMALLEST, _LARGEST = 60_000, 200_000  # of those that coverage is proved on
_HABIT_ARCHIVES = 4 / 3  # times as many of each as of a shape: more is demanded of them
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
    for studies, count in reversed(SIZES):
        for index in range(len(SHAPES)):
            for n in range(count):
                yield Task(part=f"{studies}", index=index, seed=500_000 + studies // 1_000 + n, studies=studies)
    for index in range(len(SHAPES)):
        for n in range(archives):
            seed = 1_000 * (index + 1) + n
            yield Task(part="coverage", index=index, seed=seed, studies=size_of(seed))
    for index in range(len(HABITS)):
        for n in range(round(archives * _HABIT_ARCHIVES)):
            yield Task(part="habits", index=index, seed=_HABIT_SEED + 1_000 * index + n, studies=_HABIT_STUDIES)


def done(task: Task) -> tuple[Task, Trial]:
    """One archive, measured."""
    if task.part == "habits":
        misleading = HABITS[task.index].archive(task.seed, task.studies)
        return task, tried(misleading, task.seed, misleading.least)
    shape = SHAPES[task.index]
    return task, tried(InProcess(shape.spec(task.seed, task.studies), shape), task.seed)
