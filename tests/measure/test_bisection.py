"""The end of a list is found by few looks at its places, and whatever misleads there makes the figure an at-least."""

import asyncio
import random
from collections.abc import Callable

import pytest

from leadglass.measure.qido.bisection import Bisection, Total
from leadglass.measure.qido.looking import Look, There
from leadglass.model.exposure import Count
from leadglass.model.words import CountKind

NOTHING = Look(there=There.NOTHING)
REFUSED = Look(there=There.REFUSED, why="the server answered with HTTP status 400")


class Shelf:
    """A list of so many records, as `answers` says it; every look is remembered."""

    def __init__(self, records: int, answers: Callable[["Shelf", int], Look] | None = None) -> None:
        self.records = records
        self.looks: list[int] = []
        self._answers = answers or Shelf.honest

    def honest(self, place: int) -> Look:
        """A record of its own at each place."""
        return Look(there=There.RECORD, uid=place) if place < self.records else NOTHING

    async def look(self, offset: int) -> Look:
        """What the list answers."""
        self.looks.append(offset)
        return self._answers(self, offset)

    def told(self, *, least: int = 0, told: int | None = None, guess: int | None = None) -> Total:
        """What looking for its end comes to."""

        async def run() -> Total:
            end = Bisection(self, least=least, told=told)
            await end.bracket(guess)
            return await end.total()

        return asyncio.run(run())


@pytest.mark.parametrize("records", [0, 1, 2, 3, 1_999, 2_001, 19_107, 1_234_567, 3_000_001])
@pytest.mark.parametrize("least", [0, 1, 1_999])
def test_the_end_of_a_list_is_found(records: int, least: int) -> None:
    shelf = Shelf(records)
    found = shelf.told(least=min(least, records))
    assert (found.figure, found.why) == (Count.exact(records), None)
    assert len(shelf.looks) <= 2 * records.bit_length() + 4
    assert shelf.looks[-2:] == [records - 1, records] or records == 0


def test_a_good_guess_is_cheaper() -> None:
    shelf = Shelf(1_234_567)
    assert shelf.told(guess=1_300_000).figure == Count.exact(1_234_567)
    assert len(shelf.looks) <= 25


@pytest.mark.parametrize("guess", [0, 1, 5, 10**12, 499, 500, 501])
def test_a_bad_guess_does_no_harm(guess: int) -> None:
    assert Shelf(500).told(guess=guess).figure == Count.exact(500)


def test_a_total_that_is_told_and_right_costs_two_looks() -> None:
    shelf = Shelf(19_107)
    assert shelf.told(least=2000, told=19_107).figure == Count.exact(19_107)
    assert shelf.looks == [19_106, 19_107]


@pytest.mark.parametrize("told", [0, 1_999, 2_000, 2_001, 19_106, 19_108, 10**15])
def test_a_total_that_is_told_and_wrong_is_not_believed(told: int) -> None:
    assert Shelf(19_107).told(least=2_000, told=told).figure == Count.exact(19_107)


def test_a_server_that_gives_one_record_everywhere_is_seen_through() -> None:
    shelf = Shelf(9, lambda shelf, place: Look(there=There.RECORD, uid=1))
    found = shelf.told()
    assert found.figure == Count.at_least(1)
    assert "same record at two places" in (found.why or "")
    assert len(shelf.looks) == 2


def test_what_was_read_before_is_known_again() -> None:
    """A server that begins anew behind its end."""
    shelf = Shelf(5000, lambda shelf, place: Look(there=There.RECORD, uid=place % 5000, known=place % 5000 < 2000))
    found = shelf.told(least=2000)
    assert found.figure == Count.at_least(2001)
    assert "same record" in (found.why or "")
    assert shelf.looks == [3999, 5999]


def test_places_behind_a_limit_that_all_give_the_last_record_are_no_records() -> None:
    shelf = Shelf(50_000, lambda shelf, place: Look(there=There.RECORD, uid=min(place, 10_000)))
    found = shelf.told(least=2000)
    assert found.figure.kind is CountKind.AT_LEAST
    assert 2000 <= found.figure.count <= 10_001
    assert "same record" in (found.why or "")


def test_places_that_all_give_the_last_record_are_no_records_though_nothing_lies_behind_them() -> None:
    def answer(shelf: Shelf, place: int) -> Look:
        return Look(there=There.RECORD, uid=min(place, 999)) if place < 50_000 else NOTHING

    found = Shelf(1_000, answer).told(guess=60_000)
    assert found.figure.kind is CountKind.AT_LEAST
    assert found.figure.count <= 1_000
    assert "same record" in (found.why or "")


def test_a_record_everywhere_has_no_end() -> None:
    shelf = Shelf(9, lambda shelf, place: Look(there=There.RECORD, uid=place))
    found = shelf.told(least=2000)
    assert found.figure == Count.at_least(2000 + len(shelf.looks))
    assert "however far" in (found.why or "")
    assert len(shelf.looks) < 40


def test_an_error_behind_a_place_is_a_limit() -> None:
    found = Shelf(50_000, lambda shelf, place: shelf.honest(place) if place < 9_999 else REFUSED).told(least=2000)
    assert found.figure == Count.at_least(9_999)
    assert "400 behind 9,999 records, which may be its limit" in (found.why or "")


def test_an_error_far_behind_the_end_changes_nothing() -> None:
    shelf = Shelf(5_001, lambda shelf, place: shelf.honest(place) if place < 9_999 else REFUSED)
    assert shelf.told(least=2000).figure == Count.exact(5_001)


def test_no_answer_ends_it_with_what_is_sure() -> None:
    """Until something was found empty, places may mean nothing: records that were seen count, and no others."""
    away = Look(there=There.UNKNOWN, why="it went away")

    def gone(after: int) -> Total:
        def answer(shelf: Shelf, place: int) -> Look:
            return away if len(shelf.looks) > after else shelf.honest(place)

        return Shelf(19_107, answer).told(least=2000)

    for after in (1, 2):
        assert (gone(after).figure, gone(after).why) == (Count.at_least(2000 + after), "it went away")
    found = gone(8)
    assert found.figure.kind is CountKind.AT_LEAST
    assert 16_000 < found.figure.count <= 19_107


def test_a_server_that_says_that_it_has_more_is_believed() -> None:
    def more(shelf: Shelf, place: int) -> Look:
        return Look(there=There.RECORD, uid=place, more=True) if place < shelf.records else NOTHING

    found = Shelf(4_321, more).told()
    assert found.figure == Count.at_least(4_321)
    assert "more results" in (found.why or "")


@pytest.mark.parametrize("at_the_front", [False, True])
@pytest.mark.parametrize("every", [5, 9])
def test_an_archive_that_grows_now_and_then_is_counted_as_it_stands_at_the_end(every: int, at_the_front: bool) -> None:
    def growing(shelf: Shelf, place: int) -> Look:
        shelf.records += len(shelf.looks) % every == 0
        uid = shelf.records - place if at_the_front else place
        return Look(there=There.RECORD, uid=uid) if place < shelf.records else NOTHING

    shelf = Shelf(19_107, growing)
    found = shelf.told(least=2000)
    assert (found.figure, found.why) == (Count.exact(shelf.records), None)


@pytest.mark.parametrize("when", range(1, 24))
def test_many_that_come_at_once_are_counted_too(when: int) -> None:
    def bursting(shelf: Shelf, place: int) -> Look:
        shelf.records += 300 if len(shelf.looks) == when else 0
        return shelf.honest(place)

    shelf = Shelf(19_107, bursting)
    found = shelf.told(least=2000)
    assert (found.figure, found.why) == (Count.exact(shelf.records), None)


def test_an_archive_that_grows_all_the_time_is_at_least() -> None:
    def growing(shelf: Shelf, place: int) -> Look:
        shelf.records += 2
        return shelf.honest(place)

    shelf = Shelf(19_107, growing)
    found = shelf.told(least=2000)
    assert found.figure.kind is CountKind.AT_LEAST
    assert 19_107 < found.figure.count <= shelf.records
    assert "changed" in (found.why or "")


def test_an_archive_that_shrinks_is_counted_as_it_stands_at_the_end() -> None:
    def shrinking(shelf: Shelf, place: int) -> Look:
        shelf.records -= 7 if len(shelf.looks) == 17 else 0
        return shelf.honest(place)

    shelf = Shelf(19_107, shrinking)
    assert shelf.told(least=2000).figure == Count.exact(19_100)


@pytest.mark.parametrize("seed", range(40))
def test_a_server_that_answers_anyhow_is_left_soon(seed: int) -> None:
    chance = random.Random(seed)

    def anyhow(shelf: Shelf, place: int) -> Look:
        uid = chance.randrange(1 << 30)
        return chance.choice((NOTHING, REFUSED, Look(there=There.RECORD, uid=uid, told=chance.randrange(1 << 40))))

    shelf = Shelf(9, anyhow)
    shelf.told(least=chance.randrange(3000))
    assert len(shelf.looks) < 250
