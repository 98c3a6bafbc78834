"""A list that comes page by page has an end only where the server says so: a short page may be its own limit.

Cost: one request a page, and one more for the empty page that ends the list.
"""

from enum import Enum

from leadglass.measure.caps import looks_round
from leadglass.model.record import Record

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

    Only an empty page ends a list for certain. An error behind a page may be the limit of a server that gives no
    more, and so may be a page that came before: neither makes a figure exact, however odd it is.
    """

    def __init__(self) -> None:
        """No page yet."""
        self.offset = 0
        self.pages = 0
        self._overlaps = False

    def page(self, asked: int, received: int, fresh: int) -> Step:
        """The step after a page that was read whole."""
        first = self.pages == 0
        self.pages += 1
        self.offset += received
        if received == 0:
            return self._at_the_end()
        if received > asked:
            return self._unlimited(received, first=first, fresh=fresh)
        if not fresh:
            return self._repeated(asked, received)
        # Within the first page it is a study that the server lists twice; behind it the pages do not fit each other.
        self._overlaps = self._overlaps or (not first and fresh < received)
        if self.pages >= MAX_PAGES:
            return Step(next=Next.BROKEN, why=f"the server gives only {received:,} studies at a time")
        return Step(next=Next.MORE)

    def refused(self, status_code: int) -> Step:
        """The step after an answer that is no page."""
        why = f"the server ended its answers with HTTP status {status_code}"
        if self.offset:
            why += f" behind {self.offset:,} records, which may be its limit"
        return Step(next=Next.BROKEN, why=why)

    def _at_the_end(self) -> Step:
        if self._overlaps:
            return Step(next=Next.BROKEN, why="pages repeated studies of others: some may have come on none")
        return Step(next=Next.END)

    def _unlimited(self, received: int, *, first: bool, fresh: int) -> Step:
        if not first:
            return Step(next=Next.BROKEN, why="the server ignores `limit`", again=not fresh)
        if looks_round(received):
            why = f"the server ignores `limit`, and its {received:,} studies are a round number: perhaps a limit"
            return Step(next=Next.BROKEN, why=why)
        return Step(next=Next.END, whole=True)

    def _repeated(self, asked: int, received: int) -> Step:
        """The same studies again: what lies behind them cannot be asked for."""
        why = "the server ignores `offset`: the same studies came again"
        if received < asked:
            why += f", and {received:,} at a time are probably its limit"
        return Step(next=Next.BROKEN, why=why, again=self.pages == 2)
