"""nmap's XML is read element by element: hosts come out as they end, and no entity is ever expanded."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from leadglass.survey.intake.found import Broken, Found, IntakeError, found_at

_PART = 65_536


class _Hosts:
    """Hears the elements of one file."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found: list[Found | Broken] = []
        self._parser = parser
        self._address: str | None = None
        self._port: str | None = None
        self._is_nmap = False
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._is_nmap:
            if name != "nmaprun":
                raise IntakeError("this XML is not nmap's: write it with nmap -oX")
            self._is_nmap = True
        elif name == "host":
            self._address = self._port = None
        elif name == "address" and attributes.get("addrtype") in ("ipv4", "ipv6"):
            self._address = attributes.get("addr")
        elif name == "port":
            self._port = attributes.get("portid") if attributes.get("protocol") == "tcp" else None
        elif name == "state" and attributes.get("state") == "open" and self._port is not None:
            self.found.append(found_at(self._parser.CurrentLineNumber, self._address, self._port))

    def _entity(self, *_: object) -> None:
        raise IntakeError("this XML declares entities, which nmap never does: it is not read")


def from_nmap(file: BinaryIO) -> Iterator[Found | Broken]:
    """The open ports in `nmap -oX`. A file that was cut short gives what stood before. Raises IntakeError."""
    parser = expat.ParserCreate()
    hosts = _Hosts(parser)
    while True:
        part = file.read(_PART)
        try:
            parser.Parse(part, not part)
        except expat.ExpatError as error:
            yield from hosts.found
            yield Broken(line=error.lineno, detail="the XML ends or breaks here; what stood before was read")
            return
        yield from hosts.found
        hosts.found.clear()
        if not part:
            return
