"""One real dcmqrscp, DCMTK's archive, whose only title is ITSAET."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydicom.dataset import Dataset

from tests.peers import archive
from tests.peers.process import free_port, program, running
from tests.peers.stranger import store_all

TITLE = "ITSAET"


class Dcmqrscp:
    """One dcmqrscp whose archive lets `peers` in with `access`."""

    def __init__(self, folder: Path, peers: str = "ANY", access: str = "RW", most: int = 200) -> None:
        """Writes the configuration; nothing runs yet. `peers` is `ANY`, or `ours` for the one known caller.

        `most` is how many studies it keeps.
        """
        self.port, self.folder = free_port(), folder
        self.kept = kept = folder / "archive"
        kept.mkdir(parents=True, exist_ok=True)
        self.configuration = folder / "dcmqrscp.cfg"
        self.configuration.write_text(
            f"NetworkTCPPort = {self.port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
            "HostTable BEGIN\nours = (KNOWN, localhost, 5678)\nHostTable END\n"
            "VendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\n{TITLE} {kept} {access} ({most}, 1024mb) {peers}\nAETable END\n",
            encoding="ascii",
        )

    @contextmanager
    def up(self) -> Iterator["Dcmqrscp"]:
        """Running, from start to end of the block."""
        with running([program("dcmqrscp"), "-c", str(self.configuration)], (self.port,), self.folder):
            yield self

    def load(self, items: list[Dataset] | None = None) -> None:
        """The archive, or some of it, by C-STORE."""
        store_all(self.port, TITLE, archive.images() if items is None else items)
