"""A real Orthanc with 10,000 studies, counted by Leadglass and by findscu in turns, compared by the clock."""

from bench.figures import Timed, figures, middle
from bench.processes import asked, program, timed
from bench.real_orthanc import DICOM_PORT, orthanc_with
from bench.responses import findscu
from bench.setting import ORTHANC_RUNS, ORTHANC_STUDIES
from bench.table import Row, walls

_AIM = 1.05


def orthanc() -> str:
    """The section of the table."""
    path, scu = program("Orthanc"), program("findscu")
    title = f"Orthanc, {ORTHANC_STUDIES:,} studies, by the clock"
    if path is None or scu is None:
        return walls(title, Row(name="Orthanc or findscu", figures=None), ())
    start_up = middle([timed((scu, "--version"), 0) for _ in range(5)])
    alone, whole, theirs = [], [], []
    with orthanc_with(path, ORTHANC_STUDIES):
        for _ in range(-1, ORTHANC_RUNS):  # the first warms the server
            alone.append(asked("ask_leadglass", "studies", str(DICOM_PORT)))
            theirs.append(findscu(scu, DICOM_PORT, ORTHANC_STUDIES).without(start_up))
            whole.append(asked("ask_leadglass", "measured", str(DICOM_PORT)))
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
