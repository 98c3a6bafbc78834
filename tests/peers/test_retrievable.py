"""Real servers whose files were taken away behind their backs: what an empty-handed C-GET shows, and what not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import RetrievalSample
from leadglass.model.words import CountKind, Retrieval
from tests.peers import archive
from tests.peers.dcmqrscp import TITLE, Dcmqrscp
from tests.peers.orthanc import OPEN, Orthanc
from tests.peers.running import check, surface

pytestmark = pytest.mark.peers
LAST_OF_THE_OTHER_SERIES = 5  # `archive.image` puts it there


@pytest.fixture
def orthanc(tmp_path: Path) -> Iterator[Orthanc]:
    """Open to anybody; of the files that it was given it keeps none in memory, as after a restart."""
    with Orthanc(tmp_path / "orthanc", **OPEN, MaximumStorageCacheSize=0).up() as server:
        yield server


@pytest.fixture
def dcmqrscp(tmp_path: Path) -> Iterator[Dcmqrscp]:
    """Open to whoever knows its title."""
    with Dcmqrscp(tmp_path).up() as server:
        server.load()
        yield server


def take_away(folder: Path, study: str) -> int:
    """Removes the files of one study below `folder`: how many those were."""
    gone = 0
    for path in folder.rglob("*"):
        try:
            uid = dcmread(path, stop_before_pixels=True).get("StudyInstanceUID") if path.is_file() else None
        except (InvalidDicomError, OSError):
            continue
        if uid == study:
            path.unlink()
            gone += 1
    return gone


def asked(target: str) -> tuple[Exposure, RetrievalSample | None]:
    """What is given away, and what asking for a few studies came to."""
    dimse = surface(check(target).result())
    assert dimse.retrieval is Retrieval.PROVED
    assert dimse.exposure is not None
    assert dimse.facts.dimse is not None
    return dimse.exposure, dimse.facts.dimse.retrieval_sample


def test_what_is_there_is_retrievable(orthanc: Orthanc) -> None:
    """Nothing is lost: one image each of three studies stands for all eight."""
    exposure, told = asked(f"dicom://127.0.0.1:{orthanc.dicom}")
    assert told is not None
    assert (told.asked, told.handed) == (archive.STUDIES, archive.STUDIES)
    assert exposure.retrievable_images is not None
    assert exposure.retrievable_images.count == archive.IMAGES


def test_orthanc_opens_the_file_so_a_lost_one_is_not_retrievable(orthanc: Orthanc) -> None:
    """It lists the study, and fails over its image without counting it."""
    assert take_away(orthanc.folder / "storage", archive.study_uid(1)) == 2
    exposure, told = asked(f"dicom://127.0.0.1:{orthanc.dicom}")
    assert exposure.images == Count.exact(archive.IMAGES)
    assert told is not None
    assert (told.asked, told.handed, told.withheld) == (3, 2, 1)
    assert exposure.retrievable_images is not None
    assert (exposure.retrievable_images.kind, exposure.retrievable_images.count) == (CountKind.ESTIMATE, 6)


def test_dcmqrscp_opens_none_so_a_lost_file_still_counts(dcmqrscp: Dcmqrscp) -> None:
    """Its reply shows permission, and no file: docs/sampling.md says so."""
    assert take_away(dcmqrscp.folder / "archive", archive.study_uid(1)) == 2
    exposure, told = asked(f"dicom://{TITLE}@127.0.0.1:{dcmqrscp.port}")
    assert exposure.images == Count.exact(archive.IMAGES)
    assert told is not None
    assert (told.asked, told.handed, told.withheld) == (3, 3, 0)
    assert exposure.retrievable_images is not None
    assert exposure.retrievable_images.count == archive.IMAGES


def test_of_a_long_series_orthanc_gives_the_one_image_that_has_the_number(orthanc: Orthanc) -> None:
    """Without it every image of the smallest series would come, since a cancel does not stop Orthanc in time."""
    for number in range(2, 60):
        if number != LAST_OF_THE_OTHER_SERIES:
            assert orthanc.get("/instances", data=archive.encoded(archive.image(0, number))) == 200
    dimse = surface(check(f"dicom://127.0.0.1:{orthanc.dicom}").result())
    assert dimse.facts.dimse is not None
    asked = [query for query in dimse.facts.dimse.queries if query.level == "IMAGE"]
    assert sum(query.times for query in asked) == archive.STUDIES
    assert sum(query.records for query in asked) < 20
    assert dimse.exposure is not None
    assert dimse.exposure.retrievable_images is not None
    assert dimse.exposure.retrievable_images.count == archive.IMAGES + 57
