"""How a survey stands is told as it goes: a bar on a terminal, a line a minute elsewhere."""

import logging
import sys
from collections.abc import Callable

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from leadglass.cli.output import Destination, OutputError
from leadglass.model.snapshot import Standing, SurveyState
from leadglass.model.words import Rung

_LINE_S = 60.0
_BAR = 10  # characters
_BESIDE_WORDS = 20  # characters of the share, the bar and the blanks between
_log = logging.getLogger(__name__)


class Telling:
    """Tells how a run stands, to whoever watches."""

    def __init__(self, status_file: Destination | None, clock: Callable[[], float]) -> None:
        """`status_file` gets JSON each time, None where nobody asked for it; `clock` gives seconds."""
        self._file = status_file
        self._unwritten = False
        self._last: tuple[Standing, float, float | None] | None = None
        self._clock = clock
        self._first: tuple[float, int] | None = None
        self._said_at: float | None = None
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            share, words = TextColumn("{task.percentage:>5.1f} %"), TextColumn("{task.fields[words]}")
            console = Console(stderr=True)
            self._room = console.width - _BESIDE_WORDS
            self._bar = Progress(share, BarColumn(_BAR), words, console=console, transient=True, auto_refresh=False)
            self._task = self._bar.add_task("", total=None, words="")

    def __enter__(self) -> "Telling":
        """Begins."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Leaves the terminal clean, and tells of a run that failed once it had begun."""
        if self._bar is not None:
            self._bar.stop()
        if kind is not None and self._last is not None:
            self._write("failed", *self._last)

    def ended(self, state: SurveyState) -> None:
        """Hears how the run ended; what it came to was told before."""
        if self._last is not None:
            self._write(state.value, *self._last)

    def told(self, standing: Standing) -> None:
        """Hears how it stands now."""
        at = self._clock()
        first_at, first_done = self._first = self._first or (at, standing.done)
        rate = (standing.done - first_done) / (at - first_at) if at > first_at else 0.0
        left_s = (standing.positions - standing.done) / rate if rate else None
        self._last = standing, rate, left_s
        self._write(SurveyState.RUNNING.value, *self._last)
        if self._bar is not None:
            words = line(standing, rate, left_s, self._room)
            self._bar.update(self._task, completed=standing.done, total=standing.positions, words=words, refresh=True)
        elif self._said_at is None or at - self._said_at >= _LINE_S:
            self._said_at = at
            share = 100 * standing.done / standing.positions if standing.positions else 100.0
            sys.stderr.write(f"{share:5.1f} % {line(standing, rate, left_s)}\n")
            sys.stderr.flush()

    def _write(self, state: str, standing: Standing, rate: float, left_s: float | None) -> None:
        if self._file is None:
            return
        document = {
            "state": state,
            "positions": standing.positions,
            "done": standing.done,
            "rate": round(rate, 1),
            "left_s": None if left_s is None else round(left_s),
            "rungs": standing.rungs,
        }
        try:
            self._file.write(msgspec.json.encode(document).decode() + "\n")
        except OutputError as error:
            if not self._unwritten:  # once: it is tried again each time, and the survey is worth more
                _log.warning("%s: the survey goes on without it", error)
            self._unwritten = True


def line(standing: Standing, rate: float, left_s: float | None, room: int | None = None) -> str:
    """Rate, time left, and systems by rung, the highest first; the lowest are left out where `room` ends."""
    words = f"{rate:,.0f}/s" + ("" if left_s is None else f", {_short(left_s)} left")
    between = "  "
    for rung, count in by_rung(standing):
        longer = f"{words}{between}{rung} {count:,}"
        if room is not None and len(longer) > room:
            break
        words, between = longer, " "
    return words


def by_rung(standing: Standing) -> list[tuple[str, int]]:
    """How many systems are on each rung, the highest first."""
    return sorted(standing.rungs.items(), key=lambda counted: -Rung(counted[0]).height)


def _short(seconds: float) -> str:
    if seconds >= 7200:
        return f"{seconds / 3600:,.0f} h"
    return f"{seconds / 60:,.0f} min" if seconds >= 120 else f"{seconds:,.0f} s"
