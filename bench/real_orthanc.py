"""A real Orthanc runs for the length of a `with`, holding as many studies as are wanted: loaded once, and kept."""

import http.client
import io
import json
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.costs import Truth
from bench.foreign import running
from bench.processes import TIMEOUT_S
from bench.setting import SEED
from leadglass.lab.archive import Archive, Rows, Values
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE

DICOM_PORT, HTTP_PORT = 14242, 18042
DICOMWEB = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_VERSION = 4  # of what is loaded: a new number makes a new database
_LOADERS = 4
_CT = "1.2.840.10008.5.1.4.1.1.2"
# Of 20 studies one has five images and three have two: the numbers of the lab's archive would take days to load.
_FIVE, _TWO, _OF = 1, 3, 20
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
    "SeriesNumber": tags.SERIES_NUMBER,
    "InstanceNumber": tags.INSTANCE_NUMBER,
}


def spec_of(studies: int) -> ArchiveSpec:
    """The archive of the lab whose studies are loaded: two or three to a patient."""
    patients = studies * 87 // 200
    return ArchiveSpec(seed=SEED, studies=studies, patients=patients, images=50 * studies, undated=studies // 500)


def some_images(studies: int) -> tuple[list[Values], Truth]:
    """One, two or five images of each study, and what that comes to."""
    archive = Archive(spec_of(studies))
    chance = archive.columns.images[:studies].astype(np.int64) % _OF
    counts = np.where(chance < _FIVE, 5, np.where(chance < _FIVE + _TWO, 2, 1))
    study = np.repeat(np.arange(studies), counts)
    image = np.arange(len(study)) - np.repeat(np.cumsum(counts) - counts, counts)
    series = np.zeros(len(study), dtype=np.int64)
    patient = archive.columns.patient[study].astype(np.int64)
    found = archive.values(IMAGE, Rows(patient, study, series, image))
    told = Truth(
        studies=len({one[tags.STUDY_INSTANCE_UID] for one in found}),
        images=len({one[tags.SOP_INSTANCE_UID] for one in found}),
        patients=len({one[tags.PATIENT_ID] for one in found}),
    )
    return found, told


@contextmanager
def orthanc_with(path: str, studies: int) -> Iterator[tuple[int, Truth]]:
    """The number of its process, and what it holds. Raises RuntimeError where it does not start or takes no image."""
    folder = _folder(studies)
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": HTTP_PORT,
        "DicomPort": DICOM_PORT,
        "AuthenticationEnabled": False,
        "DicomAlwaysAllowFind": True,
        "LimitFindResults": 0,
        "Plugins": [str(DICOMWEB)] if DICOMWEB.exists() else [],
        "DicomWeb": {"Enable": True},
    }
    configuration = folder / "orthanc.json"
    configuration.write_text(json.dumps(settings), encoding="utf-8")
    with running((path, str(configuration)), (DICOM_PORT, HTTP_PORT), folder / "orthanc.log") as pid:
        images, told = some_images(studies)
        mark = folder / "whole"
        if not mark.exists():
            load(HTTP_PORT, images)
            mark.touch()
        _expect(told)
        yield pid, told


def _folder(studies: int) -> Path:
    folder = Path(tempfile.gettempdir()) / f"leadglass-bench-orthanc-{_VERSION}-{studies}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def load(port: int, images: list[Values]) -> None:
    """Sends images to an Orthanc through its REST API. Raises RuntimeError where it refuses one."""
    with ThreadPoolExecutor(_LOADERS) as loaders:
        for future in [loaders.submit(_send, port, images[start::_LOADERS]) for start in range(_LOADERS)]:
            future.result()


def _expect(told: Truth) -> None:
    """Raises RuntimeError where the server does not have what was sent to it."""
    connection = http.client.HTTPConnection("127.0.0.1", HTTP_PORT, timeout=TIMEOUT_S)
    connection.request("GET", "/statistics")
    has = json.loads(connection.getresponse().read())
    connection.close()
    held = Truth(studies=has["CountStudies"], images=has["CountInstances"], patients=has["CountPatients"])
    if held != told:
        raise RuntimeError(f"Orthanc holds {held}, and not {told}")


def _send(port: int, images: list[Values]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    for values in images:
        connection.request("POST", "/instances", image_file(values))
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"Orthanc took no image: {answer.status}")
    connection.close()


def image_file(values: Values) -> bytes:
    """One small CT image of a study, as a file of PS3.10."""
    from pydicom.dataset import Dataset, FileMetaDataset  # noqa: PLC0415 - only where a real server is here
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
