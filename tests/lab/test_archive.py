"""An archive follows from its seed, and holds exactly what it was asked to hold."""

import re
from datetime import date

import pytest

from leadglass.lab.archive import make_archive


def test_one_seed_makes_one_archive() -> None:
    """A bench and a test can name their archive by a number."""
    assert make_archive(5, 60) == make_archive(5, 60)
    assert make_archive(5, 60) != make_archive(6, 60)


@pytest.mark.parametrize("count", [0, 1, 2, 333])
def test_it_holds_as_many_studies_as_were_asked_for(count: int) -> None:
    """Exactly, so that a count of it can be judged."""
    assert len(make_archive(1, count).studies) == count


def test_it_is_varied_and_its_identifiers_are_distinct() -> None:
    """Patients with one study and with several, several years and modalities, UIDs of several lengths."""
    archive = make_archive(2, 1000, date(2026, 11, 1))
    studies = [study for _, study in archive.studies]
    uids = {study.uid for study in studies}
    assert len(uids) == len(studies)
    assert len({len(uid) for uid in uids}) > 5
    assert all(re.fullmatch(r"2\.25\.[1-9][0-9]{0,38}", uid) for uid in uids)
    assert len({patient.id for patient in archive.patients}) == len(archive.patients)
    assert {len(patient.studies) for patient in archive.patients} >= {1, 2, 3}
    assert len({study.date[:4] for study in studies}) >= 10
    assert {modality for study in studies for modality in study.modalities} >= {"CR", "CT", "MR", "SR"}
    assert max(study.date for study in studies) <= "20261101"
    series = studies[0].series[0]
    assert len({series.image_uid(index) for index in range(50)}) == 50
