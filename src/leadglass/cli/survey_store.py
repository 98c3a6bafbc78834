"""Every `leadglass survey` command names its store and its survey alike, and ends a mistake in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, NoReturn

import typer

from leadglass.cli.exits import Exit
from leadglass.cli.mistakes import tell
from leadglass.cli.output import OutputError

if TYPE_CHECKING:
    from leadglass.store.store import Store

NAME = typer.Argument(metavar="NAME", help="The survey's name (leadglass survey list).")
STORE = typer.Option(
    "--store", metavar="STORE", help="Where surveys are kept: a file, or postgresql://user@host/database."
)
DEFAULT_STORE = "leadglass.db"


@contextmanager
def told() -> Iterator[None]:
    """A mistake, or a store that fails, ends in words."""
    from leadglass.report.snapshot import MissingLibraryError  # noqa: PLC0415 - slow to import
    from leadglass.store.errors import ConnectionLostError, DiskFullError  # noqa: PLC0415 - as above

    try:
        yield
    except (ConnectionLostError, DiskFullError) as error:
        _say(error)
        raise typer.Exit(Exit.UNWRITTEN) from None
    except (MissingLibraryError, OutputError, ValueError) as error:
        _say(error)
        raise typer.Exit(Exit.USAGE) from None


def _say(error: Exception) -> None:
    """What is wrong, and what was noted about it on its way here."""
    tell("Error", "\n".join((str(error), *getattr(error, "__notes__", ()))))


@contextmanager
def opened(where: str, *, must_exist: bool = False) -> "Iterator[Store]":
    """The store, for as long as a block lasts."""
    from leadglass.store.store import open_store  # noqa: PLC0415 - slow to import

    if must_exist and "://" not in where and not Path(where).exists():
        usage(f"there is no store {where}: leadglass survey init makes one")
    with open_store(where) as store:
        yield store


def at(store: "Store") -> str:
    """What names the store in a command that is shown; a password is not."""
    return "" if store.name == DEFAULT_STORE else f" --store {quote(store.name)}"


def usage(words: str) -> NoReturn:
    """Ends the command with what is wrong."""
    tell("Error", words)
    raise typer.Exit(Exit.USAGE)
