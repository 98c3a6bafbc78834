"""Records go in as bytes and come out as figures; nothing of them is left in the tally."""

import gc

import pytest

from leadglass.knowledge.modalities import CURRENT, OTHER, RETIRED
from leadglass.measure.tally import MAX_COMBINATIONS, Tally
from leadglass.model.exposure import Count


def test_patients_are_told_apart_by_their_plain_value() -> None:
    tally = Tally()
    for value in (b"A1", b"A1 ", b" A1\0", b"a1", b"", b"  ", b"\0"):
        tally.patient(value)
    assert tally.distinct_patients == 2, "case counts, padding does not, and nobody has no identifier"


def test_a_study_that_comes_twice_is_counted_once_and_said() -> None:
    tally = Tally()
    assert [tally.study(uid) for uid in (b"1.2\0", b"1.2", b"1.3\0", b"1.2 ")] == [True, False, True, False]
    assert (tally.records, tally.distinct_studies, tally.duplicates) == (4, 2, 2)
    exposure = tally.exposure(True)
    assert any("more than once" in limit for limit in exposure.limits)
    assert exposure.studies == Count.at_least(2), "it may be two patients' to the server"


@pytest.mark.parametrize(
    ("values", "years"),
    [
        ((b"20110223", b"20171105"), (2011, 2017)),
        ((b"00010101", b"20110223", b"99991231"), (2011, 2011)),
        ((b"", b"unknown", b"2011", b"2011-02-23", b"\xb2011022"), None),
        ((b"19000101", b"21001231"), (1900, 2100)),
    ],
)
def test_years(values: tuple[bytes, ...], years: tuple[int, int] | None) -> None:
    tally = Tally()
    for value in values:
        tally.date(value)
    assert tally.years() == years


def test_modalities_are_codes_and_never_text() -> None:
    """A peer may write anything there, a name for instance."""
    tally = Tally()
    for value in (
        b"CT\\SR ",
        b"CT\\CT",
        b"MR",
        b"Smith^John",
        b"\x1b[31m",
        b"12345",
        b"DOEJANE",
        b"DOE\\JANE",
        b"ct",
        b"",
    ):
        tally.modalities(value)
    assert tally.modality_counts() == {"other": 6, "CT": 2, "MR": 1, "SR": 1}


def test_every_defined_term_is_shown() -> None:
    """Current and retired ones, padded as CS is."""
    tally = Tally()
    for term in CURRENT | RETIRED:
        tally.modalities(term.encode("ascii") + b" ")
    assert tally.modality_counts() == dict.fromkeys(sorted(CURRENT | RETIRED), 1)
    assert not CURRENT & RETIRED
    assert all(len(term) <= 16 and term.isupper() for term in CURRENT | RETIRED)


def test_modalities_without_end_are_bounded_and_crowd_out_none() -> None:
    tally = Tally()
    many = 10 * MAX_COMBINATIONS
    for number in range(many):
        tally.modalities(b"M%dX" % number)
    tally.modalities(b"CT")
    assert len(tally._combined) == MAX_COMBINATIONS
    assert tally.modality_counts() == {OTHER: many, "CT": 1}


def test_images_that_are_left_out_or_nonsense_make_the_figure_a_lower_bound() -> None:
    tally = Tally()
    for value in (b"3 ", b"", b"-4", b"9" * 12):
        tally.images(value)
    assert tally.without_images == 3
    assert tally.exposure(True).images == Count.at_least(3)
    tally.add_images(5, whole=True)
    tally.add_images(1, whole=True)
    tally.add_images(1, whole=False)
    assert tally.exposure(True).images == Count.at_least(10), "one study is not known to be whole"
    tally.add_images(0, whole=True)
    assert tally.exposure(True).images == Count.exact(10)
    assert tally.exposure(False).images == Count.at_least(10)


def test_no_figure_where_nothing_was_told() -> None:
    tally = Tally()
    tally.study(b"1.2")
    tally.images(b"")
    assert tally.exposure(True).images is None
    assert tally.exposure(True).modalities is None


def test_nothing_of_a_record_is_left() -> None:
    """Neither in what it holds nor in its digests under another tally's key."""
    tally, other = Tally(), Tally()
    for one in (tally, other):
        one.study(b"1.2.826.0.1.3680043.8.498.77")
        one.patient(b"ZQ-774-0193")
    for held, others in ((tally._patients._known, other._patients._known), (tally._studies, other._studies)):
        assert held is not None
        assert others is not None
        assert held.numbers()
        assert not set(held.numbers()) & set(others.numbers())
    gc.collect()
    shown = repr(vars(tally)) + repr(tally)
    assert "ZQ-774" not in shown
    assert "3680043" not in shown


def test_records_that_name_no_patient_leave_the_figure_open() -> None:
    """None of them is "no patient", and some of them may be of patients that no other record names."""
    tally = Tally()
    for number, patient in enumerate((b"", b" ", b"\0")):
        tally.study(b"1.2.%d" % number)
        tally.patient(patient)
    assert tally.exposure(True).patients is None
    assert any("without a patient's identifier: 3" in limit for limit in tally.exposure(True).limits)
    tally.patient(b"ONE")
    assert tally.exposure(True).patients == Count.at_least(1)


@pytest.mark.parametrize("uid", [b"1.2", b""])
def test_studies_that_only_repeat_are_told_from_long_lists(uid: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadglass.measure.tally.MAX_REPEATED", 100)
    monkeypatch.setattr("leadglass.measure.tally.MAX_REPEATED_EACH", 50)
    endless, images = Tally(), Tally()
    for number in range(200):
        endless.study(uid)
        images.study(b"1.2.%d" % (number // 40))
    assert (endless.repeating, images.repeating) == (True, False)
