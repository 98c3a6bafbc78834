"""Study-level responses a second at one server: the same return keys, each response different and cut differently."""

import importlib.util

from bench.figures import Timed, figures, middle
from bench.processes import asked, program, timed
from bench.setting import ARCHIVE_STUDIES, FIND_RUNS, PORT, PYNETDICOM_RUNS
from bench.table import Row, distance, section

_PROTOTYPE_CPU_S = 5e-6
KEYS = ("QueryRetrieveLevel=STUDY", "StudyInstanceUID", "PatientID", "ModalitiesInStudy")
COUNTED = (*KEYS, "NumberOfStudyRelatedInstances")


def findscu(path: str, port: int, count: int, date: str = "") -> Timed:
    """One run of `findscu -q` for all studies, or for those of a date."""
    keys = [part for key in (*COUNTED, f"StudyDate={date}") for part in ("-k", key)]
    return timed((path, "-q", "-S", *keys, "127.0.0.1", str(port)), count)


def responses() -> str:
    """The section of the table."""
    found, has_pynetdicom = program("findscu"), importlib.util.find_spec("pynetdicom") is not None
    # A question without an answer costs findscu its start-up and the association, which we do not charge it for.
    start_up = middle([findscu(found, PORT, 0, "18000101") for _ in range(5)]) if found else None
    ours, dcmtk, theirs = [], [], []
    for run in range(-1, FIND_RUNS):  # the first makes the server render its answers, and is not counted
        ours.append(asked("ask_leadglass", "studies", str(PORT)))
        if found and start_up:
            dcmtk.append(findscu(found, PORT, ARCHIVE_STUDIES).without(start_up))
        if has_pynetdicom and run < PYNETDICOM_RUNS:
            theirs.append(asked("ask_pynetdicom", "studies", str(PORT)))
    first = figures(ours[1:])
    rows = (
        Row(name="Leadglass, counting", figures=first),
        Row(name="findscu -q", figures=figures(dcmtk[1:]) if dcmtk else None),
        Row(name="pynetdicom", figures=figures(theirs[1:]) if theirs else None),
    )
    return section(f"C-FIND responses: {ARCHIVE_STUDIES:,} studies, no two alike", "responses", rows) + distance(
        "CPU each, against 5 µs (the slower prototype)", first.cpu_s, _PROTOTYPE_CPU_S, lower_is_better=True
    )
