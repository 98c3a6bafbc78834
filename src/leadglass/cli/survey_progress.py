"""How a survey stands is told as it goes: a line that renews itself on a terminal, a line a minute elsewhere."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from leadglass.model.snapshot import RunRow, Standing, SurveyRow

_LINE_S = 60.0


class Telling:
    """Tells how a run stands, to whoever watches."""

    def __init__(self, status_file: Path | None, clock: Callable[[], float]) -> None:
        """`status_file` gets JSON each time, None where nobody asked for it; `clock` gives seconds."""
        self._file = status_file
        self._clock = clock
        self._first: tuple[float, int] | None = None
        self._said_at: float | None = None
        self._terminal = sys.stderr.isatty()

    def __enter__(self) -> "Telling":
        """Begins."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves the terminal clean."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")

    def told(self, standing: Standing) -> None:
        """Hears how it stands now."""
        at = self._clock()
        first_at, first_done = self._first = self._first or (at, standing.done)
        rate = (standing.done - first_done) / (at - first_at) if at > first_at else 0.0
        left_s = (standing.positions - standing.done) / rate if rate else None
        if self._file is not None:
            self._write(standing, rate, left_s)
        if self._terminal:
            sys.stderr.write(f"\r{line(standing, rate, left_s)}\x1b[K")
            sys.stderr.flush()
        elif self._said_at is None or at - self._said_at >= _LINE_S:
            self._said_at = at
            sys.stderr.write(f"{line(standing, rate, left_s)}\n")
            sys.stderr.flush()

    def _write(self, standing: Standing, rate: float, left_s: float | None) -> None:
        if self._file is None:
            return
        document = {
            "positions": standing.positions,
            "done": standing.done,
            "rate": round(rate, 1),
            "left_s": None if left_s is None else round(left_s),
            "rungs": standing.rungs,
        }
        beside = self._file.with_name(f"{self._file.name}.new")
        beside.write_bytes(msgspec.json.encode(document) + b"\n")
        os.replace(beside, self._file)  # noqa: PTH105 - whole or not at all


def line(standing: Standing, rate: float, left_s: float | None) -> str:
    """One line of at most 80 characters: share, rate, time left, and systems by rung."""
    share = 100 * standing.done / standing.positions if standing.positions else 100.0
    left = "" if left_s is None else f", {_short(left_s)} left"
    rungs = " ".join(f"{rung} {count:,}" for rung, count in sorted(standing.rungs.items()))
    return f"{share:5.1f} % {rate:,.0f}/s{left}  {rungs}"[:79]


def _short(seconds: float) -> str:
    if seconds >= 7200:
        return f"{seconds / 3600:,.0f} h"
    return f"{seconds / 60:,.0f} min" if seconds >= 120 else f"{seconds:,.0f} s"


def status_lines(survey: SurveyRow, standing: Standing, runs: tuple[RunRow, ...]) -> Iterator[str]:
    """How a survey stands, for a person."""
    held = f", by {survey.holder}" if survey.holder else ""
    yield f"{survey.name}: {survey.state.value}{held}"
    yield f"Visited: {standing.done:,} of {standing.positions:,} positions"
    for rung, count in sorted(standing.rungs.items()):
        yield f"  {rung:<12} {count:>10,}"
    nothing: dict[str, int] = {}
    for tallies in standing.tallies:
        for key, count in msgspec.json.decode(tallies, type=dict[str, int]).items():
            status = key.partition("|")[2]
            nothing[status] = nothing.get(status, 0) + count
    for status, count in sorted(nothing.items()):
        yield f"  nothing listens ({status}): {count:,}"
    for run in runs:
        ended = f"{run.ended_how} {run.ended:%Y-%m-%d %H:%M}" if run.ended else "not ended"
        yield (
            f"Run {run.number}: {run.started:%Y-%m-%d %H:%M}, {ended}; {run.contacts:,} connections, "
            f"{run.repeated:,} places perhaps twice, {run.late:,} late"
        )
