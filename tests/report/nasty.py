"""A hostile peer's string in every string field of a value, one and the same everywhere."""

from enum import Enum

import msgspec

from leadglass.model.assessment import Assessment

ESCAPE = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\nOPEN\u202e\u2066"
MARKUP = "<script>alert(1)</script><img src=http://evil.example/x onerror=a()>'\"{{7*7}}{% raw %}"
RICH = "[bold red]x[/][link=http://evil.example]:skull: :bomb:"


def injected(assessment: Assessment, text: str) -> Assessment:
    """`assessment` with `text` for every string that is not one of our own names."""
    changed = _injected(assessment, text)
    assert isinstance(changed, Assessment)
    return changed


def _injected(value: object, text: str) -> object:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, msgspec.Struct):
        fields = {name: _injected(getattr(value, name), text) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    if isinstance(value, tuple):
        return tuple(_injected(item, text) for item in value)
    if isinstance(value, dict):
        return {_injected(key, text): item for key, item in value.items()}
    return value
