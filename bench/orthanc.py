"""A real Orthanc with 10,000 studies, counted by Leadglass and by findscu in turns, compared by the clock."""

import http.client
import io
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.figures import Timed, figures, middle
from bench.processes import TIMEOUT_S, asked, program, timed
from bench.responses import findscu
from bench.setting import ORTHANC_ARCHIVE, ORTHANC_RUNS, ORTHANC_STUDIES
from bench.table import Row, walls
from leadglass.lab.archive import Archive, Rows, Values
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE

_DICOM_PORT, _HTTP_PORT = 14242, 18042
_VERSION = 2  # of what is loaded: a new number makes a new database
_LOADERS = 4
_AIM = 1.05
_CT = "1.2.840.10008.5.1.4.1.1.2"
_STORED = {
    "PatientName": tags.PATIENT_NAME,
    "PatientID": tags.PATIENT_ID,
    "PatientBirthDate": tags.PATIENT_BIRTH_DATE,
    "PatientSex": tags.PATIENT_SEX,
    "StudyInstanceUID": tags.STUDY_INSTANCE_UID,
    "StudyDate": tags.STUDY_DATE,
    "StudyTime": tags.STUDY_TIME,
    "AccessionNumber": tags.ACCESSION_NUMBER,
    "SeriesInstanceUID": tags.SERIES_INSTANCE_UID,
    "Modality": tags.MODALITY,
    "SOPInstanceUID": tags.SOP_INSTANCE_UID,
}


def orthanc() -> str:
    """The section of the table."""
    path, scu = program("Orthanc"), program("findscu")
    title = f"Orthanc, {ORTHANC_STUDIES:,} studies, by the clock"
    if path is None or scu is None:
        return walls(title, Row(name="Orthanc or findscu", figures=None), ())
    start_up = middle([timed((scu, "--version"), 0) for _ in range(5)])
    alone, whole, theirs = [], [], []
    with _running(path):
        _load()
        for _ in range(-1, ORTHANC_RUNS):  # the first warms the server
            alone.append(asked("ask_leadglass", "studies", str(_DICOM_PORT)))
            theirs.append(findscu(scu, _DICOM_PORT, ORTHANC_STUDIES).without(start_up))
            whole.append(asked("ask_leadglass", "measured", str(_DICOM_PORT)))
    _expect_all(alone)
    _expect_all(whole)
    base, once = figures(theirs[1:]), figures(alone[1:])
    verdict = "met" if once.wall_s <= _AIM * base.wall_s else "MISSED"
    return walls(
        f"{title} (aim: at most {_AIM}×, {verdict})",
        Row(name="findscu -q, without its start-up", figures=base),
        (
            Row(name="Leadglass, the same query", figures=once),
            Row(name="Leadglass, as check counts: proves it is no limit", figures=figures(whole[1:])),
        ),
    )


def _expect_all(runs: list[Timed]) -> None:
    if any(run.count != ORTHANC_STUDIES for run in runs):
        raise RuntimeError(f"Leadglass did not count {ORTHANC_STUDIES} studies: {runs}")


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"leadglass-bench-orthanc-{_VERSION}-{ORTHANC_STUDIES}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def _running(path: str) -> Iterator[None]:
    folder = _folder()
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": _HTTP_PORT,
        "DicomPort": _DICOM_PORT,
        "AuthenticationEnabled": False,
        "DicomAlwaysAllowFind": True,
        "LimitFindResults": 0,
        "Plugins": [],
    }
    (folder / "orthanc.json").write_text(json.dumps(settings), encoding="utf-8")
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen((path, str(folder / "orthanc.json")), stdout=log, stderr=log)
        try:
            _await_ports(process)
            yield
        finally:
            process.terminate()
            process.wait(TIMEOUT_S)


def _await_ports(process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + TIMEOUT_S
    for port in (_DICOM_PORT, _HTTP_PORT):
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Orthanc did not start: see {_folder() / 'orthanc.log'}")
            time.sleep(0.1)  # a foreign program's start: there is nothing else to wait on


def _load() -> None:
    """Fills the database once; a mark says that it is whole."""
    mark = _folder() / "whole"
    if mark.exists():
        return
    archive = Archive(ORTHANC_ARCHIVE)
    studies = np.arange(ORTHANC_STUDIES)
    none = np.zeros(ORTHANC_STUDIES, dtype=np.int64)  # each study's first image of its first series
    images = archive.values(IMAGE, Rows(archive.columns.patient[studies].astype(np.int64), studies, none, none))
    with ThreadPoolExecutor(_LOADERS) as loaders:
        for future in [loaders.submit(_send, images[start::_LOADERS]) for start in range(_LOADERS)]:
            future.result()
    mark.touch()


def _send(images: list[Values]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", _HTTP_PORT, timeout=TIMEOUT_S)
    for values in images:
        connection.request("POST", "/instances", _image(values))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"Orthanc took no image: {answer.status}")
    connection.close()


def _image(values: Values) -> bytes:
    """One small CT image of a study."""
    from pydicom.dataset import Dataset, FileMetaDataset  # noqa: PLC0415 - only where Orthanc is here
    from pydicom.uid import ExplicitVRLittleEndian  # noqa: PLC0415

    item = Dataset()
    item.SOPClassUID = _CT
    for keyword, tag in _STORED.items():
        setattr(item, keyword, values[tag])
    item.Rows = item.Columns = 4
    item.BitsAllocated, item.BitsStored, item.HighBit, item.PixelRepresentation = 8, 8, 7, 0
    item.SamplesPerPixel, item.PhotometricInterpretation, item.PixelData = 1, "MONOCHROME2", bytes(16)
    item.file_meta = FileMetaDataset()
    item.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    item.file_meta.MediaStorageSOPClassUID, item.file_meta.MediaStorageSOPInstanceUID = _CT, item.SOPInstanceUID
    file = io.BytesIO()
    item.save_as(file, enforce_file_format=True)
    return file.getvalue()
