"""Every member of every enumeration has words, and the generated pages are what the code says."""

import importlib.util
import inspect
from enum import StrEnum
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from leadglass.model import kinds as model_kinds
from leadglass.model import words as model_words
from leadglass.model.words import Status, Step
from leadglass.report.arrange import ended
from leadglass.report.words import GLOSSARIES, label, meaning

DOCS = Path(__file__).parents[2] / "docs"
ENUMERATIONS = [
    kind
    for module in (model_words, model_kinds)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, StrEnum) and kind is not StrEnum
]  # fmt: skip


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda kind: kind.__name__)
def test_every_member_has_words(enumeration: type[StrEnum]) -> None:
    """A new member without words fails here, not in front of a reader."""
    assert list(GLOSSARIES[enumeration].words) == list(enumeration)
    for member in enumeration:
        assert label(member)
        assert meaning(member).endswith(".")


def test_labels_tell_the_members_apart() -> None:
    """Two members with the same label would read alike."""
    for glossary in GLOSSARIES.values():
        assert len({word.label for word in glossary.words.values()}) == len(glossary.words)


def test_every_status_at_every_step_has_words() -> None:
    """No combination of the two ends in an empty sentence or a bare name."""
    for status, step in product(Status, (*Step, None)):
        words = ended(status, step, "")
        assert words.startswith(label(status))
        assert ended(status, step, "why").endswith("(why)")


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    """`python docs/generate.py` would change nothing."""
    for name, page in _generate().PAGES.items():
        assert (DOCS / name).read_text(encoding="utf-8") == page(), f"{name}: run python docs/generate.py"
