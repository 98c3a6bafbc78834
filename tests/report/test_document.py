"""The JSON document fits its published schema, and is the assessment and nothing else."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from leadglass.model.assessment import Assessment
from leadglass.report.document import render
from tests.report.nasty import ESCAPE, MARKUP, injected
from tests.report.samples import SAMPLES

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "assessment.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SAMPLES)
def test_documents_fit_the_schema(name: str) -> None:
    """Every sample validates against the committed schema."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(render(SAMPLES[name])), SCHEMA)


@pytest.mark.parametrize("name", SAMPLES)
def test_documents_read_back_as_the_same_assessment(name: str) -> None:
    """Nothing is lost on the way, so that reports can be made from a kept document."""
    assert msgspec.json.decode(render(SAMPLES[name]), type=Assessment) == SAMPLES[name]


def test_nasty_strings_stay_harmless() -> None:
    """A document that is printed on a terminal steers nothing."""
    text = render(injected(SAMPLES["several"], ESCAPE + MARKUP))
    assert all(character == "\n" or character.isprintable() for character in text)
    jsonschema.validate(json.loads(text), SCHEMA)
