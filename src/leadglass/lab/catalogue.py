"""A world is had by its name, or by the path of a file of one's own."""

from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path

from leadglass.lab.keys import PopulationError, listed, shown
from leadglass.lab.population import Population
from leadglass.lab.population_file import parse_population
from leadglass.net.toml_places import TomlError, parse_toml

MAX_FILE_BYTES = 4 * 1024 * 1024
_WORLDS = resources.files("leadglass.lab") / "worlds"
_MAX_BEFORE = 8  # worlds that each were another one before


def worlds() -> dict[str, str]:
    """The worlds that come with Leadglass, each with its title in one line."""
    files = sorted(file.name for file in _WORLDS.iterdir() if file.name.endswith(".toml"))
    return {name.removesuffix(".toml"): _title(name) for name in files}


def load(name_or_path: str) -> Population:
    """A world by its name, or a population file by its path. Raises PopulationError."""
    return _shipped(name_or_path) if name_or_path in _names() else _from_file(Path(name_or_path), 0)


def read_population(path: Path) -> Population:
    """The population in the file at `path`. Raises PopulationError."""
    return _from_file(path, 0)


def _names() -> tuple[str, ...]:
    return tuple(sorted(file.name.removesuffix(".toml") for file in _WORLDS.iterdir() if file.name.endswith(".toml")))


@cache
def _shipped(name: str) -> Population:
    text = (_WORLDS / f"{name}.toml").read_text(encoding="utf-8")
    return parse_population(text, f"the world {name}", load)


def _title(file: str) -> str:
    try:
        return str(parse_toml((_WORLDS / file).read_text(encoding="utf-8"))["title"])
    except (TomlError, KeyError) as error:
        raise PopulationError(f"the world {file} is damaged: {error}") from None


def _from_file(path: Path, depth: int) -> Population:
    def find(before: str) -> Population:
        if before in _names():
            return _shipped(before)
        if depth >= _MAX_BEFORE:
            raise PopulationError(f"{path}: the worlds named by `before` lead on without end")
        return _from_file(path.parent / before, depth + 1)

    return parse_population(_text(path), str(path), find)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        near = get_close_matches(str(path), _names(), n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise PopulationError(
            f"{shown(str(path))} is no world and no file: {meant}The worlds are {listed(_names())}"
        ) from None
    except OSError as error:
        raise PopulationError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:  # a zero byte
        raise PopulationError(f"{shown(str(path))} is no path") from None
    if len(data) > MAX_FILE_BYTES:
        raise PopulationError(f"{path} is larger than {MAX_FILE_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PopulationError(f"{path} is not UTF-8 text: save it as UTF-8") from None
