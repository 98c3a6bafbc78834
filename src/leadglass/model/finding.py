"""The outcome of one check on one target, with why it matters and how it is closed."""

from leadglass.model.record import Record
from leadglass.model.words import Outcome, Severity


class Remedy(Record):
    """How one product is closed. `tried` says whether these steps were tried on the product itself."""

    product: str
    steps: tuple[str, ...]
    tried: bool


class Fix(Record):
    """How a weakness is closed: in one sentence, and per product, those that fit the target first.

    A finding that leaves nothing to close has the sentence alone.
    """

    summary: str
    remedies: tuple[Remedy, ...]


class Reference(Record):
    """A clause, weakness class or advisory, with where to read it."""

    id: str
    title: str
    source: str


class Finding(Record):
    """One check's judgement of one target. `seen` says in words what the judgement rests on."""

    check: str
    outcome: Outcome
    severity: Severity
    title: str
    seen: str
    why: str
    fix: Fix
    references: tuple[Reference, ...]
