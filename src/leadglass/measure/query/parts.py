"""A server that fails where it would answer too much is counted by ranges of study dates that it does answer.

Cost: one question a range; a range that fails is halved, down to a single day, within MAX_RANGES and the budget.
"""

from collections.abc import Callable
from datetime import date

from leadglass.measure.outcome import broken_off
from leadglass.model.facts import Cap
from leadglass.model.words import Status
from leadglass.net.questions import Questions
from leadglass.wire.queries import STUDY, identifier

MAX_RANGES = 5_000  # a limit of 500 studies over 2 million: each question is bounded, and so is the server's time
_FIRST, _LAST = date(1900, 1, 1), date(2099, 12, 31)


async def count_by_ranges(
    asking: Questions, keys: tuple[int, ...], take: Callable[[bytes, bool], bool]
) -> tuple[Cap, tuple[str, ...]]:
    """Gives every record of the ranges to `take`; the limit that showed, and what keeps the count from being whole."""
    waiting = [(_FIRST.toordinal(), _LAST.toordinal())]
    asked, most, full_days = 0, 0, 0
    limits = ["the server fails where it would answer too much, so studies without a date are not counted"]
    while waiting:
        first, last = waiting.pop()  # the later ranges first
        if asked >= MAX_RANGES:
            limits.append(f"more than {MAX_RANGES} ranges of study dates would have to be asked for")
            break
        asked += 1
        dates = f"{date.fromordinal(first):%Y%m%d}-{date.fromordinal(last):%Y%m%d}"
        end = await asking.ask(
            STUDY, "the studies of a range of days", identifier(STUDY, *keys, study_date=dates), take
        )
        if end.status is Status.BUDGET_SPENT:
            limits.append(broken_off(asking.line.host.meter))
            break
        if end.status is not Status.SUCCESS:
            limits.append(f"the answer broke off: {end.detail or end.status.value}")
            break
        if not end.is_failure:
            most = max(most, end.records)
        elif first == last:
            full_days += 1
        else:
            middle = (first + last) // 2
            waiting += [(first, middle), (middle + 1, last)]
    if full_days:
        limits.append(f"days that hold more than the server answers: {full_days}")
    return Cap(records=most, sign="it fails where there is more", shown=True), tuple(limits)
