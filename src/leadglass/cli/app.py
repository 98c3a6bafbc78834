"""The command line: every command is one module, and a mistake is answered by what to write instead."""

import sys
from typing import Annotated

import typer

from leadglass import __version__
from leadglass.cli.check import EXAMPLES, check
from leadglass.cli.demo import demo
from leadglass.cli.exits import Exit
from leadglass.cli.lab import lab
from leadglass.cli.logs import SilentCrashes
from leadglass.cli.mistakes import Commands
from leadglass.cli.plain_help import PlainCommand
from leadglass.cli.scope import scope
from leadglass.cli.survey import survey


class _Commands(Commands):
    """Knows a target that was typed without the command before it."""

    def resolve_command(self, ctx, args):  # type: ignore[no-untyped-def]  # the types are typer's private ones
        word = args[0] if args else ""
        if word not in self.commands and any(mark in word for mark in ".:@"):
            # Not repeated: there may be a login in it.
            ctx.fail("A target stands after the command: leadglass check TARGET")
        return super().resolve_command(ctx, args)


_CHECK = "Find out how far a stranger gets on a server."
app = typer.Typer(
    cls=_Commands,
    name="leadglass",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
app.command("check", cls=PlainCommand, short_help=_CHECK, epilog=EXAMPLES)(check)
app.command("demo", short_help="Check a made-up server on this machine.")(demo)
app.add_typer(lab, name="lab", short_help="Made-up worlds of servers, and their truth.")
app.add_typer(survey, name="survey", short_help="Networks as a whole, with stops and starts.")
app.command("scope", short_help="Print a scope file to begin with.")(scope)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"leadglass {__version__}")
        raise typer.Exit


@app.callback(epilog="leadglass COMMAND --help says more.")
def leadglass(
    version: Annotated[
        bool, typer.Option("--version", "-V", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Finds out how far a stranger gets on a medical-imaging server, how much it
    would give away, and how to close it.

    It never keeps a patient's value, fetches no image, stores nothing on anyone's
    server and guesses no password.
    """


def run() -> None:
    """Runs the command; Ctrl-C and a closed pipe end it without a traceback, and a crash without a value."""
    # Not `app()`: Typer would put its own hook for uncaught errors, which prints messages, in the place of ours.
    command = typer.main.get_command(app)
    try:
        with SilentCrashes(Exit.BUG):
            command(prog_name="leadglass")
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
