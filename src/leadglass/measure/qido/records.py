"""What a QIDO-RS answer holds is read record by record, and what its header says of further ones is a number.

Cost: none.
"""

import json
import re
from collections.abc import Iterator

from leadglass.model.record import Record
from leadglass.net.web import WebAnswer

_MOST = 10**12  # more than the whole world has
_OF_A_RANGE = re.compile(r"\w+ (?:\d+-\d+|\*)/(\d{1,13})", re.ASCII)  # RFC 9110 14.4, with whatever unit
_REMAINING = re.compile(r"\bare (\d{1,13}) additional results\b", re.ASCII)  # PS3.18 2017 8.3.4.4, dcm4chee-arc, Kheops
_A_WARNING = re.compile(r"(?=\b299 )")
# These warnings say that a way of matching was left out (PS3.18 8.3.4.2), and nothing of how much there is.
_OF_MATCHING = re.compile(r"(fuzzy|(multiple|empty) ?value) ?matching", re.IGNORECASE)


class Level(Record):
    """What a path lists: `uid` is the tag of what makes its records different."""

    path: str
    uid: str


STUDIES = Level(path="studies", uid="0020000D")
SERIES = Level(path="series", uid="0020000E")
INSTANCES = Level(path="instances", uid="00080018")


def value(record: dict[str, object], tag: str) -> bytes:
    """The values of one attribute of the DICOM JSON model (PS3.18 F.2), joined as on the wire; b"" for none."""
    element = record.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(values, list):
        return b""
    plain = (v for v in values if isinstance(v, str | int) and not isinstance(v, bool))
    return b"\\".join(str(v).encode("utf-8", "replace") for v in plain)


def whole_records(body: bytes) -> Iterator[object]:
    """The records that a cut JSON array holds whole, one after another."""
    text = body.decode("utf-8", "replace").lstrip()
    decoder, at = json.JSONDecoder(), 1
    while text.startswith("[") and at < len(text):
        while at < len(text) and text[at] in ", \t\r\n":
            at += 1
        try:
            record, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield record


def says_more(answer: WebAnswer) -> bool:
    """Whether the server says that it has results which it did not send (PS3.18 10.6.3.3)."""
    warnings = [part for part in _A_WARNING.split(answer.headers.get("warning", "")) if part.startswith("299 ")]
    return any(not _OF_MATCHING.search(warning) for warning in warnings)


def told_total(answer: WebAnswer, offset: int, received: int) -> int | None:
    """How many there are by the server's word: it names a place to look at, and proves nothing."""
    headers = answer.headers
    plain = headers.get("x-total-count", "").strip()  # Kheops, and most REST services that tell it
    if plain.isascii() and plain.isdigit() and len(plain) <= 13:
        return _plausible(int(plain))
    found = _OF_A_RANGE.fullmatch(headers.get("content-range", "").strip())
    if found is not None:
        return _plausible(int(found.group(1)))
    remaining = _REMAINING.search(headers.get("warning", ""))
    return None if remaining is None else _plausible(offset + received + int(remaining.group(1)))


def _plausible(total: int) -> int | None:
    return total if total < _MOST else None
