"""One world for all tests of a file, and the databases of the store's own tests."""

from collections.abc import Iterator

import pytest

from tests.engine.world import served
from tests.store.conftest import emptied, server

__all__ = ["server"]


@pytest.fixture
def where(server: str) -> str:
    """The address of an empty PostgreSQL."""
    return emptied(server)


@pytest.fixture(scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with served(tmp_path_factory.mktemp("world")):
        yield
