"""How fast a survey may go, and at which hours of the day, are values that answer for themselves."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from leadglass.model.record import Record

MINUTES_A_DAY = 24 * 60
_LONGEST_WAIT_MIN = 8 * MINUTES_A_DAY  # a window opens every day, or on the next where a change of the clock skips it


class Pace(Record):
    """Connections a second: overall, to each /24 (IPv6: each /48), and to each address."""

    per_second: float = 100.0
    per_network: float = 20.0
    per_address: float = 5.0


class Hours(Record):
    """The hours of the day in which a survey may run.

    `windows` are minutes of the day, from the first to before the last; one whose last is not after its first crosses
    midnight. `zone` is the IANA name of the time zone in which they are read.
    """

    windows: tuple[tuple[int, int], ...]
    zone: str

    @property
    def told(self) -> str:
        """`22:00-06:00 Europe/Berlin`."""
        windows = (f"{_clock(first)}-{_clock(last)}" for first, last in self.windows)
        return f"{', '.join(windows)} {self.zone}"

    @property
    def minutes_open(self) -> int:
        """Minutes of a day in which a window is open, in one without a change of the clock."""
        return sum(self._open_on_the_wall(minute) for minute in range(MINUTES_A_DAY))

    @property
    def longest_wait_min(self) -> int:
        """Minutes from the end of a window to the next one's beginning, at most."""
        longest = waited = 0
        for minute in range(2 * MINUTES_A_DAY):
            waited = 0 if self._open_on_the_wall(minute % MINUTES_A_DAY) else waited + 1
            longest = max(longest, waited)
        return longest

    def elapsed_s(self, work_s: float) -> float:
        """How long so much work takes from when a window opens, nights and days included in which none is."""
        a_day_s = 60.0 * self.minutes_open
        days, rest_s = divmod(work_s, a_day_s)
        if days and not rest_s:
            days, rest_s = days - 1, a_day_s
        return days * 60.0 * MINUTES_A_DAY + rest_s

    def open_at(self, moment: datetime) -> bool:
        """Whether `moment`, which knows its zone, lies in a window.

        Raises ValueError where it knows none, and ZoneInfoNotFoundError where this machine does not know `zone`.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return self._holds(moment.astimezone(ZoneInfo(self.zone)))

    def seconds_until_open(self, moment: datetime) -> float:
        """How long from `moment` until a window is open: 0 where one is. Raises as `open_at` does.

        The clock on the wall is followed minute by minute, so that a night in which it changes is no exception.
        """
        if self.open_at(moment):
            return 0.0
        zone = ZoneInfo(self.zone)
        on_the_wall = moment.astimezone(zone)
        first_s = 60.0 - on_the_wall.second - on_the_wall.microsecond / 1_000_000
        utc = moment.astimezone(UTC)
        for minute in range(_LONGEST_WAIT_MIN):
            wait_s = first_s + 60.0 * minute
            if self._holds((utc + timedelta(seconds=wait_s)).astimezone(zone)):
                return wait_s
        raise ValueError("hours that never open")

    def _holds(self, local: datetime) -> bool:
        return self._open_on_the_wall(local.hour * 60 + local.minute)

    def _open_on_the_wall(self, now: int) -> bool:
        return any(
            first <= now < last if first < last else (now >= first or now < last) for first, last in self.windows
        )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
