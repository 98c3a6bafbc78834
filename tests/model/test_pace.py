"""The hours in which a survey may run hold on the clock of their own zone, in the nights when it changes too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leadglass.model.pace import Hours

NIGHT = Hours(windows=((22 * 60, 6 * 60),), zone="Europe/Berlin")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (5, 59, True), (6, 0, False), (12, 0, False)],
)
def test_a_window_may_cross_midnight_and_ends_before_its_last_minute(hour: int, minute: int, is_open: bool) -> None:
    moment = datetime(2026, 11, 23, hour, minute, 30 if not is_open else 0, tzinfo=BERLIN)
    assert NIGHT.open_at(moment) is is_open
    assert NIGHT.open_at(moment.astimezone(UTC)) is is_open
    assert (NIGHT.seconds_until_open(moment) == 0.0) is is_open


def test_how_long_it_is_until_a_window_opens() -> None:
    assert NIGHT.seconds_until_open(datetime(2026, 11, 23, 20, 59, 59, 500_000, tzinfo=UTC)) == 0.5
    assert NIGHT.seconds_until_open(datetime(2026, 11, 23, 5, 0, tzinfo=UTC)) == 16 * 3600
    several = Hours(windows=((60, 120), (720, 1440)), zone="UTC")
    assert several.seconds_until_open(datetime(2026, 11, 23, 3, 0, tzinfo=UTC)) == 9 * 3600
    assert several.open_at(datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC))
    assert several.seconds_until_open(datetime(2026, 11, 24, 0, 0, tzinfo=UTC)) == 3600


@pytest.mark.parametrize("opens", [(2 * 60 + 15, 2 * 60 + 45), (2 * 60 + 30, 4 * 60)])
def test_an_hour_that_the_clock_skips(opens: tuple[int, int]) -> None:
    """On 29 March 2026 the clock in Berlin goes from 02:00 to 03:00, which is 01:00 UTC."""
    hours = Hours(windows=(opens,), zone="Europe/Berlin")
    before = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    first_open = before + timedelta(seconds=hours.seconds_until_open(before))
    whole = datetime(2026, 3, 29, 1, 0, tzinfo=UTC) if opens[1] == 240 else datetime(2026, 3, 30, 0, 15, tzinfo=UTC)
    assert first_open == whole


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        NIGHT.open_at(datetime(2026, 11, 23, 22, 0))
