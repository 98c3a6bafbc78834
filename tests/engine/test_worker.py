"""What one worker takes of a survey, and how it ends."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadglass import __version__
from leadglass.model.snapshot import Batch, Lease, RunRow
from leadglass.store.store import Store, open_store
from leadglass.survey.engine import worker
from leadglass.survey.engine.desk import Post, StoreDesk
from leadglass.survey.engine.duty import serve
from tests.engine.world import typed

SCOPE = """
authority = "the tests"
contact = "tests@example.org"
targets = [{targets}]
opt_out = []
ports = {{ dimse = [11112], web = [] }}
depth = "touch"
pace = {{ per_second = 400, per_network = 400, per_address = 400 }}
"""


class WatchingDesk(StoreDesk):
    """A desk that sees how many shards the worker has at a time."""

    now = most = 0

    def lease(self) -> Lease | None:
        """One more, where there is one."""
        lease = super().lease()
        self.now += lease is not None
        self.most = max(self.most, self.now)
        return lease

    def commit(self, lease: Lease, batch: Batch) -> None:
        """One fewer, where it is done."""
        super().commit(lease, batch)
        self.now -= batch.done


class SlowDesk(StoreDesk):
    """A desk that stops the worker while it writes for the first time, and takes its time to say that it has."""

    stop: Callable[[], None] | None = None

    def commit(self, lease: Lease, batch: Batch) -> None:
        """Kept, but not said so yet."""
        super().commit(lease, batch)
        if self.stop is not None:
            self.stop()
            self.stop = None


@contextmanager
def named(folder: Path, number: int) -> Iterator[tuple[Store, Post]]:
    """A survey of addresses that refuse, named one by one, and a worker's post in it."""
    targets = ", ".join(f'"127.200.{n // 200}.{n % 200 + 1}"' for n in range(number))
    (folder / "scope.toml").write_text(SCOPE.format(targets=targets))
    where = str(folder / "store.db")
    done = typed("init", "one", "--scope", str(folder / "scope.toml"), "--store", where)
    assert done.returncode == 0, done.stderr
    with open_store(where) as store:
        store.take("one", "me", 600)
        run = RunRow(number=0, started=now(), holder="me", tool_version=__version__, probes={}, settings=b"{}")
        yield (
            store,
            Post(survey="one", run=store.start_run("one", run), worker="w", lease_s=30, version=__version__),
        )


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def test_a_worker_with_enough_to_ask_leaves_the_other_shards_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "WRITE_S", 0.1)
    with named(tmp_path, 640) as (store, post):
        desk = WatchingDesk(store, post)

        async def work() -> None:
            await serve(post, desk, now, asyncio.Event())

        asyncio.run(work())
        standing = store.standing("one")
        assert standing.done == standing.positions
        assert 1 < desk.most < standing.positions / 32 / 2


def test_a_stop_while_results_are_written_writes_none_of_them_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "WRITE_S", 0.1)
    with named(tmp_path, 200) as (store, post):
        desk = SlowDesk(store, post)

        async def work() -> None:
            loop, stop = asyncio.get_running_loop(), asyncio.Event()

            async def hear() -> None:
                stop.set()
                for _ in range(2_000):
                    await asyncio.sleep(0)

            desk.stop = lambda: asyncio.run_coroutine_threadsafe(hear(), loop).result()
            await serve(post, desk, now, stop)

        asyncio.run(work())
        positions = [one.position for one in store.results("one")]
        assert len(positions) == len(set(positions)) == sum(store.standing("one").rungs.values())
        assert 0 < len(positions) < 200
