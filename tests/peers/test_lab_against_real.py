"""The lab's Orthanc and its dcmqrscp answer as the real ones do: the same questions, the same answers in kind.

In kind: what an archive holds differs, and so does what nobody asked for (the title to retrieve from).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from pydicom.dataset import Dataset
from pynetdicom.association import Association

from leadglass.lab.archive import Archive
from leadglass.lab.habits import Capping, Habits
from leadglass.lab.identities import IDENTITIES
from leadglass.lab.posture import Door, Posture
from leadglass.lab.spec import ArchiveSpec
from tests.lab.caller import (
    ABORTED,
    PATIENT_FIND,
    PATIENT_GET,
    STUDY_FIND,
    WORKLIST,
    Answered,
    associated,
    found,
    handed,
    question,
)
from tests.lab.served import served
from tests.peers import archive
from tests.peers.dcmqrscp import TITLE, Dcmqrscp
from tests.peers.orthanc import LOGIN, OPEN, WORKLISTS, Orthanc

# Dates that are none are asked on purpose.
pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore:Invalid value for VR DA")]
_HELD = Archive(ArchiveSpec(seed=1, studies=archive.STUDIES, patients=archive.PATIENTS, images=archive.IMAGES))
_UNASKED = {"RetrieveAETitle", "SpecificCharacterSet"}
_NOWHERE = "2.25.1"


class Kind(NamedTuple):
    """An answer without what an archive's own contents decide."""

    status: str
    records: bool
    attributes: frozenset[str]
    counts: frozenset[str]
    pending: bool
    failed: bool


class Known(NamedTuple):
    """One image that a server holds, by its identifiers."""

    patient: str
    study: str
    series: str
    image: str
    name: str = "A^B"

    @property
    def swapped(self) -> str:
        """The patient's name with small letters for capitals."""
        return self.name.swapcase()

    @property
    def swapped_id(self) -> str:
        """The patient's identifier with capitals for small letters, or the other way."""
        return self.patient.swapcase()


Ask = Callable[[Association, Known], Answered]


def _find(level: str, model: str = STUDY_FIND, /, **keys: str) -> Ask:
    """A query; a key that names a field of `Known` in angle brackets is of what the server holds."""
    return lambda association, known: found(association, question(level, **_filled(keys, known)), model)


def _get(level: str, model: str | None = None, /, **keys: str) -> Ask:
    models = () if model is None else (model,)
    return lambda association, known: handed(association, question(level, **_filled(keys, known)), *models)


def _filled(keys: dict[str, str], known: Known) -> dict[str, str]:
    def filled(value: str) -> str:
        name, end, rest = value.partition(">")
        return getattr(known, name[1:]) + rest if end else value

    return {key: filled(value) for key, value in keys.items()}


def _without_level(association: Association, known: Known) -> Answered:
    asked = question(PatientID="")
    del asked.QueryRetrieveLevel
    return found(association, asked)


def _level_alone(association: Association, known: Known) -> Answered:
    asked = Dataset()
    asked.QueryRetrieveLevel = "STUDY"
    return found(association, asked)


def _get_nothing_named(association: Association, known: Known) -> Answered:
    asked = Dataset()
    asked.QueryRetrieveLevel = "STUDY"
    return handed(association, asked)


_COUNTS = {
    "NumberOfStudyRelatedInstances": "",
    "NumberOfStudyRelatedSeries": "",
    "NumberOfPatientRelatedStudies": "",
    "NumberOfPatientRelatedInstances": "",
    "NumberOfSeriesRelatedInstances": "",
}
_STUDY_COUNTS = {key: "" for key in _COUNTS if "Study" in key}
_PATIENT_COUNTS = {key: "" for key in _COUNTS if "Patient" in key}
QUESTIONS: dict[str, Ask] = {
    "all studies with counts": _find("STUDY", PatientID="", StudyDate="", ModalitiesInStudy="", **_STUDY_COUNTS),
    "an impossible date": _find("STUDY", StudyDate="18000101"),
    "a modality that nobody has": _find("STUDY", ModalitiesInStudy="ZZ"),
    "attributes of another level": _find("STUDY", InstitutionName="", StationName=""),
    "a value that is not there": _find("STUDY", PatientID="no such patient"),
    "any name": _find("STUDY", PatientName="*"),
    "no such name": _find("STUDY", PatientName="Zz*"),
    "a name in other letters": _find("STUDY", PatientName="<swapped>"),
    "a beginning of a name in other letters": _find("STUDY", PatientName="<swapped>*"),
    "an identifier in other letters": _find("STUDY", PatientID="<swapped_id>"),
    "a value of an attribute that it has not": _find("STUDY", DeviceSerialNumber="X"),
    "any date by a star": _find("STUDY", StudyDate="*"),
    "any date by a dash": _find("STUDY", StudyDate="-"),
    "patients in Study Root": _find("PATIENT", PatientID=""),
    "patients": _find("PATIENT", PATIENT_FIND, PatientID="", **_PATIENT_COUNTS),
    "studies in Patient Root": _find("STUDY", PATIENT_FIND, PatientID="<patient>"),
    "studies of all patients": _find("STUDY", PATIENT_FIND, PatientID=""),
    "studies of patients that are not named": _find("STUDY", PATIENT_FIND),
    "series of patients that are not named": _find("SERIES", PATIENT_FIND, StudyInstanceUID="<study>"),
    "series": _find("SERIES", StudyInstanceUID="<study>", SeriesInstanceUID="", NumberOfSeriesRelatedInstances=""),
    "series of all studies": _find("SERIES", SeriesInstanceUID=""),
    "images": _find("IMAGE", StudyInstanceUID="<study>", SeriesInstanceUID="<series>", SOPInstanceUID=""),
    "images of all series": _find("IMAGE", SOPInstanceUID=""),
    "images of a series alone": _find("IMAGE", SeriesInstanceUID="<series>", SOPInstanceUID=""),
    "no level": _without_level,
    "no such level": _find("FOLDER"),
    "the level alone": _level_alone,
    "get a study": _get("STUDY", StudyInstanceUID="<study>"),
    "get no such study": _get("STUDY", StudyInstanceUID=_NOWHERE),
    "get no such series": _get("SERIES", StudyInstanceUID=_NOWHERE, SeriesInstanceUID=_NOWHERE),
    "get an image": _get("IMAGE", StudyInstanceUID="<study>", SeriesInstanceUID="<series>", SOPInstanceUID="<image>"),
    "get no such image": _get("IMAGE", StudyInstanceUID=_NOWHERE, SeriesInstanceUID=_NOWHERE, SOPInstanceUID=_NOWHERE),
    "get an image alone": _get("IMAGE", SOPInstanceUID="<image>"),
    "get what is not named": _get_nothing_named,
    "get a study in Patient Root": _get("STUDY", PATIENT_GET, StudyInstanceUID="<study>"),
    "get a patient": _get("PATIENT", PATIENT_GET, PatientID="<patient>"),
    "the worklist": _find("", WORKLIST, PatientID="", PatientName=""),
    "the worklist of nobody": _find("", WORKLIST, PatientID="no such patient"),
    "the worklist by a level": _find("", WORKLIST, PatientID="", QueryRetrieveLevel="STUDY"),
}


def known_at(port: int, title: str) -> Known:
    """An image of the server's largest study, found level by level."""
    with associated(port, called=title) as association:
        study = max(
            found(association, question(PatientID="", PatientName="")).records, key=lambda one: one.StudyInstanceUID
        )
        above = {"StudyInstanceUID": study.StudyInstanceUID}
        series = found(association, question("SERIES", SeriesInstanceUID="", **above)).records[0]
        above["SeriesInstanceUID"] = series.SeriesInstanceUID
        image = found(association, question("IMAGE", SOPInstanceUID="", **above)).records[0]
    uids = (study.StudyInstanceUID, series.SeriesInstanceUID, image.SOPInstanceUID)
    return Known(study.PatientID, *uids, str(study.PatientName))


def answers(port: int, title: str, known: Known | None = None) -> dict[str, Kind]:
    """Each question on an association of its own."""
    there = known or known_at(port, title)
    kinds: dict[str, Kind] = {}
    for name, ask in QUESTIONS.items():
        with associated(port, called=title) as association:
            kinds[name] = _kind(association, ask, there)
    return kinds


def _kind(association: Association, ask: Ask, known: Known) -> Kind:
    try:
        answered = ask(association, known)
    except ValueError:  # pynetdicom: no such context was accepted
        return Kind("no context", False, frozenset(), frozenset(), False, False)
    elements = [element for record in answered.records for element in record]
    return Kind(
        status="abort" if answered.status == ABORTED else f"{answered.status:04X}H",
        records=bool(answered.records),
        attributes=frozenset(element.keyword for element in elements) - _UNASKED,
        counts=frozenset(element.keyword for element in elements if element.keyword in _COUNTS and element.value),
        pending=len(answered.failed) > 1,
        failed=bool(answered.failed) and answered.failed[-1] > 0,
    )


def unlike(real: dict[str, Kind], ours: dict[str, Kind]) -> str:
    """The questions that were answered otherwise."""
    return "\n".join(f"{name}:\n  {real[name]}\n  {ours[name]}" for name in QUESTIONS if real[name] != ours[name])


@contextmanager
def orthanc_of_the_lab(posture: Posture, **habits: object) -> Iterator[int]:
    """The lab's, with an archive of the same size."""
    given = Habits(computes_first=True, **habits)  # type: ignore[arg-type]
    with served(_HELD, posture, habits=given, identity=IDENTITIES["orthanc"]) as port:
        yield port


def test_an_open_orthanc(tmp_path: Path) -> None:
    with Orthanc(tmp_path, WORKLISTS, **OPEN).up() as server:
        real = answers(server.dicom, "ORTHANC")
    with orthanc_of_the_lab(Posture(worklist=Door.OPEN, storing=True)) as port:
        ours = answers(port, "ORTHANC")
    assert real["get a study"].failed
    assert real["all studies with counts"].counts == set(_STUDY_COUNTS)
    assert not unlike(real, ours), unlike(real, ours)


def test_an_orthanc_as_shipped(tmp_path: Path) -> None:
    """Whatever is asked of it, it ends the association; but for its worklist, which its owner opened."""
    known = Known("A", "1.2.3", "1.2.3.4", "1.2.3.4.5")
    settings = {**LOGIN, "DicomAlwaysAllowFindWorklist": True}
    with Orthanc(tmp_path, WORKLISTS, **settings).up() as server:
        real = answers(server.dicom, "ORTHANC", known)
    closed = Posture(queries=Door.ABORTED, images=Door.ABORTED, worklist=Door.OPEN, storing=True)
    with orthanc_of_the_lab(closed) as port:
        ours = answers(port, "ORTHANC", known)
    assert real["all studies with counts"].status == "abort"
    assert not unlike(real, ours), unlike(real, ours)


def test_an_orthanc_with_a_limit(tmp_path: Path) -> None:
    """It says that there is more, and gives what it was told to; so does ours."""
    with Orthanc(tmp_path, **OPEN, LimitFindResults=2).up() as server:
        real = limited(server.dicom)
    with orthanc_of_the_lab(Posture(), limit=2, capping=Capping.PENDING_ENDED) as port:
        assert limited(port) == real == (0xFE00, 2)


def limited(port: int) -> tuple[int, int]:
    """The final status of a question for everything, and how many records came."""
    with associated(port, called="ORTHANC") as association:
        answered = found(association, question())
    return answered.status, len(answered.records)


def test_an_orthanc_that_is_cancelled(tmp_path: Path) -> None:
    """It ends with the status for that, before all was sent."""
    studies = 600
    with Orthanc(tmp_path, **OPEN).up(load=False) as server:
        for number in range(studies):
            item = archive.image(0, 1)
            item.StudyInstanceUID, item.SeriesInstanceUID = f"2.25.7.{number}", f"2.25.8.{number}"
            item.SOPInstanceUID = f"2.25.9.{number}"
            assert server.get("/instances", data=archive.encoded(item)) == 200
        real = cancelled(server.dicom)
    held = Archive(ArchiveSpec(seed=1, studies=studies, patients=studies, images=studies))
    habits = Habits(computes_first=True, study_cost_s=0.000_1)  # in the time that the search takes, the cancel comes
    with served(held, habits=habits, identity=IDENTITIES["orthanc"]) as port:
        ours = cancelled(port)
    assert real[0] == 0xFE00
    assert ours[0] == 0xFE00
    assert max(real[1], ours[1]) < studies


def cancelled(port: int) -> tuple[int, int]:
    """The final status of a question that was cancelled at once, and how many responses came.

    Both messages are on their way before an answer is read: a cancel that waits for a record may come after the last.
    """
    with associated(port, called="ORTHANC") as association:
        responses = association.send_c_find(question(PatientName="", StudyDescription=""), STUDY_FIND, msg_id=7)
        association.send_c_cancel(7, query_model=STUDY_FIND)
        statuses = [status.Status for status, _ in responses]
    return statuses[-1], len(statuses)


def test_an_open_dcmqrscp(tmp_path: Path) -> None:
    server = Dcmqrscp(tmp_path)
    with server.up():
        server.load()
        real = answers(server.port, TITLE)
    habits = Habits(counts=False, ignores=("ModalitiesInStudy",))
    with served(_HELD, Posture(storing=True), habits=habits, identity=IDENTITIES["dcmtk"]) as port:
        ours = answers(port, TITLE)
    assert real["get a study"].pending
    assert not real["all studies with counts"].counts
    assert not unlike(real, ours), unlike(real, ours)
