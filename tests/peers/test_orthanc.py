"""Each Orthanc gets exactly its rungs and its figures over DIMSE, by the command that a user types."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadglass.model.exposure import Count
from leadglass.model.kinds import DataKind, DocumentKind, Presence
from leadglass.model.words import NoRecord, Outcome, Permission, Retrieval, Rung, Status, SurfaceKind
from tests.peers import archive
from tests.peers.orthanc import LOGIN, OPEN, WORKLISTS, Orthanc
from tests.peers.running import check, outcome, surface

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def wide_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """An archive that its owner never closed, with a worklist."""
    with Orthanc(tmp_path_factory.mktemp("open"), WORKLISTS, **OPEN).up() as server:
        yield server


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """As Debian ships it, with the records of somebody in it, under a title that must be right."""
    with Orthanc(tmp_path_factory.mktemp("shipped"), WORKLISTS, **LOGIN).up() as server:
        yield server


@pytest.fixture(scope="module")
def worklist_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """As shipped, but for the worklist, which real hospitals open to their modalities and so to everybody."""
    folder = tmp_path_factory.mktemp("worklist")
    with Orthanc(folder, WORKLISTS, **LOGIN, DicomAlwaysAllowFindWorklist=True).up() as server:
        yield server


@pytest.fixture(scope="module")
def titled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """Open to whoever knows its name."""
    folder = tmp_path_factory.mktemp("titled")
    with Orthanc(folder, **OPEN, DicomCheckCalledAet=True, DicomAet="RIGHTNAME").up() as server:
        yield server


def test_an_open_archive_is_counted_exactly(wide_open: Orthanc) -> None:
    ran = check(f"127.0.0.1:{wide_open.dicom}")
    result = ran.result()
    assert (ran.code, ran.err) == (1, "")
    assert (result.status, result.proof) == (Status.SUCCESS, Rung.RETRIEVABLE)
    dimse = surface(result)
    assert (dimse.proof, dimse.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    exposure = dimse.exposure
    assert exposure is not None
    assert exposure == result.exposure
    assert exposure.studies == Count.exact(archive.STUDIES)
    assert exposure.images == Count.exact(archive.IMAGES)
    assert exposure.patients == Count.exact(archive.PATIENTS)
    assert (exposure.years, exposure.modalities, exposure.limits) == (archive.YEARS, archive.MODALITIES, ())
    assert any("Orthanc" in product.name for product in result.products)
    for name in ("records-readable", "images-retrievable", "storage-open", "associations-open", "dimse-clear"):
        assert outcome(result, name) is Outcome.VULNERABLE, name


def test_an_open_archive_shows_which_kinds_of_data_it_holds(wide_open: Orthanc) -> None:
    """It reads what is no main tag from its files, and takes a list of UIDs: two questions, and no record twice."""
    dimse = surface(check(f"dicom://127.0.0.1:{wide_open.dicom}").result())
    assert dimse.exposure is not None
    kinds = dimse.exposure.kinds
    assert kinds is not None
    assert (kinds.records, kinds.confidence) == (archive.STUDIES, 1.0)
    having = {share.kind for share in kinds.shares if share.records == archive.STUDIES}
    assert having == set(DataKind) - {DataKind.NATIONAL_NUMBER, DataKind.REASON}
    assert kinds.documents == dict.fromkeys(DocumentKind, Presence.NOT_SEEN)
    assert dimse.facts.dimse is not None
    asked = [query for query in dimse.facts.dimse.queries if "kinds of data" in query.keys]
    assert [(query.times, query.records) for query in asked] == [(2, archive.STUDIES)]


def test_an_open_archive_shows_its_worklist_as_a_surface_of_its_own(wide_open: Orthanc) -> None:
    result = check(f"dicom://127.0.0.1:{wide_open.dicom}").result()
    worklist = surface(result, SurfaceKind.WORKLIST)
    assert (worklist.proof, worklist.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)
    exposure = worklist.exposure
    assert exposure is not None
    assert exposure.worklist_items == Count.exact(archive.WORKLIST_ITEMS)
    assert exposure.patients == Count.exact(archive.WORKLIST_PATIENTS)
    assert outcome(result, "worklist-readable") is Outcome.VULNERABLE


def test_the_cost_is_told_as_it_was(wide_open: Orthanc) -> None:
    result = check(f"dicom://127.0.0.1:{wide_open.dicom}").result()
    spent = [(s.records_received, s.connections, s.bytes_received) for s in result.surfaces]
    whole = (result.cost.records_received, result.cost.connections, result.cost.bytes_received)
    assert tuple(map(sum, zip(*spent, strict=True))) == whole
    images = 9  # four series, and the images of the smallest of each study
    assert result.cost.records_received <= 20 + images, "three studies and two items need no more"
    assert result.cost.connections <= 14


def test_no_image_is_moved_and_nothing_is_stored(wide_open: Orthanc) -> None:
    before = wide_open.log.read_text(errors="replace")
    check(f"dicom://127.0.0.1:{wide_open.dicom}")
    said = wide_open.log.read_text(errors="replace")[len(before) :]
    assert "LEADGLASS" in said, "or this log does not tell what was asked"
    assert not re.search(r"C-?(Store|Move)|Move-?SCU request", said, re.IGNORECASE)


def test_as_shipped_it_admits_and_gives_nothing(shipped: Orthanc) -> None:
    ran = check(f"dicom://127.0.0.1:{shipped.dicom}")
    result = ran.result()
    assert ran.code == 4, "no image could be asked for by name, so whether images are given stays unknown"
    assert (result.proof, result.exposure) == (Rung.ADMITS, None)
    dimse, worklist = surface(result), surface(result, SurfaceKind.WORKLIST)
    assert (dimse.facts.no_record, dimse.retrieval) == (NoRecord.REFUSED, Retrieval.NOT_ASKED)
    assert (worklist.proof, worklist.facts.no_record) == (Rung.ADMITS, NoRecord.REFUSED)
    assert result.cost.records_received == 0
    for name in ("records-readable", "worklist-readable"):
        assert outcome(result, name) is Outcome.OK, name
    assert outcome(result, "images-retrievable") is Outcome.UNKNOWN, "no image could be asked for by name"
    assert check(f"dicom://127.0.0.1:{shipped.dicom}", "--fail-on", "low").code == 1


def test_a_worklist_alone_left_open_is_found(worklist_only: Orthanc) -> None:
    ran = check(f"dicom://127.0.0.1:{worklist_only.dicom}")
    result = ran.result()
    assert (ran.code, result.proof) == (1, Rung.READABLE)
    dimse, worklist = surface(result), surface(result, SurfaceKind.WORKLIST)
    assert (dimse.proof, dimse.facts.no_record) == (Rung.ADMITS, NoRecord.REFUSED)
    assert worklist.proof is Rung.READABLE
    assert worklist.exposure == result.exposure
    assert worklist.exposure is not None
    assert worklist.exposure.patients == Count.exact(archive.WORKLIST_PATIENTS)
    assert outcome(result, "records-readable") is Outcome.OK
    assert outcome(result, "worklist-readable") is Outcome.VULNERABLE


def test_a_title_that_must_be_right_turns_strangers_away(titled: Orthanc) -> None:
    ran = check(f"dicom://127.0.0.1:{titled.dicom}")
    dimse = surface(ran.result())
    assert (ran.code, dimse.proof, dimse.status) == (4, Rung.SPEAKS, Status.REJECTED)
    assert outcome(ran.result(), "records-readable") is Outcome.UNKNOWN, "a stranger may yet learn the title"
    facts = dimse.facts.dimse
    assert facts is not None
    [attempt] = facts.attempts
    assert attempt.rejection is not None
    assert (attempt.rejection.result, attempt.rejection.source, attempt.rejection.reason) == (1, 1, 7)


@pytest.mark.parametrize("given", ["target", "option"])
def test_the_title_that_its_owner_gives_opens_it(titled: Orthanc, given: str) -> None:
    here = f"127.0.0.1:{titled.dicom}"
    ran = check(f"dicom://RIGHTNAME@{here}") if given == "target" else check(here, "--called-ae-title", "RIGHTNAME")
    result = ran.result()
    assert (ran.code, result.proof) == (1, Rung.RETRIEVABLE)
    assert result.exposure is not None
    assert result.exposure.images == Count.exact(archive.IMAGES)
    facts = surface(result).facts.dimse
    assert facts is not None
    assert [(a.called_ae_title, a.status) for a in facts.attempts] == [
        ("ANY-SCP", Status.REJECTED),
        ("RIGHTNAME", Status.SUCCESS),
    ]


def test_counting_can_be_left_out(wide_open: Orthanc) -> None:
    result = check(f"dicom://127.0.0.1:{wide_open.dicom}", "--no-count").result()
    assert (result.proof, result.exposure) == (Rung.RETRIEVABLE, None)


def test_a_budget_that_the_proof_has_spent_is_said_too(wide_open: Orthanc) -> None:
    result = check(f"dicom://127.0.0.1:{wide_open.dicom}", "--max-records", "1").result()
    exposure = surface(result).exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(1)
    assert any("--max-records" in limit for limit in exposure.limits)
    assert result.proof.at_least(Rung.READABLE)
    assert surface(result, SurfaceKind.WORKLIST).records_received == 0, "no record was left to ask it for"


@pytest.mark.parametrize(
    ("permits", "rung", "asked"),
    [
        ('["connect"]', Rung.ADMITS, ()),
        ('["connect", "read-record"]', Rung.READABLE, (Permission.READ_RECORD,)),
    ],
)
def test_what_the_scope_does_not_permit_is_not_asked(
    wide_open: Orthanc, tmp_path: Path, permits: str, rung: Rung, asked: tuple[Permission, ...]
) -> None:
    """By the server's own log."""
    scope = tmp_path / "scope.toml"
    scope.write_text(
        f'authority = "me"\ncontact = "me@example.org"\nopt_out = []\ntargets = ["127.0.0.1"]\npermits = {permits}\n'
    )
    before = len(wide_open.log.read_text(errors="replace"))
    ran = check(f"dicom://127.0.0.1:{wide_open.dicom}", "--scope", str(scope))
    said = wide_open.log.read_text(errors="replace")[before:]
    result = ran.result()
    dimse = surface(result)
    assert (dimse.proof, dimse.retrieval) == (rung, Retrieval.NOT_ASKED)
    assert ("Find" in said) == (Permission.READ_RECORD in asked), said
    assert "C-GET" not in said
    assert result.not_asked
    if not asked:
        assert (ran.code, result.cost.records_received) == (4, 0)
        assert outcome(result, "records-readable") is Outcome.UNKNOWN
