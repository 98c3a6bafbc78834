"""A budget that ends the questions is obeyed, and named where it shows."""

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.model.exposure import Count
from leadglass.model.scope import Budget
from leadglass.model.words import Outcome, Retrieval, Rung, Status
from leadglass.wire.association import Message
from tests.dimse.asking import assessed, dimse, outcome
from tests.dimse.shelf import Shelf, Study

HELD = tuple(Study(f"1.2.{number}", f"P{number}", series=(2, 2)) for number in range(30))


class One(Shelf):
    """Gives one record at most to whoever asks, so that nothing comes after a cancel."""

    def matching(self, wanted: dict[int, str], level: str) -> list[dict[int, str]]:
        """The first."""
        return super().matching(wanted, level)[:1]


def test_one_record_is_one_record() -> None:
    result = assessed(One(studies=HELD), budget=Budget(max_records=1))
    surface = dimse(result)
    assert (result.cost.records_received, result.proof) == (1, Rung.READABLE)
    assert (surface.status, surface.retrieval) == (Status.BUDGET_SPENT, Retrieval.NOT_ASKED)
    assert "--max-records" in surface.detail
    assert result.exposure is not None
    assert result.exposure.studies == Count.at_least(1)
    assert outcome(result, "records-readable") is Outcome.VULNERABLE
    assert outcome(result, "images-retrievable") is Outcome.UNKNOWN


@pytest.mark.parametrize("records", [2, 3])
def test_the_proof_ends_where_the_records_do(records: int) -> None:
    """No C-GET is sent for a study because its images could not be asked for."""
    shelf = One(studies=HELD)
    result = assessed(shelf, budget=Budget(max_records=records))
    assert result.cost.records_received == records
    assert shelf.gets == (2 if records == 3 else 0)


@pytest.mark.parametrize(
    ("budget", "option"),
    [
        (Budget(max_connections=1), "--max-connections"),
        (Budget(max_connections=2), "--max-connections"),
        (Budget(max_bytes=700), "--max-bytes"),
    ],
)
def test_the_budget_is_named(budget: Budget, option: str) -> None:
    result = assessed(Shelf(studies=HELD), budget=budget)
    surface = dimse(result)
    assert surface.proof.at_least(Rung.ADMITS)
    assert surface.status is Status.BUDGET_SPENT
    assert option in surface.detail


class Slow(Shelf):
    """Never ends an answer; the budget of seconds does."""

    async def find(self, caller: Caller, message: Message) -> None:
        """Nothing comes."""
        await caller.gone()


def test_busy_seconds_are_named() -> None:
    surface = dimse(assessed(Slow(studies=HELD), budget=Budget(max_busy_s=0.2)))
    assert (surface.proof, surface.status) == (Rung.ADMITS, Status.BUDGET_SPENT)
    assert "--max-busy-s" in surface.detail


def test_a_count_that_the_budget_ends_says_which() -> None:
    result = assessed(Shelf(studies=HELD[:15]), budget=Budget(max_records=25))
    assert result.proof is Rung.RETRIEVABLE
    assert dimse(result).status is Status.SUCCESS, "the proof is whole"
    assert result.exposure is not None
    assert any("--max-records" in limit for limit in result.exposure.limits)
    assert outcome(result, "unlimited-query") is Outcome.UNKNOWN


class Deaf(Shelf):
    """Takes a C-GET and says nothing."""

    async def get(self, caller: Caller, message: Message) -> None:
        """Waits to be left."""
        await caller.gone()


def test_a_retrieval_that_is_not_answered_ends_with_the_time_that_the_server_may_be_kept() -> None:
    surface = dimse(assessed(Deaf(studies=HELD), measure=False, budget=Budget(max_busy_s=0.4)))
    assert (surface.status, surface.retrieval) == (Status.BUDGET_SPENT, Retrieval.UNDETERMINED)
    assert "--max-busy-s" in surface.detail
    assert surface.busy_s < 2.0
