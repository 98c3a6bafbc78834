"""A shard has one holder: who writes without its lease writes nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from leadglass.model.snapshot import Lease, SurveyState
from leadglass.store.errors import LeaseLostError
from leadglass.store.store import Store, open_store
from tests.store import made
from tests.store.conftest import Clock
from tests.store.made import batch, begun, stored


def leased(store: Store, run: int, holder: str = "me") -> Lease:
    """The next free shard."""
    lease = store.shards.lease("one", holder, 60, run)
    assert lease is not None
    return lease


def test_each_shard_is_given_once(store: Store) -> None:
    run = begun(store)
    with ThreadPoolExecutor(4) as pool:
        leases = list(pool.map(lambda n: store.shards.lease("one", f"w{n}", 60, run), range(5)))
    assert sorted(lease.shard for lease in leases if lease) == [0, 1, 2]


def test_a_lease_that_was_taken_over_writes_nothing(store: Store) -> None:
    run = begun(store)
    first = leased(store, run)
    store.let_go("one", "me", SurveyState.STOPPED)
    store.take("one", "another", 60)
    assert store.shards.lease("one", "an orphan", 60, run) is None
    later = store.start_run("one", made.run("another"))
    again = leased(store, later, "another")
    assert (again.shard, again.epoch > first.epoch) == (first.shard, True)
    for refused in (
        lambda: store.shards.commit(first, run, batch(1, stored(0))),
        lambda: store.shards.renew(first, 60),
        lambda: store.shards.promise(first, 5),
        lambda: store.shards.give_back(first),
    ):
        with pytest.raises(LeaseLostError):
            refused()
    assert not list(store.results("one"))
    assert store.runs("one")[0].contacts == 0
    store.shards.commit(again, later, batch(1, stored(0)))
    assert [run.contacts for run in store.runs("one")] == [0, 3]


def test_a_lease_that_is_over_writes_nothing(tmp_path: Path) -> None:
    clock = Clock()
    with open_store(str(tmp_path / "s.db"), clock) as store:
        run = begun(store)
        lease = leased(store, run)
        clock.now += 59
        lease = store.shards.renew(lease, 60)
        clock.now += 61
        with pytest.raises(LeaseLostError):
            store.shards.commit(lease, run, batch(1, stored(0)))
        assert leased(store, run, "next").shard == lease.shard


def test_progress_is_taken_up_where_it_was_left(store: Store) -> None:
    run = begun(store)
    lease = leased(store, run)
    store.shards.promise(lease, 8)
    store.shards.commit(lease, run, batch(2, stored(0), stored(4), high=8, above=b"\x04"))
    store.shards.give_back(lease)
    again = leased(store, run)
    assert again.progress == msgspec.structs.replace(batch(2, high=8, above=b"\x04").progress)
    assert store.runs("one")[0].repeated == 5
    store.shards.commit(again, run, batch(10, done=True, high=10))
    assert store.shards.left("one") == 2
    assert store.standing("one").done == 10
    store.shards.count_late("one", run, 4)
    assert store.runs("one")[0].late == 4


_WRITER = """
import sys
from leadglass.store.store import open_store
from tests.store.made import batch, begun, stored
with open_store(sys.argv[1]) as store:
    run = begun(store, shards=200)
    print("ready", flush=True)
    while (lease := store.shards.lease("one", "me", 60, run)) is not None:
        results = [stored(lease.first + n) for n in range(10)]
        store.shards.commit(lease, run, batch(lease.last, *results, done=True))
"""


def test_killed_at_any_moment_leaves_whole_batches(tmp_path: Path) -> None:
    path = str(tmp_path / "s.db")
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, path], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    with open_store(path) as store:
        while store.standing("one").done < 50:
            pass
        writer.kill()
        writer.wait()
        writer.stdout.close()
        done = store.standing("one").done
        positions = [one.position for one in store.results("one")]
        assert positions == list(range(done))
        assert done % 10 == 0
