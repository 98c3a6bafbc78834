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
from leadglass.survey.engine.knocking import Knocking
from tests.engine.world import typed

SCOPE = """
authority = "the tests"
contact = "tests@example.org"
targets = [{targets}]
opt_out = []
ports = {{ dimse = [11112], web = [] }}
depth = "touch"
{more}
"""
FAST = "pace = { per_second = 400, per_network = 400, per_address = 400 }"
HOURS = """
pace = { per_second = 100, per_network = 100, per_address = 100 }
hours = { open = ["10:00-12:00"], zone = "UTC" }
"""
OPEN, CLOSED = datetime(2026, 3, 1, 11, tzinfo=UTC), datetime(2026, 3, 1, 13, tzinfo=UTC)


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
    with surveyed(folder, targets) as begun:
        yield begun


@contextmanager
def surveyed(folder: Path, targets: str, more: str = FAST) -> Iterator[tuple[Store, Post]]:
    """A survey of some targets, with more lines in its scope file, and a worker's post in it."""
    (folder / "scope.toml").write_text(SCOPE.format(targets=targets, more=more))
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


@pytest.mark.parametrize("targets", ['"127.200.0.0/22"', ", ".join(f'"127.200.0.{n}"' for n in range(1, 250))])
def test_when_the_hours_are_over_nobody_else_is_contacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, targets: str
) -> None:
    """Of those that were promised ahead, too: for hours where the pace is slow."""
    monkeypatch.setattr(worker, "WRITE_S", 0.1)
    monkeypatch.setattr(worker, "_HOURS_S", 0.05)
    clock = [OPEN]
    contacts: list[int] = []

    class ClosingDesk(StoreDesk):
        """The hours are over soon after something was written."""

        def commit(self, lease: Lease, batch: Batch) -> None:
            """And more may be written."""
            super().commit(lease, batch)
            contacts.append(batch.contacts)
            clock[0] = CLOSED

    with surveyed(tmp_path, targets, HOURS) as (store, post):

        async def work() -> None:
            stop = asyncio.Event()
            asyncio.get_running_loop().call_later(1.6, stop.set)
            await serve(post, ClosingDesk(store, post), lambda: clock[0], stop)

        asyncio.run(work())
    assert contacts[0] > 0
    assert sum(contacts) <= contacts[0] + 100 * 0.4


def test_a_bug_in_a_callback_ends_the_worker_instead_of_leaving_a_place_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "WRITE_S", 0.1)

    def broken(knocking: Knocking, place: object, now: float) -> bool:
        raise KeyError("a bug")

    monkeypatch.setattr(Knocking, "_take_turn", broken)
    with surveyed(tmp_path, '"127.200.0.0/28"') as (store, post):

        async def work() -> None:
            async with asyncio.timeout(20):
                await serve(post, StoreDesk(store, post), now, asyncio.Event())

        with pytest.raises(KeyError, match="a bug"):
            asyncio.run(work())
