"""A remedy that is marked as tried is tried here: the door is open before the steps and closed after them."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydicom.uid import CTImageStorage

from leadglass.checks.registry import all_checks
from tests.peers import archive
from tests.peers.certificates import certificate, client
from tests.peers.dcmqrscp import Dcmqrscp
from tests.peers.orthanc import LOGIN, OPEN, WORKLISTS, Orthanc
from tests.peers.stranger import FIND, WORKLIST, established, get_shown, matches, move_refused, stored

# pynetdicom leaves a socket open where a TLS handshake fails: that is said while it is collected, and is not ours.
pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Sockets that pynetdicom lost are collected within the test, whose filter knows them."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def wide_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """The door before any remedy: every question is asked here too, or its refusal elsewhere would show nothing."""
    with Orthanc(tmp_path_factory.mktemp("open"), WORKLISTS, **OPEN).up() as server:
        yield server


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """The settings of the remedies for records, worklist, images and storing; it still answers C-ECHO."""
    settings: dict[str, object] = {**dict.fromkeys(OPEN, False), "DicomAlwaysAllowEcho": True}
    with Orthanc(tmp_path_factory.mktemp("shut"), WORKLISTS, **settings).up() as server:
        yield server


def test_orthanc_records_readable(wide_open: Orthanc, shut: Orthanc) -> None:
    """DIMSE queries."""
    assert matches(wide_open.dicom) >= 3
    assert matches(shut.dicom) == 0


def test_orthanc_worklist_readable(wide_open: Orthanc, shut: Orthanc) -> None:
    """The worklist has a setting of its own."""
    assert matches(wide_open.dicom, WORKLIST) == archive.WORKLIST_ITEMS
    assert matches(shut.dicom, WORKLIST) == 0


def test_orthanc_images_retrievable(wide_open: Orthanc, shut: Orthanc) -> None:
    """C-GET and C-MOVE."""
    assert get_shown(wide_open.dicom) >= 1
    assert get_shown(shut.dicom) == 0
    assert not move_refused(wide_open.dicom)
    assert move_refused(shut.dicom)


def test_orthanc_storage_open(wide_open: Orthanc, shut: Orthanc) -> None:
    """Only on our own server, here, may it be tried."""
    assert stored(wide_open.dicom)
    assert not stored(shut.dicom)


def test_orthanc_associations_open(wide_open: Orthanc, shut: Orthanc, tmp_path: Path) -> None:
    """Only with all six settings false are unknown callers rejected; then known ones are let in, from their address."""
    assert established(wide_open.dicom)
    assert established(shut.dicom), "five of the six are not enough, as the remedy says"
    off: dict[str, object] = dict.fromkeys(OPEN, False)
    known = {"ours": ["KNOWN", "127.0.0.1", 104], "elsewhere": ["FAR", "127.0.0.9", 104]}
    with Orthanc(tmp_path, **off, DicomModalities=known, DicomCheckModalityHost=True).up(load=False) as server:
        assert established(server.dicom, calling="KNOWN")
        assert not established(server.dicom, calling="FAR")
        assert not established(server.dicom)
        assert not established(server.dicom, CTImageStorage), "so the storage contexts are closed too"


def test_orthanc_management_api_open(wide_open: Orthanc, tmp_path: Path) -> None:
    """The login closes the REST API and WebDAV, for records too."""
    questions = {"/system": "GET", "/statistics": "GET", "/studies": "GET", "/webdav/by-patients/": "PROPFIND"}
    with Orthanc(tmp_path, **LOGIN).up(load=False) as server:
        for path, method in questions.items():
            assert wide_open.get(path, method=method) in {200, 207}
            assert server.get(path, method=method) == 401


def test_orthanc_dimse_clear(wide_open: Orthanc, tmp_path: Path) -> None:
    """With TLS the port no longer speaks in clear, and asks for a certificate that it trusts."""
    both, key = certificate(tmp_path / "tls")
    settings: dict[str, object] = {
        "DicomTlsEnabled": True,
        "DicomTlsCertificate": str(both),
        "DicomTlsPrivateKey": str(key),
        "DicomTlsTrustedCertificates": str(both),
        "DicomTlsRemoteCertificateRequired": True,
    }
    assert established(wide_open.dicom)
    with Orthanc(tmp_path / "server", **settings).up(load=False) as server:
        assert not established(server.dicom)
        assert established(server.dicom, tls=client(own=both))
        assert not established(server.dicom, tls=client())


def test_orthanc_unlimited_query(wide_open: Orthanc, tmp_path: Path) -> None:
    """A limit of one gives one of three."""
    assert matches(wide_open.dicom) >= 3
    with Orthanc(tmp_path, **OPEN, LimitFindResults=1, LimitFindInstances=1).up() as server:
        assert matches(server.dicom) == 1


def test_dcmqrscp_peers(tmp_path: Path) -> None:
    """With peers in the place of ANY, records, images, storing and the association itself are closed to strangers."""
    with Dcmqrscp(tmp_path, "ANY").up() as server:
        server.load([archive.image(0, 1)])
        assert established(server.port, called="ITSAET")
        assert matches(server.port, called="ITSAET") == 1
        assert get_shown(server.port, called="ITSAET") >= 1
        assert stored(server.port, called="ITSAET")
    with Dcmqrscp(tmp_path, "ours").up() as server:
        assert not established(server.port, FIND, called="ITSAET")
        assert matches(server.port, called="ITSAET") == 0
        assert get_shown(server.port, called="ITSAET") == 0
        assert not stored(server.port, called="ITSAET")
        assert established(server.port, FIND, called="ITSAET", calling="KNOWN")


def test_dcmqrscp_read_only(tmp_path: Path) -> None:
    """With R in the place of RW nothing is stored."""
    with Dcmqrscp(tmp_path, "ANY", "R").up() as server:
        assert not stored(server.port, called="ITSAET")


def test_what_is_marked_as_tried_is_tried_here() -> None:
    """No remedy claims more than this file shows."""
    tried = {(name, r.product) for name, check in all_checks().items() for r in check.fix.remedies if r.tried}
    orthanc = {name.removeprefix("test_orthanc_").replace("_", "-") for name in globals() if "test_orthanc_" in name}
    by_peers = {"associations-open", "images-retrievable", "records-readable", "storage-open"}  # test_dcmqrscp_peers
    assert tried == {(name, "Orthanc") for name in orthanc} | {(name, "DCMTK") for name in by_peers}
