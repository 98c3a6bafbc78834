"""What another tool found becomes targets where the scope allows it; what lies outside is counted and left alone."""

from collections.abc import Iterable

from leadglass.model.record import Record
from leadglass.model.scope import Scope
from leadglass.model.snapshot import Listed
from leadglass.model.target import literal_address
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.survey.intake.found import Broken, Found

_MAX_TOLD = 5


class Intake(Record):
    """A target for each host with all its ports; `outside` counts those that the scope does not allow.

    `broken` are the first lines that could not be read, `broken_lines` how many there were.
    """

    listed: tuple[Listed, ...]
    outside: int
    broken_lines: int
    broken: tuple[Broken, ...]


def take_in(answers: Iterable[Found | Broken], scope: Scope) -> Intake:
    """All answers of a file, held against the scope; labels come with the visit."""
    gate, ports, broken, broken_lines = Gate(scope), dict[str, set[int]](), list[Broken](), 0
    outside: set[str] = set()
    for one in answers:
        if isinstance(one, Broken):
            broken_lines += 1
            broken += [one] if len(broken) < _MAX_TOLD else []
        elif one.host in ports:
            ports[one.host].add(one.port)
        elif one.host not in outside:
            if _allowed(gate, scope, one.host):
                ports[one.host] = {one.port}
            else:
                outside.add(one.host)
    labels = {entry.text: entry.labels for entry in scope.entries if entry.text in ports}
    listed = tuple(
        Listed(number=number, target=host, ports=tuple(sorted(found)), labels=labels.get(host, ()))
        for number, (host, found) in enumerate(ports.items())
    )
    return Intake(listed=listed, outside=len(outside), broken_lines=broken_lines, broken=tuple(broken))


def _allowed(gate: Gate, scope: Scope, host: str) -> bool:
    address = literal_address(host)
    if address is None:
        return host in scope.targets  # the gate judges its addresses when it is visited
    try:
        gate.admit(host, address)
    except StepFailed:
        return False
    return True
