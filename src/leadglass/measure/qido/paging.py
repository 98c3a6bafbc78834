"""A list that comes page by page has an end only where the server says so: a short page may be its own limit.

Cost: one request a page, and one more for the empty page that ends the list.
"""

from enum import Enum

from leadglass.measure.caps import looks_round
from leadglass.model.record import Record

_NO_SUCH_PAGE = (404, 416)  # RFC 9110 15.5.5, 15.5.17; 400 may as well mean that `offset` is not understood
MAX_PAGES = 1000  # a server that gives less than 50 records at a time is not asked for the last of its records


class Next(Enum):
    """What follows a page."""

    MORE = "more"
    """Ask on behind it."""
    END = "end"
    """The list is complete."""
    BROKEN = "broken"
    """The list ended before its end."""


class Step(Record):
    """What follows a page, and in words what was wrong. `again` says that the page only repeated what was known."""

    next: Next
    why: str | None = None
    again: bool = False
    whole: bool = False
    """Whether one answer held everything although less was asked for."""


class Paging:
    """Judges page after page of one list by how many records were asked for, came, and were new.

    Only an empty page ends a list for certain. What repeats itself may be a limit of the server's, and so may an error,
    unless it says that there is no such page behind one that was not full.
    """

    def __init__(self) -> None:
        """No page yet."""
        self.offset = 0
        self.pages = 0
        self._last = 0
        self._short = False
        self._more = False
        self._overlaps = False

    def page(self, asked: int, received: int, fresh: int, *, more: bool = False) -> Step:
        """The step after a page that was read whole; `more` is what the server says: that it has further results."""
        first = self.pages == 0
        self.pages += 1
        self.offset += received
        self._last = received
        if received == 0:
            return self._ended()
        self._more = more
        if received > asked:
            return self._unlimited(received, first=first, fresh=fresh)
        if not fresh:
            return self._repeated(asked, received)
        # Within the first page it is a study that the server lists twice; behind it the pages do not fit each other.
        self._overlaps = self._overlaps or (not first and fresh < received)
        self._short = received < asked
        if self.pages >= MAX_PAGES:
            return Step(next=Next.BROKEN, why=f"the server gives only {received:,} studies at a time")
        return Step(next=Next.MORE)

    def refused(self, status_code: int) -> Step:
        """The step after an answer that is no page: some servers say so behind the last one."""
        why = f"the server ended its answers with HTTP status {status_code}"
        if status_code in _NO_SUCH_PAGE and self._short and not looks_round(self._last):
            return self._ended()
        if self.offset:
            why += f" behind {self.offset:,} records, which may be its limit"
        return Step(next=Next.BROKEN, why=why)

    def _ended(self) -> Step:
        """The step after the last page."""
        if self._more:
            return Step(next=Next.BROKEN, why="the server said that it has more results, and gave none")
        if self._overlaps:
            return Step(next=Next.BROKEN, why="pages repeated studies of others: some may have come on none")
        return Step(next=Next.END)

    def _repeated(self, asked: int, received: int) -> Step:
        """The same studies again: what lies behind them cannot be asked for."""
        why = "the server ignores `offset`: the same studies came again"
        if received < asked:
            why += f", and {received:,} at a time are probably its limit"
        return Step(next=Next.BROKEN, why=why, again=self.pages == 2)

    def _unlimited(self, received: int, *, first: bool, fresh: int) -> Step:
        if not first:
            return Step(next=Next.BROKEN, why="the server ignores `limit`", again=not fresh)
        if looks_round(received):
            why = f"the server ignores `limit`, and its {received:,} studies are a round number: perhaps a limit"
            return Step(next=Next.BROKEN, why=why)
        return Step(next=Next.END, whole=True)
