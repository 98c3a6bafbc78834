"""No network and no address is called faster than the scope allows, whoever else is called meanwhile."""

from ipaddress import ip_address

import pytest

from leadglass.model.pace import Pace
from leadglass.net.pacing import Pacing
from leadglass.net.patience import LEAST_S, Patience

ONE, SAME_NETWORK, OTHER = map(ip_address, ("192.0.2.1", "192.0.2.200", "198.51.100.1"))


def test_an_address_and_its_network_wait_and_another_does_not() -> None:
    pacing = Pacing(Pace(per_second=1000, per_network=10, per_address=2))
    assert pacing.reserve(ONE, 100.0) == 0
    assert pacing.reserve(SAME_NETWORK, 100.0) == pytest.approx(0.1)
    assert pacing.reserve(ONE, 100.0) == pytest.approx(0.5)
    assert pacing.reserve(OTHER, 100.0) == 0
    assert pacing.reserve(ip_address("::ffff:198.51.100.1"), 100.0) == pytest.approx(0.5)
    assert pacing.reserve(ip_address("2a00:1:2:3::1"), 100.0) == 0
    assert pacing.reserve(ip_address("2a00:1:2:4::1"), 100.0) == pytest.approx(0.1)


def test_the_pace_overall_is_a_worker_s_share() -> None:
    pacing = Pacing(Pace(per_second=100, per_network=10, per_address=2), share=0.5)
    waits = [pacing.reserve_overall(100.0) for _ in range(60)]
    assert waits[-1] == pytest.approx(59 / 50 - 0.05)
    assert sum(wait == 0 for wait in waits) <= 4
    assert pacing.reserve(ONE, 100.0) == 0
    assert pacing.reserve(ONE, 100.0) == pytest.approx(1.0)


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
