"""A mistake on the command line is told in words for people, within the width of the terminal."""

import re
import sys
import textwrap
from typing import Any

import typer
from typer.core import TyperGroup

from leadglass.cli.exits import Exit
from leadglass.cli.screen import terminal_width

_UsageError: Any = typer.BadParameter.__base__  # what every mistake of usage is, and Typer gives no name
_WORDS = (  # what the library says of a value, and what that means
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Input should be a valid integer\b.*", re.DOTALL), "write a whole number."),
    (re.compile(r"Input should be a valid number\b.*", re.DOTALL), "write a number."),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"at least \1."),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"at most \1."),
)


class Commands(TyperGroup):
    """Commands whose mistakes are told so."""

    def main(self, *args: Any, **options: Any) -> Any:
        """As Typer's own, to the exit."""
        try:
            code = super().main(*args, **{**options, "standalone_mode": False})
        except _UsageError as mistake:
            _explain(mistake)
            code = Exit.USAGE
        sys.exit(code if isinstance(code, int) else 0)


def _explain(mistake: Any) -> None:
    context, words = mistake.ctx, mistake.format_message()
    if words.startswith("Usage:"):  # no arguments at all: all of the help
        typer.echo(words, err=True)
        return
    if context is not None:
        typer.echo(context.get_usage(), err=True)
        typer.echo(f"Try '{context.command_path} {context.help_option_names[0]}' for help.\n", err=True)
    tell("Error", in_our_words(words))


def in_our_words(message: str) -> str:
    """What is wrong with a value, without the words of a library's."""
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return message


def tell(who: str, words: str) -> None:
    """Says to stderr what is wrong, its first paragraph wrapped; what may be copied from it is not broken."""
    first, _, rest = f"{who}: {words}".partition("\n")
    typer.echo(textwrap.fill(first, terminal_width(), break_on_hyphens=False, break_long_words=False), err=True)
    if rest:
        typer.echo(rest, err=True)
