"""Keys match as PS3.4 C.2.2.2 says."""

import pytest

from leadglass.lab.matching import Wanted, match_one, matches, wanted_of
from leadglass.wire import tags
from leadglass.wire.queries import STUDY, identifier


def one(tag: int, wish: str, value: str) -> bool:
    """Whether a value is what a key asks for."""
    return match_one(Wanted(keys={tag: wish}), tag, value)


@pytest.mark.parametrize(
    ("wish", "day", "expected"),
    [
        ("20200101", "20200101", True),
        ("20200101", "20200102", False),
        ("20200101-20200131", "20200101", True),
        ("20200101-20200131", "20200131", True),
        ("20200101-20200131", "20200201", False),
        ("-20200131", "19991231", True),
        ("-20200131", "20200201", False),
        ("20200101-", "20991231", True),
        ("20200101-", "20191231", False),
        ("-", "20200101", True),
        ("19000101-29991231", "", False),
    ],
)
def test_dates(wish: str, day: str, expected: bool) -> None:
    """Both ends of a range belong to it, and what has no date is in none."""
    assert one(tags.STUDY_DATE, wish, day) is expected


def test_uids_and_several_values() -> None:
    """A list of UIDs matches each of them; one modality matches a study that has it among others."""
    assert one(tags.STUDY_INSTANCE_UID, "1.2\\1.3", "1.3")
    assert not one(tags.STUDY_INSTANCE_UID, "1.2\\1.3", "1.4")
    assert one(tags.MODALITIES_IN_STUDY, "SR", "CT\\SR")
    assert not one(tags.MODALITIES_IN_STUDY, "S", "CT\\SR")
    assert not one(tags.PATIENT_ID, "p1", "P1")


def test_empty_keys_counts_and_unknown_keys_narrow_nothing() -> None:
    """A universal key, a level and a count are no wishes; a key that no record has matches anything."""
    asked = identifier(STUDY, tags.STUDY_INSTANCE_UID, number_of_study_related_instances="7")
    assert wanted_of(asked).keys == {}
    assert matches(Wanted(keys={tags.ACCESSION_NUMBER: "x"}), {tags.PATIENT_ID: "P1"})


@pytest.mark.parametrize(
    ("wish", "value", "expected"),
    [
        ("Lab-*", "Lab-Opal^Jade", True),
        ("*^Jade", "Lab-Opal^Jade", True),
        ("Lab-????^*", "Lab-Opal^Jade", True),
        ("Lab-???^*", "Lab-Opal^Jade", False),
        ("lab-*", "Lab-Opal^Jade", False),
        ("*", "", True),
        ("Lab.*", "Lab-Opal^Jade", False),
    ],
)
def test_wildcards(wish: str, value: str, expected: bool) -> None:
    """As PS3.4 C.2.2.2.4 says; without them they are characters like any other."""
    assert one(tags.PATIENT_NAME, wish, value) is expected
    assert not match_one(Wanted(keys={tags.PATIENT_NAME: wish}, wildcards=False), tags.PATIENT_NAME, value)
    assert not one(tags.STUDY_INSTANCE_UID, "2.25.*", "2.25.1")


@pytest.mark.parametrize(
    ("wish", "time", "expected"),
    [
        ("10-12", "125959", True),
        ("10-12", "130000", False),
        ("1030-", "102959", False),
        ("10:30-", "103000", True),
        ("-090000.5", "090000", True),
        ("000000", "000000", True),
        ("noon-", "130000", False),
        ("1000000-", "130000", False),
    ],
)
def test_times(wish: str, time: str, expected: bool) -> None:
    """A bound means all that begins with it; what is no time matches nothing."""
    assert one(tags.STUDY_TIME, wish, time) is expected
