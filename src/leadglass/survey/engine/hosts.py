"""Hosts that another tool found are rows of bytes, and targets one at a time."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address

from leadglass.model.scope import TargetEntry
from leadglass.model.snapshot import Listed
from leadglass.survey.intake.rows import by_beginning, cut

_PORT = 2  # bytes
_LENGTHS = (4, 16)


class Hosts:
    """Hosts with their ports, numbered in the order in which they come out: IPv4, IPv6, names."""

    def __init__(self, named: Mapping[str, TargetEntry]) -> None:
        """`named` are the scope's single entries that have labels, by the form in which they are compared."""
        self._named = named
        self._rows = {length: bytearray() for length in _LENGTHS}
        self._names: list[tuple[str, str, tuple[int, ...]]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Listed]:
        for number, (key, text, ports) in enumerate(self._all()):
            entry = self._named.get(key)
            yield Listed(number=number, target=text, ports=ports, labels=entry.labels if entry else ())

    def add(self, packed: bytes, ports: list[int]) -> None:
        """An address, above all of its version that were added."""
        for port in ports:
            self._rows[len(packed)] += packed + port.to_bytes(_PORT)
        self._count += 1

    def add_name(self, name: str, text: str, ports: list[int]) -> None:
        """A name, as it is compared and as it was written."""
        self._names.append((name, text, tuple(ports)))
        self._count += 1

    def _all(self) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        for length, rows in self._rows.items():
            for packed, ends in by_beginning(cut(rows, length + _PORT), length):
                text = str(IPv4Address(packed) if length == 4 else IPv6Address(packed))
                yield text, text, tuple(int.from_bytes(end) for end in ends)
        yield from self._names
