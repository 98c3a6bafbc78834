"""Tests with real servers run in a network namespace of their own, or not at all."""

import pytest

from tests.peers.isolation import require_isolation


@pytest.fixture(scope="session", autouse=True)
def _isolated() -> None:
    """Real servers bind to every interface."""
    require_isolation()
