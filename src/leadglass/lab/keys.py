"""A table of a population file gives each key as the kind that it must be, or says in our words what is legal."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from leadglass.model.target import TargetError, check_ae_title

_MAX_SHOWN = 60
_KINDS = (  # bool before int, of which it is one
    (str, "a text"),
    (bool, "true or false"),
    (int, "a whole number"),
    (float, "a number with a point"),
    (list, "a list"),
    (dict, "a table"),
)
_WEIGHTS = 'a name, a table such as { A = 3, B = 1 }, or a list such as ["A 3", "B 1"]'
_WEIGHTED = re.compile(r"(?P<name>\S(?:.{0,60}\S)?) (?P<weight>[0-9]{1,12})")
Choice = TypeVar("Choice", bound=StrEnum)
MAX_NUMBER = 10**12  # more than anybody's archives hold


class PopulationError(ValueError):
    """A population file that cannot be used; the message names file and key, and says what is legal."""


class Table:
    """One table: each key is taken once by its kind, and `finish` refuses what nobody took."""

    def __init__(self, values: dict[str, Any], where: str) -> None:
        """`where` names the file, and the place in it."""
        self.where = where
        self._values = values
        self._known: list[str] = []

    def has(self, key: str) -> bool:
        """Whether the file has a key that may be left out."""
        self._known.append(key)
        return key in self._values

    def wrong(self, words: str) -> PopulationError:
        """The error that `words` tell, at this place."""
        return PopulationError(f"{self.where}: {words}")

    def finish(self) -> None:
        """Raises PopulationError for a key that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                near = get_close_matches(key.lower().replace("-", "_"), self._known, n=1)
                meant = f", did you mean `{near[0]}`?" if near else "."
                known = listed(dict.fromkeys(self._known))
                raise self.wrong(f"there is no key {shown(key)} here{meant} The keys are {known}.")

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text that says something."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self._not(key, value, "a text in quotation marks")
        if not value.strip() or not value.isprintable():
            raise self.wrong(f"`{key}` is empty, or has a line break or a control character")
        return value

    def title(self, key: str) -> str | None:
        """An AE title, or none."""
        if not self.has(key):
            return None
        try:
            return check_ae_title(self.text(key))
        except TargetError as error:
            raise self.wrong(f"`{key}`: {error}") from None

    def integer(self, key: str, default: int | None = None, *, least: int = 0, most: int = MAX_NUMBER) -> int:
        """A whole number from `least` to `most`."""
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._not(key, value, "a whole number")
        if not least <= value <= most:
            raise self.wrong(f"`{key}` is out of range: it must be from {least:,} to {most:,}")
        return value

    def port(self, key: str, default: int | None) -> int | None:
        """A port; 0 in the file says that there is none."""
        return self.integer(key, default or 0, most=65_535) or None

    def seconds(self, key: str) -> float:
        """A time that a server takes, at most a minute."""
        value = self._take(key, 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._not(key, value, "a number of seconds")
        if not 0 <= value <= 60:
            raise self.wrong(f"`{key}` is out of range: it must be from 0 to 60 seconds")
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self._not(key, value, "true or false")
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """One of the words of an enumeration."""
        value = self._take(key, default)
        words = [member.value for member in kind]
        if not isinstance(value, str):
            raise self._not(key, value, f"one of {listed(words)}")
        if value not in words:
            near = get_close_matches(value.lower(), words, n=1, cutoff=0.5)
            meant = f", did you mean {near[0]}?" if near else "."
            raise self.wrong(f"`{key}` is {shown(value)}{meant} Legal are {listed(words)}.")
        return kind(value)

    def day(self, key: str, default: date) -> date:
        """A day, written as TOML writes it."""
        value = self._take(key, default)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self._not(key, value, "a day such as 2019-09-06")
        if not 1950 <= value.year <= 2100:
            raise self.wrong(f"`{key}` is {value}, and must lie between 1950 and 2100")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where the key is not there."""
        return tuple(self._list(key, str, "texts in quotation marks"))

    def integers(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers, empty where the key is not there."""
        found = tuple(self._list(key, int, "whole numbers"))
        if any(isinstance(value, bool) or not least <= value <= most for value in found):
            raise self.wrong(f"`{key}` must hold whole numbers from {least:,} to {most:,}")
        return found

    def weights(self, key: str) -> dict[str, int]:
        """Names with how often each is to be there, at least one of them; a name alone stands for all."""
        value = self._take(key, None)
        if isinstance(value, str):
            return {value: 1}
        if isinstance(value, list):
            value = self._listed_weights(key, value)
        if isinstance(value, dict) and not value:
            raise self.wrong(f"`{key}` is empty, and must be {_WEIGHTS}")
        if not isinstance(value, dict):
            raise self._not(key, value, _WEIGHTS)
        for name, weight in value.items():
            if not isinstance(weight, int) or isinstance(weight, bool) or not 1 <= weight <= MAX_NUMBER:
                raise self.wrong(f"`{key}`: the weight of {shown(name)} must be a whole number of 1 or more")
        return dict(value)

    def _listed_weights(self, key: str, value: list[Any]) -> dict[str, int]:
        weights: dict[str, int] = {}
        for entry in value:
            found = _WEIGHTED.fullmatch(entry) if isinstance(entry, str) else None
            if found is None:
                raise self.wrong(f"`{key}` has {shown(str(entry))}, and must be {_WEIGHTS}")
            if found["name"] in weights:
                raise self.wrong(f"`{key}` has {shown(found['name'])} twice")
            weights[found["name"]] = int(found["weight"])
        return weights

    def table(self, key: str) -> "Table":
        """A table within, an empty one where it is not there."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self._not(key, value, "a table")
        return Table(value, f"{self.where}, `{key}`")

    def tables(self, key: str, what: str, defaults: "Table | None" = None) -> list["Table"]:
        """A list of tables, each told by its name or its number; what one leaves out is taken from `defaults`."""
        found = []
        for index, given in enumerate(self._list(key, dict, f"tables, each written under [[{key}]]"), start=1):
            value = _filled(given, defaults._values) if defaults else given
            name = value.get("name", value.get("group"))
            told = f"{what} {shown(name)}" if isinstance(name, str) else f"{what} number {index}"
            found.append(Table(value, f"{self.where}, {told}"))
        return found

    def _list(self, key: str, kind: type, of: str) -> list[Any]:
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, kind) for entry in value):
            raise self._not(key, value, f"a list of {of}")
        return value

    def _take(self, key: str, default: Any) -> Any:
        self._known.append(key)
        if key not in self._values and default is None:
            raise self.wrong(f"`{key}` is missing")
        return self._values.get(key, default)

    def _not(self, key: str, value: object, legal: str) -> PopulationError:
        kind = next((words for kind, words in _KINDS if isinstance(value, kind)), "a date or a time")
        return self.wrong(f"`{key}` is {kind}, and must be {legal}")


def _filled(given: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """A table with what it leaves out, also within the tables that it has."""
    filled = {**defaults, **given}
    for key, value in defaults.items():
        if isinstance(value, dict) and isinstance(given.get(key), dict):
            filled[key] = {**value, **given[key]}
    return filled


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def shown(text: str) -> str:
    """A text of the file as a message shows it: quoted, and not without end."""
    return repr(text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…")
