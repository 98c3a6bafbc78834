"""What one test does to the process, the next does not meet."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    """A command that was run in this process leaves its handlers behind; a test that reads logs must not miss any."""
    ours, root = logging.getLogger("leadglass"), logging.getLogger()
    before = (ours.handlers[:], ours.propagate, ours.level, root.handlers[:], logging.lastResort)
    yield
    ours.handlers, ours.propagate, ours.level, root.handlers, logging.lastResort = before
