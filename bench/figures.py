"""What a run gives becomes figures: rates, costs, medians and ratios, by arithmetic that has tests of its own."""

from collections.abc import Sequence
from statistics import median

from leadglass.model.record import Record


class Timed(Record):
    """One timed run: how many things were done, in how much time by the clock and of the processor, in what memory."""

    count: int
    wall_s: float
    cpu_s: float
    peak_bytes: int = 0

    def without(self, start_up: "Timed") -> "Timed":
        """This run without what starting the program costs; never less than nothing."""
        return Timed(
            count=self.count - start_up.count,
            wall_s=max(0.0, self.wall_s - start_up.wall_s),
            cpu_s=max(0.0, self.cpu_s - start_up.cpu_s),
            peak_bytes=self.peak_bytes,
        )


class Figures(Record):
    """The medians of several runs: things a second, processor time a thing, time by the clock a run, peak memory."""

    rate: float
    cpu_s: float
    wall_s: float
    runs: int
    peak_bytes: int = 0


def figures(runs: Sequence[Timed]) -> Figures:
    """The medians of `runs`, each by its own. Raises ValueError where there is none or one did nothing."""
    if not runs or any(run.count <= 0 or run.wall_s <= 0 for run in runs):
        raise ValueError("a run that did nothing cannot be measured")
    return Figures(
        rate=median(run.count / run.wall_s for run in runs),
        cpu_s=median(run.cpu_s / run.count for run in runs),
        wall_s=median(run.wall_s for run in runs),
        runs=len(runs),
        peak_bytes=round(median(run.peak_bytes for run in runs)),
    )


def middle(runs: Sequence[Timed]) -> Timed:
    """One run that stands for `runs`: the median of each of its figures."""
    return Timed(
        count=round(median(run.count for run in runs)),
        wall_s=median(run.wall_s for run in runs),
        cpu_s=median(run.cpu_s for run in runs),
    )


def ratio(ours: float, theirs: float) -> float:
    """How many times `theirs` goes into `ours`, 0 where there is nothing to compare with."""
    return ours / theirs if theirs else 0.0


def like_for_like(ours: float, theirs: float, prototype: float, peer: float) -> float:
    """How many times the prototype's cost ours is, once a peer's own slowdown since then is taken out of it.

    `prototype` and `peer` were measured on one machine, `ours` and `theirs` on another.
    """
    return ratio(ratio(ours, theirs), ratio(prototype, peer))


def times(value: float) -> str:
    """A ratio as the table shows it: three digits that mean something."""
    if value >= 100:
        return f"{value:.0f}×"
    return f"{value:.1f}×" if value >= 10 else f"{value:.2f}×"


def short_time(seconds: float) -> str:
    """Seconds as the table shows them."""
    for below, factor, form in ((1e-5, 1e6, "{:.1f} µs"), (1e-3, 1e6, "{:.0f} µs"), (1e-2, 1e3, "{:.2f} ms")):
        if seconds < below:
            return form.format(seconds * factor)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 100 else f"{seconds:.0f} s"


def short_size(size_bytes: int) -> str:
    """Bytes as the table shows them, in MiB; nothing where none were measured."""
    return f"{size_bytes / 2**20:.0f} MiB" if size_bytes else ""
