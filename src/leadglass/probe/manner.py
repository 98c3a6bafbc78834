"""How far the probes go, as one value: the same for every surface of a run, and kept with its results."""

from datetime import date
from enum import StrEnum

from leadglass.model.record import Record


class Switch(StrEnum):
    """A question that a run may leave out, so that what an older version did not see can be told apart."""

    DATE_RANGES = "date-ranges"


SWITCHES = {
    Switch.DATE_RANGES: "asking for narrow ranges of study dates: some servers fail where they would answer too much",
}
# What each probe asks and how it judges the answers: the number goes up when a better one may find more.
VERSIONS = {
    "dimse": 1,
    "date-ranges": 1,
    "worklist": 1,
    "retrieval": 1,
    "storing": 1,
    "tls": 1,
    "web": 1,
    "dicomweb": 1,
    "products": 1,
    "counting": 3,
    "kinds": 1,
}


class Manner(Record):
    """`today` is what recent dates are reckoned from; `touch` asks whether a port speaks and no more.

    `without` are the questions that are left out.
    """

    today: date
    touch: bool = False
    without: tuple[Switch, ...] = ()

    def asks(self, switch: Switch) -> bool:
        """Whether these questions are asked."""
        return switch not in self.without

    def versions(self) -> dict[str, int]:
        """The version of each probe; one that is left out is not there."""
        return {name: version for name, version in VERSIONS.items() if name not in self.without}
