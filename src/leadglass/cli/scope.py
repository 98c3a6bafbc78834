"""`leadglass scope`: an example of a scope file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from leadglass.cli.assessing import show
from leadglass.net.scope_keys import EXAMPLE

_OUTPUT = "Write it into this file, which must not be there yet."


def scope(
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=_OUTPUT)] = None,
) -> None:
    """Print a scope file to begin with, or write it: leadglass scope -o scope.toml"""
    if output is None:
        show(EXAMPLE)
        return
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        raise typer.BadParameter(f"{output} is there already: name another file", param_hint="--output") from None
    except OSError as error:
        raise typer.BadParameter(f"{output} cannot be written: {error.strerror}", param_hint="--output") from None
