"""What is wrong in a scope file, or in a list that it names, is told with the file, the line and what to write."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from leadglass.net.scope_keys import Key
from leadglass.net.toml_places import line_of_entry, line_of_key, line_of_part

_MAX_SHOWN = 60
_KINDS = (  # bool before int, of which it is one
    (str, "a text"),
    (bool, "true or false"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a table"),
)


class ScopeError(ValueError):
    """A scope file that cannot be used; the message names the key and says what to write."""


class Places:
    """Where the keys of one scope file stand."""

    def __init__(self, text: str, where: str) -> None:
        """`where` is what the file is called."""
        self._text = text
        self.where = where

    def wrong(self, name: str, words: str, *, entry: str | None = None, part: str | None = None) -> ScopeError:
        """The error about the key `name`: about `entry` in its list, or `part` in its table, where one is given."""
        return ScopeError(f"{self.at(name, entry=entry, part=part)}: {words}")

    def at(self, name: str, *, entry: str | None = None, part: str | None = None) -> str:
        """The file, and the line in it where that can be told."""
        if entry is not None:
            line = line_of_entry(self._text, name, entry)
        elif part is not None:
            line = line_of_part(self._text, name, part)
        else:
            line = line_of_key(self._text, name)
        return f"{self.where}, line {line}" if line is not None else self.where


@contextmanager
def opened(path: Path, why: str = "", missing: str = "") -> Iterator[BinaryIO]:
    """The file at `path`, whose failures become ScopeError; `why` says who named it, `missing` how to come by it."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise ScopeError(f"{path} does not exist{missing or why}") from None
    except OSError as error:
        raise ScopeError(f"{path} cannot be read: {error.strerror}{why}") from None
    except ValueError:  # a zero byte
        raise ScopeError(f"{shown(str(path))} is no path{why}") from None
    with file:
        try:
            yield file
        except OSError as error:
            raise ScopeError(f"{path} cannot be read: {error.strerror}{why}") from None


def like(key: Key) -> str:
    """How `key` is written."""
    return f"write it like {key.name} = {key.sample}"


def kind(value: object) -> str:
    """What `value` is, in words."""
    return next((words for kinds, words in _KINDS if isinstance(value, kinds)), "a date or a time")


def listed(names: Iterable[str]) -> str:
    """`names` as a list in a sentence."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)


def shown(text: str) -> str:
    """`text` between quotation marks, on one line, and not too long."""
    return repr(text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…")
