"""A server's own limit on its answers is recognised, so that a capped count is never called exact."""

from leadglass.model.facts import Cap
from leadglass.net.dialogue import FindEnd

CANCELLED = 0xFE00  # PS3.4 C.4.1.1.4: matching terminated by a cancel; unasked, it is a limit
_SMALLEST = 50  # nobody limits a study list to fewer


def looks_round(count: int) -> bool:
    """Whether `count` is a figure that limits are set to: one or two digits and zeros, or 2.5 of a power of ten."""
    if count < _SMALLEST:
        return False
    digits = str(count).rstrip("0")
    zeros = len(str(count)) - len(digits)
    return (len(digits) == 1 and zeros >= 1) or (digits in ("15", "25") and zeros >= 1)


def cap_of(end: FindEnd) -> Cap | None:
    """The limit that the end of a question shows."""
    if end.dimse_status == CANCELLED and not end.cancelled:
        return Cap(records=end.records, sign="it ended its answer by itself with status FE00H")
    if end.dimse_status == 0 and looks_round(end.records):
        return Cap(records=end.records, sign="a round number of answers")
    return None
