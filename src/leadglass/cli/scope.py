"""`leadglass scope`: an example of a scope file to begin with."""

from leadglass.cli.assessing import show
from leadglass.net.scope_keys import EXAMPLE


def scope() -> None:
    """Print a scope file to begin with: leadglass scope > scope.toml"""
    show(EXAMPLE)
