"""A key such as `*37` is looked up in whole columns, and finds what it finds value by value."""

import numpy as np
import pytest

from leadglass.lab.archive import Archive, identifiers
from leadglass.lab.archive.texts import Text
from leadglass.lab.matching import Wanted, match_one
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import PATIENT, STUDY

ARCHIVE = Archive(ArchiveSpec(seed=4, studies=1_500, patients=900, images=9_000))


@pytest.mark.parametrize("tail", ["7", "37", "037", "-4", "0000", "K", "12345678901234567890", "3*", "?7", "\\7"])
@pytest.mark.parametrize(("level", "tag"), [(PATIENT, tags.PATIENT_ID), (STUDY, tags.ACCESSION_NUMBER)])
def test_ends_are_found_as_value_by_value(level: str, tag: int, tail: str) -> None:
    wanted = Wanted(keys={tag: f"*{tail}"})
    found = sum(len(rows) for rows in ARCHIVE.select(level, wanted))
    assert found == sum(match_one(wanted, tag, values[tag]) for values in ARCHIVE.records(level))
    assert found or tail not in ("7", "37")


@pytest.mark.parametrize(
    ("tail", "expected"), [(b"37", [1, 1, 1, 0, 0, 0]), (b"7", [1, 1, 1, 1, 0, 0]), (b"1x37", [0, 0, 1, 0, 0, 0])]
)
def test_places_that_are_left_empty_are_no_part_of_a_text(tail: bytes, expected: list[int]) -> None:
    """At the end, in the middle, and in the whole of it."""
    texts = [b"ab37\0\0", b"a\0\x003\x007", b"1\0x\x0037", b"\0\0\0\0\x007", b"370000", b"\0" * 6]
    block = np.frombuffer(b"".join(texts), dtype=np.uint8).reshape(6, 6)
    text = Text(block, (block != 0).sum(axis=1))
    assert text.ending(tail).astype(int).tolist() == expected


def test_what_stands_for_nothing_else_is_no_wildcard() -> None:
    assert Wanted(keys={tags.PATIENT_ID: "*37"}).end_of(tags.PATIENT_ID) == b"37"
    assert Wanted(keys={tags.PATIENT_ID: "*37"}, wildcards=False).end_of(tags.PATIENT_ID) is None
    assert Wanted(keys={tags.PATIENT_ID: "*"}).end_of(tags.PATIENT_ID) is None


@pytest.mark.parametrize("tail", [b"0", b"5", b"05", b"37", b"037", b"0037", b"00037"])
@pytest.mark.parametrize("schemes", [identifiers._IDS, identifiers._ACCESSIONS])
def test_numbers_of_few_figures_end_by_arithmetic_as_they_are_written(
    tail: bytes, schemes: tuple[identifiers._Scheme, ...]
) -> None:
    numbers = np.array([0, 5, 37, 105, 1_037, 10_037, 12_340_037] * len(schemes), dtype=np.uint64)
    scheme = np.repeat(np.arange(len(schemes), dtype=np.uint8), 7)
    written = identifiers._written(schemes, scheme, numbers, 9)
    found = identifiers._ending(schemes, scheme, numbers, 9, tail)
    assert found.tolist() == [one.endswith(tail.decode()) for one in written.strings()]
