"""One real Orthanc with a configuration of its own, its archive loaded through REST."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers import archive
from tests.peers.process import free_port, missing, program, running

PLUGINS = Path("/usr/share/orthanc/plugins")
WORKLISTS, DICOMWEB = PLUGINS / "libModalityWorklists.so", PLUGINS / "libOrthancDicomWeb.so"
# As an archive that its owner never closed.
OPEN = {f"DicomAlwaysAllow{what}": True for what in ("Echo", "Store", "Find", "FindWorklist", "Get", "Move")}
# Debian's orthanc.json ships with the login on; the DIMSE settings are then Orthanc's own defaults.
LOGIN = {"AuthenticationEnabled": True, "RegisteredUsers": {"somebody": "a long secret"}}
_BASIC = base64.b64encode(b"somebody:a long secret").decode("ascii")


def require(plugin: Path) -> Path:
    """A plugin of Debian's packages."""
    if not plugin.exists():
        missing(str(plugin))
    return plugin


class Orthanc:
    """One Orthanc, and a stranger's questions to its web server."""

    def __init__(self, folder: Path, *plugins: Path, **settings: object) -> None:
        """Writes the configuration; nothing runs yet. `settings` are Orthanc's own names."""
        self.dicom, self.http = free_port(), free_port()
        self.folder = folder
        self.log = folder / "server.log"
        folder.mkdir(parents=True, exist_ok=True)
        given: dict[str, object] = {
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "HttpPort": self.http,
            "DicomPort": self.dicom,
            "RemoteAccessAllowed": True,
            "AuthenticationEnabled": False,
            "OrthancPeers": {},
            "Plugins": [str(require(plugin)) for plugin in plugins],
            **settings,
        }
        if WORKLISTS in plugins:
            archive.write_worklist(folder / "worklists")
            given["Worklists"] = {"Enable": True, "Database": str(folder / "worklists"), "FilterIssuerAet": False}
        if DICOMWEB in plugins:
            given["DicomWeb"] = {"Enable": True}
        self.configuration = folder / "orthanc.json"
        self.configuration.write_text(json.dumps(given), encoding="utf-8")

    @contextmanager
    def up(self, *, load: bool = True) -> Iterator["Orthanc"]:
        """Running, with the archive loaded, from start to end of the block."""
        command = [program("Orthanc"), "--verbose", str(self.configuration)]
        with running(command, (self.dicom, self.http), self.folder):
            if load:
                self.load()
            yield self

    def load(self) -> None:
        """The archive, through the REST API."""
        for item in archive.images():
            status = self.get("/instances", data=archive.encoded(item), login=True)
            if status != 200:
                pytest.fail(f"Orthanc took no object: {status}")

    def get(self, path: str, data: bytes | None = None, method: str | None = None, *, login: bool = False) -> int:
        """The status of one question to the web server."""
        headers = {"Depth": "1", **({"Authorization": f"Basic {_BASIC}"} if login else {})}
        url = f"http://127.0.0.1:{self.http}{path}"
        request = urllib.request.Request(url, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
