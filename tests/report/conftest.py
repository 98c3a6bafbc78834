"""Golden outputs are rewritten by one command: `pytest tests/report --golden-rewrite`."""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option, where pytest is started on this folder."""
    parser.addoption("--golden-rewrite", action="store_true", help="write the golden outputs of the reports anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with the golden file of that name, or writes it."""
    rewrite = bool(request.config.getoption("--golden-rewrite", default=False))

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if rewrite:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), "see: pytest tests/report --golden-rewrite; git diff"

    return compare
