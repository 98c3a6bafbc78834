"""A remedy that is marked as tried is tried here: the door is open before the steps and closed after them.

Real servers bind to every interface, so this file is for a network namespace of its own (`make test` makes one); the
servers are given loopback ports that were free, and are ended by their own process.
"""

import gc
import json
import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid
from pynetdicom import AE
from pynetdicom.sop_class import (
    ModalityWorklistInformationFind,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from leadglass.checks.registry import all_checks

# pynetdicom leaves a socket open where a TLS handshake fails: that is said while it is collected, and is not ours.
pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
FIND, WORKLIST = StudyRootQueryRetrieveInformationModelFind, ModalityWorklistInformationFind
GET, MOVE = StudyRootQueryRetrieveInformationModelGet, StudyRootQueryRetrieveInformationModelMove
START_S = 20.0
STUDIES = tuple(generate_uid() for _ in range(3))
WORKLIST_PLUGIN = Path("/usr/share/orthanc/plugins/libModalityWorklists.so")
ALL_OPEN = {f"DicomAlwaysAllow{what}": True for what in ("Echo", "Store", "Find", "FindWorklist", "Get", "Move")}


def program(name: str) -> str:
    """The path of a real server; a missing one is a visible skip, and a failure where CI is true."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is missing")
        pytest.skip(f"{name} is missing")
    return found


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], ports: tuple[int, ...], folder: Path) -> Iterator[None]:
    """A server that listens on `ports`, for as long as the block lasts."""
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, env={**os.environ, "TCP_NODELAY": "1"})
        try:
            deadline = time.monotonic() + START_S
            while not all(_listens(port) for port in ports):
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
                time.sleep(0.05)  # a foreign program's start: there is nothing else to wait on
            yield
        finally:
            process.terminate()
            process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Orthanc:
    """One Orthanc with a configuration, and a stranger's questions to it."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.dicom, self.http = free_port(), free_port()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "worklists").mkdir(exist_ok=True)
        given: dict[str, object] = {
            "StorageDirectory": str(folder / "storage"),
            "IndexDirectory": str(folder / "storage"),
            "HttpPort": self.http,
            "DicomPort": self.dicom,
            "RemoteAccessAllowed": True,
            "AuthenticationEnabled": False,
            "OrthancPeers": {},
            **settings,
        }
        if WORKLIST_PLUGIN.exists():
            given["Plugins"] = [str(WORKLIST_PLUGIN)]
            given["Worklists"] = {"Enable": True, "Database": str(folder / "worklists"), "FilterIssuerAet": False}
            save(folder / "worklists" / "one.wl", worklist_item())
        self.configuration = folder / "orthanc.json"
        self.configuration.write_text(json.dumps(given), encoding="utf-8")

    @contextmanager
    def up(self) -> Iterator["Orthanc"]:
        """Running, from start to end of the block."""
        with running([program("Orthanc"), str(self.configuration)], (self.dicom, self.http), self.folder):
            yield self

    def load(self) -> None:
        """Three studies, through the REST API."""
        for uid in STUDIES:
            path = self.folder / "object.dcm"
            save(path, image(uid))
            status = self.get("/instances", data=path.read_bytes())
            if status != 200:
                pytest.fail(f"Orthanc took no object: {status}")

    def get(self, path: str, data: bytes | None = None, method: str | None = None) -> int:
        """The status of one question to the web server."""
        url = f"http://127.0.0.1:{self.http}{path}"
        request = urllib.request.Request(url, data=data, method=method, headers={"Depth": "1"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


def image(study: str) -> Dataset:
    """One small CT image of a patient that does not exist."""
    item = Dataset()
    item.PatientName, item.PatientID = "Remedy^Test", f"R{study[-4:]}"
    item.StudyInstanceUID, item.SeriesInstanceUID, item.SOPInstanceUID = study, generate_uid(), generate_uid()
    item.SOPClassUID, item.Modality = CTImageStorage, "CT"
    item.StudyDate, item.StudyTime, item.StudyID, item.AccessionNumber = "20260101", "120000", "1", ""
    item.SeriesNumber, item.InstanceNumber = "1", "1"
    return item


def worklist_item() -> Dataset:
    """One scheduled procedure step."""
    step = Dataset()
    step.ScheduledStationAETitle, step.Modality = "CT1", "CT"
    step.ScheduledProcedureStepStartDate = "20260101"
    item = image(generate_uid())
    item.SOPClassUID = WORKLIST
    item.ScheduledProcedureStepSequence = [step]
    return item


def save(path: Path, item: Dataset) -> None:
    """`item` as a file of PS3.10."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = item.SOPClassUID, item.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    item.file_meta = meta
    item.save_as(path, enforce_file_format=True, little_endian=True, implicit_vr=False)


def associate(
    port: int, context: str, called: str = "ANY-SCP", calling: str = "STRANGER", tls: ssl.SSLContext | None = None
) -> Any:
    """An association for one context, established or not."""
    entity = AE(ae_title=calling)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = 10
    entity.add_requested_context(context, [ExplicitVRLittleEndian, "1.2.840.10008.1.2"])
    return entity.associate("127.0.0.1", port, ae_title=called, tls_args=(tls, None) if tls else None)


def established(port: int, context: str = Verification, **names: Any) -> bool:
    """Whether an association is opened for a stranger."""
    association = associate(port, context, **names)
    opened = bool(association.is_established)
    if opened:
        association.release()
    return opened


def matches(port: int, model: str = FIND, **names: Any) -> int:
    """How many records one query gives a stranger; 0 where it is refused."""
    association = associate(port, model, **names)
    if not association.is_established:
        return 0
    query = Dataset()
    query.PatientName = ""
    if model == FIND:
        query.QueryRetrieveLevel, query.StudyInstanceUID = "STUDY", ""
    else:
        query.ScheduledProcedureStepSequence = [Dataset()]
    found = sum(
        bool(status) and status.Status in {0xFF00, 0xFF01} for status, _ in association.send_c_find(query, model)
    )
    if association.is_established:
        association.release()
    return found


def get_shown(port: int, **names: Any) -> int:
    """The sub-operations that an empty-handed C-GET shows."""
    association = associate(port, GET, **names)
    if not association.is_established:
        return 0
    query = Dataset()
    query.QueryRetrieveLevel, query.StudyInstanceUID = "STUDY", STUDIES[0]
    shown = 0
    for status, _ in association.send_c_get(query, GET):
        for name in ("Remaining", "Completed", "Failed", "Warning"):
            shown += int(status.get(f"NumberOf{name}Suboperations", 0) or 0)
    if association.is_established:
        association.release()
    return shown


def move_refused(port: int, **names: Any) -> bool:
    """Whether a C-MOVE to a destination that nobody knows ends in an abort: the caller is refused, not the place."""
    association = associate(port, MOVE, **names)
    if not association.is_established:
        return True
    query = Dataset()
    query.QueryRetrieveLevel, query.StudyInstanceUID = "STUDY", generate_uid()
    statuses = [status.get("Status") for status, _ in association.send_c_move(query, "NOWHERE", MOVE)]
    refused = statuses == [None]
    if association.is_established:
        association.release()
    return refused


def stored(port: int, **names: Any) -> bool:
    """Whether an object of a stranger is kept: on our own server, here, it may be tried."""
    association = associate(port, CTImageStorage, **names)
    if not association.is_established or not association.accepted_contexts:
        return False
    item = image(generate_uid())
    item.file_meta = FileMetaDataset()
    item.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    status = association.send_c_store(item)
    if association.is_established:
        association.release()
    return bool(status) and status.Status == 0


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate and its key, as files; the first holds both."""
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both, alone = folder / "both.pem", folder / "key.pem"
    alone.write_bytes(secret)
    both.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return both, alone


def client(own: Path | None = None) -> ssl.SSLContext:
    """A TLS client that trusts anybody, with a certificate of its own or without."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if own is not None:
        context.load_cert_chain(own)
    return context


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Sockets that pynetdicom lost are collected within the test, whose filter knows them."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def wide_open(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """The door before any remedy: every question is asked here too, or its refusal elsewhere would show nothing."""
    with Orthanc(tmp_path_factory.mktemp("open"), **ALL_OPEN).up() as server:
        server.load()
        yield server


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """The settings of the remedies for records, worklist, images and storing; it still answers C-ECHO."""
    settings: dict[str, object] = {**dict.fromkeys(ALL_OPEN, False), "DicomAlwaysAllowEcho": True}
    with Orthanc(tmp_path_factory.mktemp("shut"), **settings).up() as server:
        server.load()
        yield server


def test_orthanc_records_readable(wide_open: Orthanc, shut: Orthanc) -> None:
    """DIMSE queries."""
    assert matches(wide_open.dicom) >= 3
    assert matches(shut.dicom) == 0


def test_orthanc_worklist_readable(wide_open: Orthanc, shut: Orthanc) -> None:
    """The worklist has a setting of its own."""
    if not WORKLIST_PLUGIN.exists():
        pytest.skip("Orthanc's worklist plugin is missing")
    assert matches(wide_open.dicom, WORKLIST) == 1
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
    off: dict[str, object] = dict.fromkeys(ALL_OPEN, False)
    known = {"ours": ["KNOWN", "127.0.0.1", 104], "elsewhere": ["FAR", "127.0.0.9", 104]}
    with Orthanc(tmp_path, **off, DicomModalities=known, DicomCheckModalityHost=True).up() as server:
        assert established(server.dicom, calling="KNOWN")
        assert not established(server.dicom, calling="FAR")
        assert not established(server.dicom)
        assert not established(server.dicom, CTImageStorage), "so the storage contexts are closed too"


def test_orthanc_management_api_open(wide_open: Orthanc, tmp_path: Path) -> None:
    """The login closes the REST API and WebDAV, for records too."""
    questions = {"/system": "GET", "/statistics": "GET", "/studies": "GET", "/webdav/by-patients/": "PROPFIND"}
    with Orthanc(tmp_path, AuthenticationEnabled=True, RegisteredUsers={"somebody": "a long secret"}).up() as server:
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
    with Orthanc(tmp_path / "server", **settings).up() as server:
        assert not established(server.dicom)
        assert established(server.dicom, tls=client(own=both))
        assert not established(server.dicom, tls=client())


def test_orthanc_unlimited_query(wide_open: Orthanc, tmp_path: Path) -> None:
    """A limit of one gives one of three."""
    assert matches(wide_open.dicom) >= 3
    with Orthanc(tmp_path, **ALL_OPEN, LimitFindResults=1, LimitFindInstances=1).up() as server:
        server.load()
        assert matches(server.dicom) == 1


class Dcmqrscp:
    """One dcmqrscp whose archive AE ITSAET lets `peers` in with `access`."""

    def __init__(self, folder: Path, peers: str, access: str = "RW") -> None:
        self.port, self.folder = free_port(), folder
        folder.mkdir(parents=True, exist_ok=True)
        archive = folder / "archive"
        archive.mkdir(exist_ok=True)
        self.configuration = folder / "dcmqrscp.cfg"
        self.configuration.write_text(
            f"NetworkTCPPort = {self.port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
            "HostTable BEGIN\nours = (KNOWN, localhost, 5678)\nHostTable END\n"
            "VendorTable BEGIN\nVendorTable END\n"
            f"AETable BEGIN\nITSAET {archive} {access} (200, 1024mb) {peers}\nAETable END\n",
            encoding="ascii",
        )

    @contextmanager
    def up(self) -> Iterator["Dcmqrscp"]:
        """Running, from start to end of the block."""
        with running([program("dcmqrscp"), "-c", str(self.configuration)], (self.port,), self.folder):
            yield self

    def load(self) -> None:
        """One study, by C-STORE."""
        association = associate(self.port, CTImageStorage, "ITSAET")
        item = image(STUDIES[0])
        item.file_meta = FileMetaDataset()
        item.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        status = association.send_c_store(item)
        association.release()
        assert status.Status == 0


def test_dcmqrscp_peers(tmp_path: Path) -> None:
    """With peers in the place of ANY, records, images, storing and the association itself are closed to strangers."""
    with Dcmqrscp(tmp_path, "ANY").up() as server:
        server.load()
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
