"""A population that is served is told in a few lines, and as the targets that `leadglass check` takes."""

import sys
import textwrap
from collections.abc import Iterator
from ipaddress import IPv4Address

from leadglass.knowledge.products import USUAL_DIMSE_PORTS, USUAL_WEB_PORTS
from leadglass.lab.placing import Placed
from leadglass.lab.population import Server
from leadglass.lab.posture import Presence
from leadglass.lab.street import Street, presences

_USUAL = frozenset((*USUAL_DIMSE_PORTS, *USUAL_WEB_PORTS))
_WIDTH = 80


def targets(placed: Placed) -> tuple[str, ...]:
    """Every server as a target: its address, and each port of it that a check of the address does not try."""
    return tuple(target for server in placed.servers for target in _targets(server))


def _targets(server: Server) -> Iterator[str]:
    ports = [port for port in (server.dimse_port, server.web_port, *server.same_page_ports) if port is not None]
    unusual = [port for port in ports if port not in _USUAL]
    if len(unusual) < len(ports) or not ports:
        yield server.address
    for port in unusual:
        yield f"{server.address}:{port}"


def lines_of(street: Street, named: str) -> str:
    """What is served, where it is met, and what it is not; `named` is how the population was asked for."""
    placed = street.placed
    addresses = sorted(IPv4Address(server.address) for server in placed.servers)
    told = [
        f"{placed.population.title}.",
        f"{_served(placed)} They stand between {addresses[0]} and {addresses[-1]}, can be reached from this machine "
        "only, and hold nobody's data. Every other address refuses a connection.",
        *_reservations(street),
    ]
    paragraphs = [textwrap.fill(paragraph, _WIDTH, break_on_hyphens=False) for paragraph in told]
    return "\n\n".join((*paragraphs, _ways(placed, named))) + "\n"


def _served(placed: Placed) -> str:
    met = presences(placed)
    counted = (
        (met[Presence.LISTENS], "speaks DICOM or the web", "speak DICOM or the web"),
        (met[Presence.OTHER], "is another service", "are another service"),
        (met[Presence.REFUSES], "refuses", "refuse"),
        (met[Presence.SILENT], "does not answer", "do not answer"),
    )
    parts = [f"{count:,} {one if count == 1 else many}" for count, one, many in counted if count]
    total = len(placed.servers)
    return f"{total:,} server{'' if total == 1 else 's'}: {', '.join(parts)}."


def _reservations(street: Street) -> Iterator[str]:
    """What is true of the population, and is not met here."""
    placed = street.placed
    if placed.silent:
        yield (
            f"In its truth {placed.silent:,} addresses without a server drop what is sent to them. On loopback they "
            "refuse. A network namespace with a firewall has them silent: docs/lab.md says how."
        )
    if street.not_silent:
        ports = ", ".join(map(str, sorted(street.not_silent)))
        yield (
            f"Who does not answer refuses on port{'s' * (len(street.not_silent) > 1)} {ports} here: below 1024 only "
            "root may hold a port."
        )
    if presences(placed)[Presence.SILENT] and sys.platform != "linux":
        yield "This system may refuse callers where Linux lets them wait: who does not answer may refuse here."


def _ways(placed: Placed, named: str) -> str:
    answering = (server for server in placed.servers if server.presence is Presence.LISTENS)
    one = next((target for server in answering for target in _targets(server)), placed.servers[0].address)
    return "\n".join(
        (
            f"Check one:     leadglass check {one}",
            f"Check all:     leadglass lab targets {named} > targets.txt",
            "               leadglass check @targets.txt",
            f"What is true:  leadglass lab truth {named}",
            "Stop:          Ctrl-C",
        )
    )
