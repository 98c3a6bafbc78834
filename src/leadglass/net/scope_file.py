"""A scope file is read whole or refused with the key that is wrong and what to write instead."""

from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import msgspec

from leadglass.model.scope import Scope
from leadglass.model.target import TargetError, check_ae_title, parse_target
from leadglass.model.words import Permission
from leadglass.net.scope_keys import (
    AUTHORITY,
    CALLED_AE_TITLES,
    CONTACT,
    EXCLUSIONS,
    KEYS,
    OPT_OUT,
    PERMITS,
    TARGETS,
    Key,
)
from leadglass.net.toml_places import TomlError, line_of_entry, line_of_key, parse_toml

MAX_SCOPE_FILE_BYTES = 16 * 1024 * 1024
_MAX_SHOWN = 60
_ENTRY = "write an address (192.0.2.1), a network (192.0.2.0/24) or a host name, without a port"
_KINDS = (  # bool before int, of which it is one
    (str, "a text"),
    (bool, "true or false"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a table"),
)


class ScopeError(ValueError):
    """A scope file that cannot be used; the message names the key and says what to write."""


def read_scope(path: Path) -> Scope:
    """The scope in the TOML file at `path`; `opt_out` may name a file beside it. Raises ScopeError."""
    scope = parse_scope(_text(path), where=str(path))
    listed = [entry for entry in scope.opt_out if entry.startswith("file:")]
    if not listed:
        return scope
    beside = path.parent / listed[0].removeprefix("file:")
    entries = []
    for number, line in enumerate(_text(beside, f" (`opt_out` in {path} names it)").splitlines(), 1):
        plain = line.partition("#")[0].strip()
        if not plain:
            continue
        entry = _entry(plain)
        if entry is None:
            raise ScopeError(f"{beside}, line {number}: {_shown(plain)} cannot be read: {_ENTRY}")
        entries.append(entry)
    return msgspec.structs.replace(scope, opt_out=tuple(entries))


def parse_scope(text: str, *, where: str = "the scope file") -> Scope:
    """The scope in `text`; an `opt_out` that is a path comes back as one entry `file:PATH`. Raises ScopeError."""
    try:
        values = parse_toml(text)
    except TomlError as error:
        raise ScopeError(f"{where}, {error}") from None
    file = _File(text, values, where)
    file.check_names()
    opt_out = (f"file:{file.sentence(OPT_OUT)}",) if isinstance(values[OPT_OUT.name], str) else file.entries(OPT_OUT)
    return Scope(
        authority=file.sentence(AUTHORITY),
        contact=file.contact(),
        targets=file.targets(),
        exclusions=file.entries(EXCLUSIONS),
        opt_out=opt_out,
        permits=file.permits(),
        called_ae_titles=file.called_ae_titles(),
    )


class _File:
    """The values of one file, each read as its key wants it or refused with its line."""

    def __init__(self, text: str, values: dict[str, Any], where: str) -> None:
        self._text = text
        self._values = values
        self._where = where

    def check_names(self) -> None:
        """Raises ScopeError for a key that is not known, or one that is missing."""
        for name, value in self._values.items():
            if name not in KEYS:
                near = get_close_matches(name.lower().replace("-", "_"), KEYS, n=1)
                meant = f", did you mean `{near[0]}`?" if near else "."
                headed = " They stand at the top of the file, under no [heading]." if isinstance(value, dict) else ""
                raise self._wrong(name, f"there is no key {_shown(name)}{meant} The keys are {_listed(KEYS)}.{headed}")
        missing = [key for key in KEYS.values() if key.required and key.name not in self._values]
        if missing:
            names = _listed([f"`{key.name}`" for key in missing])
            verb = "is" if len(missing) == 1 else "are"
            shown = "\n".join(key.written for key in missing).rstrip()
            raise ScopeError(f"{self._where}: {names} {verb} missing. For example:\n\n{shown}")

    def sentence(self, key: Key) -> str:
        """The one line of text that is the value of `key`."""
        value = self._values[key.name]
        if not isinstance(value, str):
            raise self._wrong(key.name, f"`{key.name}` is {_kind(value)}, and must be a text: {_like(key)}")
        plain = value.strip()
        if not plain:
            raise self._wrong(key.name, f"`{key.name}` is empty: {_like(key)}")
        if not plain.isprintable():
            raise self._wrong(key.name, f"`{key.name}` has a line break or a control character: {_like(key)}")
        return plain

    def contact(self) -> str:
        """The contact, which goes into a header."""
        contact = self.sentence(CONTACT)
        if not contact.isascii():
            raise self._wrong(CONTACT.name, "`contact` goes into the User-Agent: write it in ASCII")
        return contact

    def targets(self) -> tuple[str, ...]:
        """The targets, at least one."""
        targets = self.entries(TARGETS)
        if not targets:
            raise self._wrong(TARGETS.name, f"`targets` is empty, so nothing may be touched: {_like(TARGETS)}")
        return targets

    def entries(self, key: Key) -> tuple[str, ...]:
        """The networks and names in the list `key`, as the gate compares them."""
        return tuple(self._entry(key, text) for text in self._texts(key))

    def permits(self) -> tuple[Permission, ...]:
        """What is permitted, the least first; to connect always is."""
        permits = {Permission.CONNECT}
        for text in self._texts(PERMITS):
            if text not in tuple(Permission):
                near = get_close_matches(text.lower().replace("_", "-"), tuple(Permission), n=1, cutoff=0.5)
                meant = f", did you mean {near[0]}?" if near else "."
                words = f"`permits` has {_shown(text)}{meant} The permits are {_listed(Permission)}."
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
        values = self._values.get(key.name, [])
        if not isinstance(values, list):
            also = ", or the path of a file that holds them" if key is OPT_OUT else ""
            words = f"`{key.name}` is {_kind(values)}, and must be a list{also}: {_like(key)}"
            raise self._wrong(key.name, words)
        for value in values:
            if not isinstance(value, str):
                words = f"`{key.name}` holds {_kind(value)}, and must hold texts in quotation marks: {_like(key)}"
                raise self._wrong(key.name, words)
        return values

    def _entry(self, key: Key, text: str) -> str:
        entry = _entry(text)
        if entry is None:
            raise self._wrong(key.name, f"`{key.name}` has {_shown(text)}, which cannot be read: {_ENTRY}", text)
        return entry

    def _wrong(self, name: str, words: str, entry: str | None = None) -> ScopeError:
        line = line_of_key(self._text, name) if entry is None else line_of_entry(self._text, name, entry)
        place = f"{self._where}, line {line}" if line is not None else self._where
        return ScopeError(f"{place}: {words}")


def _entry(text: str) -> str | None:
    """A network, or a name in the form in which targets are compared; None where it is neither."""
    plain = text.strip()
    try:
        return str(ip_network(plain, strict=False))
    except ValueError:
        try:
            target = parse_target(plain)
        except TargetError:
            return None
    return target.host if target.port is None and "://" not in plain else None


def _text(path: Path, why: str = "") -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SCOPE_FILE_BYTES + 1)
    except FileNotFoundError:
        hint = why or f"; leadglass scope > {path} writes one to begin with"
        raise ScopeError(f"{path} does not exist{hint}") from None
    except OSError as error:
        raise ScopeError(f"{path} cannot be read: {error.strerror}{why}") from None
    except ValueError:  # a zero byte
        raise ScopeError(f"{_shown(str(path))} is no path{why}") from None
    if len(data) > MAX_SCOPE_FILE_BYTES:
        raise ScopeError(f"{path} is larger than {MAX_SCOPE_FILE_BYTES:,} bytes{why}")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ScopeError(f"{path} is not UTF-8 text: save it as UTF-8{why}") from None


def _like(key: Key) -> str:
    return f"write it like {key.name} = {key.sample}"


def _kind(value: object) -> str:
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "a date or a time")


def _listed(names: Any) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…")
