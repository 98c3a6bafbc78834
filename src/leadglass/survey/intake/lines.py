"""Each form that has one thing a line is read line by line: what one line says, and no more is in memory."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from leadglass.model.target import TargetError, parse_target
from leadglass.survey.intake.found import Broken, Found, broken, found_at

Lines = Iterable[tuple[int, str]]
Answers = Iterator[Found | Broken]


def from_list(lines: Lines, port: int | None) -> Answers:
    """host:port, [v6]:port, or a host alone where `port` says the port; # begins a comment."""
    for number, line in lines:
        plain = line.partition("#")[0].strip()
        if not plain:
            continue
        try:
            target = parse_target(plain)
        except TargetError as error:
            yield broken(number, str(error))
            continue
        yield found_at(number, target.host, target.port or port)


def from_masscan_list(lines: Lines, port: int | None) -> Answers:
    """`masscan -oL`: open tcp 104 192.0.2.1 1700000000."""
    for number, line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split()
        if len(words) >= 4 and words[0] == "banner":
            continue
        if len(words) < 4 or words[0] not in ("open", "closed"):
            yield broken(number, "no line of masscan -oL")
        elif words[0] == "open" and words[1] == "tcp":
            yield found_at(number, words[3], words[2])


def from_masscan_json(lines: Lines, port: int | None) -> Answers:
    """`masscan -oJ`: a record a line between brackets and commas, not always as JSON wants them."""
    for number, line in lines:
        plain = line.strip().strip(",").strip()
        if plain in ("", "[", "]") or plain.startswith("{finished"):
            continue
        record = object_of(plain.lstrip("[").rstrip("]"))
        ports = record.get("ports") if record is not None else None
        if record is None or not isinstance(ports, list):
            if record is None or "finished" not in record:
                yield broken(number, "no record of masscan -oJ")
            continue
        for one in ports:
            if isinstance(one, dict) and one.get("proto", "tcp") == "tcp" and one.get("status", "open") == "open":
                yield found_at(number, record.get("ip"), one.get("port"))


def from_shodan(lines: Lines, port: int | None) -> Answers:
    """Shodan's export: one service a line, with `ip_str` and `port`; those over UDP are none of ours."""
    return _objects(
        lines, "Shodan", lambda record: [(record.get("ip_str"), record.get("port"))] if _is_tcp(record) else []
    )


def from_censys(lines: Lines, port: int | None) -> Answers:
    """Censys' export: one host a line with its `services`, or one service a line with `ip` and `port`."""
    return _objects(lines, "Censys", _of_censys)


def _of_censys(record: dict[str, Any]) -> list[tuple[object, object]]:
    services = record.get("services")
    told = [one for one in services if isinstance(one, dict)] if isinstance(services, list) else [record]
    return [(record.get("ip"), one.get("port")) for one in told if _is_tcp(one)]


def _is_tcp(service: dict[str, Any]) -> bool:
    """Whether a service is met over TCP: what says nothing is."""
    transport = service.get("transport", service.get("transport_protocol"))
    return not isinstance(transport, str) or transport.casefold() == "tcp"


def _objects(lines: Lines, whose: str, pairs: Callable[[dict[str, Any]], list[tuple[object, object]]]) -> Answers:
    for number, line in lines:
        if not line.strip():
            continue
        record = object_of(line)
        if record is None:
            yield broken(number, f"no record of {whose}")
            continue
        for host, port in pairs(record):
            yield found_at(number, host, port)


def object_of(text: str) -> dict[str, Any] | None:
    """The JSON object that a line is, or None."""
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None
    return value if isinstance(value, dict) else None
