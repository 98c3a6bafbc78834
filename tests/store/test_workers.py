"""What all workers hold of a survey's pace never adds up to more than all of it."""

import random
from pathlib import Path

import pytest

from leadglass.model.snapshot import Allotment, SurveyState
from leadglass.store.store import Store, open_store
from tests.store import made
from tests.store.conftest import Clock
from tests.store.made import begun


def share(store: Store, run: int, worker: str, lease_s: float = 60) -> float:
    """What a worker is given when it reports."""
    return store.workers.report("one", run, worker, lease_s).share


def test_a_worker_that_comes_waits_until_the_others_have_given_up_what_is_its(store: Store) -> None:
    run = begun(store)
    assert share(store, run, "a") == 1.0
    assert share(store, run, "b") == 0.0
    assert share(store, run, "a") == 0.5
    assert share(store, run, "b") == 0.5
    assert share(store, run, "c") == 0.0
    assert store.workers.present("one") == ("a", "b", "c")
    store.workers.leave("one", "b")
    assert share(store, run, "c") == 0.5
    assert share(store, run, "a") == 0.5


def test_the_pace_is_for_those_who_have_shards_while_none_is_free(store: Store) -> None:
    run = begun(store)
    share(store, run, "a")
    share(store, run, "b")
    assert (share(store, run, "a"), share(store, run, "b")) == (0.5, 0.5), "shards are free: either may have one"
    leases = []
    while (lease := store.shards.lease("one", "a", 60, run)) is not None:
        leases.append(lease)
    assert len(leases) == 3
    assert (share(store, run, "b"), share(store, run, "a")) == (0.0, 1.0)
    assert store.workers.present("one") == ("a", "b")
    store.shards.give_back(leases[0])
    assert store.shards.lease("one", "b", 60, run) is not None
    assert (share(store, run, "b"), share(store, run, "a")) == (0.0, 0.5)
    assert share(store, run, "b") == 0.5


def test_what_a_worker_holds_that_was_lost_is_free_when_its_time_is_over(tmp_path: Path) -> None:
    clock = Clock()
    with open_store(str(tmp_path / "s.db"), clock) as store:
        run = begun(store)
        assert share(store, run, "a") == 1.0
        share(store, run, "b")
        share(store, run, "a")
        assert share(store, run, "b") == 0.5
        clock.now += 59
        assert share(store, run, "b") == 0.5
        clock.now += 1
        assert share(store, run, "b") == 1.0


def test_whatever_the_order_the_shares_never_exceed_the_whole(tmp_path: Path) -> None:
    clock, chosen = Clock(), random.Random(1)
    with open_store(str(tmp_path / "s.db"), clock) as store:
        run = begun(store)
        store.keep("one", "me", 1e9)
        believed: dict[str, tuple[float, float]] = {}
        for _ in range(400):
            clock.now += chosen.random() * 4
            worker = f"w{chosen.randrange(6)}"
            if chosen.random() < 0.1:
                store.workers.leave("one", worker)
                believed.pop(worker, None)
            else:
                believed[worker] = (share(store, run, worker, 10), clock.now + 10)
            assert sum(part for part, until in believed.values() if until > clock.now) <= 1 + 1e-9


def test_workers_hear_of_a_stop_and_of_a_run_that_is_over(store: Store) -> None:
    run = begun(store)
    assert store.workers.report("one", run, "a", 60) == Allotment(share=1.0, stop=False, over=False)
    store.end_soon("one", "me")
    assert store.workers.report("one", run, "a", 60) == Allotment(share=1.0, stop=True, over=False)
    assert store.shards.lease("one", "a", 60, run) is None
    store.let_go("one", "me", SurveyState.STOPPED)
    assert store.workers.report("one", run, "a", 60) == Allotment(share=0.0, stop=True, over=True)
    assert store.workers.present("one") == ()


@pytest.mark.parametrize("killed", [True, False])
def test_the_workers_of_a_run_on_its_machine_are_gone_with_it(store: Store, *, killed: bool) -> None:
    begun(store)
    store.let_go("one", "me", SurveyState.STOPPED)
    leader = "here (a.b), process 5"
    store.take("one", leader, 60)
    run = store.start_run("one", made.run(leader))
    share(store, run, "here (a.b), process 6")
    share(store, run, "here (c.d), process 6")
    share(store, run, "there, process 7")
    if not killed:
        store.let_go("one", leader, SurveyState.STOPPED)
    store.take("one", "here (a.e), process 8", 60, dead=leader if killed else None)
    assert store.workers.present("one") == ("here (c.d), process 6", "there, process 7")
