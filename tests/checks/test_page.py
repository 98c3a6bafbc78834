"""The committed page of the checks is what the checks say."""

import importlib.util
from pathlib import Path
from types import ModuleType

from leadglass.checks.page import checks_page
from leadglass.checks.registry import all_checks

DOCS = Path(__file__).parents[2] / "docs"


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate_checks", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date() -> None:
    """`python docs/generate.py` would change nothing."""
    page = _generate().PAGES["checks.md"]()
    assert (DOCS / "checks.md").read_text(encoding="utf-8") == page, "run python docs/generate.py"


def test_every_check_is_on_the_page() -> None:
    """With its id, its title, and every step of every remedy."""
    page = checks_page()
    for name, check in all_checks().items():
        assert f"\n## {name}\n" in page
        assert check.title in page
        for remedy in check.fix.remedies:
            assert all(step in page for step in remedy.steps)
