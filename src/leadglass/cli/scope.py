"""`leadglass scope`: an example of a scope file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from leadglass.cli.assessing import show
from leadglass.cli.exits import Exit
from leadglass.net.scope_keys import EXAMPLE


def scope(
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write it to a new file; one that is there stays as it is."
        ),
    ] = None,
) -> None:
    """Print a scope file to begin with, or write it: leadglass scope -o scope.toml"""
    if output is None:
        show(EXAMPLE)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        raise _refused(f"{output} is there already, and stays as it is: name a new file") from None
    except OSError as error:
        raise _refused(f"{output} cannot be written: {error.strerror}") from None


def _refused(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(Exit.USAGE)
