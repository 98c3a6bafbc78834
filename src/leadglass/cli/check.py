"""`leadglass check`: how far a stranger gets on the targets, how much would be given away, how to close it."""

import asyncio
import getpass
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from leadglass import __version__
from leadglass.cli.dry_run import describe
from leadglass.cli.exits import Exit, exit_code
from leadglass.cli.logs import quiet_loop, start_logging
from leadglass.cli.screen import show_progress, terminal_width, wants_color
from leadglass.cli.targets import read_targets
from leadglass.model.assessment import Assessment, TargetResult, Tool
from leadglass.model.scope import Budget, Scope, Timing
from leadglass.model.target import Target, TargetError, check_ae_title
from leadglass.model.words import Severity
from leadglass.net.gate import Gate
from leadglass.net.loop import loop_factory
from leadglass.net.scope_file import EXAMPLE, ScopeError, read_scope
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all


class Format(StrEnum):
    """How the result is written."""

    TERMINAL = "terminal"
    HTML = "html"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on messages go to stderr."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_BUDGET, _TIMING = Budget(), Timing()
_BUDGETS, _OUTPUT, _CONDUCT = "Budgets for each target", "Output", "Scope and conduct"
EPILOG = "A scope file looks like this:\n\n\b\n" + EXAMPLE


def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET...",
            help="host, host:port, [v6]:port, dicom://AET@host:port, dicoms://AET@host:port (TLS), "
            "http(s)://host[:port][/path], or @file with one a line. Without a port the usual ones are tried.",
            show_default=False,
        ),
    ],
    scope: Annotated[
        Path | None,
        typer.Option(help="The scope file; needed for a public address.", metavar="FILE", rich_help_panel=_CONDUCT),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Send nothing; print what would be sent.", rich_help_panel=_CONDUCT)
    ] = False,
    called_ae_title: Annotated[
        list[str] | None,
        typer.Option(
            help="An AE title that the owner gave, tried beside ANY-SCP; may be repeated.",
            metavar="AET",
            rich_help_panel=_CONDUCT,
        ),
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(
            help="How to reach who asks, for the User-Agent. Default: the scope file's, else user@host.",
            metavar="TEXT",
            rich_help_panel=_CONDUCT,
        ),
    ] = None,
    no_count: Annotated[
        bool, typer.Option("--no-count", help="Say how far, not how much.", rich_help_panel=_CONDUCT)
    ] = False,
    max_records: Annotated[
        int, typer.Option(min=1, help="Patients' records received.", rich_help_panel=_BUDGETS)
    ] = _BUDGET.max_records,
    max_busy_s: Annotated[
        float, typer.Option(min=0.1, help="Seconds that the server works for us.", rich_help_panel=_BUDGETS)
    ] = _BUDGET.max_busy_s,
    max_bytes: Annotated[
        int, typer.Option(min=1, help="Bytes received.", rich_help_panel=_BUDGETS)
    ] = _BUDGET.max_bytes,
    max_connections: Annotated[
        int, typer.Option(min=1, help="TCP connections.", rich_help_panel=_BUDGETS)
    ] = _BUDGET.max_connections,
    connect_timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds to wait for a connection.", rich_help_panel=_BUDGETS)
    ] = _TIMING.connect_s,
    timeout: Annotated[
        float, typer.Option(min=0.1, help="Seconds to wait for an answer.", rich_help_panel=_BUDGETS)
    ] = _TIMING.reply_s,
    form: Annotated[
        Format, typer.Option("--format", help="How the result is written.", rich_help_panel=_OUTPUT)
    ] = Format.TERMINAL,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the result there.", metavar="FILE", rich_help_panel=_OUTPUT),
    ] = None,
    fail_on: Annotated[
        Severity, typer.Option(help="Exit 1 for a finding of this severity or above.", rich_help_panel=_OUTPUT)
    ] = Severity.HIGH,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every fact and every check.", rich_help_panel=_OUTPUT)
    ] = False,
    color: Annotated[
        bool | None,
        typer.Option("--color/--no-color", help="Default: on a terminal, without NO_COLOR.", rich_help_panel=_OUTPUT),
    ] = None,
    log_level: Annotated[
        LogLevel, typer.Option(help="Messages on stderr, never a patient's value.", rich_help_panel=_OUTPUT)
    ] = LogLevel.WARNING,
) -> None:
    """Find out how far a stranger gets on each TARGET, how much would be given
    away, and how to close it.
    """
    start_logging(log_level)
    try:
        wanted = read_targets(targets)
        allowed = read_scope(scope) if scope is not None else None
        titles = tuple(check_ae_title(title) for title in called_ae_title or ())
    except (TargetError, ScopeError) as error:
        raise _usage(str(error)) from None
    options = Options(
        today=datetime.now(UTC).date(),
        contact=_contact(contact, allowed),
        budget=Budget(
            max_records=max_records, max_busy_s=max_busy_s, max_bytes=max_bytes, max_connections=max_connections
        ),
        timing=Timing(connect_s=connect_timeout, reply_s=timeout),
        called_ae_titles=tuple(dict.fromkeys((*(allowed.called_ae_titles if allowed else ()), *titles))),
        measure=not no_count,
    )
    gate = Gate(allowed)
    if dry_run:
        typer.echo(describe(wanted, gate, options), nl=False)
        return
    assessment = _assess(wanted, gate, options, allowed)
    _write(_render(assessment, form, verbose=verbose, color=color, to_file=output is not None), output)
    raise typer.Exit(exit_code(assessment.targets, fail_on))


def _assess(wanted: tuple[Target, ...], gate: Gate, options: Options, scope: Scope | None) -> Assessment:
    started = _now()
    with show_progress(len(wanted)) as done:
        results = _run(wanted, gate, options, done)
    return Assessment(
        schema="leadglass.assessment/1",
        tool=Tool(name="Leadglass", version=__version__),
        started=started,
        finished=_now(),
        authority=scope.authority if scope else None,
        contact=options.contact,
        targets=results,
    )


def _run(
    wanted: tuple[Target, ...], gate: Gate, options: Options, done: Callable[[TargetResult], None]
) -> tuple[TargetResult, ...]:
    async def work() -> tuple[TargetResult, ...]:
        asyncio.get_running_loop().set_exception_handler(quiet_loop)
        return await assess_all(wanted, gate, options, _now, done)

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(work())


def _render(assessment: Assessment, form: Format, *, verbose: bool, color: bool | None, to_file: bool) -> str:
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


def _write(text: str, output: Path | None) -> None:
    if output is None:
        _to_stdout(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        # The result is not lost with the file: it goes to the terminal instead.
        _to_stdout(text)
        raise _usage(f"{output} cannot be written ({error.strerror}); the result is on the standard output") from None


def _to_stdout(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has had enough; the exit code still tells. Python would complain once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _contact(given: str | None, scope: Scope | None) -> str:
    if given is not None:
        if not (given.isascii() and given.isprintable() and given.strip()):
            raise _usage("--contact goes into the User-Agent: write one line of ASCII")
        return given.strip()
    if scope is not None:
        return scope.contact
    try:
        name = f"{getpass.getuser()}@{platform.node()}"
    except (OSError, KeyError):
        name = "not given"
    return name if name.isascii() and name.isprintable() else "not given"


def _usage(message: str) -> typer.Exit:
    typer.echo(f"leadglass: {message}", err=True)
    return typer.Exit(Exit.USAGE)


def _now() -> datetime:
    return datetime.now(UTC)
