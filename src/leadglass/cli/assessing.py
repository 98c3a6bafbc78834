"""Targets become one assessment, and an assessment becomes text: the same way for every command."""

import asyncio
import gc
import io
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from leadglass import __version__
from leadglass.cli.logs import quiet_loop
from leadglass.cli.screen import show_progress, terminal_width, wants_color
from leadglass.model.assessment import Assessment, Tool
from leadglass.model.scope import Scope
from leadglass.model.target import Target, UnreadableTarget
from leadglass.net.gate import Gate
from leadglass.net.loop import loop_factory
from leadglass.survey.options import Options
from leadglass.survey.run import Survey

_T = TypeVar("_T")


class Format(StrEnum):
    """How the result is written."""

    TERMINAL = "terminal"
    HTML = "html"
    JSON = "json"


def run(work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
    """What `work` gives, on the event loop that suits the platform; the loop says nothing of its own."""

    async def quietly() -> _T:
        asyncio.get_running_loop().set_exception_handler(quiet_loop)
        return await work()

    gc.freeze()  # what was imported stays: the collector need not look at it again and again
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(quietly())


async def assessed(
    wanted: tuple[Target | UnreadableTarget, ...], gate: Gate, options: Options, scope: Scope | None
) -> Assessment:
    """The assessment of all targets, those that Ctrl-C left unfinished as interrupted."""
    started, survey = now(), Survey(wanted, gate, options, now)
    with show_progress(len(wanted)) as done:
        try:
            await survey.run(done)
        except asyncio.CancelledError:  # Ctrl-C: nothing else cancels a command
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
    return Assessment(
        schema="leadglass.assessment/1",
        tool=Tool(name="Leadglass", version=__version__),
        started=started,
        finished=now(),
        authority=scope.authority if scope else None,
        contact=options.contact,
        targets=survey.results(),
    )


def rendered(assessment: Assessment, form: Format, *, verbose: bool, color: bool | None, to_file: bool) -> str:
    """The assessment in one of the formats."""
    # Each format brings its own library; only the one that is asked for is imported.
    if form is Format.JSON:
        from leadglass.report import document  # noqa: PLC0415

        return document.render(assessment)
    if form is Format.HTML:
        from leadglass.report import page  # noqa: PLC0415

        return page.render(assessment)
    from leadglass.report import terminal  # noqa: PLC0415

    return terminal.render(
        assessment, width=terminal_width(), color=wants_color(color, to_file=to_file), verbose=verbose
    )


def show(text: str, form: Format = Format.TERMINAL) -> None:
    """Writes to the standard output. Raises OSError where it takes nothing, as a full disk does."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A document is UTF-8 wherever it goes; on a terminal a character that it does not know is no reason to fail.
        encoding = None if form is Format.TERMINAL else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has had enough; the exit code still tells. Python would complain once more as it ends.
        _close_stdout()
    except OSError:
        _close_stdout()
        raise


def _close_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)
