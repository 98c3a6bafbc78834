"""Three studies of 1, 2 and 5 images and two worklist items whose every value is a canary: none may ever be shown."""

import io
from collections.abc import Iterator
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, MRImageStorage

MODALITY_WORKLIST_FIND = "1.2.840.10008.5.1.4.31"
IMAGES = 8
STUDIES = 3
PATIENTS = 2  # the first and the last study are one patient's
YEARS = (2011, 2017)
MODALITIES = {"CT": 2, "MR": 1, "other": 1}  # in the last study one series has a name for a modality
WORKLIST_ITEMS = 2
WORKLIST_PATIENTS = 2

_ROOT = "1.2.826.0.1.3680043.8.498.7734"
FOLDER = "Xanthippefolder"  # a server's path; pydicom and Orthanc both can show one
_PEOPLE = (("Quagmire^Zephyrine", "ZQ-774-0193", "19390711"), ("Ulfsdottir^Brunhilde", "BU-581-6620", "19561128"))
_DATES = ("20110223", "20140817", "20171105")
_SIZES = (1, 2, 5)

_canaries: set[str] = {FOLDER}


def _canary(value: str) -> str:
    _canaries.add(value)
    return value


def study_uid(index: int) -> str:
    """The Study Instance UID of one of the three."""
    return _canary(f"{_ROOT}.1{index}71")


def image(index: int, number: int) -> Dataset:
    """Image `number` of study `index`."""
    person = (0, 1, 0)[index]
    item = Dataset()
    item.SOPClassUID = MRImageStorage if index == 1 else CTImageStorage
    item.Modality = "MR" if index == 1 else "CT"
    item.StudyInstanceUID = study_uid(index)
    item.SeriesInstanceUID = _canary(f"{_ROOT}.2{index}72")
    if number == max(_SIZES):  # free text fits a code string as well
        item.Modality = _canary("WOLFSBANEJANE")
        item.SeriesInstanceUID = _canary(f"{_ROOT}.6{index}76")
    item.SOPInstanceUID = _canary(f"{_ROOT}.3{index}73.{number}")
    item.StudyDate = _canary(_DATES[index])
    item.StudyTime = _canary(f"2359{index}7.618")
    item.AccessionNumber = _canary(f"ACC{index}-66173K")
    item.StudyID = _canary(f"SID{index}-40877")
    item.StudyDescription = _canary(f"Kraniotomy follow-up {index}")
    item.SeriesDescription = _canary(f"Thorakal loop {index}")
    item.ReferringPhysicianName = _canary(f"Oppenstein^Doc{index}")
    item.PerformingPhysicianName = _canary("Vandersmythe^Operator")
    item.InstitutionName = _canary("Hospital of Nevernever")
    item.StationName = _canary("STATION-QX881")
    item.AdmittingDiagnosesDescription = _canary(f"Morbus Lindworm {index}")
    item.NameOfPhysiciansReadingStudy = _canary(f"Ravenclough^Reader{index}")
    item.RequestedProcedureDescription = _canary(f"Requested look {index} at Cockatrice")
    item.SeriesNumber, item.InstanceNumber = "1", str(number)
    return _with_person(item, person)


def _with_person(item: Dataset, person: int) -> Dataset:
    name, identifier, birth = _PEOPLE[person]
    item.PatientName, item.PatientID, item.PatientBirthDate = _canary(name), _canary(identifier), _canary(birth)
    for part in name.split("^"):
        _canary(part)
    item.PatientAddress = _canary(f"{person}7 Elmtreelane, Farville")
    item.PatientTelephoneNumbers = _canary(f"+99 555-{person}4419")
    item.PatientComments = _canary(f"Allergic to wolfsbane {person}")
    item.OtherPatientIDs = _canary(f"OTHER-{person}-90017")
    return item


def images() -> list[Dataset]:
    """All eight."""
    return [image(index, number) for index, size in enumerate(_SIZES) for number in range(1, size + 1)]


def many_images(studies: int) -> Iterator[Dataset]:
    """The images of so many studies of one patient: every other study has two."""
    for study in range(studies):
        for number in range(1 + study % 2):
            item = image(0, 1)
            item.StudyInstanceUID = _canary(f"{_ROOT}.7{study}77")
            item.SeriesInstanceUID = _canary(f"{_ROOT}.7{study}77.1")
            item.SOPInstanceUID = _canary(f"{_ROOT}.7{study}77.1.{number}")
            yield item


def worklist_item(person: int) -> Dataset:
    """One scheduled procedure step."""
    step = Dataset()
    step.ScheduledStationAETitle, step.Modality = _canary("CANARYSTATION"), "CT"
    step.ScheduledProcedureStepStartDate = _canary(f"2031061{person}")
    step.ScheduledProcedureStepStartTime = _canary("114937.5")
    step.ScheduledProcedureStepDescription = _canary(f"Scheduled scan {person} of Jabberwock")
    step.ScheduledPerformingPhysicianName = _canary("Snicksnack^Vorpal")
    item = Dataset()
    item.SOPClassUID = MODALITY_WORKLIST_FIND
    item.SOPInstanceUID = _canary(f"{_ROOT}.4.7{person}4")
    item.StudyInstanceUID = _canary(f"{_ROOT}.5.7{person}5")
    item.AccessionNumber = _canary(f"WL{person}-31337Q")
    item.RequestedProcedureDescription = _canary(f"Requested scan {person} of Bandersnatch")
    item.ScheduledProcedureStepSequence = [step]
    return _with_person(item, person)


def encoded(item: Dataset) -> bytes:
    """`item` as a file of PS3.10."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = item.SOPClassUID, item.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    item.file_meta = meta
    out = io.BytesIO()
    item.save_as(out, enforce_file_format=True, little_endian=True, implicit_vr=False)
    return out.getvalue()


def write_worklist(folder: Path) -> None:
    """Both items as the `.wl` files that worklist servers read."""
    folder.mkdir(parents=True, exist_ok=True)
    for person in range(WORKLIST_ITEMS):
        (folder / f"item{person}.wl").write_bytes(encoded(worklist_item(person)))


def canaries() -> frozenset[str]:
    """Every value that was put into a server."""
    images()
    for person in range(WORKLIST_ITEMS):
        worklist_item(person)
    return frozenset(_canaries)
