"""`python -m bench.sampling.retrievable` holds intervals of retrievable images against seeded archives in process.

Seeds by rule: archive n of loss l has the seed 700,000 + 1,000 l + n, from which follow its size, how much is lost, and
every chance. `--archives` is how many of each loss are counted (150); a third as many of each are sampled, in turn as
three shapes of `shapes.py`. Writes its table into `docs/sampling.md`.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median

import numpy as np

from bench.sampling.archive import Flags, InProcess
from bench.sampling.shapes import SHAPES, Shape
from bench.sampling.tasks import size_of
from leadglass.lab.archive import days
from leadglass.lab.archive.vocabulary import KINDS
from leadglass.measure.retrieving.figure import Answer, Drawn, estimated
from leadglass.measure.retrieving.lots import Drawing, Listed, Lots
from leadglass.measure.retrieving.weighted import weighted_lots
from leadglass.measure.sampling.sampler import Sampler, Wish
from leadglass.model.exposure import Count
from leadglass.model.record import Record
from leadglass.model.words import CountKind
from leadglass.net.empty_handed import MAX_SILENCES

LOSSES = {
    "years": "files before a day",
    "modalities": "half of the kinds of examination",
    "sizes": "studies above a size",
    "all three": "by chance, the likelier the older and the larger, and with CT",
    "single studies": "by chance, whatever they are",
    "hangs up": "files before a day, and the server hangs up over them",
    "nothing": "nothing",
}
OVERALL, EACH = 0.93, 0.90
_SAMPLED = tuple(shape for shape in SHAPES if shape.name in ("plain", "study-level", "no-wildcards"))
_FEWEST, _MOST = 500, 20_000  # studies of an archive that is counted
PAGE = Path(__file__).resolve().parents[2] / "docs" / "sampling.md"
_BEGIN, _END = "<!-- retrievable: made by bench.sampling.retrievable -->", "<!-- end of retrievable -->"


class Tried(Record):
    """One archive: what the figure is, whether it holds the truth, and how wide it is for all images."""

    kind: CountKind | None
    holds: bool
    half: float | None
    truth: float
    """The share that is retrievable."""


class Task(Record):
    """One archive to measure."""

    loss: str
    seed: int
    shape: Shape
    sampled: bool


class _Known(Mapping[bytes, Listed]):
    """Studies of an archive by the names that `InProcess` gives them."""

    def __init__(self, archive: InProcess) -> None:
        self._archive = archive

    def __getitem__(self, name: bytes) -> Listed:
        at, columns = int(name), self._archive.columns
        modalities = "\\".join(sorted(KINDS[columns.kind[at]].modalities)).encode()
        day = b"%08d" % days.written_days()[columns.day[at]]
        return Listed(name, b"", int(columns.images[at]), modalities, day)

    def __iter__(self) -> Iterator[bytes]:
        return (b"%d" % at for at in range(len(self)))

    def __len__(self) -> int:
        return self._archive.spec.studies


def lost(archive: InProcess, loss: str, seed: int) -> Flags:
    """Which studies have lost their files."""
    rng = np.random.Generator(np.random.PCG64(seed))
    columns, part, chance = archive.columns, rng.uniform(0.05, 0.95), rng.random(archive.spec.studies)
    day, images = columns.day.astype(np.float64), columns.images.astype(np.float64)
    flags: Flags
    match loss:
        case "years" | "hangs up":
            flags = day < np.quantile(day, part)
        case "modalities":
            flags = (rng.random(len(KINDS)) < 0.5)[columns.kind]
        case "sizes":
            flags = images > np.quantile(images, part)
        case "all three":
            ct = np.array(["CT" in kind.modalities for kind in KINDS])[columns.kind]
            old, large = (np.argsort(np.argsort(by)) / len(by) for by in (-day, images))
            flags = chance < part * (old + large + ct) / 2
        case "single studies":
            flags = chance < part
        case _:
            flags = np.zeros(archive.spec.studies, dtype=np.bool_)
    return flags


def answered(drawing: Drawing, gone: Flags, *, silent: bool) -> Drawn:
    """What the server says; one that is `silent` about a lost study twice is not asked for more."""
    counts = dict.fromkeys(Answer, 0)
    silences = 0
    for one, times in drawing.studies:
        answer = Answer.HANDED
        if silences >= MAX_SILENCES:
            answer = Answer.UNANSWERED
        elif gone[int(one.study)]:
            answer = Answer.UNANSWERED if silent else Answer.WITHHELD
            silences += silent
        counts[answer] += times
    return Drawn(handed=counts[Answer.HANDED], withheld=counts[Answer.WITHHELD], unanswered=counts[Answer.UNANSWERED])


def tried(task: Task) -> Tried:
    """One archive, counted or sampled."""
    chance = Random(task.seed)
    studies = size_of(task.seed) if task.sampled else int(_FEWEST * (_MOST / _FEWEST) ** chance.random())
    archive = InProcess(task.shape.spec(task.seed, studies), task.shape)
    gone, known = lost(archive, task.loss, task.seed), _Known(archive)
    images, lots = Count.exact(archive.spec.images), Lots(chance)
    if task.sampled:
        sampler = Sampler(archive, chance.randrange, chance.randbytes(32), Wish())
        exposure = asyncio.run(sampler.run())
        if exposure is None or exposure.images is None:
            return Tried(kind=None, holds=True, half=None, truth=0.0)
        images, lots = exposure.images, weighted_lots(sampler.studies, known, chance)
    else:
        for name in known:
            one = known[name]
            lots.offer(one.study, one.patient, one.images, one.modalities, one.day)
    drawing = lots.drawn()
    figure = estimated(images, answered(drawing, gone, silent=task.loss == "hangs up"), drawing.effective)
    truth = max(1, int(archive.columns.images[~gone].sum()))  # the proof has shown one
    return _judged(figure, truth, archive.spec.images)


def _judged(figure: Count | None, truth: int, images: int) -> Tried:
    if figure is None:
        return Tried(kind=None, holds=True, half=None, truth=truth / images)
    bounded = figure.high is not None
    return Tried(
        kind=figure.kind,
        holds=figure.low <= truth and (figure.high is None or truth <= figure.high),
        half=(figure.high - figure.low) / 2 / images if bounded and figure.high is not None else None,
        truth=truth / images,
    )


def tasks(archives: int) -> Iterator[Task]:
    """Everything that is measured."""
    for index, loss in enumerate(LOSSES):
        for n in range(archives):
            seed = 700_000 + 1_000 * index + n
            yield Task(loss=loss, seed=seed, shape=SHAPES[0], sampled=False)
            if n % 3 == 0:
                yield Task(loss=loss, seed=seed, shape=_SAMPLED[n // 3 % len(_SAMPLED)], sampled=True)


def _done(task: Task) -> tuple[Task, Tried]:
    return task, tried(task)


def main() -> int:
    """Measures, writes, and says whether what was demanded is met."""
    reads = argparse.ArgumentParser()
    reads.add_argument("--archives", type=int, default=150)
    wanted = list(tasks(reads.parse_args().archives))
    with get_context("spawn").Pool(min(2, os.cpu_count() or 1)) as pool:
        found = pool.map(_done, wanted, chunksize=20)
    rows, missed = [], []
    for sampled in (False, True):
        of_all: list[Tried] = []
        for loss, says in LOSSES.items():
            some = [one for task, one in found if task.loss == loss and task.sampled is sampled]
            of_all += some
            rows.append(_row("sampled" if sampled else "counted", f"{loss}: {says}", some))
            if _held(some) < EACH:
                missed.append(f"{loss}: {_held(some):.1%} hold the truth")
        if _held(of_all) < OVERALL:
            missed.append(f"all: {_held(of_all):.1%} hold the truth")
        rows.append(_row("sampled" if sampled else "counted", "**all**", of_all))
    table = "\n".join(
        ("| archive | lost | archives | hold the truth | half-width | kinds |", "|---|---|---|---|---|---|", *rows)
    )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    PAGE.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")
    print(table, *missed, sep="\n")
    return 1 if missed else 0


def _held(some: list[Tried]) -> float:
    told = [one for one in some if one.kind is not None]
    return sum(one.holds for one in told) / max(1, len(told))


def _row(how: str, what: str, some: list[Tried]) -> str:
    halves = [one.half for one in some if one.half is not None]
    kinds = {kind.value: sum(one.kind is kind for one in some) for kind in CountKind}
    kinds["none"] = sum(one.kind is None for one in some)
    told = ", ".join(f"{count} {name}" for name, count in kinds.items() if count)
    width = f"±{median(halves):.0%} of all" if halves else "–"
    return f"| {how} | {what} | {len(some)} | {_held(some):.1%} | {width} | {told} |"


if __name__ == "__main__":
    sys.exit(main())
