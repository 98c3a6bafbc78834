"""A scope file is read whole or refused with the key that is wrong and what to write instead."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from leadglass.model.pace import Pace
from leadglass.model.scope import DEFAULT_DIMSE_PORTS, Scope, TargetEntry
from leadglass.model.target import TargetError, check_ae_title
from leadglass.model.words import Depth, Permission
from leadglass.net.scope_entries import EntryError, labels_from, networks_of, parse_entry
from leadglass.net.scope_errors import Places, ScopeError, kind, like, listed, opened, shown
from leadglass.net.scope_keys import (
    APPROVAL,
    AUTHORITY,
    CALLED_AE_TITLES,
    CONTACT,
    DEPTH,
    EXCLUSIONS,
    HOURS,
    KEYS,
    OPT_OUT,
    PACE,
    PERMITS,
    PORTS,
    PURPOSE,
    TARGETS,
    Key,
)
from leadglass.net.scope_lists import read_entries, read_names
from leadglass.net.scope_survey import depth_from, hours_from, pace_from, ports_from
from leadglass.net.toml_places import TomlError, parse_toml

__all__ = ["MAX_SCOPE_FILE_BYTES", "ScopeError", "parse_scope", "read_scope"]

MAX_SCOPE_FILE_BYTES = 16 * 1024 * 1024
_DEFAULT_PORTS: tuple[tuple[int, ...], tuple[int, ...]] = (DEFAULT_DIMSE_PORTS, ())
_LIST_OF_TARGETS = (
    'write { file = "targets.csv" }, with labels beside it, or { entry = "192.0.2.0/24", country = "DE" }'
)

_T = TypeVar("_T")


def read_scope(path: Path) -> Scope:
    """The scope in the TOML file at `path`, with the lists of targets and opt-outs beside it. Raises ScopeError."""
    return parse_scope(_text(path), where=str(path), folder=path.parent)


def parse_scope(text: str, *, where: str = "the scope file", folder: Path | None = None) -> Scope:
    """The scope in `text`; lists that it names are read from `folder`, and refused without one. Raises ScopeError."""
    try:
        values = parse_toml(text)
    except TomlError as error:
        raise ScopeError(f"{where}, {error}") from None
    file = _File(Places(text, where), values, folder)
    file.check_names()
    dimse_ports, web_ports = file.survey(PORTS, ports_from, _DEFAULT_PORTS)
    authority, contact = file.sentence(AUTHORITY), file.contact()
    scope = Scope(
        authority=authority,
        contact=contact,
        targets=(),
        exclusions=file.entries(EXCLUSIONS),
        opt_out=file.opt_out(),
        permits=file.permits(),
        called_ae_titles=file.called_ae_titles(),
        purpose=file.sentence(PURPOSE),
        approval=file.sentence(APPROVAL),
        dimse_ports=dimse_ports,
        web_ports=web_ports,
        depth=file.survey(DEPTH, depth_from, Depth.ASK),
        pace=file.survey(PACE, pace_from, Pace()),
        hours=file.survey(HOURS, hours_from, None),
    )
    entries = file.targets()  # last: a mistake anywhere else is told before a list of millions is read
    targets = tuple(chain.from_iterable(networks_of(entry.text) for entry in entries))
    return msgspec.structs.replace(scope, targets=targets, entries=entries)


class _File:
    """The values of one file, each read as its key wants it or refused with its line."""

    def __init__(self, places: Places, values: dict[str, Any], folder: Path | None) -> None:
        self._places = places
        self._values = values
        self._folder = folder

    def check_names(self) -> None:
        """Raises ScopeError for a key that is not known, or one that is missing."""
        for name, value in self._values.items():
            if name not in KEYS:
                near = get_close_matches(name.lower().replace("-", "_"), KEYS, n=1)
                meant = f", did you mean `{near[0]}`?" if near else "."
                headed = " They stand at the top of the file, under no [heading]." if isinstance(value, dict) else ""
                raise self._wrong(name, f"there is no key {shown(name)}{meant} The keys are {listed(KEYS)}.{headed}")
        missing = [key for key in KEYS.values() if key.required and key.name not in self._values]
        if missing:
            names = listed([f"`{key.name}`" for key in missing])
            verb = "is" if len(missing) == 1 else "are"
            example = "\n".join(key.written for key in missing).rstrip()
            raise ScopeError(f"{self._places.where}: {names} {verb} missing. For example:\n\n{example}")

    def sentence(self, key: Key) -> str:
        """The one line of text that is the value of `key`, nothing where the key may be left out and is."""
        if not key.required and key.name not in self._values:
            return ""
        value = self._values[key.name]
        if not isinstance(value, str):
            raise self._wrong(key.name, f"`{key.name}` is {kind(value)}, and must be a text: {like(key)}")
        plain = value.strip()
        if not plain:
            raise self._wrong(key.name, f"`{key.name}` is empty: {like(key)}")
        if not plain.isprintable():
            raise self._wrong(key.name, f"`{key.name}` has a line break or a control character: {like(key)}")
        return plain

    def contact(self) -> str:
        """The contact, which goes into a header."""
        contact = self.sentence(CONTACT)
        if not contact.isascii():
            raise self._wrong(CONTACT.name, "`contact` goes into the User-Agent: write it in ASCII")
        return contact

    def targets(self) -> tuple[TargetEntry, ...]:
        """The targets, at least one, those in files among them."""
        entries = tuple(chain.from_iterable(self._targets(value) for value in self._list(TARGETS)))
        if not entries:
            raise self._wrong(TARGETS.name, f"`targets` is empty, so nothing may be touched: {like(TARGETS)}")
        return entries

    def _targets(self, value: object) -> Iterator[TargetEntry]:
        if isinstance(value, str):
            yield TargetEntry(text=self._entry(TARGETS, value))
            return
        if not isinstance(value, dict):
            words = f"`targets` holds {kind(value)}, and must hold texts in quotation marks and tables: {like(TARGETS)}"
            raise self._wrong(TARGETS.name, words)
        labels = dict(value)
        entry, file = labels.pop("entry", None), labels.pop("file", None)
        named = entry if file is None else file
        if not isinstance(named, str) or not (entry is None or file is None):
            words = f"`targets` has a table that needs either an entry or a file, as a text: {_LIST_OF_TARGETS}"
            raise self._wrong(TARGETS.name, words, named if isinstance(named, str) else None)
        try:
            own = labels_from(labels)
        except EntryError as error:
            raise self._wrong(TARGETS.name, f"`targets`: {shown(named)} {error}", named) from None
        if file is None:
            yield TargetEntry(text=self._entry(TARGETS, named), labels=own)
        else:
            yield from read_entries(self._beside(TARGETS, named), own, self._why(TARGETS))

    def opt_out(self) -> tuple[str, ...]:
        """Who is never touched: from the list, or from the file that stands in its place."""
        if not isinstance(self._values[OPT_OUT.name], str):
            return self.entries(OPT_OUT)
        names = read_names(self._beside(OPT_OUT, self.sentence(OPT_OUT)), self._why(OPT_OUT))
        return tuple(chain.from_iterable(map(networks_of, names)))

    def entries(self, key: Key) -> tuple[str, ...]:
        """The addresses, networks and names in the list `key`, as the gate compares them."""
        return tuple(chain.from_iterable(networks_of(self._entry(key, text)) for text in self._texts(key)))

    def survey(self, key: Key, reading: Callable[[Places, Any], _T], default: _T) -> _T:
        """The value of a survey's `key`, or the default where it is not there."""
        return reading(self._places, self._values[key.name]) if key.name in self._values else default

    def permits(self) -> tuple[Permission, ...]:
        """What is permitted, the least first; to connect always is."""
        permits = {Permission.CONNECT}
        for text in self._texts(PERMITS):
            if text not in tuple(Permission):
                near = get_close_matches(text.lower().replace("_", "-"), tuple(Permission), n=1, cutoff=0.5)
                meant = f", did you mean {near[0]}?" if near else "."
                words = f"`permits` has {shown(text)}{meant} The permits are {listed(Permission)}."
                raise self._wrong(PERMITS.name, words, text)
            permits.add(Permission(text))
        return tuple(permission for permission in Permission if permission in permits)

    def called_ae_titles(self) -> tuple[str, ...]:
        """The AE titles that the owner gave."""
        titles = []
        for text in self._texts(CALLED_AE_TITLES):
            try:
                titles.append(check_ae_title(text))
            except TargetError as error:
                raise self._wrong(CALLED_AE_TITLES.name, f"`called_ae_titles`: {error}", text) from None
        return tuple(titles)

    def _texts(self, key: Key) -> list[str]:
        values = self._list(key)
        for value in values:
            if not isinstance(value, str):
                words = f"`{key.name}` holds {kind(value)}, and must hold texts in quotation marks: {like(key)}"
                raise self._wrong(key.name, words)
        return values

    def _list(self, key: Key) -> list[Any]:
        values = self._values.get(key.name, [])
        if not isinstance(values, list):
            also = ", or the path of a file that holds them" if key is OPT_OUT else ""
            raise self._wrong(key.name, f"`{key.name}` is {kind(values)}, and must be a list{also}: {like(key)}")
        return values

    def _entry(self, key: Key, text: str) -> str:
        try:
            return parse_entry(text)
        except EntryError as error:
            raise self._wrong(key.name, f"`{key.name}` has {shown(text)}, which {error}", text) from None

    def _beside(self, key: Key, name: str) -> Path:
        if not name.strip() or not name.isprintable():
            raise self._wrong(key.name, f"`{key.name}` names {shown(name)}, which is no path of a file", name)
        if self._folder is None:
            raise self._wrong(
                key.name, f"`{key.name}` names the file {shown(name)}, which only a scope file in a folder can do", name
            )
        return self._folder / name

    def _why(self, key: Key) -> str:
        return f" (`{key.name}` in {self._places.where} names it)"

    def _wrong(self, name: str, words: str, entry: str | None = None) -> ScopeError:
        return self._places.wrong(name, words, entry=entry)


def _text(path: Path) -> str:
    with opened(path, missing=f"; leadglass scope -o {path} writes one to begin with") as file:
        data = file.read(MAX_SCOPE_FILE_BYTES + 1)
    if len(data) > MAX_SCOPE_FILE_BYTES:
        raise ScopeError(
            f"{path} is larger than {MAX_SCOPE_FILE_BYTES:,} bytes: put the targets into a file of their own"
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ScopeError(f"{path} is not UTF-8 text: save it as UTF-8") from None
