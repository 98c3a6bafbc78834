"""Two real servers full of canaries, and what a run of the command leaves behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers import archive
from tests.peers.dcmqrscp import TITLE, Dcmqrscp
from tests.peers.isolation import require_isolation
from tests.peers.orthanc import DICOMWEB, OPEN, WORKLISTS, Orthanc


@pytest.fixture(scope="session")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    """An Orthanc open in every way, and a dcmqrscp under its title."""
    require_isolation()
    folder = tmp_path_factory.mktemp(archive.FOLDER)
    orthanc, dcmqrscp = Orthanc(folder / "orthanc", WORKLISTS, DICOMWEB, **OPEN), Dcmqrscp(folder / "dcmqrscp")
    with orthanc.up(), dcmqrscp.up():
        dcmqrscp.load()
        yield (
            f"dicom://127.0.0.1:{orthanc.dicom}",
            f"http://127.0.0.1:{orthanc.http}",
            f"dicom://{TITLE}@127.0.0.1:{dcmqrscp.port}",
        )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """HOME, working directory and place of temporary files of one run: all that it writes is here."""
    return tmp_path
