"""Nothing that a server sent reaches a log or a traceback: only our own loggers speak, and a crash tells its place."""

import asyncio
import logging
import sys
import threading
from types import TracebackType
from typing import Any

from leadglass.survey.wall import where


def start_logging(level: str) -> None:
    """Our loggers write to stderr from `level` on; other packages' loggers, which may quote bytes, stay silent."""
    root = logging.getLogger()
    root.handlers = [logging.NullHandler()]
    logging.lastResort = None
    ours = logging.getLogger("leadglass")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    ours.handlers = [handler]
    ours.propagate = False
    ours.setLevel(level.upper())


class SilentCrashes:
    """Inside it, an exception that nobody caught is told by its type and place, never by its message or variables.

    Python's own ways to tell one are silenced too: those for threads, and for what happens while an object is
    collected. A crash ends with an exit code of its own, so that no script takes it for a finding.
    """

    def __init__(self, code: int) -> None:
        """`code` is the exit code of a crash."""
        self._code = code

    def __enter__(self) -> None:
        """Silences the interpreter's own hooks."""
        sys.excepthook = _crash
        sys.unraisablehook = lambda said: _tell(said.exc_type, said.exc_value)
        threading.excepthook = lambda said: _tell(said.exc_type, said.exc_value)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Tells an error of ours, and ends the program."""
        if isinstance(error, Exception):
            _tell(type(error), error)
            sys.exit(self._code)


def _crash(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    _tell(kind, error)


def _tell(kind: type[BaseException], error: BaseException | None) -> None:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            _tell(type(inner), inner)
        return
    place = where(error) if error is not None else "an unknown place"
    print(  # noqa: T201
        f"leadglass: a bug of Leadglass ({kind.__name__} at {place}); please report it with this line",
        file=sys.stderr,
    )


def quiet_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The event loop's own errors: the message is the library's, the exception is named by its type only."""
    error = context.get("exception")
    logging.getLogger("leadglass.loop").debug("%s", type(error).__name__ if error else "an error of the event loop")
