"""What another tool found becomes targets where the scope allows it; what lies outside is counted and left alone.

A host is a few bytes until it is written: a list may have millions of them.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address

from leadglass.model.record import Record
from leadglass.model.scope import Scope
from leadglass.model.target import literal_address
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.networks import Address, unmapped
from leadglass.net.scope_entries import is_plain_ipv4
from leadglass.survey.engine.hosts import Hosts
from leadglass.survey.engine.layout import is_single
from leadglass.survey.engine.merging import merged, same_as
from leadglass.survey.engine.special import Special
from leadglass.survey.intake.found import Broken, Found
from leadglass.survey.intake.rows import Rows, by_beginning

_MAX_TOLD = 5
_PORT = 2  # bytes
_DIGEST = 16
_NETWORK = {4: 3, 6: 6}  # bytes of an address that name the network to which a pace of its own belongs


class Intake(Record):
    """A target for each host with those of its ports that the scope names.

    `outside` counts hosts that the scope does not allow, `special` those with a special purpose that it does not name,
    `left_out` hosts by the port there that it does not name. `connections` find out what still listens, `fullest` of
    them in one network and `most` at one host. `broken` are the first lines that could not be read, `broken_lines` how
    many there were.
    """

    listed: Hosts
    outside: int
    special: int
    left_out: dict[int, int]
    broken_lines: int
    broken: tuple[Broken, ...]
    ports: frozenset[int]
    connections: int
    fullest: int
    most: int

    @property
    def why_nothing(self) -> str:
        """Why no target came of it, where none did."""
        if self.outside or self.special or self.left_out:
            return "none of what was found lies within the scope and its ports"
        return "no line of what was found could be read" if self.broken_lines else "nothing was found"


def take_in(answers: Iterable[Found | Broken], scope: Scope) -> Intake:
    """All answers of a file, held against the scope; labels of its networks come with the visit."""
    heard, broken, broken_lines = _Heard(scope), list[Broken](), 0
    for one in answers:
        if isinstance(one, Broken):
            broken_lines += 1
            broken += [one] if len(broken) < _MAX_TOLD else []
        else:
            heard.add(one)
    judged = _Judged(scope)
    for version, rows in heard.rows.items():
        for packed, ends in by_beginning(rows, rows.length - _PORT):
            judged.address(version, packed, [int.from_bytes(end) for end in ends])
    for name, (text, ports) in heard.names.items():
        judged.name(name, text, sorted(ports))
    return Intake(
        listed=judged.hosts,
        outside=judged.outside + sum(1 for _ in heard.foreign_names),
        special=judged.special,
        left_out=dict(judged.left_out),
        broken_lines=broken_lines,
        broken=tuple(broken),
        ports=frozenset(judged.ports),
        connections=judged.connections,
        fullest=max(judged.fullest, judged.in_network),
        most=judged.most,
    )


class _Heard:
    """Ports by host, in whatever order they come."""

    def __init__(self, scope: Scope) -> None:
        self.rows = {4: Rows(4 + _PORT), 6: Rows(16 + _PORT)}
        self.names: dict[str, tuple[str, set[int]]] = {}
        self.foreign_names = Rows(_DIGEST)
        self._named = {same_as(text) for text in scope.targets if "/" not in text and not is_plain_ipv4(text)}

    def add(self, one: Found) -> None:
        port = one.port.to_bytes(_PORT)
        if is_plain_ipv4(one.host):
            self.rows[4].add(bytes(map(int, one.host.split("."))) + port)
            return
        address = literal_address(one.host)
        name = same_as(one.host)
        if address is not None:
            plain = unmapped(address)
            self.rows[plain.version].add(plain.packed + port)
        elif name in self._named:  # the gate judges its addresses when it is visited
            self.names.setdefault(name, (one.host, set()))[1].add(one.port)
        else:
            self.foreign_names.add(blake2b(name.encode(), digest_size=_DIGEST).digest())


class _Judged:
    """Hosts held against the scope, those of each version in order."""

    def __init__(self, scope: Scope) -> None:
        self._gate, self._special = Gate(scope), Special(scope.targets)
        self._asked = {*scope.dimse_ports, *scope.web_ports}
        self.hosts = Hosts(merged(entry for entry in scope.entries if entry.labels and is_single(entry)))
        self.outside = self.special = self.connections = self.most = self.fullest = self.in_network = 0
        self.left_out, self.ports = Counter[int](), set[int]()
        self._network = b""

    def address(self, version: int, packed: bytes, ports: list[int]) -> None:
        address = IPv4Address(packed) if version == 4 else IPv6Address(packed)
        if not self._allowed(address):
            self.outside += 1
        elif self._special.leaves_out(address):
            self.special += 1
        elif kept := self._kept(ports):
            self.hosts.add(packed, kept)
            network = packed[: _NETWORK[version]]
            if network != self._network:
                self.fullest = max(self.fullest, self.in_network)
                self._network, self.in_network = network, 0
            self.in_network += len(kept)

    def name(self, name: str, text: str, ports: list[int]) -> None:
        if kept := self._kept(ports):
            self.hosts.add_name(name, text, kept)

    def _kept(self, ports: list[int]) -> list[int]:
        kept = [port for port in ports if port in self._asked]
        self.left_out.update(port for port in ports if port not in self._asked)
        self.ports.update(kept)
        self.connections += len(kept)
        self.most = max(self.most, len(kept))
        return kept

    def _allowed(self, address: Address) -> bool:
        try:
            self._gate.admit(str(address), address)
        except StepFailed:
            return False
        return True
