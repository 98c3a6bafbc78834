"""`leadglass lab`: made-up worlds of servers whose truth is known, to try Leadglass on and to learn with it."""

import asyncio
from typing import Annotated

import typer

from leadglass.cli.assessing import run, show
from leadglass.cli.exits import Exit
from leadglass.cli.plain_help import PlainCommand

lab = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Made-up worlds of servers, and their truth.")
_POPULATION = typer.Argument(metavar="POPULATION", help="The name of a world (leadglass lab list), or a TOML file.")


@lab.command("list", short_help="List the worlds that come with Leadglass.", cls=PlainCommand)
def list_worlds() -> None:
    """List the worlds that come with Leadglass."""
    from leadglass.lab.catalogue import worlds  # noqa: PLC0415 - nothing but this command needs the lab

    found = worlds()
    width = max(map(len, found), default=0)
    show("\n".join(f"{name:<{width}}  {title}" for name, title in found.items()) + "\n")


@lab.command("truth", short_help="Print what is true about a world, as JSON.", cls=PlainCommand)
def truth(population: Annotated[str, _POPULATION]) -> None:
    """Print what is true about a world as JSON: every address, and the totals by country."""
    from leadglass.lab.catalogue import load  # noqa: PLC0415
    from leadglass.lab.keys import PopulationError  # noqa: PLC0415
    from leadglass.lab.truth import truth_json  # noqa: PLC0415

    try:
        show(truth_json(load(population)).decode() + "\n")
    except PopulationError as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(Exit.USAGE) from None


@lab.command("up", short_help="Serve the zoo until Ctrl-C.", cls=PlainCommand)
def up(
    what: Annotated[str, typer.Argument(metavar="zoo", help="The zoo: hostile and broken servers, one of each.")],
    port: Annotated[
        int, typer.Option(min=0, max=65_535, metavar="PORT", help="The port of all of them; 0 takes one that is free.")
    ] = 0,
) -> None:
    """Serve hostile and broken servers on addresses of this machine alone, until Ctrl-C; prints a target a line."""
    if what != "zoo":
        typer.echo("Error: only the zoo can be served: leadglass lab up zoo", err=True)
        raise typer.Exit(Exit.USAGE)
    try:
        run(lambda: _serve_zoo(port))
    except OSError as error:
        typer.echo(
            f"Error: the zoo needs port {port or 'any'} on many addresses of loopback, which Linux has and macOS has "
            f"not: {error.strerror}",
            err=True,
        )
        raise typer.Exit(Exit.USAGE) from None


async def _serve_zoo(port: int) -> None:
    from leadglass.lab.zoo.serving import zoo_serving  # noqa: PLC0415

    async with zoo_serving(port) as cages:
        show("".join(f"{cage.target}  # {cage.name}: {cage.description}\n" for cage in cages))
        await asyncio.Event().wait()
