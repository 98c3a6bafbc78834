"""A server's own limit on its answers is recognised, so that a capped count is never called exact."""

from leadglass.model.facts import Cap
from leadglass.net.ends import FindEnd

CANCELLED = 0xFE00  # PS3.4 C.4.1.1.4: matching terminated by a cancel; unasked, it is a limit
NO_LIMIT = 10_000  # whoever limits answers to an odd number does so below: a person reads no list of ten thousand
SMALLEST_LIMIT = 5  # nobody limits a list to fewer
_SMALLEST_ROUND = 20  # a page of 20 or 25 is common on the web; fewer are more often all there is
_FEW_AND_ROUND = (5, 10, 15, 16)  # limits all the same, where nothing can be asked that tells them from an end
_ROUND = "a number that limits are set to"
_EIGHTHS = ("125", "375", "625", "875")


def looks_round(count: int) -> bool:
    """Whether `count` is a figure that limits are set to.

    Those are two digits at most and zeros (120, 500, 25,000), 125 and its like, a power of two or one less, and one
    less than a power of ten.
    """
    if count < _SMALLEST_ROUND:
        return False
    digits = str(count).rstrip("0")
    if count in (25, 75):
        return True
    decimal = len(digits) < len(str(count)) and (len(digits) <= 2 or digits in _EIGHTHS)
    return (
        decimal or str(count) in _EIGHTHS or set(str(count)) == {"9"} or 0 in (count & (count - 1), count & (count + 1))
    )


def may_be_a_limit(count: int) -> bool:
    """Whether it is worth a few small questions to know that so many answers are all.

    Over the web Orthanc gives one more than it is set to (measured).
    """
    return SMALLEST_LIMIT <= count < NO_LIMIT or looks_round(count) or looks_round(count - 1)


def doubt_of(end: FindEnd) -> Cap | None:
    """The limit that the end of a question may have been, where nothing further can be asked: few and round is one."""
    if end.dimse_status == 0 and end.records in _FEW_AND_ROUND:
        return Cap(records=end.records, sign=_ROUND)
    return cap_of(end)


def cap_of(end: FindEnd) -> Cap | None:
    """The limit that the end of a question shows."""
    if end.dimse_status == CANCELLED and not end.cancelled:
        return Cap(records=end.records, sign="it ended its answer by itself with status FE00H", shown=True)
    if end.dimse_status == 0 and looks_round(end.records):
        return Cap(records=end.records, sign=_ROUND)
    return None
