"""`leadglass lab`: made-up worlds of servers whose truth is known, to try Leadglass on and to learn with it."""

import asyncio
import signal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from leadglass.cli.assessing import run, show
from leadglass.cli.exits import Exit
from leadglass.cli.mistakes import tell
from leadglass.cli.plain_help import PlainCommand

if TYPE_CHECKING:
    from leadglass.lab.placing import Placed
    from leadglass.lab.population import Population

# Nothing but these commands needs the lab: it is imported where one of them runs.
lab = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Made-up worlds of servers, and their truth.")
_POPULATION = typer.Argument(metavar="POPULATION", help="The name of a world (leadglass lab list), or a TOML file.")
_ZOO = "zoo"


@lab.command("list", short_help="List the worlds that come with Leadglass.", cls=PlainCommand)
def list_worlds() -> None:
    """List the worlds that come with Leadglass."""
    from leadglass.lab.catalogue import worlds  # noqa: PLC0415

    found = worlds()
    found[_ZOO] = "hostile and broken servers, one of each kind (for lab up alone)"
    width = max(map(len, found))
    show("\n".join(f"{name:<{width}}  {title}" for name, title in found.items()) + "\n")


@lab.command("truth", short_help="Print what is true about a world, as JSON.", cls=PlainCommand)
def truth(population: Annotated[str, _POPULATION]) -> None:
    """Print what is true about a world as JSON: every address, and the totals by country."""
    from leadglass.lab.truth import truth_of  # noqa: PLC0415
    from leadglass.model.encode import to_json  # noqa: PLC0415

    told = truth_of(_loaded(population))
    show(to_json(told).decode() + "\n")
    for figure in told.figures:
        if not figure.agrees:
            typer.echo(
                f"Warning: the figure {figure.name!r} is {figure.published:,}, and the world comes to {figure.found:,}",
                err=True,
            )


@lab.command("targets", short_help="Print the servers of a world as targets.", cls=PlainCommand)
def targets(population: Annotated[str, _POPULATION]) -> None:
    """Print the servers of a world, a target a line, as `leadglass check @FILE` takes them."""
    from leadglass.lab import signpost  # noqa: PLC0415

    show("".join(f"{target}\n" for target in signpost.targets(_placed(population))))


@lab.command("up", short_help="Serve a world, or the zoo, until Ctrl-C.", cls=PlainCommand)
def up(
    population: Annotated[
        str,
        typer.Argument(
            metavar="POPULATION",
            help="The name of a world (leadglass lab list), a TOML file, or zoo: hostile and broken servers.",
        ),
    ],
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_535, metavar="PORT", help="The zoo's port; 0, the default, takes one that is free."),
    ] = None,
) -> None:
    """Serve a world until Ctrl-C, on addresses of this machine that no other one can reach."""
    if population == _ZOO:
        _up_zoo(port or 0)
    elif port is not None:
        _usage("--port is for the zoo: the servers of a world have the ports of its file")
    else:
        _up_world(population)


def _up_world(population: str) -> None:
    from leadglass.lab.street import StreetError  # noqa: PLC0415

    if get_close_matches(population.lower(), [_ZOO], cutoff=0.7) and not Path(population).exists():
        _usage(f"there is no {population}, did you mean {_ZOO}?")
    placed = _placed(population)
    try:
        run(lambda: _serve_world(placed, population))
    except StreetError as error:
        _usage(str(error))


async def _serve_world(placed: "Placed", named: str) -> None:
    from leadglass.lab import signpost, street  # noqa: PLC0415

    stopped = _stop_signal()
    async with street.on_street(placed) as served:
        show(signpost.lines_of(served, named))
        await stopped.wait()


def _up_zoo(port: int) -> None:
    try:
        run(lambda: _serve_zoo(port))
    except OSError as error:
        _usage(
            f"the zoo needs port {port or 'any'} on many addresses of loopback, which Linux has and macOS has "
            f"not: {error.strerror}"
        )


async def _serve_zoo(port: int) -> None:
    from leadglass.lab.zoo.serving import zoo_serving  # noqa: PLC0415

    stopped = _stop_signal()
    async with zoo_serving(port) as cages:
        show("".join(f"{cage.target:<28}  # {cage.name}\n" for cage in cages))
        show(
            f"\n{len(cages)} hostile and broken servers, one of each kind, each with its name.\n\n"
            f"Check one:     leadglass check {cages[0].target}\n"
            "Check all:     put these lines into a file, then leadglass check @FILE\n"
            "Stop:          Ctrl-C\n"
        )
        await stopped.wait()


def _stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and by SIGTERM: who serves until stopped ends well when stopped."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(wanted, stopped.set)
        except NotImplementedError:  # Windows
            signal.signal(wanted, lambda *_: loop.call_soon_threadsafe(stopped.set))
    return stopped


def _loaded(name: str) -> "Population":
    from leadglass.lab.catalogue import load  # noqa: PLC0415
    from leadglass.lab.keys import PopulationError  # noqa: PLC0415

    try:
        return load(name)
    except PopulationError as error:
        _usage(str(error))


def _placed(name: str) -> "Placed":
    from leadglass.lab.placing import place  # noqa: PLC0415

    return place(_loaded(name))


def _usage(words: str) -> NoReturn:
    tell("Error", words)
    raise typer.Exit(Exit.USAGE)
