"""Targets are read from arguments and files before anything is sent; one that cannot be read stops no other."""

import re
from collections.abc import Iterator
from ipaddress import IPv6Address
from pathlib import Path

from leadglass.model.target import Target, TargetError, UnreadableTarget, literal_address, parse_target
from leadglass.model.text import clean

MAX_TARGET_FILE_BYTES = 64 * 1024 * 1024
_MAX_DETAIL = 600
# The usual ports of DICOM and the web, as far as each may also be the last group of an address.
_PORTS = ("80", "104", "443", "2761", "2762", "4242", "5678", "8042", "8080", "8443")
_COMMENT = re.compile(r"(?:^|\s)#")  # within a word it is a part of it, as in an AE title
_LOGIN = re.compile(r"(?:(?<=//)|(?<![\w/]))[^\s/:@]*:(?!//)[^@]*@")


def read_targets(arguments: list[str]) -> tuple[Target | UnreadableTarget, ...]:
    """The targets that `arguments` name, in their order and without repetitions; `@file` holds one a line.

    Raises TargetError where a file cannot be read, or no target at all.
    """
    found: dict[tuple[object, ...], Target | UnreadableTarget] = {}
    for argument in arguments:
        for target in _from_file(argument[1:]) if argument.startswith("@") else [_named(argument)]:
            found.setdefault(_sameness(target), target)
    unread = [target for target in found.values() if isinstance(target, UnreadableTarget)]
    if unread and len(unread) == len(found):
        more = f"\n(and {len(unread) - 1:,} more that cannot be read)" if len(unread) > 1 else ""
        raise TargetError(unread[0].detail + more)
    return tuple(found.values())


def _sameness(target: Target | UnreadableTarget) -> tuple[object, ...]:
    """What is the same for two targets that are one; what cannot be read is told for each place where it stands."""
    if isinstance(target, UnreadableTarget):
        return target.text, target.detail
    return target.scheme, target.host, target.port, target.called_ae_title, target.path


def _named(text: str, place: str = "") -> Target | UnreadableTarget:
    """The target, or why it cannot be read, with the place of its line and without the login that may be in it."""
    try:
        _refuse_ambiguous(text.strip())
        return parse_target(text)
    except TargetError as error:
        plain = text.strip()
        shown = _LOGIN.sub("…@", plain)
        words = str(error).replace(plain, shown) if plain else str(error)
        return UnreadableTarget(text=clean(shown), detail=clean(f"{place}{words}", _MAX_DETAIL))


def _refuse_ambiguous(shown: str) -> None:
    """Raises TargetError where the last group of an IPv6 address without brackets may have been meant as a port."""
    host, _, port = shown.rpartition(":")
    if port in _PORTS and isinstance(literal_address(host), IPv6Address):
        raise TargetError(
            f"{shown!r} may be an address, or one with a port: write [{host}]:{port} for the port, or [{shown}] for "
            "the address"
        )


def _from_file(path: str) -> Iterator[Target | UnreadableTarget]:
    if not path:
        raise TargetError("@ stands before the name of a file that holds one target a line: @servers.txt")
    empty = True
    for number, line in enumerate(_text(Path(path)).splitlines(), 1):
        plain = _COMMENT.split(line, 1)[0].strip()
        if plain:
            empty = False
            yield _named(plain, f"{path}, line {number}: ")
    if empty:
        raise TargetError(f"{path} holds no target: write one a line")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_TARGET_FILE_BYTES + 1)
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > MAX_TARGET_FILE_BYTES:
        raise TargetError(f"{path} is larger than {MAX_TARGET_FILE_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")  # some editors write a byte order mark
    except UnicodeDecodeError:
        raise TargetError(f"{path} is not UTF-8 text: save it as UTF-8, one target a line") from None
