"""No network and no address is called faster than the scope allows, whoever else is called meanwhile."""

from ipaddress import ip_address

import pytest

from leadglass.model.pace import Pace
from leadglass.net.networks import Address
from leadglass.net.pacing import Pacing
from leadglass.net.patience import LEAST_S, Patience

ONE, SAME_NETWORK, OTHER = map(ip_address, ("192.0.2.1", "192.0.2.200", "198.51.100.1"))


def waits(pacing: Pacing, address: Address, now: float) -> float:
    """Seconds until an address may be called, where the share is 1."""
    address_at, network_at = pacing.reserve(address, now)
    return max(address_at - now, network_at - now)


def test_an_address_and_its_network_wait_and_another_does_not() -> None:
    pacing = Pacing(Pace(per_second=1000, per_network=10, per_address=2))
    assert waits(pacing, ONE, 100.0) == 0
    assert waits(pacing, SAME_NETWORK, 100.0) == pytest.approx(0.1)
    assert waits(pacing, ONE, 100.0) == pytest.approx(0.5)
    assert waits(pacing, SAME_NETWORK, 100.0) == pytest.approx(0.6)
    assert waits(pacing, OTHER, 100.0) == 0
    assert waits(pacing, ip_address("::ffff:198.51.100.1"), 100.0) == pytest.approx(0.5)
    assert waits(pacing, ip_address("2a00:1:2:3::1"), 100.0) == 0
    assert waits(pacing, ip_address("2a00:1:2:4::1"), 100.0) == pytest.approx(0.1)


def connections(pacing: Pacing, shares: dict[int, float], *, step_s: float = 0.01) -> list[float]:
    """When connections are made in ten seconds, each to a network of its own, with the shares from these seconds on."""
    made, now, at = [], 0.0, None
    for tick in range(round(10 / step_s)):
        now = tick * step_s
        if now in shares:
            pacing.allot(shares[now], now)  # type: ignore[index]
        while True:
            at = pacing.reserve_overall(now) if at is None else at
            if pacing.until(at, now) > 0:
                break
            made.append(now)
            at = None
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
    pacing.reserve(ONE, 100.0)
    assert pacing.until(pacing.reserve(SAME_NETWORK, 100.0)[1], 100.0) == pytest.approx(0.2)
    address_at, network_at = pacing.reserve(ONE, 100.0)
    assert max(address_at - 100.0, pacing.until(network_at, 100.0)) == pytest.approx(0.5)
    pacing.allot(0.0, 100.0)
    assert pacing.until(network_at, 10_000.0) > 0


def test_a_share_ends_unless_it_is_renewed() -> None:
    pacing = Pacing(Pace(per_second=10, per_network=10, per_address=10))
    pacing.allot(0.5, 100.0, 110.0)
    at = [pacing.reserve_overall(100.0) for _ in range(60)][-1]
    assert pacing.until(at, 109.0) == pytest.approx((59 / 10 - 0.05 - 4.5) * 2)
    assert pacing.until(at, 110.0) > 0
    assert pacing.until(at, 1000.0) > 0
    pacing.allot(0.5, 1000.0, 1010.0)
    assert pacing.until(at, 1000.0) == pytest.approx((59 / 10 - 0.05 - 5) * 2)


def test_what_is_past_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.net.pacing._FORGET", 100)
    pacing = Pacing(Pace())
    for n in range(1000):
        pacing.reserve(ip_address(0x01000000 + n * 256), float(n))
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
