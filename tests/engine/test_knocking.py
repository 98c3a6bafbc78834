"""Whom a worker knocks at next: nobody faster than the pace, nobody new in a pause, and who has begun ends."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import pytest

from leadglass.model.pace import Pace
from leadglass.model.scope import ALL_PERMISSIONS
from leadglass.model.snapshot import Lease, Progress
from leadglass.model.words import Status, Vantage
from leadglass.net.connector import Connector, Heard, Knock
from leadglass.net.gate import Grant
from leadglass.net.pacing import Pacing, network_of
from leadglass.survey.engine.knocking import Knocking, Place
from leadglass.survey.engine.share import Share

PORTS = (104, 11112, 4242)
PACE = Pace(per_second=10_000, per_network=200, per_address=10_000)
LATE = 10  # connections that a network of this pace may be owed, since timers are late by up to 0.05 s
Made = list[tuple[float, str, int]]


class Refusing(Connector):
    """A connector that connects to nobody: everybody refuses at once, and it is written down when."""

    def __init__(self) -> None:
        """Made inside a running loop."""
        super().__init__(most=1_000, timeout_s=1.0)
        self.made: Made = []
        self.loop = asyncio.get_running_loop()

    def knock(self, grant: Grant, port: int, heard: Heard) -> None:
        """Refused in the loop's next turn."""
        self.made.append((self.loop.time(), str(grant.address), port))
        knock = Knock(address=grant.address, port=port, status=Status.CONNECTION_REFUSED, sock=None, took_s=0.0)
        self.loop.call_soon(heard, knock)


class Asked:
    """A knocking under test, at so many addresses of two networks."""

    def __init__(self, number: int, askable: Callable[[], int] = lambda: 1_000) -> None:
        """Made inside a running loop."""
        self.connector = Refusing()
        self.done: list[str] = []
        self.ended = asyncio.Event()
        self.knocking = Knocking(self.connector, Pacing(PACE), PORTS, 1_000, self._ended, askable)
        progress = Progress(low=0, high=number)
        lease = Lease(survey="s", shard=0, first=0, last=number, epoch=1, holder="me", until=1e9, progress=progress)
        share = Share(lease, 1e9, asyncio.get_running_loop().time)
        for n in range(number):
            address = ip_address(f"192.0.{n % 2}.{n // 2}")
            self.knocking.begin(
                Place(share, n, Grant(address=address, vantage=Vantage.LOOPBACK, permits=ALL_PERMISSIONS))
            )

    def _ended(self, place: Place) -> None:
        self.done.append(str(place.grant.address))
        if not self.knocking.under_way:
            self.ended.set()


def run(work: Callable[[], Awaitable[Asked]]) -> Asked:
    """What a run inside a loop came to."""

    async def whole() -> Asked:
        async with asyncio.timeout(20):
            asked = await work()
        asked.knocking.close()
        return asked

    return asyncio.run(whole())


def most_within(made: Made, seconds: float) -> int:
    """The most connections to one network within so many seconds."""
    networks: defaultdict[int, list[float]] = defaultdict(list)
    for at, address, _ in made:
        networks[network_of(ip_address(address))].append(at)
    return max(sum(at <= other < at + seconds for other in times) for times in networks.values() for at in times)


def test_knocking_that_was_held_back_keeps_the_pace_of_each_network() -> None:
    open_ = [0]

    async def work() -> Asked:
        asked, loop = Asked(40, lambda: open_[0]), asyncio.get_running_loop()

        def go() -> None:
            open_[0] = 1_000
            asked.knocking.go_on()

        loop.call_later(0.4, go)
        await asked.ended.wait()
        return asked

    asked = run(work)
    assert sorted(asked.done) == sorted(f"192.0.{n % 2}.{n // 2}" for n in range(40))
    assert len(asked.connector.made) == 40 * len(PORTS)
    assert most_within(asked.connector.made, 0.1) <= 0.1 * PACE.per_network + 1 + LATE


def test_timers_that_do_not_tell_their_time_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """As those of uvloop that end at once."""
    monkeypatch.delattr(asyncio.TimerHandle, "when")

    async def work() -> Asked:
        asked = Asked(40)
        await asked.ended.wait()
        return asked

    assert len(run(work).done) == 40


def test_both_networks_are_called_at_once_and_who_has_begun_comes_before_who_has_not() -> None:
    async def work() -> Asked:
        asked = Asked(40)
        await asked.ended.wait()
        return asked

    made = run(work).connector.made
    assert made[-1][0] - made[0][0] < 1.5 * 20 * len(PORTS) / PACE.per_network
    ports: defaultdict[str, list[int]] = defaultdict(list)
    most = 0
    for _, address, port in made:
        ports[address].append(port)
        most = max(most, sum(len(knocked) < len(PORTS) for knocked in ports.values()))
    assert all(knocked == list(PORTS) for knocked in ports.values())
    assert most <= 2 * 2  # of each network one that is knocked at, and one whose turn had come before it was heard of


def test_in_a_pause_who_has_begun_goes_on_and_nobody_begins() -> None:
    begun: list[set[str]] = []

    async def work() -> Asked:
        asked, loop = Asked(40), asyncio.get_running_loop()

        def pause() -> None:
            asked.knocking.pause(True)
            begun.append({address for _, address, _ in asked.connector.made})

        def look() -> None:
            begun.append({address for _, address, _ in asked.connector.made})
            begun.append(set(asked.done))
            asked.knocking.pause(False)

        loop.call_later(0.05, pause)
        loop.call_later(0.3, look)
        await asked.ended.wait()
        return asked

    asked = run(work)
    before, in_the_pause, ended = begun
    assert 0 < len(before) < 40
    assert before == in_the_pause == ended
    assert len(asked.done) == 40


def test_after_a_stop_who_has_begun_ends_and_the_others_are_forgotten() -> None:
    begun: set[str] = set()

    async def work() -> Asked:
        asked, loop = Asked(40), asyncio.get_running_loop()

        def stop() -> None:
            asked.knocking.drop()
            begun.update(address for _, address, _ in asked.connector.made)

        loop.call_later(0.052, stop)
        await asked.ended.wait()
        return asked

    asked = run(work)
    assert 0 < len(begun) < 40
    assert set(asked.done) == begun
    assert asked.knocking.under_way == 0
