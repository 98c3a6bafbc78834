"""`leadglass check`: how far a stranger gets on the targets, how much would be given away, how to close it."""

import getpass
import platform
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import typer

from leadglass.cli.assessing import Format, assessed, now, rendered, run, show
from leadglass.cli.dry_run import describe
from leadglass.cli.exits import Exit, exit_code
from leadglass.cli.logs import start_logging
from leadglass.cli.mistakes import tell
from leadglass.cli.output import Destination, OutputError
from leadglass.cli.screen import terminal_width
from leadglass.cli.sureness import (
    CONFIDENCE_HELP,
    LEAST_CONFIDENCE,
    LEAST_PRECISION,
    MOST_CONFIDENCE,
    MOST_PRECISION,
    PRECISION_HELP,
    ContradictionError,
    wish_of,
)
from leadglass.cli.targets import read_targets
from leadglass.model.scope import PATIENT, WITHOUT_END, Budget, Scope, Timing
from leadglass.model.target import TargetError, check_ae_title
from leadglass.model.words import Severity, Status
from leadglass.net.gate import Gate
from leadglass.net.scope_file import ScopeError, read_scope
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options


class LogLevel(StrEnum):
    """From which level on messages go to stderr."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_BUDGET, _TIMING = Budget(), Timing()
_Bounds = TypeVar("_Bounds", Budget, Timing)
EXAMPLES = """\b
Examples:
  leadglass check 192.168.1.20
  leadglass check dicom://ITSAET@192.168.1.20:11112 --format html -o page.html
  leadglass check @servers.txt --scope scope.toml --format json -o result.json

Exit codes: 0 nothing open, 1 something open (--fail-on), 2 wrong usage, 3 no target reached, 4 undecided, 130 Ctrl-C.
"""
_MAX_WAIT_S, _MAX_BUSY_S = 3_600.0, 86_400.0  # a wait without an end is no wait on a peer
_BUDGETS, _OUTPUT, _CONDUCT = "Budgets for each target", "Output", "Scope and conduct"


def check(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="TARGET",
            help="host, host:port, [v6]:port, dicom://AET@host:port, dicoms://AET@host:port (TLS; a blank in AET "
            "is %20), http(s)://host[:port][/path], or @file with one a line. Without a port the usual ones are tried; "
            "what is named twice is asked once.",
            show_default=False,
        ),
    ],
    scope: Annotated[
        Path | None,
        typer.Option(
            help="Who allows this, and how far; needed for a public address. leadglass scope prints one to begin with.",
            metavar="FILE",
            readable=False,  # not asked by the library: what cannot be read is told in our words
            rich_help_panel=_CONDUCT,
        ),
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
            help="How the server's owner reaches you; sent with every web request. Default: the scope file's, else "
            "user@host.",
            metavar="TEXT",
            rich_help_panel=_CONDUCT,
        ),
    ] = None,
    no_count: Annotated[
        bool,
        typer.Option(
            "--no-count",
            help="Find out how far a stranger gets, and do not count how much is given away.",
            rich_help_panel=_CONDUCT,
        ),
    ] = False,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help="Count everything, whatever it takes: no budget but one that you give, and long lists are read to "
            "their end, where else their end is looked for; no sample stands for the whole.",
            rich_help_panel=_BUDGETS,
        ),
    ] = False,
    precision: Annotated[
        float | None,
        typer.Option(
            min=LEAST_PRECISION, max=MOST_PRECISION, metavar="PERCENT", help=PRECISION_HELP, rich_help_panel=_BUDGETS
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(
            min=LEAST_CONFIDENCE, max=MOST_CONFIDENCE, metavar="PERCENT", help=CONFIDENCE_HELP, rich_help_panel=_BUDGETS
        ),
    ] = None,
    max_records: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            help="Ask each target for nothing more once N patients' records came. What it still sends then is counted.",
            rich_help_panel=_BUDGETS,
        ),
    ] = _BUDGET.max_records,
    max_busy_s: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=_MAX_BUSY_S,
            metavar="SECONDS",
            help="Keep each target busy for at most so long.",
            rich_help_panel=_BUDGETS,
        ),
    ] = _BUDGET.max_busy_s,
    max_bytes: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            help="Hang up on each target once N bytes came. A read that goes past N is counted whole (up to 256 kB).",
            rich_help_panel=_BUDGETS,
        ),
    ] = _BUDGET.max_bytes,
    max_connections: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Open at most N connections to each target.", rich_help_panel=_BUDGETS),
    ] = _BUDGET.max_connections,
    connect_timeout: Annotated[
        float,
        typer.Option(
            min=0.1, max=_MAX_WAIT_S, metavar="SECONDS", help="Wait so long for a connection.", rich_help_panel=_BUDGETS
        ),
    ] = _TIMING.connect_s,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1, max=_MAX_WAIT_S, metavar="SECONDS", help="Wait so long for an answer.", rich_help_panel=_BUDGETS
        ),
    ] = _TIMING.reply_s,
    form: Annotated[
        Format, typer.Option("--format", help="How the result is written.", rich_help_panel=_OUTPUT)
    ] = Format.TERMINAL,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the result there; - is the standard output.",
            metavar="FILE",
            readable=False,
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    fail_on: Annotated[
        Severity, typer.Option(help="Exit 1 for a finding of this severity or above.", rich_help_panel=_OUTPUT)
    ] = Severity.HIGH,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show every fact and every check.", rich_help_panel=_OUTPUT)
    ] = False,
    color: Annotated[
        bool | None,
        typer.Option(
            "--color/--no-color",
            help="Colour in the result. Default: on a terminal, unless NO_COLOR is set.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None,
    log_level: Annotated[
        LogLevel,
        typer.Option(help="Which messages go to stderr; none holds a patient's value.", rich_help_panel=_OUTPUT),
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
        destination = _destination(output)
        wish = wish_of(exact=exact, precision=precision, confidence=confidence)
    except (TargetError, ScopeError, OutputError, ContradictionError) as error:
        raise _usage(str(error)) from None
    options = Options(
        manner=Manner(today=now().date()),
        contact=_contact(contact, allowed),
        budget=_unless_given(
            Budget(
                max_records=max_records, max_busy_s=max_busy_s, max_bytes=max_bytes, max_connections=max_connections
            ),
            WITHOUT_END if exact else _BUDGET,
        ),
        timing=_unless_given(Timing(connect_s=connect_timeout, reply_s=timeout), PATIENT if exact else _TIMING),
        called_ae_titles=tuple(dict.fromkeys((*(allowed.called_ae_titles if allowed else ()), *titles))),
        measure=not no_count,
        wish=wish,
    )
    gate = Gate(allowed)
    if dry_run:
        show(describe(wanted, gate, options, width=terminal_width()))
        return
    assessment = run(lambda: assessed(wanted, gate, options, allowed))
    code = exit_code(assessment.targets, fail_on)
    if code is Exit.INTERRUPTED:
        finished = sum(result.status is not Status.INTERRUPTED for result in assessment.targets)
        tell(
            "leadglass",
            f"interrupted: {finished} of {len(wanted)} {'target was' if len(wanted) == 1 else 'targets were'} finished",
        )
    text = rendered(assessment, form, verbose=verbose, color=color, to_file=destination is not None)
    raise typer.Exit(_deliver(text, form, destination, code))


def _unless_given(given: _Bounds, otherwise: _Bounds) -> _Bounds:
    """What was given, and for each bound that is at its default the other's."""
    kept = {
        name: value for name, value in msgspec.structs.asdict(given).items() if value != getattr(type(given)(), name)
    }
    return msgspec.structs.replace(otherwise, **kept)


def _destination(output: Path | None) -> Destination | None:
    return None if output is None or str(output) == "-" else Destination(output)


def _deliver(text: str, form: Format, destination: Destination | None, code: Exit) -> Exit:
    """Writes the result, to the standard output where its file takes it no longer; the exit code that tells it all."""
    failed = ""
    if destination is not None:
        try:
            destination.write(text)
        except OutputError as error:
            failed = f"{error}: the result is on the standard output instead"
    if destination is None or failed:
        try:
            show(text, form)
        except OSError as error:
            failed = f"the standard output could not be written ({error.strerror}): the result is lost"
    if not failed:
        return code
    tell("leadglass", f"{failed}. Exit code {Exit.UNWRITTEN.value} instead of {code.value} ({code.name.lower()})")
    return Exit.UNWRITTEN


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
    tell("leadglass", message)
    return typer.Exit(Exit.USAGE)
