"""What is wrong in a TOML file is found at its line, and told in our own words."""

import re
import tomllib
from itertools import islice
from typing import Any

from leadglass.model.text import clean

_MAX_CANDIDATES = 8  # lines that look like a key; all but the first can only stand inside a text of several lines
_MAX_SHOWN = 76
_PLACE = re.compile(
    r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z", re.DOTALL
)
# Beginnings of the reasons of tomllib; what is not listed is told by its place alone.
_REASONS = (
    ("Cannot overwrite a value", "this key is there twice"),
    ("Cannot declare", "this [heading] is there twice"),
    ("Unclosed array", "a list is not closed: its ] is missing"),
    ("Unclosed inline table", "a table is not closed: its } is missing"),
    ("Unterminated string", "a text is not closed: its last quotation mark is missing"),
    ("Illegal character '\\n'", "a text is not closed on its line: its last quotation mark is missing"),
    ("Illegal character", "there is a control character"),
    ("Unescaped '\\'", "a backslash within double quotes is written twice; within single quotes it is plain"),
    ("Expected '='", "after a key come = and its value"),
    ("Expected newline", "the value is over here, and something follows it on the line"),
    ("Invalid initial character", "here should be the name of a key"),
    ("Invalid statement", "here should be a key, a comment or nothing"),
    ("Invalid value", "here should be a value: text in double quotes, a list in [ ] with commas"),
)


class TomlError(ValueError):
    """Text that is not TOML; the message begins with the place in the text, and ends with the line itself."""


def parse_toml(text: str) -> dict[str, Any]:
    """The keys and values in `text`. Raises TomlError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(_told(text, str(error))) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists without end
        raise TomlError("a number in it is too long, or its lists are too deep: this is no TOML file of ours") from None


def _told(text: str, said: str) -> str:
    found = _PLACE.match(said)
    if found is None:
        return "this is not TOML"
    lines = text.replace("\r\n", "\n").split("\n")
    if found["line"]:
        line, column = int(found["line"]), int(found["column"])
    else:
        line = len(text.rstrip().split("\n"))
        column = len(lines[line - 1]) + 1
    reason = next((ours for theirs, ours in _REASONS if found["reason"].startswith(theirs)), "this cannot be read")
    told = f"line {line}, column {column}: this is not TOML: {reason}"
    whole = lines[line - 1].replace("\t", " ") if line <= len(lines) else ""
    shown = whole.lstrip(" ")
    under = column - 1 - (len(whole) - len(shown))
    if not shown or not 0 <= under < _MAX_SHOWN:
        return told
    return f"{told}\n\n  {clean(shown, _MAX_SHOWN)}\n  {' ' * under}^"


def line_of_key(text: str, key: str) -> int | None:
    """The line on which `key` (or the heading of that name) begins, None where it cannot be told."""
    place = _place_of_key(text, key)
    return None if place is None else _line_at(text, place)


def line_of_entry(text: str, key: str, entry: str) -> int | None:
    """The line of the text `entry` in the list `key`, the key's where it is not written as it is."""
    start = _place_of_key(text, key)
    if start is None:
        return None
    places = [place for quote in "\"'" if (place := text.find(f"{quote}{entry}{quote}", start)) >= 0]
    return _line_at(text, min(places, default=start))


def line_of_part(text: str, key: str, part: str) -> int | None:
    """The line of the key `part` in the table `key`, the table's where it cannot be told."""
    start = _place_of_key(text, key)
    if start is None:
        return None
    found = re.compile(rf"(?<![\w-])([\"']?){re.escape(part)}\1[ \t]*=").search(text, start)
    return _line_at(text, start if found is None else found.start())


def _place_of_key(text: str, key: str) -> int | None:
    begins = re.compile(rf"^[ \t]*(?:\[+[ \t]*)?([\"']?){re.escape(key)}\1[ \t]*[=.\]]", re.MULTILINE)
    for found in islice(begins.finditer(text), _MAX_CANDIDATES):
        try:
            parse_toml(text[: found.start()])
        except TomlError:  # it stands inside a text or a list of several lines
            continue
        return found.start()
    return None


def _line_at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
