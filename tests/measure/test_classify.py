"""Values become kinds by what they are, placeholders are none, and no bytes raise."""

import random

import pytest

from leadglass.measure.kinds.classify import STUDY_KEYS, Classified
from leadglass.model.kinds import DataKind, DocumentKind, Presence
from leadglass.wire import tags

PDF, SR, SC = "1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.88.22", "1.2.840.10008.5.1.4.1.1.7.2"


def kinds_of(values: dict[int, bytes]) -> set[DataKind]:
    """The kinds of one record."""
    seen = Classified()
    seen.take(values, STUDY_KEYS)
    return {share.kind for share in seen.kinds(whole=False).shares if share.records}


YES = [
    (tags.PATIENT_NAME, b"Canary^Wanda", DataKind.NAME),
    (tags.PATIENT_NAME, "Łuk^Ą".encode(), DataKind.NAME),
    (tags.PATIENT_NAME, "山田^太郎".encode(), DataKind.NAME),
    (tags.PATIENT_NAME, b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", DataKind.NAME),
    (tags.PATIENT_BIRTH_DATE, b"19390711", DataKind.BIRTH_DATE),
    (tags.PATIENT_ID, b"4711", DataKind.PATIENT_ID),
    (tags.OTHER_PATIENT_IDS, b"X1\\219-09-9999", DataKind.NATIONAL_NUMBER),
    (tags.PATIENT_ADDRESS, b"7 Elmtreelane", DataKind.ADDRESS),
    (tags.PATIENT_TELEPHONE_NUMBERS, b"+49 30 555-0199", DataKind.TELEPHONE),
    (tags.REFERRING_PHYSICIAN_NAME, b"Doc^Rex", DataKind.REFERRING_PHYSICIAN),
    (tags.REQUESTING_PHYSICIAN, b"Doc^Rex", DataKind.REFERRING_PHYSICIAN),
    (tags.PERFORMING_PHYSICIAN_NAME, b"Doc^Rex", DataKind.PERFORMING_PHYSICIAN),
    (tags.NAME_OF_PHYSICIANS_READING_STUDY, b"Doc^Rex", DataKind.PERFORMING_PHYSICIAN),
    (tags.REQUESTED_PROCEDURE_DESCRIPTION, b"CT Chest", DataKind.PROCEDURE),
    (tags.STUDY_DESCRIPTION, b"CT Chest", DataKind.PROCEDURE),
    (tags.REASON_FOR_STUDY, b"fall", DataKind.REASON),
    (tags.REASON_FOR_THE_REQUESTED_PROCEDURE, b"fall", DataKind.REASON),
    (tags.ADMITTING_DIAGNOSES_DESCRIPTION, b"pneumonia", DataKind.DIAGNOSIS),
    (tags.INSTITUTION_NAME, b"St. Nowhere", DataKind.INSTITUTION),
]
NO = [
    (tags.PATIENT_NAME, b""), (tags.PATIENT_NAME, b" \0"), (tags.PATIENT_NAME, b"^^^^"), (tags.PATIENT_NAME, b"X"),
    (tags.PATIENT_NAME, b"ANONYMOUS"), (tags.PATIENT_NAME, b"Anonymized^Patient"), (tags.PATIENT_NAME, b"Unknown"),
    (tags.PATIENT_NAME, b"TEST^PATIENT"), (tags.PATIENT_NAME, b"NO NAME"), (tags.PATIENT_NAME, b"12345"),
    (tags.PATIENT_BIRTH_DATE, b"19000101"), (tags.PATIENT_BIRTH_DATE, b"1939"), (tags.PATIENT_BIRTH_DATE, b"20110229"),
    (tags.PATIENT_BIRTH_DATE, b"00000000"), (tags.PATIENT_BIRTH_DATE, "１９３９０７１１".encode()),
    (tags.PATIENT_ID, b"0000"), (tags.PATIENT_ID, b"N/A"), (tags.PATIENT_ID, b"unknown"),
    (tags.PATIENT_TELEPHONE_NUMBERS, b"none"), (tags.PATIENT_TELEPHONE_NUMBERS, b"00000000"),
    (tags.PATIENT_ADDRESS, b"12345"), (tags.INSTITUTION_NAME, b"-"),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "value", "kind"), YES)
def test_a_value_has_its_kind(tag: int, value: bytes, kind: DataKind) -> None:
    assert kind in kinds_of({tag: value + b" "})


@pytest.mark.parametrize(("tag", "value"), NO)
def test_what_says_nothing_is_no_kind(tag: int, value: bytes) -> None:
    assert not kinds_of({tag: value}) - {DataKind.NATIONAL_NUMBER}


def test_shares_have_their_interval_and_what_was_not_asked_is_left_out() -> None:
    seen = Classified()
    for number in range(20):
        asked = (tags.PATIENT_NAME, tags.PATIENT_BIRTH_DATE)
        seen.take({tags.PATIENT_NAME: b"Canary^Wanda"} if number < 3 else {}, asked)
    name, birth = seen.kinds(whole=False).shares
    assert (name.kind, name.records, name.share, name.low, name.high) == (DataKind.NAME, 3, 0.15, 0.0321, 0.3789)
    assert (birth.kind, birth.records, birth.low, birth.high) == (DataKind.BIRTH_DATE, 0, 0.0, 0.1684)
    assert seen.kinds(whole=False).confidence == 0.95
    all_there = seen.kinds(whole=True)
    assert (all_there.confidence, all_there.shares[0].low, all_there.shares[0].high) == (1.0, 0.15, 0.15)


def test_an_id_counts_once_and_under_the_strictest_shape() -> None:
    seen = Classified()
    seen.take({tags.PATIENT_ID: b"219-09-9999", tags.OTHER_PATIENT_IDS: b"123-45-6789\\11010519491231002X"}, STUDY_KEYS)
    seen.take({tags.PATIENT_ID: b"219-09-9999"}, STUDY_KEYS)
    seen.take({tags.PATIENT_ID: b"P0000001"}, STUDY_KEYS)
    kinds = seen.kinds(whole=False)
    assert kinds.national_numbers == {"cn-resident": 1, "us-ssn": 1}
    assert [share.records for share in kinds.shares if share.kind is DataKind.NATIONAL_NUMBER] == [2]


@pytest.mark.parametrize(
    ("modalities", "classes", "expected"),
    [
        (b"", b"", (Presence.NOT_TOLD,) * 3),
        (b"CT", b"", (Presence.NOT_SEEN, Presence.NOT_SEEN, Presence.NOT_TOLD)),
        (b"CT\\SR ", b"", (Presence.NOT_SEEN, Presence.PRESENT, Presence.NOT_TOLD)),
        (b"DOC", b"", (Presence.PRESENT, Presence.NOT_SEEN, Presence.NOT_TOLD)),
        (b"OT", PDF.encode() + b"\0", (Presence.PRESENT, Presence.NOT_SEEN, Presence.NOT_SEEN)),
        (b"", f"{SR}\\{SC}".encode(), (Presence.NOT_SEEN, Presence.PRESENT, Presence.PRESENT)),
        (b"CT", b"1.2.840.10008.5.1.4.1.1.77.1.1", (Presence.NOT_SEEN,) * 3),
    ],
)
def test_documents(modalities: bytes, classes: bytes, expected: tuple[Presence, ...]) -> None:
    seen = Classified()
    seen.take({tags.MODALITIES_IN_STUDY: modalities, tags.SOP_CLASSES_IN_STUDY: classes}, STUDY_KEYS)
    assert tuple(seen.kinds(whole=False).documents.values()) == expected
    assert tuple(seen.kinds(whole=False).documents) == tuple(DocumentKind)


def test_hostile_bytes_raise_nothing_and_are_not_shown() -> None:
    chance, seen = random.Random(11), Classified()
    for _ in range(900):
        seen.take({tag: chance.randbytes(chance.randrange(40)) for tag in STUDY_KEYS}, STUDY_KEYS)
    seen.take(dict.fromkeys(STUDY_KEYS, b"\\" * 100_000), STUDY_KEYS)
    seen.take(dict.fromkeys(STUDY_KEYS, b"A1" * 500_000), STUDY_KEYS)
    seen.take({tags.PATIENT_NAME: b"CANARY"}, STUDY_KEYS)
    assert "CANARY" not in repr(seen) + repr(vars(seen)) + repr(seen.kinds(whole=False))
