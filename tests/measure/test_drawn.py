"""Every record is as likely to be drawn as any other, and what is drawn is never shown."""

from collections import Counter

import msgspec
import pytest

from leadglass.measure.drawn import MAX_DRAWN, Drawn
from leadglass.measure.outcome import Measured
from leadglass.measure.tally import Tally

RECORDS, TIMES = 200, 1_500


def test_few_are_drawn_all() -> None:
    drawn = Drawn()
    for number in range(MAX_DRAWN):
        drawn.offer(b"1.2.%d \0" % number)
    assert drawn.keys() == [b"1.2.%d" % number for number in range(MAX_DRAWN)]


def test_of_many_each_is_as_likely() -> None:
    counts: Counter[bytes] = Counter()
    for _ in range(TIMES):
        tally = Tally()
        for number in range(RECORDS):
            tally.study(b"1.2.%d" % number)
        drawn = tally.drawn.keys()
        assert len(set(drawn)) == MAX_DRAWN
        counts.update(drawn)
    expected = TIMES * MAX_DRAWN / RECORDS
    spread = sum((counts[b"1.2.%d" % number] - expected) ** 2 for number in range(RECORDS)) / expected
    assert spread < RECORDS + 5 * (2 * RECORDS) ** 0.5  # chi-squared, five standard deviations
    for part in range(10):  # early and late alike
        part_of_all = sum(counts[b"1.2.%d" % number] for number in range(20 * part, 20 * part + 20))
        assert part_of_all == pytest.approx(20 * expected, rel=0.15)


def test_no_name_and_none_twice() -> None:
    drawn = Drawn()
    for key in (b"", b" \0", b"1.2", b"1.2 ", b"1.2\0"):
        drawn.offer(key)
    assert drawn.keys() == [b"1.2"]


def test_it_is_not_shown() -> None:
    drawn = Drawn()
    drawn.offer(b"CANARY")
    measured = Measured(exposure=None, drawn=drawn)
    assert "CANARY" not in repr(measured) + repr(drawn) + str(drawn)
    with pytest.raises(TypeError):
        msgspec.json.encode(measured)  # it is for no document
    assert not hasattr(drawn, "__dict__")
