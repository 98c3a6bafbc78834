"""`leadglass survey`: networks as a whole, from one practice to a country, with stops and starts in between."""

import asyncio
import secrets
import signal
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from leadglass.cli.assessing import now, run, show
from leadglass.cli.check import LogLevel
from leadglass.cli.exits import Exit
from leadglass.cli.logs import start_logging
from leadglass.cli.output import Destination, OutputError
from leadglass.cli.plain_help import PlainCommand
from leadglass.cli.screen import terminal_width
from leadglass.probe.manner import Switch
from leadglass.survey.intake.reading import Form, read_found

if TYPE_CHECKING:
    from leadglass.model.snapshot import SurveyState
    from leadglass.store.store import Store

# The store is slow to import, and no other command needs it: it is imported where one of these runs.
survey = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Networks as a whole, with stops and starts.")
_NAME = typer.Argument(metavar="NAME", help="The survey's name (leadglass survey list).")
_STORE = typer.Option(
    "--store", metavar="STORE", help="Where surveys are kept: a file, or postgresql://user@host/database."
)
_DEFAULT_STORE = "leadglass.db"


class ExportFormat(StrEnum):
    """What a snapshot is written as."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


@survey.command("init", short_help="Make a survey from a scope file; sends nothing.", cls=PlainCommand)
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name for it.")],
    scope: Annotated[Path, typer.Option(metavar="FILE", help="Who allows what (leadglass scope prints an example).")],
    store: Annotated[str, _STORE] = _DEFAULT_STORE,
    exact: Annotated[
        bool, typer.Option("--exact", help="Count to the end, whatever it takes: no budget of records or time.")
    ] = False,
    without: Annotated[list[Switch] | None, typer.Option(help="Questions to leave out; may be repeated.")] = None,
    found: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Visit only what another tool found there, as far as the scope allows it."),
    ] = None,
    form: Annotated[Form | None, typer.Option(help="Whose output it is. Default: it is recognised.")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, metavar="PORT", help="The port that was scanned, where none is told."),
    ] = None,
    seed: Annotated[str, typer.Option(metavar="TEXT", help="Decides the order. Default: a random one.")] = "",
) -> None:
    """Make a survey from a scope file, and tell what it would touch. Nothing is sent."""
    from leadglass.model.scope import Budget, Timing  # noqa: PLC0415
    from leadglass.net.scope_file import read_scope  # noqa: PLC0415
    from leadglass.survey.engine.begin import begin  # noqa: PLC0415
    from leadglass.survey.engine.intake import take_in  # noqa: PLC0415
    from leadglass.survey.engine.layout import PATIENT, WITHOUT_END  # noqa: PLC0415
    from leadglass.survey.engine.preflight import preflight  # noqa: PLC0415

    with _told():
        allowed = read_scope(scope)
        taken = None if found is None else take_in(read_found(found, form, port), allowed)
        with _opened(store) as opened:
            layout = begin(
                opened,
                name,
                allowed,
                scope.read_text(encoding="utf-8-sig"),
                seed=seed or secrets.token_hex(8),
                at=now(),
                budget=WITHOUT_END if exact else Budget(),
                timing=PATIENT if exact else Timing(),
                without=tuple(without or ()),
                found=taken,
            )
    for one in taken.broken if taken else ():
        typer.echo(f"{found}, line {one.line}: {one.detail}: skipped", err=True)
    if taken is not None:
        typer.echo(f"{taken.broken_lines:,} lines skipped, {taken.outside:,} hosts outside the scope", err=True)
    lines = (textwrap.fill(line, terminal_width(), subsequent_indent=" " * 14) for line in preflight(layout))
    show("\n".join(lines) + f"\n\nTo start:     leadglass survey run {name}{_where(store)}\n")


@survey.command("run", short_help="Start a survey, or go on with it.", cls=PlainCommand)
def start(
    name: Annotated[str, _NAME],
    store: Annotated[str, _STORE] = _DEFAULT_STORE,
    status_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tell a machine how it stands, as JSON, once a second.")
    ] = None,
    log_level: Annotated[
        LogLevel, typer.Option(help="Which messages go to stderr; none holds a patient's value.")
    ] = LogLevel.WARNING,
) -> None:
    """Start a survey, or go on where it was stopped. Ctrl-C lets what is in flight end, and says how to resume."""
    _run(name, store, status_file, log_level)


@survey.command("resume", short_help="Go on with a survey that was stopped.", cls=PlainCommand)
def resume(
    name: Annotated[str, _NAME],
    store: Annotated[str, _STORE] = _DEFAULT_STORE,
    status_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tell a machine how it stands, as JSON, once a second.")
    ] = None,
    log_level: Annotated[
        LogLevel, typer.Option(help="Which messages go to stderr; none holds a patient's value.")
    ] = LogLevel.WARNING,
) -> None:
    """Go on with a survey that was stopped, whatever stopped it: nothing is lost, and nothing is counted twice."""
    _run(name, store, status_file, log_level)


def _run(name: str, store: str, status_file: Path | None, log_level: LogLevel) -> None:
    from leadglass.cli.survey_progress import Telling  # noqa: PLC0415
    from leadglass.survey.engine.conduct import Conductor  # noqa: PLC0415

    start_logging(log_level)

    async def conducted(opened: "Store") -> "SurveyState":
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for wanted in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(wanted, stop.set)
            except NotImplementedError:  # Windows
                signal.signal(wanted, lambda *_: loop.call_soon_threadsafe(stop.set))
        with Telling(status_file, loop.time) as telling:
            return await Conductor(opened, name, now).run(stop, telling.told)

    with _told(), _opened(store) as opened:
        state = run(lambda: conducted(opened))
        standing = opened.standing(name)
    rungs = ", ".join(f"{count:,} {rung}" for rung, count in sorted(standing.rungs.items())) or "nothing that listens"
    typer.echo(f"{name} is {state.value}: {rungs}.", err=True)
    if state != "done":
        typer.echo(f"To go on: leadglass survey resume {name}{_where(store)}", err=True)
        raise typer.Exit(Exit.INTERRUPTED)


@survey.command("status", short_help="How a survey stands.", cls=PlainCommand)
def status(name: Annotated[str, _NAME], store: Annotated[str, _STORE] = _DEFAULT_STORE) -> None:
    """Tell how a survey stands: what was visited, what was found by rung, and its runs."""
    from leadglass.cli.survey_progress import status_lines  # noqa: PLC0415

    with _told(), _opened(store, must_exist=True) as opened:
        show("\n".join(status_lines(opened.survey(name), opened.standing(name), opened.runs(name))) + "\n")


@survey.command("list", short_help="List the surveys of a store.", cls=PlainCommand)
def list_surveys(store: Annotated[str, _STORE] = _DEFAULT_STORE) -> None:
    """List the surveys of a store, the oldest first."""
    with _told(), _opened(store, must_exist=True) as opened:
        rows = opened.surveys()
    width = max((len(row.name) for row in rows), default=0)
    show("".join(f"{row.name:<{width}}  {row.created:%Y-%m-%d %H:%M}  {row.state.value}\n" for row in rows))


@survey.command("export", short_help="Write what a survey found to a file.", cls=PlainCommand)
def export(
    name: Annotated[str, _NAME],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What it is written as.")] = ExportFormat.NDJSON,
    store: Annotated[str, _STORE] = _DEFAULT_STORE,
) -> None:
    """Write what a survey found: a document a target (NDJSON), or a row a surface (CSV, Parquet)."""
    from leadglass.report import snapshot  # noqa: PLC0415

    writers = {
        ExportFormat.NDJSON: snapshot.write_ndjson,
        ExportFormat.CSV: snapshot.write_csv,
        ExportFormat.PARQUET: snapshot.write_parquet,
    }
    with _told(), _opened(store, must_exist=True) as opened:
        opened.survey(name)
        Destination(output).write_by(lambda file: writers[form](opened.results(name), file))


@survey.command("compare", short_help="What changed between two surveys.", cls=PlainCommand)
def compare_surveys(
    earlier: Annotated[str, typer.Argument(metavar="EARLIER", help="The name of the earlier survey.")],
    later: Annotated[str, typer.Argument(metavar="LATER", help="The name of the later one.")],
    store: Annotated[str, _STORE] = _DEFAULT_STORE,
) -> None:
    """Tell as JSON what was closed and what opened between two surveys, and what only a newer probe sees."""
    from leadglass.model.encode import to_json  # noqa: PLC0415
    from leadglass.survey.compare import compare  # noqa: PLC0415

    with _told(), _opened(store, must_exist=True) as opened:
        opened.survey(earlier)
        opened.survey(later)
        asked = [[probe for run_ in opened.runs(name) for probe in run_.probes] for name in (earlier, later)]
        change = compare(opened.results(earlier), opened.results(later), *asked)
    show(to_json(change).decode())


@contextmanager
def _told() -> Iterator[None]:
    """A mistake, or a store that fails, ends in words."""
    from leadglass.report.snapshot import MissingLibraryError  # noqa: PLC0415

    try:
        yield
    except (MissingLibraryError, OutputError, ValueError) as error:
        _usage(str(error))


@contextmanager
def _opened(where: str, *, must_exist: bool = False) -> "Iterator[Store]":
    from leadglass.store.store import open_store  # noqa: PLC0415

    if must_exist and "://" not in where and not Path(where).exists():
        _usage(f"there is no store {where}: leadglass survey init makes one")
    with open_store(where) as store:
        yield store


def _where(store: str) -> str:
    return "" if store == _DEFAULT_STORE else f" --store {store}"


def _usage(words: str) -> NoReturn:
    typer.echo(f"Error: {words}", err=True)
    raise typer.Exit(Exit.USAGE)
