"""What a peer's JSON must look like before a field of it is believed."""

from typing import Any

from leadglass.model.text import clean
from leadglass.net.web import WebAnswer


def json_object(answer: WebAnswer | None) -> dict[str, Any]:
    """The object of a 200 that is one, else an empty one. The type is not asked about: servers mislabel JSON."""
    parsed = answer.json() if answer is not None and answer.status_code == 200 else None
    return parsed if isinstance(parsed, dict) else {}


def json_list(answer: WebAnswer | None) -> list[Any] | None:
    """The list of a 200 that is one, else None."""
    parsed = answer.json() if answer is not None and answer.status_code == 200 else None
    return parsed if isinstance(parsed, list) else None


def text_field(value: dict[str, Any], key: str, limit: int = 64) -> str | None:
    """The text under `key`, made harmless."""
    text = value.get(key)
    return clean(text, limit) if isinstance(text, str) and text else None


def is_count(value: Any) -> bool:
    """Whether this is a number of things: a whole one, not below 0 (True is an int in Python, and no count)."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
