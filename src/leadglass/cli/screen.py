"""What a terminal is told: its width, whether it wants colour, and how far a run has come."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from leadglass.model.assessment import TargetResult


def terminal_width() -> int:
    """Columns of the terminal, 80 where it does not say."""
    return shutil.get_terminal_size((80, 24)).columns


def wants_color(chosen: bool | None, *, to_file: bool) -> bool:
    """What the user chose; else colour on a terminal that did not ask for none (no-color.org)."""
    if chosen is not None:
        return chosen
    return not to_file and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def show_progress(total: int) -> Iterator[Callable[[TargetResult], None]]:
    """Says on a terminal's stderr how many targets are done; says nothing elsewhere."""
    shown, count = sys.stderr.isatty(), 0

    def show() -> None:
        if shown:
            sys.stderr.write(f"\rasking {total - count} of {total} target{'s' if total != 1 else ''} … ")
            sys.stderr.flush()

    def done(_: TargetResult) -> None:
        nonlocal count
        count += 1
        show()

    show()
    try:
        yield done
    finally:
        if shown:
            sys.stderr.write("\r" + " " * 40 + "\r")
            sys.stderr.flush()
