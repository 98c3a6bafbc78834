"""A file of targets or of opt-outs is read line by line, so that a million of them take seconds and little memory."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from leadglass.model.scope import Labels, ScopeFile, TargetEntry
from leadglass.net.scope_entries import EntryError, labels_from, parse_entry
from leadglass.net.scope_errors import ScopeError, opened, shown

MAX_LIST_BYTES = 256 * 1024 * 1024  # some ten million lines
MAX_LINE_BYTES = 32 * 1024  # 32 labels of 200 characters, in any alphabet
_MAX_KNOWN = 10_000  # ends of lines that are remembered: most lines of a list share a few sets of labels
_LINE = "write entry,label=value,label=value; a value cannot hold a comma or #"


class Seen:
    """What a file was, once all of it has been read."""

    def __init__(self) -> None:
        self.digest = sha256()
        self.entries = 0

    def told(self, key: str, name: str) -> ScopeFile:
        """The file of this name, as the scope file has it under `key`."""
        return ScopeFile(key=key, name=name, sha256=self.digest.hexdigest(), entries=self.entries)


def read_entries(path: Path, labels: Labels = (), why: str = "", seen: Seen | None = None) -> Iterator[TargetEntry]:
    """The entries in a file, one a line as `entry[,label=value…]`, with `labels` where the line has no such label.

    `why` says in an error who named the file. Raises ScopeError.
    """
    known: dict[str, Labels] = {"": labels}
    for number, line in _lines(path, why, seen):
        entry, _, written = line.partition(",")
        try:
            text = parse_entry(entry)
            own = known.get(written)
            if own is None:
                own = labels_from(_pairs(written), labels)
                if len(known) < _MAX_KNOWN:
                    known[written] = own
        except EntryError as error:
            raise ScopeError(f"{path}, line {number}: {shown(entry.strip())} {error}") from None
        yield TargetEntry(text=text, labels=own)


def read_names(path: Path, why: str = "", seen: Seen | None = None) -> Iterator[str]:
    """The entries in a file that has one a line and no labels. Raises ScopeError."""
    for number, line in _lines(path, why, seen):
        try:
            yield parse_entry(line)
        except EntryError as error:
            raise ScopeError(f"{path}, line {number}: {shown(line)} {error}") from None


def line_of(path: Path, text: str) -> int | None:
    """The line on which a file has the entry `text`, in whatever form; None where it has not."""
    for number, line in _lines(path, "", None):
        with suppress(EntryError):
            if parse_entry(line.partition(",")[0]) == text:
                return number
    return None


def _lines(path: Path, why: str, seen: Seen | None) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers, without comments and blanks around."""
    number, left, seen = 0, MAX_LIST_BYTES, seen or Seen()
    with opened(path, why) as file:
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            seen.digest.update(line)
            left -= len(line)
            if left < 0:
                raise ScopeError(f"{path} is larger than {MAX_LIST_BYTES:,} bytes{why}")
            if len(line) > MAX_LINE_BYTES:
                raise ScopeError(f"{path}, line {number} is longer than {MAX_LINE_BYTES:,} bytes{why}")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise ScopeError(f"{path}, line {number} is not UTF-8 text: save it as UTF-8{why}") from None
            plain = text.partition("#")[0].strip()
            if plain:
                seen.entries += 1
                yield number, plain


def _pairs(written: str) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for part in written.split(","):
        key, equals, value = part.partition("=")
        name = key.strip()
        if not equals:
            raise EntryError(f"is followed by {shown(part.strip())}, which is no label: {_LINE}")
        if name in pairs:
            raise EntryError(f"has its label {shown(name)} twice: {_LINE}")
        pairs[name] = value
    return pairs
