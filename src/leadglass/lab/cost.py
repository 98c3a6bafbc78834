"""A question costs a server time: all of it before the first answer, or along with the answers, as its habits say."""

from collections.abc import Awaitable, Callable

from leadglass.lab.habits import Habits

Spend = Callable[[float], Awaitable[None]]


class Cost:
    """The time that one question takes of a server with `studies` studies."""

    def __init__(self, habits: Habits, studies: int, spend: Spend) -> None:
        """`spend` waits for as many seconds as it is given; it is not called for none."""
        self._first = habits.computes_first
        self._search_s = habits.study_cost_s * studies
        self._match_s = habits.match_cost_s
        self._spend = spend

    async def before(self, matches: int | None) -> None:
        """Before the first answer: everything, where everything is computed first. `matches` is then known."""
        if self._first:
            await self._take(self._search_s + self._match_s * (matches or 0))

    async def along(self, matches: int) -> None:
        """Before so many answers are sent: who streams finds one after another."""
        if not self._first:
            await self._take(self._match_s * matches)

    async def after(self) -> None:
        """Before the final status: who streams has passed over the whole archive by then."""
        if not self._first:
            await self._take(self._search_s)

    async def search(self) -> None:
        """For a look into the archive that ends without a record."""
        await self._take(self._search_s)

    async def _take(self, seconds: float) -> None:
        if seconds > 0:
            await self._spend(seconds)
