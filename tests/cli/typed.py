"""The command line in this process: what it printed and how it ended."""

import contextlib
import io
import logging
import sys
from collections.abc import Iterator
from unittest import mock

import msgspec

from leadglass.cli import app


class Typed(msgspec.Struct, frozen=True):
    """What a command came to."""

    code: int
    out: str
    err: str


def typed(*arguments: str) -> Typed:
    """`leadglass ARGUMENTS`."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        _hooks(),
        mock.patch.object(sys, "argv", ["leadglass", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            app.run()
        except SystemExit as end:
            code = end.code
    return Typed(code if isinstance(code, int) else 0 if code is None else 1, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def _hooks() -> Iterator[None]:
    """The interpreter's hooks and loggers are put back: pytest and other tests have theirs."""
    import threading  # noqa: PLC0415 - only its hook

    root, ours = logging.getLogger(), logging.getLogger("leadglass")
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, logging.lastResort
    kept = root.handlers, ours.handlers, ours.propagate, ours.level
    try:
        yield
    finally:
        sys.excepthook, sys.unraisablehook, threading.excepthook, logging.lastResort = hooks
        root.handlers, ours.handlers, ours.propagate, level = kept
        ours.setLevel(level)
