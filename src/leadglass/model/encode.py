"""One encoder turns every value into JSON, and gives the published schema of the document."""

from typing import Any

import msgspec

from leadglass.model.assessment import Assessment


def to_json(value: msgspec.Struct) -> bytes:
    """`value` as indented UTF-8 JSON with a line end."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def assessment_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an assessment document."""
    schema = msgspec.json.schema(Assessment)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "leadglass.assessment/1",
        **schema,
    }
