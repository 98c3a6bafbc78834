"""Nothing that a server sent reaches a log or a traceback: only our own loggers speak, and a crash tells its place."""

import asyncio
import logging
import sys
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


def start_silent_crashes() -> None:
    """An exception that nobody caught is told by its type and place, never by its message or its variables."""
    sys.excepthook = _crash


def _crash(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            _crash(type(inner), inner, inner.__traceback__)
        return
    print(  # noqa: T201
        f"leadglass: a bug of Leadglass ({kind.__name__} at {where(error)}); please report it with this line",
        file=sys.stderr,
    )


def quiet_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The event loop's own errors: the message is the library's, the exception is named by its type only."""
    error = context.get("exception")
    logging.getLogger("leadglass.loop").debug("%s", type(error).__name__ if error else "an error of the event loop")
