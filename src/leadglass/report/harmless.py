"""No string in an assessment can steer a terminal or a page, whatever a peer sent and whoever forgot to clean it.

Strings are cleaned where they come in; this is the second wall, once over the whole document before it is shown.
"""

from enum import Enum
from typing import TypeVar

import msgspec

from leadglass.model.assessment import Assessment
from leadglass.model.text import clean

MAX_SHOWN_LENGTH = 4000  # our own longest step of a fix is far below; a flood of text is not shown whole

_T = TypeVar("_T")


def harmless(assessment: Assessment) -> Assessment:
    """`assessment` with every string printable, on one line and bounded."""
    return _harmless(assessment)


def _harmless(value: _T) -> _T:
    """`value` of the same type, rebuilt where it holds strings."""
    built: object = value
    if isinstance(value, Enum):  # our own permanent names, which are strings too
        pass
    elif isinstance(value, str):
        built = clean(value, MAX_SHOWN_LENGTH)
    elif isinstance(value, msgspec.Struct):
        fields = {name: _harmless(getattr(value, name)) for name in value.__struct_fields__}
        built = msgspec.structs.replace(value, **fields)
    elif isinstance(value, tuple):
        built = tuple(_harmless(item) for item in value)
    elif isinstance(value, dict):
        built = {_harmless(key): _harmless(item) for key, item in value.items()}
    return built  # type: ignore[return-value]  # each branch above keeps the type it was given
