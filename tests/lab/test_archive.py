"""An archive follows from its specification, holds exactly what that says, and costs a few bytes a study."""

import hashlib
import re
from itertools import islice

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from msgspec import structs

from leadglass.lab.archive import Archive
from leadglass.lab.archive.bits import Scatter, mixed, unmixed
from leadglass.lab.archive.columns import Columns, migration_day
from leadglass.lab.archive.sharing import shared, shared_within
from leadglass.lab.shelf import Shelf
from leadglass.lab.spec import EMPTY, MAX_STUDIES_A_PATIENT, ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY
from tests.lab.served import ARCHIVE, SPEC

# Of the small archive that the tests ask: it changes where a seed no longer means what it meant.
GOLDEN = "a04e61956650277d"
_UID = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+")


@some.composite
def specs(draw: some.DrawFn) -> ArchiveSpec:
    """Any archive that there can be, small ones first."""
    studies = draw(some.integers(0, 3000))
    undated = draw(some.integers(0, studies))
    return ArchiveSpec(
        seed=draw(some.integers(0, 2**63)),
        studies=studies,
        patients=draw(some.integers(-(-studies // MAX_STUDIES_A_PATIENT), studies)),
        images=studies + draw(some.integers(0, 200_000)) * bool(studies),
        years=draw(some.integers(1, 30)),
        undated=undated,
        migrated=draw(some.integers(0, studies - undated)),
    )


def is_exact(spec: ArchiveSpec) -> None:
    """Every total of the specification is met, and no date lies outside its years."""
    columns = Archive(spec, Shelf(0)).columns
    each = np.diff(columns.first.astype(np.int64))
    assert (len(each), int(each.sum()), len(columns.day)) == (spec.patients, spec.studies, spec.studies)
    assert int(columns.images.sum(dtype=np.int64)) == spec.images
    assert int((columns.day == 0).sum()) == spec.undated
    if spec.migrated:
        assert int((columns.day == migration_day(spec)).sum()) == spec.migrated
    if spec.studies:
        assert each.min() >= 1
        assert each.max() <= MAX_STUDIES_A_PATIENT
        assert columns.images.min() >= 1
    dated = columns.day[columns.day > 0].astype(np.int64)
    if len(dated):
        end = spec.last_day.toordinal() - 693_595  # 31 December 1899
        assert end - spec.years * 365 < dated.min()
        assert dated.max() <= end


@settings(max_examples=150, deadline=None)
@given(specs())
def test_totals_are_exact(spec: ArchiveSpec) -> None:
    is_exact(spec)


@pytest.mark.parametrize(
    "spec",
    [
        EMPTY,
        ArchiveSpec(seed=1, studies=1, patients=1, images=1),
        ArchiveSpec(seed=1, studies=1, patients=1, images=1, undated=1),
        ArchiveSpec(seed=2, studies=500, patients=500, images=500),
        ArchiveSpec(seed=3, studies=400, patients=10, images=90_000),
        ArchiveSpec(seed=4, studies=700, patients=300, images=9_000, migrated=700),
        ArchiveSpec(seed=5, studies=5, patients=3, images=80_000_000),
    ],
)
def test_totals_are_exact_at_the_edges(spec: ArchiveSpec) -> None:
    """Nothing, one, all patients with one study, all with 40, all migrated, few but large studies."""
    is_exact(spec)


@pytest.mark.parametrize(
    "changes",
    [
        {"patients": 4},
        {"patients": 201},
        {"images": 199},
        {"undated": 150, "migrated": 51},
        {"undated": -1},
        {"years": 0},
        {"years": 200},
        {"images": 10**10},
        {"studies": 0, "patients": 0, "undated": 0, "migrated": 0},
    ],
)
def test_an_archive_that_cannot_be_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"archive|studies|images|years"):
        Archive(structs.replace(SPEC, **changes))


def digest_of(archive: Archive) -> str:
    """A digest of every value of every study, and of one study's images."""
    studies = list(archive.records(STUDY))
    images = list(archive.records(IMAGE, {tags.STUDY_INSTANCE_UID: studies[0][tags.STUDY_INSTANCE_UID]}))
    return hashlib.sha256(msgspec.json.encode([studies, images])).hexdigest()[:16]


def test_one_seed_makes_one_archive_everywhere() -> None:
    """With every numpy and on every machine; another seed makes another one."""
    assert digest_of(ARCHIVE) == GOLDEN
    assert digest_of(Archive(structs.replace(SPEC, seed=SPEC.seed + 1))) != GOLDEN


def test_levels_add_up() -> None:
    """What each level says of those below is what stands there."""
    patients, studies = list(ARCHIVE.records(PATIENT)), list(ARCHIVE.records(STUDY))
    series, images = list(ARCHIVE.records(SERIES)), list(ARCHIVE.records(IMAGE))
    assert sum(int(one[tags.NUMBER_OF_PATIENT_RELATED_STUDIES]) for one in patients) == len(studies) == SPEC.studies
    for records, tag in (
        (patients, tags.NUMBER_OF_PATIENT_RELATED_INSTANCES),
        (studies, tags.NUMBER_OF_STUDY_RELATED_INSTANCES),
        (series, tags.NUMBER_OF_SERIES_RELATED_INSTANCES),
    ):
        assert sum(int(one[tag]) for one in records) == len(images) == SPEC.images
    for study in studies:
        own = [one for one in series if one[tags.STUDY_INSTANCE_UID] == study[tags.STUDY_INSTANCE_UID]]
        assert len(own) == int(study[tags.NUMBER_OF_STUDY_RELATED_SERIES])
        assert {one[tags.MODALITY] for one in own} == set(study[tags.MODALITIES_IN_STUDY].split("\\"))


def test_nobody_is_examined_before_birth() -> None:
    """The studies of a migration day count too, and so does who came only in the archive's first days."""
    spec = structs.replace(SPEC, studies=20_000, patients=7_000, images=60_000, undated=50, migrated=4_000)
    dated = [
        (one[tags.PATIENT_BIRTH_DATE], one[tags.STUDY_DATE])
        for one in Archive(spec).records(STUDY)
        if one[tags.PATIENT_BIRTH_DATE] and one[tags.STUDY_DATE]
    ]
    assert len(dated) > 15_000
    assert not [pair for pair in dated if pair[0] > pair[1]]


def test_identifiers_are_distinct_and_uids_are_uids() -> None:
    """UIDs of all levels as PS3.5 9.1 has them, of several lengths; IDs of several schemes, all distinct."""
    images = list(ARCHIVE.records(IMAGE))
    uids = {image[tag] for image in images for tag in (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID)}
    uids |= {image[tags.SOP_INSTANCE_UID] for image in images}
    assert len(uids) == SPEC.studies + sum(1 for _ in ARCHIVE.records(SERIES)) + SPEC.images
    assert all(len(uid) <= 64 and _UID.fullmatch(uid) for uid in uids)
    assert len({len(uid) for uid in uids}) > 5
    ids = [patient[tags.PATIENT_ID] for patient in ARCHIVE.records(PATIENT)]
    assert len(set(ids)) == len(ids)
    assert {re.sub("[0-9]+", "9", one) for one in ids} == {"P9", "MRN-9", "9-9-9", "9", "A/9"}
    numbers = [number for one in ARCHIVE.records(STUDY) if (number := one[tags.ACCESSION_NUMBER])]
    assert len(set(numbers)) == len(numbers)


def test_identifiers_lead_back() -> None:
    """Each UID, ID and accession number to its record; what is like one leads nowhere."""
    identifiers = ARCHIVE.identifiers
    for number, study in enumerate(ARCHIVE.records(STUDY)):
        assert identifiers.studies([study[tags.STUDY_INSTANCE_UID]]).tolist() == [number]
        assert identifiers.study_of_accession(study[tags.ACCESSION_NUMBER]) in (number, None)
    for number, patient in enumerate(ARCHIVE.records(PATIENT)):
        assert identifiers.patient_of(patient[tags.PATIENT_ID]) == number
    for image in islice(ARCHIVE.records(IMAGE), 50):
        assert not identifiers.studies([image[tags.SERIES_INSTANCE_UID], image[tags.SOP_INSTANCE_UID]]).size
    for nobody in ("", "P", "P1", "9" * 5000, "P99999999", "ACC", "-", "²", "A/007", "900-00-0000"):
        assert identifiers.patient_of(nobody) is None
        assert identifiers.study_of_accession(nobody) is None
        assert not identifiers.studies([nobody, "2.25." + nobody]).size


def test_a_million_studies_are_small() -> None:
    """Less than 64 MB of columns, under a bound for all archives together."""
    shelf: Shelf[ArchiveSpec, Columns] = Shelf(20_000_000)
    spec = ArchiveSpec(seed=6, studies=1_000_000, patients=430_000, images=33_000_000, migrated=400_000)
    archive = Archive(spec, shelf)
    assert shelf.held_bytes == 0
    assert archive.columns.size_bytes == shelf.held_bytes < 20_000_000
    assert int(archive.columns.images.sum(dtype=np.int64)) == spec.images
    assert archive.columns is archive.columns
    columns = Archive(SPEC, shelf).columns
    assert shelf.held_bytes == archive.columns.size_bytes + columns.size_bytes <= 20_000_000


def test_a_shelf_forgets_what_was_not_asked_for_longest() -> None:
    shelf: Shelf[str, int] = Shelf(10)
    for key, size in (("a", 4), ("b", 4), ("c", 11)):
        shelf.put(key, size, size)
    assert (shelf.get("a"), shelf.get("c")) == (4, None)
    shelf.put("d", 5, 5)
    assert (shelf.get("a"), shelf.get("b"), shelf.get("d"), shelf.held_bytes) == (4, None, 5, 9)


def test_permutations_are_undone() -> None:
    words = np.array([0, 1, 2**63, 2**64 - 1, 12345], dtype=np.uint64)
    assert unmixed(mixed(words)).tolist() == words.tolist()
    for count, modulus in ((0, 1), (1, 1), (1, 2), (7, 7), (100, 1000), (997, 1000)):
        scatter = Scatter(3, "test", count, modulus)
        numbers = scatter.of(np.arange(count)).tolist()
        assert len(set(numbers)) == count
        assert [scatter.index_of(number) for number in numbers] == list(range(count))
    with pytest.raises(ValueError, match="do not go"):
        Scatter(1, "test", 11, 10)


@given(some.lists(some.integers(1, 2**40), min_size=1), some.integers(0, 2**40))
def test_shares_add_up(weights: list[int], total: int) -> None:
    """Also where total and weights are so large that weights have to be made coarser."""
    of = np.array(weights, dtype=np.uint64)
    assert sum(shared(total, of).tolist()) == total
    most = total // len(weights) + 1
    limited = shared_within(total, of, most).tolist()
    assert (sum(limited), max(limited) <= most) == (total, True)
