"""`leadglass survey`: networks as a whole, from one practice to a country, with stops and starts in between."""

import secrets
import textwrap
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadglass.cli.assessing import Format, now, show
from leadglass.cli.output import Destination
from leadglass.cli.plain_help import PlainCommand
from leadglass.cli.screen import terminal_width
from leadglass.cli.sureness import (
    CONFIDENCE_HELP,
    LEAST_CONFIDENCE,
    LEAST_PRECISION,
    MOST_CONFIDENCE,
    MOST_PRECISION,
    PRECISION_HELP,
    wish_of,
)
from leadglass.cli.survey_found import left_out
from leadglass.cli.survey_run import resume, start
from leadglass.cli.survey_store import DEFAULT_STORE, NAME, STORE, at, opened, told
from leadglass.probe.manner import Switch
from leadglass.survey.intake.reading import Form, read_found

if TYPE_CHECKING:
    from leadglass.store.store import Store

# The store is slow to import, and no other command needs it: it is imported where one of these runs.
survey = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Networks as a whole, with stops and starts.")


class ExportFormat(StrEnum):
    """What a snapshot is written as."""

    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


@survey.command("init", short_help="Make a survey from a scope file; sends nothing.", cls=PlainCommand)
def init(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name for it.")],
    scope: Annotated[Path, typer.Option(metavar="FILE", help="Who allows what (leadglass scope prints an example).")],
    store: Annotated[str, STORE] = DEFAULT_STORE,
    exact: Annotated[
        bool, typer.Option("--exact", help="Count to the end, whatever it takes: no budget of records or time.")
    ] = False,
    precision: Annotated[
        float | None, typer.Option(min=LEAST_PRECISION, max=MOST_PRECISION, metavar="PERCENT", help=PRECISION_HELP)
    ] = None,
    confidence: Annotated[
        float | None, typer.Option(min=LEAST_CONFIDENCE, max=MOST_CONFIDENCE, metavar="PERCENT", help=CONFIDENCE_HELP)
    ] = None,
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
    from leadglass.model.scope import PATIENT, WITHOUT_END, Budget, Timing  # noqa: PLC0415
    from leadglass.net.scope_file import read_scope  # noqa: PLC0415
    from leadglass.survey.engine.begin import begin  # noqa: PLC0415
    from leadglass.survey.engine.intake import take_in  # noqa: PLC0415
    from leadglass.survey.engine.preflight import preflight  # noqa: PLC0415

    with told():
        wish = wish_of(exact=exact, precision=precision, confidence=confidence)
        allowed = read_scope(scope)
        taken = None if found is None else take_in(read_found(found, form, port), allowed)
        for line in left_out(taken, found, scope) if taken and found else ():
            typer.echo(line, err=True)
        with opened(store) as kept:
            layout = begin(
                kept,
                name,
                allowed,
                scope.read_text(encoding="utf-8-sig"),
                seed=seed or secrets.token_hex(8),
                at=now(),
                budget=WITHOUT_END if exact else Budget(),
                timing=PATIENT if exact else Timing(),
                without=tuple(without or ()),
                wish=wish,
                found=taken,
            )
            again = f"leadglass survey run {name}{at(kept)}"
    lines = (textwrap.fill(line, terminal_width(), subsequent_indent=" " * 14) for line in preflight(layout, taken))
    show("\n".join(lines) + f"\n\nTo start:     {again}\n")


survey.command("run", short_help="Start a survey, or go on with it.", cls=PlainCommand)(start)
survey.command("resume", short_help="Go on with a survey that was stopped.", cls=PlainCommand)(resume)


@survey.command("status", short_help="How a survey stands.", cls=PlainCommand)
def status(name: Annotated[str, NAME], store: Annotated[str, STORE] = DEFAULT_STORE) -> None:
    """Tell how a survey stands: by whose authority, what was visited, what was found by rung, its runs and versions."""
    from leadglass.cli.survey_status import status_lines  # noqa: PLC0415

    with told(), opened(store, must_exist=True) as kept:
        stands = kept.survey(name), kept.standing(name), kept.tallies(name), kept.runs(name), kept.exposures(name)
        show("\n".join(status_lines(*stands)) + "\n")


@survey.command("show", short_help="What a survey's figures rest on, as JSON.", cls=PlainCommand)
def show_record(name: Annotated[str, NAME], store: Annotated[str, STORE] = DEFAULT_STORE) -> None:
    """Print the run record as JSON: authority, approval, scope file, seed, settings, and each run with its versions."""
    with told(), opened(store, must_exist=True) as kept:
        show(_record(kept, name), Format.JSON)


@survey.command("list", short_help="List the surveys of a store.", cls=PlainCommand)
def list_surveys(store: Annotated[str, STORE] = DEFAULT_STORE) -> None:
    """List the surveys of a store, the oldest first."""
    with told(), opened(store, must_exist=True) as kept:
        rows = kept.surveys()
    width = max((len(row.name) for row in rows), default=0)
    show("".join(f"{row.name:<{width}}  {row.created:%Y-%m-%d %H:%M}  {row.state.value}\n" for row in rows))


@survey.command("export", short_help="Write what a survey found to a file.", cls=PlainCommand)
def export(
    name: Annotated[str, NAME],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What it is written as.")] = ExportFormat.NDJSON,
    store: Annotated[str, STORE] = DEFAULT_STORE,
) -> None:
    """Write what a survey found: a document a target (NDJSON), or a row a surface (CSV, Parquet).

    The run record is put beside it, as FILE.run.json: what the figures rest on.
    """
    from leadglass.report import snapshot  # noqa: PLC0415

    writers = {
        ExportFormat.NDJSON: snapshot.write_ndjson,
        ExportFormat.CSV: snapshot.write_csv,
        ExportFormat.PARQUET: snapshot.write_parquet,
    }
    with told(), opened(store, must_exist=True) as kept:
        kept.survey(name)
        found = Destination(output)
        record = None if found.in_place else Destination(output.with_name(f"{output.name}.run.json"))
        found.write_by(lambda file: writers[form](kept.results(name), file))
        if record is not None:
            record.write(_record(kept, name))
            return
        again = f"leadglass survey show {name}{at(kept)}"
    typer.echo(f"Nothing can be put beside {output}; for the run record: {again}", err=True)


def _record(kept: "Store", name: str) -> str:
    from leadglass.model.encode import to_json  # noqa: PLC0415
    from leadglass.survey.run_record import run_record  # noqa: PLC0415

    return to_json(run_record(kept.survey(name), kept.standing(name), kept.runs(name))).decode()


@survey.command("compare", short_help="What changed between two surveys.", cls=PlainCommand)
def compare_surveys(
    earlier: Annotated[str, typer.Argument(metavar="EARLIER", help="The name of the earlier survey.")],
    later: Annotated[str, typer.Argument(metavar="LATER", help="The name of the later one.")],
    store: Annotated[str, STORE] = DEFAULT_STORE,
) -> None:
    """Tell as JSON what was closed and what opened between two surveys, and what only a newer probe sees."""
    from leadglass.model.encode import to_json  # noqa: PLC0415
    from leadglass.survey.compare import compare  # noqa: PLC0415
    from leadglass.survey.snapshots import snapshot_of  # noqa: PLC0415

    with told(), opened(store, must_exist=True) as kept:
        first, second = (
            snapshot_of(kept, name, f"leadglass survey resume {name}{at(kept)}") for name in (earlier, later)
        )
        change = compare(first, second)
    if change.not_asked_again or change.opened_not_asked_before:
        typer.echo(
            f"The two did not ask the same: of {len(change.not_asked_again):,} systems that were open {later} says "
            f"nothing, and of {len(change.opened_not_asked_before):,} that are open {earlier} said nothing.",
            err=True,
        )
    show(to_json(change).decode())
