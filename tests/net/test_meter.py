"""What a target is asked for is counted, and ends where its budget ends, with the option that says so."""

import pytest

from leadglass.model.scope import Budget
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.meter import Meter

BUDGET = Budget(max_records=3, max_busy_s=1.5, max_bytes=100, max_connections=2)


def test_connections_end_with_the_budget() -> None:
    meter = Meter(BUDGET)
    meter.connect()
    meter.connect()
    with pytest.raises(StepFailed, match="--max-connections") as caught:
        meter.connect()
    assert (caught.value.status, caught.value.step, meter.connections) == (Status.BUDGET_SPENT, Step.CONNECT, 2)


def test_bytes_end_with_the_first_that_is_too_many() -> None:
    meter = Meter(BUDGET)
    assert meter.receive(100)
    meter.check(Step.QUERY)
    assert not meter.receive(1)
    with pytest.raises(StepFailed, match="--max-bytes"):
        meter.check(Step.QUERY)


def test_busy_time_ends_the_next_question() -> None:
    meter = Meter(BUDGET)
    meter.busy_s = 1.4
    meter.check(Step.QUERY)
    assert meter.busy_left_s == pytest.approx(0.1)
    meter.busy_s = 1.5
    with pytest.raises(StepFailed, match="--max-busy-s"):
        meter.check(Step.QUERY)
    meter.busy_s = 9.0
    assert meter.busy_left_s == 0.0


def test_records_end_queries_and_nothing_else() -> None:
    meter = Meter(BUDGET)
    meter.records = 3
    meter.check(Step.QUERY)
    with pytest.raises(StepFailed, match="--max-records"):
        meter.check_query(Step.QUERY)
    meter.records = 8  # what came after a cancel is counted too
    assert meter.records_left == 0


def test_the_share_of_one_surface() -> None:
    meter = Meter(BUDGET)
    meter.connect()
    before = meter.ledger()
    meter.connect()
    meter.records, meter.busy_s = 2, 0.25
    meter.receive(40)
    share = meter.since(before)
    assert (share.connections, share.records_received, share.bytes_received, share.busy_s) == (1, 2, 40, 0.25)
