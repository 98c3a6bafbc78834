"""A connector hears once of each knock: what the other end said, that its time is over, or a shortage of our own."""

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from leadglass.model.words import Status
from leadglass.net import connector as module
from leadglass.net.connecting import UNDER_WAY, Place, Tasks, connecting, new_socket
from leadglass.net.connector import Connector
from leadglass.net.loop import loop_factory
from leadglass.net.patience import LEAST_S
from tests.net.knocking import Ear, grant, listening, refusing, silent

HERE = grant("127.0.0.1")
Run = Callable[[Coroutine[Any, Any, None]], None]
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="full queues drop callers on Linux alone, which has namespaces"
)


@pytest.fixture(params=["best way", "tasks", "best way, plain loop", "tasks, plain loop"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a coroutine with either way to connect on either loop."""
    if request.param.startswith("tasks"):
        monkeypatch.setattr(module, "connecting", Tasks)
    factory = asyncio.new_event_loop if request.param.endswith("loop") else loop_factory()

    def run_it(work: Coroutine[Any, Any, None]) -> None:
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(work)

    return run_it


def test_a_knock_is_answered_refused_or_without_a_way(run: Run) -> None:
    async def work() -> None:
        ear = Ear()
        with listening() as port, listening("::1") as port6, Connector(most=9, timeout_s=5) as connector:
            for place, number in (("127.0.0.1", port), ("::1", port6), ("127.0.0.1", refusing())):
                connector.knock(grant(place), number, ear)
            assert (connector.in_flight, connector.room()) == (3, 6)
            await ear.heard(3)
            assert (connector.in_flight, connector.room()) == (0, 9)
        found = {(str(knock.address), knock.port): (knock.status, knock.sock is not None) for knock in ear.knocks}
        assert found[("127.0.0.1", port)] == found[("::1", port6)] == (Status.SUCCESS, True)
        assert sorted(found.values())[0] == (Status.CONNECTION_REFUSED, False)
        assert all(0 <= knock.took_s < 5 for knock in ear.knocks)

    run(work())


@linux
def test_where_no_route_leads_is_unreachable(run: Run) -> None:
    """The tests' namespace has loopback alone."""

    async def work() -> None:
        ear = Ear()
        with Connector(most=9, timeout_s=5) as connector:
            connector.knock(grant("192.0.2.1"), 104, ear)
            connector.knock(grant("2001:db8::1"), 104, ear)
            assert not ear.knocks
            assert await ear.heard(2) == [Status.UNREACHABLE] * 2

    run(work())


def test_the_connection_is_the_receiver_s_and_bytes_go_through_it(run: Run) -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        got = loop.create_future()
        with socket.socket() as server, Connector(most=1, timeout_s=5) as connector:
            server.bind(("127.0.0.1", 0))
            server.listen()
            connector.knock(HERE, server.getsockname()[1], got.set_result)
            sock = (await got).sock
            caller, _ = server.accept()
            with sock, caller:
                caller.sendall(b"said")
                assert sock.gettimeout() == 0
                assert await loop.sock_recv(sock, 10) == b"said"

    run(work())


@linux
def test_a_connection_that_was_handed_on_is_watched_no_more() -> None:
    """Else it would be told in every turn of the loop for as long as it stands."""

    async def work() -> None:
        told: list[int] = []
        ways = connecting(asyncio.get_running_loop(), lambda number, error: told.append(number))
        with listening() as port, new_socket(socket.AF_INET) as sock:
            assert ways.begin(sock, ("127.0.0.1", port)) == UNDER_WAY
            ways.look()
            ways.release(sock)
            assert told == [sock.fileno()]
            ways.look()
            assert told == [sock.fileno()]
        ways.close()

    asyncio.run(work())


class _AtOnce(Tasks):
    """A system that makes connections without delay."""

    def begin(self, sock: socket.socket, place: Place) -> int:
        sock.setblocking(True)
        error = sock.connect_ex(place)
        sock.setblocking(False)
        return error


@linux
def test_a_connection_that_is_made_at_once_is_heard_of_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "connecting", _AtOnce)

    async def work() -> None:
        ear = Ear()
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the files of this process
        with listening() as port, Connector(most=9, timeout_s=5) as connector:
            connector.knock(HERE, port, ear)
            assert not ear.knocks
            assert await ear.heard(1) == [Status.SUCCESS]
            connector.knock(HERE, port, ear)
            held = [flight for flight, _ in connector._settled]
            connector.close()
            assert held[0].sock is None
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208

    asyncio.run(work())


@linux
def test_silence_ends_when_its_time_is_over_and_not_before(run: Run) -> None:
    now = 100.0

    async def work() -> None:
        nonlocal now
        ear = Ear()
        with silent() as port, Connector(most=9, timeout_s=5, clock=lambda: now) as connector:
            connector.knock(HERE, port, ear)
            now = 103.0
            connector.knock(HERE, port, ear)
            now = 104.9
            connector._expire()
            assert not ear.knocks
            now = 105.1
            assert await ear.heard(1) == [Status.CONNECTION_TIMEOUT]
            assert ear.knocks[0].took_s == pytest.approx(5.1)
            assert connector.in_flight == 1
            now = 108.0
            await ear.heard(2)

    run(work())


@linux
def test_many_whose_time_is_over_leave_the_loop_its_turns(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    monkeypatch.setattr(module, "_TICK_S", 60)  # longer than anybody waits here: the parts follow each other at once
    now = 100.0

    async def work() -> None:
        nonlocal now
        ear = Ear()
        with silent() as port, Connector(most=9, timeout_s=5, clock=lambda: now) as connector:
            for _ in range(9):
                connector.knock(HERE, port, ear)
            now = 106.0
            connector._expire()
            assert len(ear.knocks) == 2
            assert await ear.heard(9) == [Status.CONNECTION_TIMEOUT] * 9

    run(work())


@linux
def test_an_answer_that_came_while_this_process_was_busy_counts() -> None:
    now = 100.0

    async def work() -> None:
        nonlocal now
        ear = Ear()
        with listening() as port, Connector(most=9, timeout_s=5, clock=lambda: now) as connector:
            connector.knock(HERE, port, ear)
            now = 200.0
            connector._expire()
            assert [knock.status for knock in ear.knocks] == [Status.SUCCESS]

    asyncio.run(work())


def test_the_wait_is_learnt_from_the_answers(run: Run) -> None:
    async def work() -> None:
        ear, port = Ear(), refusing()
        with Connector(most=100, timeout_s=30) as connector:
            assert connector.timeout_s == 30
            for _ in range(60):
                connector.knock(HERE, port, ear)
            await ear.heard(60)
            assert connector.timeout_s == LEAST_S

    run(work())


@linux
def test_closing_ends_all_unheard_and_leaves_no_file_open(run: Run) -> None:
    async def work() -> None:
        ear = Ear()
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - the files of this process
        with silent() as port, Connector(most=9, timeout_s=5) as connector:
            connector.knock(HERE, port, ear)
            connector.knock(grant("192.0.2.1"), port, ear)
            connector.knock(HERE, refusing(), ear)
            connector.close()
            connector.close()
            assert connector.in_flight == 0
            with pytest.raises(RuntimeError):
                connector.knock(HERE, port, ear)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not ear.knocks
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208

    run(work())


def test_a_hearer_may_close_and_may_knock_again(run: Run) -> None:
    async def work() -> None:
        port, ear = refusing(), Ear()
        with Connector(most=9, timeout_s=5) as connector:
            connector.knock(HERE, port, lambda knock: connector.knock(HERE, port, ear))
            await ear.heard(1)
            closed = Ear()

            def close(knock: module.Knock) -> None:
                connector.close()
                closed(knock)

            for _ in range(5):
                connector.knock(HERE, port, close)
            assert await closed.heard(1) == [Status.CONNECTION_REFUSED]

    run(work())


def _short(monkeypatch: pytest.MonkeyPatch, error: int, ask: Callable[[int], bool]) -> list[int]:
    """New sockets fail with `error` where `ask` says so of their number; the numbers that were asked for."""
    asked: list[int] = []
    real = new_socket

    def scarce(family: int) -> socket.socket:
        asked.append(len(asked))
        if ask(asked[-1]):
            raise OSError(error, "as the test says")
        return real(family)

    monkeypatch.setattr(module, "new_socket", scarce)
    return asked


@pytest.mark.parametrize("error", [errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS])
def test_a_shortage_of_this_system_puts_a_knock_off(run: Run, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    async def work() -> None:
        asked, ear, port = _short(monkeypatch, error, lambda n: n == 1), Ear(), refusing()
        with Connector(most=2, timeout_s=5) as connector:
            connector.knock(HERE, port, ear)
            connector.knock(HERE, port, ear)
            assert (connector.in_flight, connector.room()) == (2, 0)
            assert await ear.heard(2) == [Status.CONNECTION_REFUSED] * 2
        assert len(asked) == 3

    run(work())


def test_a_shortage_that_stays_is_an_error_of_our_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        asked, ear, port = _short(monkeypatch, errno.EMFILE, lambda n: n > 0), Ear(), refusing()
        with Connector(most=9, timeout_s=5) as connector:
            for _ in range(4):
                connector.knock(HERE, port, ear)
            assert sorted(await ear.heard(4)) == [Status.CONNECTION_REFUSED] + [Status.INTERNAL_ERROR] * 3
            assert connector.timeout_s == 5
        assert len(asked) == 7  # each of the three once more, when the first had ended

    run(work())


def test_a_knock_is_put_off_so_many_times_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        ear, waiting, port = Ear(), Ear(), refusing()
        asked = _short(monkeypatch, errno.EADDRNOTAVAIL, lambda n: n in range(100, 1000))
        with Connector(most=200, timeout_s=5) as connector:
            for _ in range(100):
                connector.knock(HERE, port, ear)
            connector.knock(HERE, port, waiting)
            assert await waiting.heard(1) == [Status.INTERNAL_ERROR]
            await ear.heard(100)
        assert len(asked) == 101 + module._TRIES

    run(work())


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errno.EPERM, Status.UNREACHABLE),
        (errno.EACCES, Status.UNREACHABLE),
        (errno.EHOSTUNREACH, Status.UNREACHABLE),
        (errno.ECONNRESET, Status.CONNECTION_RESET),
        (errno.ETIMEDOUT, Status.CONNECTION_TIMEOUT),
    ],
)
def test_each_error_has_its_status(monkeypatch: pytest.MonkeyPatch, error: int, status: Status) -> None:
    async def work() -> None:
        _short(monkeypatch, error, lambda n: True)
        ear = Ear()
        with Connector(most=9, timeout_s=5) as connector:
            connector.knock(HERE, 104, ear)
            assert await ear.heard(1) == [status]

    asyncio.run(work())
