"""`leadglass scope`: an example of a scope file to begin with."""

import typer

from leadglass.net.scope_keys import EXAMPLE


def scope() -> None:
    """Print a scope file to begin with: leadglass scope > scope.toml"""
    typer.echo(EXAMPLE, nl=False)
