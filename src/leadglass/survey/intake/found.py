"""An intake gives two things alone: a listening port that another tool found, or a line that could not be read."""

from leadglass.model.record import Record
from leadglass.model.target import TargetError, parse_target
from leadglass.model.text import clean

MAX_LINE_BYTES = 16 * 1024 * 1024  # a host of Censys or Shodan with all its banners stays far below
_MAX_DETAIL = 120


class Found(Record):
    """A port at an address or a name, and the line of the file in which it stood."""

    line: int
    host: str
    port: int


class Broken(Record):
    """A line that could not be read, and why."""

    line: int
    detail: str


class IntakeError(ValueError):
    """A file that cannot be used as a whole; the message says what to do."""


def found_at(line: int, host: object, port: object) -> Found | Broken:
    """What a line says, where it is an address or a name and a port."""
    if isinstance(port, str) and port.isascii() and port.isdigit() and len(port) <= 5:
        port = int(port)
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65_535:
        return broken(line, f"{port!r} is no port")
    if not isinstance(host, str):
        return broken(line, f"{host!r} is no address")
    try:
        target = parse_target(f"[{host}]" if ":" in host else host)
    except TargetError:
        return broken(line, f"{host!r} is no address")
    if target.port is not None:
        return broken(line, f"{host!r} is no address")
    return Found(line=line, host=target.host, port=port)


def broken(line: int, why: str) -> Broken:
    """A line that is skipped."""
    return Broken(line=line, detail=clean(why, _MAX_DETAIL))
