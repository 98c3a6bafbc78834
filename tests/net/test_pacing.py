"""No network and no address is called faster than the scope allows, whoever else is called meanwhile."""

import asyncio
import itertools
from ipaddress import ip_address

import pytest

from leadglass.model.pace import Pace
from leadglass.net.networks import Address
from leadglass.net.pacing import Pacing
from leadglass.net.patience import LEAST_S, Patience

ONE, SAME_NETWORK, OTHER = map(ip_address, ("192.0.2.1", "192.0.2.200", "198.51.100.1"))


def waits(pacing: Pacing, address: Address, now: float) -> float:
    """Seconds until an address may be called, where the share is 1."""
    wait = pacing.wait(address, now)
    pacing.take(address, now + wait)
    return wait


def test_an_address_and_its_network_wait_and_another_does_not() -> None:
    pacing = Pacing(Pace(per_second=1000, per_network=10, per_address=2))
    assert waits(pacing, ONE, 100.0) == 0
    assert waits(pacing, SAME_NETWORK, 100.0) == pytest.approx(0.1)
    assert waits(pacing, ONE, 100.0) == pytest.approx(0.5)
    assert waits(pacing, SAME_NETWORK, 100.5) == pytest.approx(0.1)
    assert waits(pacing, OTHER, 100.0) == 0
    assert waits(pacing, ip_address("::ffff:198.51.100.1"), 100.0) == pytest.approx(0.5)
    assert waits(pacing, ip_address("2a00:1:2:3::1"), 100.0) == 0
    assert waits(pacing, ip_address("2a00:1:2:4::1"), 100.0) == pytest.approx(0.1)


def connections(pacing: Pacing, shares: dict[int, float], *, step_s: float = 0.01) -> list[float]:
    """When connections are made in ten seconds, each to a network of its own, with the shares from these seconds on."""
    made: list[float] = []
    for tick in range(round(10 / step_s)):
        now = tick * step_s
        if now in shares:
            pacing.allot(shares[now], now)  # type: ignore[index]
        while pacing.wait_overall(now) <= 0:
            pacing.take(ip_address(0x01000000 + 256 * len(made)), now)
            made.append(now)
    return made


def test_shares_of_the_overall_pace_add_up_to_it() -> None:
    pace = Pace(per_second=20, per_network=10, per_address=2)
    alone = connections(Pacing(pace), {})
    assert len(alone) == pytest.approx(200, abs=3)
    first = connections(Pacing(pace), {4: 0.5, 8: 1.0})
    second = connections(Pacing(pace, 0.0), {4: 0.5, 8: 0.0})
    assert min(second) >= 4
    assert max(second) < 8.01
    assert len(first) == pytest.approx(160, abs=3)
    assert len(second) == pytest.approx(40, abs=3)


def test_a_share_of_a_network_s_pace_and_all_of_an_address_s() -> None:
    pacing = Pacing(Pace(per_second=100, per_network=10, per_address=2), share=0.5)
    pacing.take(ONE, 100.0)
    assert pacing.wait(SAME_NETWORK, 100.0) == pytest.approx(0.2)
    assert pacing.wait(ONE, 100.0) == pytest.approx(0.5)
    pacing.allot(0.0, 100.0)
    assert pacing.wait(SAME_NETWORK, 10_000.0) > 0


def test_a_share_ends_unless_it_is_renewed() -> None:
    pacing = Pacing(Pace(per_second=10, per_network=10, per_address=10))
    pacing.allot(0.1, 100.0, 110.0)
    pacing.take(ONE, 100.0)
    assert pacing.wait_overall(100.5) == pytest.approx(0.5)
    assert pacing.wait_overall(109.0) == 0
    assert pacing.wait_overall(110.0) > 0
    assert pacing.wait_overall(1000.0) > 0
    pacing.allot(0.1, 1000.0, 1010.0)
    assert pacing.wait_overall(1000.0) == 0


def test_what_was_slept_through_does_not_come_at_once() -> None:
    pacing = Pacing(Pace(per_second=20, per_network=20, per_address=20))
    assert waits(pacing, ONE, 100.0) == 0
    assert waits(pacing, ONE, 108.0) == 0
    assert waits(pacing, ONE, 108.0) == pytest.approx(0.05)
    assert waits(pacing, ONE, 108.12) == 0
    assert waits(pacing, ONE, 108.12) == pytest.approx(0.03)  # it was late by 0.02


def test_who_goes_on_comes_before_who_begins_and_everybody_keeps_the_pace() -> None:
    pacing = Pacing(Pace(per_second=1000, per_network=100, per_address=1000))
    made: list[tuple[float, str]] = []

    async def talk(loop: asyncio.AbstractEventLoop) -> None:
        for _ in range(4):
            await pacing.turn(ONE)
            made.append((loop.time(), "goes on"))

    async def begin(loop: asyncio.AbstractEventLoop, talking: asyncio.Task[None]) -> None:
        while not talking.done():
            if not pacing.wait(SAME_NETWORK, loop.time()):
                pacing.take(SAME_NETWORK, loop.time())
                made.append((loop.time(), "begins"))
            await asyncio.sleep(0)

    async def both() -> None:
        loop = asyncio.get_running_loop()
        talking = loop.create_task(talk(loop))
        await asyncio.gather(talking, begin(loop, talking))

    asyncio.run(both())
    assert [who for _, who in made].count("begins") <= 1
    assert all(later - at > 0 for (at, _), (later, _) in itertools.pairwise(made))
    assert made[-1][0] - made[0][0] >= 0.03 - 0.001


def test_what_is_past_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.net.pacing._FORGET", 100)
    pacing = Pacing(Pace())
    for n in range(1000):
        pacing.take(ip_address(0x01000000 + n * 256), float(n))
    assert len(pacing._networks) + len(pacing._addresses) <= 102


def test_patience_is_learnt_from_what_was_answered() -> None:
    patience = Patience(5.0)
    for _ in range(49):
        patience.answered(0.05)
    assert patience.wait_s == 5.0
    patience.answered(0.05)
    assert patience.wait_s == LEAST_S
    for n in range(100):
        patience.answered(0.4 if n % 2 else 1.6)
    assert 1.6 < patience.wait_s <= 5.0
