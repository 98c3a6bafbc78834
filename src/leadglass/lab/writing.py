"""Thousands of data sets are written at once: each attribute is a column of bytes, and what is empty falls out."""

from typing import NamedTuple

import numpy as np

from leadglass.lab.archive.bits import Flags
from leadglass.lab.archive.texts import Text
from leadglass.wire.elements import LONG_VRS
from leadglass.wire.tags import vr_of


class Column(NamedTuple):
    """One attribute of all records."""

    tag: int
    text: Text


def constant(value: str, rows: int) -> Text:
    """The same text in every row."""
    data = np.frombuffer(value.encode("ascii"), dtype=np.uint8)
    return Text(np.broadcast_to(data, (rows, len(data))), np.full(rows, len(data)))


def written(columns: list[Column], rows: int, *, explicit: bool) -> tuple[bytes, list[int]]:
    """Data sets one after another, and where each ends; `columns` ascend by tag (PS3.5 7.1)."""
    headers = [_header(column.tag, explicit) for column in columns]
    width = sum(len(head) + column.text.block.shape[1] + 1 for head, column in zip(headers, columns, strict=True))
    data, there = np.empty((rows, width), dtype=np.uint8), np.ones((rows, width), dtype=np.bool_)
    sizes, at = np.zeros(rows, dtype=np.int64), 0
    for head, (tag, text) in zip(headers, columns, strict=True):
        block, lengths = text
        odd: Flags = (lengths & 1).astype(np.bool_)
        padded = lengths + odd
        value, end = at + len(head), at + len(head) + block.shape[1]
        data[:, at:value] = np.frombuffer(head, dtype=np.uint8)
        where = value - 4 if not explicit or len(head) > 8 else value - 2  # every value of ours is below 64 KiB
        data[:, where], data[:, where + 1] = padded & 0xFF, padded >> 8
        data[:, value:end] = block
        np.not_equal(block, 0, out=there[:, value:end])
        data[:, end] = 0 if vr_of(tag) in ("UI", "UN") else ord(" ")
        there[:, end] = odd
        sizes += padded + len(head)
        at = end + 1
    return data[there].tobytes(), np.cumsum(sizes).tolist()


def _header(tag: int, explicit: bool) -> bytes:
    """Tag, VR and a length of 0 (PS3.5 7.1.2, 7.1.3)."""
    number = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
    if not explicit:
        return number + bytes(4)
    vr = vr_of(tag)
    return number + vr.encode("ascii") + bytes(6 if vr in LONG_VRS else 2)
