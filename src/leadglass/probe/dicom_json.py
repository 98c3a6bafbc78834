"""A peer's JSON is DICOM's only where its shape says so at every level (PS3.18 F.2); any array is not QIDO-RS."""

import re
from typing import Any

from leadglass.model.record import Record
from leadglass.net.web import WebAnswer

DICOM_JSON = "application/dicom+json"
JSON = "application/json"
JSON_TYPES = (DICOM_JSON, JSON)
STUDY_UID, SERIES_UID, INSTANCE_UID = "0020000D", "0020000E", "00080018"
_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_VR = re.compile(r"[A-Z]{2}")
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
_BEGINS = re.compile(rb'\s*\[\s*\{\s*"[0-9A-Fa-f]{8}"\s*:\s*\{')
_HAS_VR = re.compile(rb'"vr"\s*:\s*"[A-Z]{2}"')
_LOOK_BYTES = 4096  # a first attribute with its VR stands well within this


class Matches(Record):
    """What a query's answer holds: `objects` is how many, at least; `uid` leads to the first of them."""

    objects: int
    uid: str | None = None


def read_matches(answer: WebAnswer, key: str) -> Matches | None:
    """The matches of a query, `key` being the UID of its level; None where the answer is not QIDO-RS.

    A proxy that changes an answer may say so by another status of success (RFC 9110 15.3.4).
    """
    if answer.status_code == 204:
        return Matches(objects=0)
    if answer.status_code // 100 != 2 or answer.media_type not in JSON_TYPES:
        return None
    if not answer.whole:
        return _cut(answer, key)
    parsed = answer.json()
    if not isinstance(parsed, list):
        return None
    if not all(is_object(item) for item in parsed):
        return None
    return Matches(objects=len(parsed), uid=_uid(parsed[0], key) if parsed else None)


def is_object(item: Any) -> bool:
    """Whether this is one object of the DICOM JSON model: tags as keys, a VR in each value."""
    return isinstance(item, dict) and bool(item) and all(_is_attribute(tag, value) for tag, value in item.items())


def begins_as_dicom_json(body: bytes) -> bool:
    """Whether the first bytes are those of an array of objects with tags and VRs."""
    head = body[:_LOOK_BYTES]
    return _BEGINS.match(head) is not None and _HAS_VR.search(head) is not None


def is_uid(text: str) -> bool:
    """PS3.5 9.1, as far as it keeps a UID from being anything but one step of a path."""
    return len(text) <= 64 and _UID.fullmatch(text) is not None


def _is_attribute(tag: Any, value: Any) -> bool:
    if not isinstance(tag, str) or _TAG.fullmatch(tag) is None or not isinstance(value, dict):
        return False
    vr = value.get("vr")
    return isinstance(vr, str) and _VR.fullmatch(vr) is not None


def _uid(item: Any, key: str) -> str | None:
    """The UID under `key`: its shape is looked at before it is believed."""
    attribute = item.get(key)
    values = attribute.get("Value") if isinstance(attribute, dict) else None
    uid = values[0] if isinstance(values, list) and values else None
    return uid if isinstance(uid, str) and is_uid(uid) else None


def _cut(answer: WebAnswer, key: str) -> Matches | None:
    """What can be seen of an answer that was longer than we read, or that came packed."""
    if "content-encoding" in answer.headers or not begins_as_dicom_json(answer.body):
        return None
    seen = len(re.findall(rb'"%s"\s*:' % key.encode(), answer.body, re.IGNORECASE))
    pattern = rb'"%s"\s*:\s*\{[^{}]{0,200}"Value"\s*:\s*\[\s*"([0-9.]{1,64})"' % key.encode()
    found = re.search(pattern, answer.body, re.IGNORECASE)
    uid = found.group(1).decode() if found else None
    return Matches(objects=max(1, seen), uid=uid if uid is not None and is_uid(uid) else None)
