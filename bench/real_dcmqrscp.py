"""A real dcmqrscp, DCMTK's archive, runs for the length of a `with` and holds as many studies as it takes at most."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.costs import Truth
from bench.foreign import running
from bench.processes import TIMEOUT_S
from bench.real_orthanc import image_file, some_images
from leadglass.lab.archive import Values

PORT, TITLE = 14104, "ITSAET"
_VERSION = 1  # of what is loaded: a new number makes a new archive


@contextmanager
def dcmqrscp_with(path: str, indexer: str, studies: int) -> Iterator[tuple[int, Truth]]:
    """The number of the server's process, and what it holds. Raises RuntimeError where it does not start.

    dcmqridx registers the files; by C-STORE it would take 11 a second.
    """
    folder = Path(tempfile.gettempdir()) / f"leadglass-bench-dcmqrscp-{_VERSION}-{studies}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    told = _load(folder, indexer, studies)
    configuration = folder / "dcmqrscp.cfg"
    configuration.write_text(
        f"NetworkTCPPort = {PORT}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        "HostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"
        f"AETable BEGIN\n{TITLE} {folder / 'archive'} R ({studies}, 1024mb) ANY\nAETable END\n",
        encoding="ascii",
    )
    with running((path, "-c", str(configuration)), (PORT,), folder / "dcmqrscp.log") as pid:
        yield pid, told


def _load(folder: Path, indexer: str, studies: int) -> Truth:
    """Writes and registers the files once; a mark says that all are there."""
    images, told = some_images(studies)
    mark = folder / "whole"
    if not mark.exists():
        register(folder / "archive", indexer, images)
        mark.touch()
    return told


def register(archive: Path, indexer: str, images: list[Values]) -> None:
    """Writes images as files into an archive, and enters them into its index."""
    archive.mkdir(exist_ok=True)
    files = [archive / f"{number}.dcm" for number in range(len(images))]
    for file, values in zip(files, images, strict=True):
        file.write_bytes(image_file(values))
    subprocess.run((indexer, str(archive), *map(str, files)), check=True, timeout=TIMEOUT_S)
