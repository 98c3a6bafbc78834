"""Whether a total is a limit on places is found by two parts of the list: together they hold no more, or they do.

Cost: 1 request that brings nothing, and 2 places, which show a limit that hides much; where a round total needs a proof
that there is none, a bisection of the part before a day, and 1 or 2 places of the part behind it.
"""

from collections.abc import Callable

from leadglass.measure.qido.bisection import Bisection
from leadglass.measure.qido.looking import Places, There

_BEFORE_ALL = "18000101-18001231"  # no study has such a date, unless dates are not heeded
_FIRST, _LAST = "19000101", "29991231"


async def more_in_both_parts(part: Callable[[str], Places], total: int, day: str, next_day: str) -> bool:
    """Whether the parts up to `day` and from `next_day` on are both longer than half of `total`, with few looks.

    That proves a limit. That they are not proves nothing: it may hide fewer than `day` divides unevenly.
    """
    if (await part(_BEFORE_ALL).look(0)).there is not There.NOTHING:
        return False
    for dates, place in ((f"{_FIRST}-{day}", total // 2), (f"{next_day}-{_LAST}", total - total // 2)):
        if (await part(dates).look(place)).there is not There.RECORD:
            return False
    return True


async def more_in_two_parts(part: Callable[[str], Places], total: int, day: str, next_day: str) -> bool | None:
    """Whether the parts up to `day` and from `next_day` on hold more than `total`; None where that does not show.

    It does not where dates are not heeded, and where records without a date are in neither part.
    """
    if (await part(_BEFORE_ALL).look(0)).there is not There.NOTHING:
        return None
    end = Bisection(part(f"{_FIRST}-{day}"))
    await end.bracket(total // 2)
    early = await end.total()
    late, left = part(f"{next_day}-{_LAST}"), total - early.figure.count
    if early.why is not None or left < 0:
        return True if left < 0 else None
    if (await late.look(left)).there is There.RECORD:
        return True
    full = left > 0 and (await late.look(left - 1)).there is There.RECORD
    return False if full else None
