"""How many records a QIDO-RS list has is found by looking at single places of it: a record, or nothing.

A total that the server tells is looked at first; then the distance is doubled until nothing is there, and halved until
the last record stands beside nothing. Both are looked at once more at the end, since an archive may change meanwhile.
Cost: 2 to 4 requests where the server's word is right, else about twice the binary digits of the total; each brings
one record at most, and half of those that halve bring none.
"""

from collections.abc import Awaitable
from typing import Protocol

from leadglass.measure.qido.looking import Look, There
from leadglass.model.exposure import Count
from leadglass.model.record import Record

MAX_PLACE = 1 << 36  # more records than any archive has: who gives one behind it gives one anywhere
_ROUNDS = 3  # an archive that has changed each time is changing all the time
_NEAR = 64  # so far may records move in a list that gets new ones at its front while it is asked


class Looking(Protocol):
    """What tells what stands at a place of a list."""

    def look(self, offset: int) -> Awaitable[Look]:
        """What stands at a place."""


class Total(Record):
    """`why` says what keeps the figure from being exact."""

    figure: Count
    why: str | None = None


class _LostError(Exception):
    """The places do not tell how many there are, for the reason in words."""


class Bisection:
    """Looks for the end of one list. Everything that a server does amiss makes the figure an at-least with a reason."""

    def __init__(self, places: Looking, *, least: int = 0, told: int | None = None) -> None:
        """`least` records were read already from its beginning; `told` is the total by the server's word."""
        self._places = places
        self._least = least
        self._told = told
        self.low = least
        """Records stand at all places below this one."""
        self.high: int | None = None
        """Nothing stands here; None where that was not found yet."""
        self._edge: Look | None = None
        self._heeded = False  # before any place was empty, nothing shows that places mean anything to the server
        self._last: tuple[int, int] = (-1, -1)
        self._seen: dict[int, int] = {}
        self._more_behind: int | None = None
        self._why: str | None = None

    async def bracket(self, guess: int | None = None) -> bool:
        """Finds places between which the end lies, near `guess` where it is right; whether it did."""
        try:
            await self._bracket(guess)
        except _LostError as lost:
            self._why = str(lost)
        return self._why is None

    async def total(self) -> Total:
        """How many records there are."""
        try:
            if self._why is None:
                await self._narrow()
        except _LostError as lost:
            self._why = str(lost)
        if self._why is not None:
            return Total(figure=Count.at_least(self.low if self._heeded else self._sure), why=self._why)
        return self._judged(self.low)

    @property
    def refusal(self) -> str | None:
        """The error that was met where the list ends, None where it was no error."""
        return (self._edge.why or None) if self._edge is not None else None

    @property
    def requests_left(self) -> int:
        """About how many more places must be looked at."""
        return 2 + (0 if self.high is None else (self.high - self.low).bit_length())

    @property
    def _sure(self) -> int:
        """Records that were seen to be different."""
        return self._least + len(self._seen)

    def _judged(self, total: int) -> Total:
        if self._edge is not None and self._edge.there is There.REFUSED:
            why = f"{self._edge.why} behind {total:,} records, which may be its limit"
        elif self._more_behind == total - 1:
            why = "the server said that it has more results, and gave none"
        else:
            return Total(figure=Count.exact(total))
        return Total(figure=Count.at_least(total), why=why)

    async def _bracket(self, guess: int | None) -> None:
        if not self.low and not await self._at(0):
            return
        await self._around(self._told, 1)
        if self.high is None:
            await self._around(guess, 1 + (guess or 0) // 8)
        if self.high is None:
            await self._up(self.low)

    async def _around(self, guess: int | None, step: int) -> None:
        """Looks at a place where the end may be, and from there to where it must lie."""
        if guess is None or not self.low <= guess <= MAX_PLACE:
            return
        if guess == self.low or await self._at(guess - 1):
            await self._up(step)
            return
        while self.high is not None and self.high - step >= self.low and not await self._at(self.high - step):
            step *= 2

    async def _up(self, step: int) -> None:
        """Looks further and further behind until nothing is there."""
        begin = self.low - 1
        while self.high is None:
            if begin + step > MAX_PLACE:
                raise _LostError("the server gave a record at every place that was asked for, however far")
            await self._at(begin + step)
            step *= 2

    async def _narrow(self) -> None:
        for _ in range(_ROUNDS):
            if self.high is None:
                await self._up(1)
            while self.high is not None and self.low < self.high:
                await self._at((self.low + self.high) // 2)
            if await self._confirmed():
                return
        raise _LostError("the archive changed whenever it was asked")

    async def _confirmed(self) -> bool:
        """Whether the last record was looked at, and then nothing behind it: the other way round one may have come."""
        total = self.low
        if self._last == (total - 1, total):
            return True
        if total and self._last[1] != total - 1 and not await self._at(total - 1):
            return False
        return not await self._at(total)

    async def _at(self, place: int) -> bool:
        """Whether a record stands at a place, and what follows for the end."""
        look = await self._places.look(place)
        self._last = (self._last[1], place)
        self._told = look.told if self._told is None else self._told
        if look.there is There.UNKNOWN:
            raise _LostError(look.why)
        if look.there is not There.RECORD:
            self._edge, self.high, self._heeded = look, place, True
            if place < self.low:  # records went away
                self.low = min(self._least, place)
            return False
        self._recognise(look, place)
        self._more_behind = place if look.more else self._more_behind
        self.low = max(self.low, place + 1)
        if self.high is not None and place >= self.high:  # records came
            self.high = None
        return True

    def _recognise(self, look: Look, place: int) -> None:
        """The same record at two places far from each other says that a place means nothing to the server."""
        before = self._least - 1 if look.known else self._seen.setdefault(look.uid, place)
        if before != place and (self._edge is None or abs(before - place) > _NEAR):
            self._heeded = False
            raise _LostError("the server gave the same record at two places: it ignores `offset`, or changes its order")
