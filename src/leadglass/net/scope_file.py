"""A scope file is read whole or refused with the key that is wrong and what to write instead."""

import tomllib
from ipaddress import ip_network
from pathlib import Path

import msgspec

from leadglass.model.scope import Scope
from leadglass.model.target import TargetError, check_ae_title, parse_target
from leadglass.model.words import Permission

MAX_SCOPE_FILE_BYTES = 16 * 1024 * 1024
EXAMPLE = """\
# A scope file says who allows an assessment, of what, and how far it may go.
# Leadglass touches nothing outside it.

# Who allows this, and for what purpose.
authority = "Jo Field, IT manager of Field Radiology: our own PACS, Nov 2026"

# How to reach who asks; it stands in every web request.
contact = "security@field-radiology.example"

# Addresses, networks and host names.
targets = ["198.51.100.7", "pacs.field-radiology.example"]
exclusions = []

# Networks and names that asked never to be touched: a list here, or the path
# of a file with one a line. It must be there, even if it is empty.
opt_out = []

# What the authority permits, beginning with the least:
#   connect         associations, C-ECHO, negotiation, TLS, pages and counters
#   read-record     queries that return a record, and counting by queries
#   request-images  asking whether an image would be handed over; none is moved
#   sample-kinds    which kinds of data are there
permits = ["connect", "read-record", "request-images"]

# AE titles that the owner gave; none is ever guessed.
called_ae_titles = []
"""


class ScopeError(ValueError):
    """A scope file that cannot be used; the message names the key and says what to write."""


class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The keys of a scope file."""

    authority: str
    contact: str
    opt_out: tuple[str, ...] | str
    targets: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    permits: tuple[Permission, ...] = (Permission.CONNECT,)
    called_ae_titles: tuple[str, ...] = ()


def read_scope(path: Path) -> Scope:
    """The scope in the TOML file at `path`; `opt_out` may name a file beside it. Raises ScopeError."""
    scope = parse_scope(_text(path), where=str(path))
    listed = [entry for entry in scope.opt_out if entry.startswith("file:")]
    if not listed:
        return scope
    lines = _text(path.parent / listed[0].removeprefix("file:")).splitlines()
    entries = tuple(plain for line in lines if (plain := line.partition("#")[0].strip()))
    _check_entries("opt_out", entries, str(path))
    return msgspec.structs.replace(scope, opt_out=entries)


def parse_scope(text: str, *, where: str = "the scope file") -> Scope:
    """The scope in `text`; an `opt_out` that is a path comes back as one entry `file:PATH`. Raises ScopeError."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as error:
        raise ScopeError(f"{where} is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise ScopeError(f"{where}: {error}; it looks like this:\n\n{EXAMPLE}") from None
    for key in ("authority", "contact"):
        value = getattr(file, key).strip()
        if not value or not value.isprintable():
            raise ScopeError(f"{where}: `{key}` is empty or not one line: write who allows this and how to reach them")
    if not file.contact.isascii():
        raise ScopeError(f"{where}: `contact` goes into the User-Agent: write it in ASCII")
    if not file.targets:
        raise ScopeError(f"{where}: `targets` is empty: list addresses, networks or names")
    opt_out = (f"file:{file.opt_out}",) if isinstance(file.opt_out, str) else file.opt_out
    _check_entries("targets", file.targets, where)
    _check_entries("exclusions", file.exclusions, where)
    if not isinstance(file.opt_out, str):
        _check_entries("opt_out", opt_out, where)
    return Scope(
        authority=file.authority.strip(),
        contact=file.contact.strip(),
        targets=file.targets,
        exclusions=file.exclusions,
        opt_out=opt_out,
        permits=tuple(p for p in Permission if p in file.permits or p is Permission.CONNECT),
        called_ae_titles=tuple(_title(title, where) for title in file.called_ae_titles),
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_SCOPE_FILE_BYTES:
            raise ScopeError(f"{path} is larger than {MAX_SCOPE_FILE_BYTES:,} bytes")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScopeError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScopeError(f"{path} is not UTF-8 text") from None


def _check_entries(key: str, entries: tuple[str, ...], where: str) -> None:
    for entry in entries:
        try:
            ip_network(entry, strict=False)
        except ValueError:
            try:
                if parse_target(entry).port is None and "://" not in entry:
                    continue
            except TargetError:
                pass
            raise ScopeError(f"{where}: `{key}` has {entry!r}: write an address, a network or a host name") from None


def _title(title: str, where: str) -> str:
    try:
        return check_ae_title(title)
    except TargetError as error:
        raise ScopeError(f"{where}: `called_ae_titles`: {error}") from None
