"""One world for all tests of a file, and the databases of the store's own tests."""

from collections.abc import Iterator

import pytest

from tests.engine.world import served
from tests.store.conftest import server

__all__ = ["server"]


@pytest.fixture(scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with served(tmp_path_factory.mktemp("world")):
        yield
