"""What one probe came to: a surface, the way to count it, and whether the other protocol is worth a try."""

from leadglass.model.assessment import Surface
from leadglass.model.record import Record
from leadglass.model.ways import Way


class Probe(Record):
    """A surface with the way to count it, None where there is none.

    `try_other` says that what answered did not speak this probe's protocol.
    """

    surface: Surface
    way: Way | None = None
    try_other: bool = False
