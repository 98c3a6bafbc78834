"""A target is one thing that the user named, read into its parts or refused with what to write instead."""

import re
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from leadglass.model.record import Record

_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?\Z")
# A last label that inet_aton and every browser read as a number: to them the name is an address,
# and to others not, so that the scope would judge one thing and the connection reach another (WHATWG URL 3.5).
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?\Z")
_RANGE = re.compile(r"(?=.*-)[0-9-]+(?:\.[0-9-]+){3}\Z")
_FORMS = (
    "write host, host:port, [v6]:port, dicom://AET@host:port, dicoms://AET@host:port or http(s)://host[:port][/path]; "
    "in an AE title a blank is %20, a colon %3A"
)
MAX_AE_TITLE_LENGTH = 16  # PS3.5 6.2, VR AE
MAX_TARGET_LENGTH = 2000


class TargetError(ValueError):
    """A target that cannot be read; the message says what to write instead."""


class Scheme(StrEnum):
    """What the user said about the protocol."""

    ANY = "any"
    DICOM = "dicom"
    DICOMS = "dicoms"
    HTTP = "http"
    HTTPS = "https"


class Target(Record):
    """One target as named: `text` is what was typed; `port` is None where the usual ones are to be tried."""

    text: str
    scheme: Scheme
    host: str
    port: int | None = None
    called_ae_title: str | None = None
    path: str = ""

    @property
    def address(self) -> IPv4Address | IPv6Address | None:
        """The address where the target is one, None where it is a name."""
        return literal_address(self.host)


class UnreadableTarget(Record):
    """One target that cannot be read: `text` is what was typed, fit to be shown, `detail` what to write instead."""

    text: str
    detail: str


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """`host` as an address, or None where it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def parse_target(text: str) -> Target:
    """One target from what the user typed. Raises TargetError."""
    shown = text.strip()
    if not shown:
        raise TargetError(f"an empty target: {_FORMS}")
    if len(shown) > MAX_TARGET_LENGTH or not shown.isprintable() or any(c.isspace() for c in shown):
        raise TargetError(f"a target with blanks, control characters or over {MAX_TARGET_LENGTH} characters: {_FORMS}")
    if "://" in shown:
        return _from_url(shown)
    if shown.count(":") > 1 and not shown.startswith("["):  # a bare IPv6 address
        try:
            return Target(text=shown, scheme=Scheme.ANY, host=str(IPv6Address(shown)))
        except AddressValueError:
            raise TargetError(f"{shown!r} is not an IPv6 address; with a port write [v6]:port") from None
    if "/" in shown:
        raise TargetError(
            f"{shown!r} is a network, or has a path: of a network name each address, or list them in @file; before a "
            "path write http:// or https://"
        )
    return _build(shown, Scheme.ANY, _split(shown, f"//{shown}"))


def _from_url(shown: str) -> Target:
    name = shown.partition("://")[0].lower()
    if name not in (Scheme.DICOM, Scheme.DICOMS, Scheme.HTTP, Scheme.HTTPS):
        raise TargetError(f"{shown!r} has an unknown scheme {name!r}: {_FORMS}")
    return _build(shown, Scheme(name), _split(shown, shown))


def _split(shown: str, url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # a bracket without its other, or letters that turn into delimiters
        raise TargetError(f"{shown!r} cannot be read: {_FORMS}") from None


def _build(shown: str, scheme: Scheme, parts: SplitResult) -> Target:
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise TargetError(f"{shown!r} has an unreadable port: write a number from 1 to 65535") from None
    if port == 0:
        raise TargetError(f"{shown!r} has port 0: write a number from 1 to 65535")
    host = _host(shown, host)
    web = scheme in (Scheme.HTTP, Scheme.HTTPS)
    if parts.query or parts.fragment or (parts.path not in ("", "/") and not web):
        raise TargetError(f"{shown!r} has a part that is not used: {_FORMS}")
    if parts.password is not None and not web:
        raise TargetError("a target with a login, which is never used: leave it out; in an AE title a colon is %3A")
    if parts.password is not None or (web and parts.username is not None):
        raise TargetError("a target with a login: Leadglass asks what a stranger gets and never logs in; leave it out")
    if parts.username is not None and scheme is Scheme.ANY:
        raise TargetError(f"{shown!r}: for an AE title write dicom://{shown}")
    return Target(
        text=shown,
        scheme=scheme,
        host=host,
        port=port,
        called_ae_title=_ae_title(parts.username),
        path=parts.path.rstrip("/") if web else "",
    )


def _host(shown: str, host: str) -> str:
    address = literal_address(host)
    if address is not None:
        return str(address)
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if _RANGE.match(name):
        raise TargetError(f"{shown!r} is a range of addresses: name each of them, or list them in @file")
    if _ENDS_IN_A_NUMBER.match(name):
        raise TargetError(
            f"{shown!r} ends in a number as no host name does, and is not a whole address: write the address in full, "
            "as four decimal numbers (192.0.2.1)"
        )
    if not _NAME.match(name):
        raise TargetError(f"{shown!r} has no readable host name or address: {_FORMS}")
    return name.rstrip(".")


def _ae_title(title: str | None) -> str | None:
    if title is None:
        return None
    return check_ae_title(unquote(title))  # RFC 3986 2.1: a blank, a colon and the like cannot stand in a URL


def check_ae_title(title: str) -> str:
    """`title` where it is a legal AE title (PS3.5 6.2). Raises TargetError."""
    plain = title.strip()
    legal = plain.isascii() and plain.isprintable() and "\\" not in plain
    if not plain or len(plain) > MAX_AE_TITLE_LENGTH or not legal:
        raise TargetError(f"{title!r} is not an AE title: 1 to 16 printable ASCII characters without a backslash")
    return plain
