"""The keys of a scope file that only a survey uses are read here: ports, depth, pace and hours."""

import re
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from leadglass.model.pace import MINUTES_A_DAY, Hours, Pace
from leadglass.model.words import Depth
from leadglass.net.scope_errors import Places, kind, like, listed, shown
from leadglass.net.scope_keys import DEPTH, HOURS, KEYS, PACE, PORTS, Key

MAX_PORTS = 64
MAX_PACE = 1_000_000
MAX_WINDOWS = 24
_SHORT = 10**15  # a longer number is not repeated
_WINDOW = re.compile(r"([0-9]{2}):([0-9]{2})\s*-\s*([0-9]{2}):([0-9]{2})\Z")
_PORT_LISTS = ("dimse", "web")
_PACES = ("per_second", "per_network", "per_address")


def ports_from(places: Places, value: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The DIMSE ports and the web ports in the table `ports`; a list that is left out is empty. Raises ScopeError."""
    table = _table(places, PORTS, value, _PORT_LISTS)
    lists: dict[str, list[int]] = {name: [] for name in _PORT_LISTS}
    seen: set[int] = set()
    for name in _PORT_LISTS:
        written = table.get(name, [])
        if not isinstance(written, list):
            raise places.wrong(PORTS.name, f"`{name}` is {kind(written)}, and must be a list: {like(PORTS)}", part=name)
        for port in written:
            if not _is_number(port) or isinstance(port, float) or not 1 <= port <= 65535:
                words = f"`{name}` holds {_told(port)}, and must hold whole numbers from 1 to 65535: {like(PORTS)}"
                raise places.wrong(PORTS.name, words, part=name)
            if port in seen:
                words = f"port {port} is there twice: name it once, under the protocol that is asked first"
                raise places.wrong(PORTS.name, words, part=name)
            seen.add(port)
            lists[name].append(port)
    if not 1 <= len(seen) <= MAX_PORTS:
        many = "none" if not seen else f"{len(seen)}"
        raise places.wrong(PORTS.name, f"`ports` has {many}: name 1 to {MAX_PORTS} together, {like(PORTS)}")
    return tuple(lists["dimse"]), tuple(lists["web"])


def depth_from(places: Places, value: Any) -> Depth:
    """The depth. Raises ScopeError."""
    if isinstance(value, str) and value in tuple(Depth):
        return Depth(value)
    near = get_close_matches(value.lower(), tuple(Depth), n=1, cutoff=0.5) if isinstance(value, str) else []
    meant = f", did you mean {near[0]}?" if near else "."
    raise places.wrong(DEPTH.name, f"`depth` is {_told(value)}{meant} The depths are {listed(Depth)}.")


def pace_from(places: Places, value: Any) -> Pace:
    """The pace; what is left out of the table is as by default. Raises ScopeError."""
    table = _table(places, PACE, value, _PACES)
    for name, number in table.items():
        if not _is_number(number) or not 0 < number <= MAX_PACE:
            words = (
                f"`{name}` is {_told(number)}, and must be a number above 0, at most {MAX_PACE:,} connections a "
                f"second: {like(PACE)}"
            )
            raise places.wrong(PACE.name, words, part=name)
    return Pace(**{name: float(number) for name, number in table.items()})


def hours_from(places: Places, value: Any) -> Hours:
    """The hours in which a survey may run. Raises ScopeError."""
    table = _table(places, HOURS, value, ("open", "zone"))
    written, zone = table.get("open"), table.get("zone")
    if not isinstance(written, list) or not 1 <= len(written) <= MAX_WINDOWS:
        words = f"`open` must be a list of 1 to {MAX_WINDOWS} windows: {like(HOURS)}"
        raise places.wrong(HOURS.name, words, part="open")
    if not isinstance(zone, str):
        words = f"`zone` must be the name of a time zone as a text: {like(HOURS)}"
        raise places.wrong(HOURS.name, words, part="zone")
    windows = tuple(_window(places, window) for window in written)
    if not _is_zone(zone):
        words = (
            f"the time zone {shown(zone)} is not known: write a name from the IANA list, such as Europe/Berlin or UTC "
            "(Windows has no such list of its own: there, install the package tzdata)"
        )
        raise places.wrong(HOURS.name, words, part="zone")
    return Hours(windows=windows, zone=zone)


def _window(places: Places, value: Any) -> tuple[int, int]:
    found = _WINDOW.match(value.strip()) if isinstance(value, str) else None
    if found is not None:
        h1, m1, h2, m2 = map(int, found.groups())
        first, last = h1 * 60 + m1, h2 * 60 + m2
        if m1 < 60 and m2 < 60 and first < MINUTES_A_DAY and last <= MINUTES_A_DAY:
            if first != last:
                return first, last
            words = f"{shown(value)} begins where it ends: for the whole day leave `hours` out"
            raise places.wrong(HOURS.name, words, entry=value)
    words = f'`open` holds {_told(value)}, and must hold times from 00:00 to 24:00, like "22:00-06:00"'
    raise places.wrong(HOURS.name, words, entry=value if isinstance(value, str) else "open")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there, no relative path, a folder of zones
        return False
    return True


def _table(places: Places, key: Key, value: Any, parts: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise places.wrong(key.name, f"`{key.name}` is {kind(value)}, and must be a table: {like(key)}")
    for name in value:
        if name not in parts:
            near = get_close_matches(name.lower().replace("-", "_"), parts, n=1)
            meant = f", did you mean `{near[0]}`?" if near else "."
            below = f" Below [{key.name}] stand its keys alone: put it at the end of the file." if name in KEYS else ""
            words = f"there is no key {shown(name)} in `{key.name}`{meant} Its keys are {listed(parts)}.{below}"
            raise places.wrong(key.name, words, part=name)
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _told(value: object) -> str:
    """The value itself where it is a text or a number, else what it is."""
    if isinstance(value, str):
        return shown(value)
    return f"{value}" if isinstance(value, int | float) and _is_number(value) and abs(value) < _SHORT else kind(value)
