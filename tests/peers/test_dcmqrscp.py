"""dcmqrscp turns a stranger away who does not know its one title, and gives everything to one who does."""

from collections.abc import Iterator

import pytest

from leadglass.model.exposure import Count
from leadglass.model.words import Outcome, Retrieval, Rung, Status
from tests.peers import archive
from tests.peers.dcmqrscp import TITLE, Dcmqrscp
from tests.peers.running import check, outcome, surface

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dcmqrscp]:
    """Open to anybody who knows the title."""
    with Dcmqrscp(tmp_path_factory.mktemp("dcmqrscp")).up() as server:
        server.load()
        yield server


def test_any_scp_is_turned_away(archived: Dcmqrscp) -> None:
    ran = check(f"127.0.0.1:{archived.port}")
    result = ran.result()
    dimse = surface(result)
    assert (ran.code, result.proof, dimse.status) == (4, Rung.SPEAKS, Status.REJECTED)
    assert "called AE title" in dimse.detail
    assert outcome(result, "records-readable") is Outcome.UNKNOWN, "a stranger may yet learn the title"


def test_its_title_opens_it(archived: Dcmqrscp) -> None:
    """It leaves NumberOfStudyRelatedInstances out: images are counted level by level."""
    ran = check(f"dicom://{TITLE}@127.0.0.1:{archived.port}")
    result = ran.result()
    dimse, exposure = surface(result), result.exposure
    assert (ran.code, dimse.proof, dimse.retrieval) == (1, Rung.RETRIEVABLE, Retrieval.PROVED)
    assert exposure is not None
    assert exposure.studies == Count.exact(archive.STUDIES)
    assert exposure.images == Count.exact(archive.IMAGES)
    assert exposure.patients == Count.exact(archive.PATIENTS)
    assert (exposure.years, exposure.modalities) == (archive.YEARS, archive.MODALITIES)
    assert result.products[0].name.startswith("DCMTK")
    assert outcome(result, "images-retrievable") is Outcome.VULNERABLE


def test_images_that_the_budget_does_not_reach_are_at_least(archived: Dcmqrscp) -> None:
    result = check(f"dicom://{TITLE}@127.0.0.1:{archived.port}", "--max-records", "10").result()
    assert result.exposure is not None
    assert result.exposure.images is None or result.exposure.images.kind == "at-least"
    assert result.exposure.studies == Count.exact(archive.STUDIES)


def test_a_folder_of_targets_keeps_its_order(archived: Dcmqrscp) -> None:
    """One server under several names is asked by one at a time, each with its own result."""
    here = f"127.0.0.1:{archived.port}"
    targets = [f"dicom://{TITLE}@{here}", f"dicom://WRONGNAME@{here}", f"dicom://{here}"]
    document = check(*targets).document()
    assert [target.target for target in document.targets] == targets
    assert [target.proof for target in document.targets] == [Rung.RETRIEVABLE, Rung.SPEAKS, Rung.SPEAKS]
