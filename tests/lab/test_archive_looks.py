"""A made-up archive looks like an archive: what surveys and counters stumble over in real ones is in it."""

from collections import Counter
from datetime import date

import numpy as np

from leadglass.lab.archive import Archive
from leadglass.lab.archive.columns import migration_day
from leadglass.lab.archive.days import number_of
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import PATIENT, STUDY

SPEC = ArchiveSpec(seed=11, studies=20_000, patients=9_000, images=700_000, undated=40, migrated=1_500)
STUDIES = list(Archive(SPEC).records(STUDY))
PATIENTS = list(Archive(SPEC).records(PATIENT))
_DAY = Counter(study[tags.STUDY_DATE] for study in STUDIES)


def test_it_grows_over_the_years() -> None:
    years = Counter(study[tags.STUDY_DATE][:4] for study in STUDIES if study[tags.STUDY_DATE])
    assert len(years) == SPEC.years + 1
    assert years["2016"] < years["2019"] < years["2023"] < years["2025"]


def test_weekends_and_nights_are_quiet() -> None:
    migrated = _DAY.most_common(1)[0][0]
    week = Counter(
        date.fromisoformat(study[tags.STUDY_DATE]).weekday()
        for study in STUDIES
        if study[tags.STUDY_DATE] not in ("", migrated)
    )
    assert min(week[day] for day in range(5)) > 5 * max(week[5], week[6]) > 0
    hours = Counter(study[tags.STUDY_TIME][:2] for study in STUDIES)
    assert hours["10"] > 10 * hours["03"] > 0


def test_spikes_stand_where_defaults_and_guesses_leave_them() -> None:
    """Midnight, 19000101, 1 January, the day of the migration; and some have no date at all."""
    times = Counter(study[tags.STUDY_TIME] for study in STUDIES)
    assert times.most_common(1)[0][0] == "000000"
    births = Counter(patient[tags.PATIENT_BIRTH_DATE] for patient in PATIENTS)
    assert births.most_common(1)[0][0] == "19000101"
    assert births[""] > 0
    new_year = sum(count for day, count in births.items() if day.endswith("0101"))
    assert new_year - births["19000101"] > 0.04 * SPEC.patients
    [(day, most), (_, next_most)] = _DAY.most_common(2)
    assert number_of(date.fromisoformat(day)) == migration_day(SPEC)
    assert most == SPEC.migrated > 10 * next_most
    assert _DAY[""] == SPEC.undated


def test_patients_come_back_in_bursts() -> None:
    """1 to 40 studies, most once; and two studies of one patient are rarely far apart."""
    each = Counter(int(patient[tags.NUMBER_OF_PATIENT_RELATED_STUDIES]) for patient in PATIENTS)
    assert each[1] > SPEC.patients / 2
    assert max(each) > 20
    days = Archive(SPEC).columns
    gaps = np.abs(np.diff(days.day.astype(int)))[np.diff(days.patient) == 0]
    assert np.median(gaps) < 30
    assert np.quantile(gaps, 0.95) > 365


def test_images_have_a_long_tail_that_depends_on_the_modality() -> None:
    images = sorted(int(study[tags.NUMBER_OF_STUDY_RELATED_INSTANCES]) for study in STUDIES)
    assert images[len(images) // 2] < 5
    assert images[-1] > 50 * SPEC.images / SPEC.studies
    means = {
        kind: np.mean(
            [
                int(study[tags.NUMBER_OF_STUDY_RELATED_INSTANCES])
                for study in STUDIES
                if study[tags.MODALITIES_IN_STUDY] == kind
            ]
        )
        for kind in ("CT", "MR", "US", "CR")
    }
    assert means["CT"] > means["US"] > means["CR"]
    assert means["MR"] > means["US"]
    found = {modality for study in STUDIES for modality in study[tags.MODALITIES_IN_STUDY].split("\\")}
    assert found >= {"CT", "MR", "CR", "DX", "US", "MG", "SR", "XA", "PT"}


def test_it_is_varied_and_plainly_synthetic() -> None:
    assert all(patient[tags.PATIENT_NAME].startswith("Lab-") for patient in PATIENTS)
    assert len({patient[tags.PATIENT_NAME] for patient in PATIENTS}) > 4000
    assert {patient[tags.PATIENT_SEX] for patient in PATIENTS} == {"F", "M", "O", ""}
    assert len({study[tags.STUDY_DESCRIPTION] for study in STUDIES}) > 20
    assert {study[tags.ACCESSION_NUMBER][:1] for study in STUDIES} >= {"A", "R", "", "7"}
    assert all(len(study[tags.ACCESSION_NUMBER]) <= 16 for study in STUDIES)
