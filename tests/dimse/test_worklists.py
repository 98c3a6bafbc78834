"""A worklist's length is exact where its parts prove that it is whole, and at-least where a limit may have ended it."""

from dataclasses import dataclass

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.polite import PENDING
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import Outcome, Rung, SurfaceKind
from leadglass.wire import tags
from leadglass.wire.association import Message
from leadglass.wire.elements import DataSet, decode, encode, sequence, text
from tests.dimse.asking import assessed, dimse, outcome
from tests.dimse.shelf import Doors, Limit, Shelf

_SCHEDULED = {
    tags.SCHEDULED_PROCEDURE_STEP_START_DATE: "date",
    tags.SCHEDULED_PROCEDURE_STEP_START_TIME: "time",
}
BOTH = ("date", "time")


@dataclass
class Schedule(Shelf):
    """A worklist of `items`, each a date and a time; `heard` are the keys that narrow it."""

    items: tuple[tuple[str, str], ...] = ()
    heard: tuple[str, ...] = BOTH
    blank: int = 0

    async def find(self, caller: Caller, message: Message) -> None:
        """What matches, within the limit."""
        explicit = caller.explicit(message)
        asked = decode(message.data, explicit=explicit)
        step = next((e.value[0] for e in asked if isinstance(e.value, tuple) and e.value), ())
        wanted = {
            _SCHEDULED[e.tag]: e.value.decode() for e in step if e.tag in _SCHEDULED and isinstance(e.value, bytes)
        }
        found = [
            _item(number, *one)
            for number, one in enumerate(self.items)
            if all(
                self._matches(wanted.get(key, "").strip(), dict(zip(BOTH, one, strict=True))[key]) for key in self.heard
            )
        ]
        found += [(text(tags.PATIENT_ID),)] * self.blank
        limit = self.limits.get("", Limit(10**9))
        for item in found[: limit.most]:
            caller.send(caller.response(message, PENDING, encode(item, explicit=explicit)))
        await caller.sent()
        caller.send(caller.response(message, limit.status if len(found) > limit.most else 0))


def _item(number: int, date: str, time: str) -> DataSet:
    step = text(tags.SCHEDULED_PROCEDURE_STEP_START_DATE, date), text(tags.SCHEDULED_PROCEDURE_STEP_START_TIME, time)
    return text(tags.PATIENT_ID, f"P{number}"), sequence(tags.SCHEDULED_PROCEDURE_STEP_SEQUENCE, step)


def counted(
    items: tuple[tuple[str, str], ...], *, most: int | None = None, heard: tuple[str, ...] = BOTH, blank: int = 0
) -> Exposure:
    """What `check` says of a worklist that gives `most` items to a question."""
    limits = {} if most is None else {"": Limit(most)}
    doors = {"ANY-SCP": Doors(find=False, worklist=True)}
    result = assessed(Schedule(items=items, heard=heard, blank=blank, limits=limits, titles=doors))
    surface = dimse(result, SurfaceKind.WORKLIST)
    assert surface.proof is Rung.READABLE
    assert outcome(result, "worklist-readable") is Outcome.VULNERABLE
    assert surface.exposure is not None
    return surface.exposure


def days(count: int) -> tuple[tuple[str, str], ...]:
    """One item a day."""
    return tuple((f"202611{day + 1:02}", "101500") for day in range(count))


def hours(count: int) -> tuple[tuple[str, str], ...]:
    """All on one day, every half hour from eleven o'clock."""
    return tuple(("20261124", f"{11 + half // 2:02}{30 * (half % 2):02}00") for half in range(count))


@pytest.mark.parametrize("most", [5, 7, 10, 12, 19, 20, 24])
@pytest.mark.parametrize("spread", [days, hours])
def test_a_limit_on_a_worklist_is_found(most: int, spread: type) -> None:
    exposure = counted(spread(most + 2), most=most)
    assert exposure.worklist_items == Count.at_least(most)
    assert any("limit" in limit for limit in exposure.limits)


@pytest.mark.parametrize("held", [1, 2, 5, 10, 12, 20, 25])
@pytest.mark.parametrize("spread", [days, hours])
def test_a_worklist_that_is_all_there_is(held: int, spread: type) -> None:
    assert counted(spread(held)).worklist_items == Count.exact(held)


@pytest.mark.parametrize(("held", "told"), [(1, True), (4, True), (5, False), (10, False), (12, True), (20, False)])
@pytest.mark.parametrize("heard", [(), ("date",)])
def test_a_round_number_that_nothing_divides_may_be_a_limit(held: int, told: bool, heard: tuple[str, ...]) -> None:
    exposure = counted(hours(held), heard=heard)
    assert exposure.worklist_items == (Count.exact if told else Count.at_least)(held)


def test_items_that_say_nothing_are_no_items() -> None:
    exposure = counted(days(3), blank=41)
    assert exposure.worklist_items == Count.at_least(3)
    assert exposure.limits == ("items that say nothing, and are not counted: 41",)


def test_items_without_an_end_are_not_taken_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.measure.query.worklist.MAX_REPEATED", 100)
    monkeypatch.setattr("leadglass.measure.query.worklist.MAX_REPEATED_EACH", 3)
    exposure = counted(days(3), blank=500)
    assert "the server repeats its items without an end: the count was ended" in exposure.limits
    assert exposure.worklist_items == Count.at_least(3)
