"""The command line: every command is one module, and a mistake is answered by what to write instead."""

import sys

import typer

from leadglass.cli.check import check
from leadglass.cli.demo import demo
from leadglass.cli.exits import Exit
from leadglass.cli.logs import SilentCrashes
from leadglass.cli.scope import scope

app = typer.Typer(
    name="leadglass",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
app.command("check")(check)
app.command("demo")(demo)
app.command("scope")(scope)


@app.callback()
def leadglass() -> None:
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
