"""A target that turns out to be wrong once all have been read is told with the line on which it was written."""

from contextlib import suppress
from pathlib import Path

from leadglass.net.scope_entries import EntryError, parse_entry
from leadglass.net.scope_errors import Places, ScopeError, shown
from leadglass.net.scope_keys import TARGETS
from leadglass.net.scope_lists import line_of
from leadglass.net.toml_places import parse_toml


def wrong_target(scope: Path, entry: str, words: str) -> ScopeError:
    """The error about a target of a scope file that was read before, in the one form of an entry."""
    text = scope.read_text(encoding="utf-8-sig")
    places = Places(text, str(scope))
    told = f"`targets` has {shown(entry)}: {words}"
    for value in parse_toml(text)[TARGETS.name]:
        if isinstance(value, dict) and "file" in value:
            path = scope.parent / value["file"]
            line = line_of(path, entry)
            if line is not None:
                return ScopeError(
                    f"{path}, line {line}: {shown(entry)} ({places.at(TARGETS.name, entry=value['file'])}): {words}"
                )
            continue
        written = value["entry"] if isinstance(value, dict) else value
        with suppress(EntryError):
            if parse_entry(written) == entry:
                return places.wrong(TARGETS.name, told, entry=written)
    return places.wrong(TARGETS.name, told)
