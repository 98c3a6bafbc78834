"""Keys match as PS3.4 C.2.2.2 says."""

import pytest

from leadglass.lab.matching import match_one, matches, wanted_values
from leadglass.wire import tags
from leadglass.wire.queries import STUDY, identifier


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
    assert match_one(tags.STUDY_DATE, wish, day) is expected


def test_uids_and_several_values() -> None:
    """A list of UIDs matches each of them; one modality matches a study that has it among others."""
    assert match_one(tags.STUDY_INSTANCE_UID, "1.2\\1.3", "1.3")
    assert not match_one(tags.STUDY_INSTANCE_UID, "1.2\\1.3", "1.4")
    assert match_one(tags.MODALITIES_IN_STUDY, "SR", "CT\\SR")
    assert not match_one(tags.MODALITIES_IN_STUDY, "S", "CT\\SR")
    assert not match_one(tags.PATIENT_ID, "p1", "P1")


def test_empty_keys_counts_and_unknown_keys_narrow_nothing() -> None:
    """A universal key, a level and a count are no wishes; a key that no record has matches anything."""
    asked = identifier(STUDY, tags.STUDY_INSTANCE_UID, number_of_study_related_instances="7")
    assert wanted_values(asked) == {}
    assert matches({tags.ACCESSION_NUMBER: "x"}, {tags.PATIENT_ID: "P1"})
