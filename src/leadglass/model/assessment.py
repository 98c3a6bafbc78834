"""What an assessment found out, target by target: the document that every report is made from."""

from datetime import datetime

from leadglass.model.exposure import Exposure
from leadglass.model.facts import SurfaceFacts
from leadglass.model.finding import Finding
from leadglass.model.record import Record
from leadglass.model.threshold import FiveHundred
from leadglass.model.words import Permission, Retrieval, Rung, Status, Step, SurfaceKind, Vantage

SCHEMA = "leadglass.assessment/1"


class Ledger(Record):
    """What the questions cost the server: records received, connections made, seconds busy, bytes received."""

    records_received: int = 0
    connections: int = 0
    busy_s: float = 0.0
    bytes_received: int = 0


class Surface(Record):
    """One way in at a target, with the highest rung that an answer proved."""

    kind: SurfaceKind
    port: int
    tls: bool
    status: Status
    proof: Rung
    retrieval: Retrieval
    facts: SurfaceFacts
    step: Step | None = None
    detail: str = ""
    exposure: Exposure | None = None
    records_received: int = 0
    connections: int = 0
    busy_s: float = 0.0
    bytes_received: int = 0


class Product(Record):
    """Software that the facts point to; `basis` says which facts."""

    name: str
    version: str | None
    basis: str


class Probed(Record):
    """One target's surfaces before they are judged: what `identify` and `checks` work from.

    `address` is the address that was spoken to, None where none was. `permits` is what the scope permitted, so that
    a check can tell "not asked" from "not there". `at` is when the probing ended (aware, UTC).
    """

    target: str
    host: str
    address: str | None
    vantage: Vantage | None
    status: Status
    permits: tuple[Permission, ...]
    surfaces: tuple[Surface, ...]
    at: datetime
    detail: str = ""
    products: tuple[Product, ...] = ()


class TargetResult(Record):
    """One target assessed. `proof` and `exposure` are those of its most open surface.

    `addresses_not_asked` are those that its name leads to as well, and that were not asked all that `address` was.
    `five_hundred` is None where no record is shown.
    """

    target: str
    address: str | None
    status: Status
    proof: Rung
    vantage: Vantage | None
    detail: str
    not_asked: tuple[str, ...]
    products: tuple[Product, ...]
    surfaces: tuple[Surface, ...]
    exposure: Exposure | None
    findings: tuple[Finding, ...]
    cost: Ledger
    addresses_not_asked: tuple[str, ...] = ()
    five_hundred: FiveHundred | None = None


class Tool(Record):
    """Which Leadglass made this document."""

    name: str
    version: str


class Assessment(Record):
    """The whole document: `leadglass check --format json` prints exactly this."""

    schema: str
    tool: Tool
    started: datetime
    finished: datetime
    authority: str | None
    contact: str | None
    targets: tuple[TargetResult, ...]
