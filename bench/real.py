"""Real servers are measured and held against what they hold, with what that costs them beside what findscu does."""

from collections.abc import Callable, Iterator

from bench.costs import Cost, aims, cost_table, truths
from bench.processes import program
from bench.real_dcmqrscp import PORT, TITLE, dcmqrscp_with
from bench.real_orthanc import DICOM_PORT, DICOMWEB, HTTP_PORT, orthanc_with
from bench.setting import DCMQRSCP_RUNS, DCMQRSCP_STUDIES, REAL_RUNS, REAL_STUDIES, REAL_WEB_RUNS
from bench.watched import Watched
from leadglass.model.exposure import Exposure
from leadglass.model.words import CountKind

_ANY, _WEB = "ANY-SCP", "/dicom-web"
_FOUND = tuple[list[Cost], list[Exposure]]


def real() -> Iterator[str]:
    """The sections of the table, each as soon as it is measured."""
    yield from _orthanc()
    yield _dcmqrscp()


def _orthanc() -> Iterator[str]:
    path, findscu = program("Orthanc"), program("findscu")
    if path is None or findscu is None:
        yield "A real Orthanc: not measured, since it or findscu is not here\n"
        return
    with orthanc_with(path, REAL_STUDIES) as (pid, truth):
        watched = Watched(pid)
        watched.findscu(findscu, DICOM_PORT, _ANY, truth.studies)  # warms the server, and is not counted
        checked, sampled, exact, dcmtk = _in_turns(
            REAL_RUNS,
            lambda: watched.leadglass("check", DICOM_PORT, _ANY),
            lambda: watched.leadglass("sample", DICOM_PORT, _ANY),
            lambda: watched.leadglass("exact", DICOM_PORT, _ANY),
            lambda: (watched.findscu(findscu, DICOM_PORT, _ANY, truth.studies), None),
        )
        yield (
            cost_table(
                f"A real Orthanc over DIMSE: {truth.studies:,} studies, {REAL_RUNS} runs of each",
                (
                    ("a sample", sampled[0]),
                    (_decided(checked), checked[0]),
                    ("Leadglass, --exact", exact[0]),
                    ("findscu -q", dcmtk[0]),
                ),
            )
            + truths("a sample", truth, sampled[1])
            + truths("as check decides", truth, checked[1])
            + truths("--exact", truth, exact[1])
            + aims(sampled[0], sampled[1], exact[0])
        )
        if not DICOMWEB.exists():
            yield "A real Orthanc over DICOMweb: not measured, since its plugin is not here\n"
            return
        looked, whole, read = _in_turns(
            REAL_WEB_RUNS,
            lambda: watched.leadglass("check", HTTP_PORT, _WEB),
            lambda: watched.leadglass("exact", HTTP_PORT, _WEB),
            lambda: (watched.qido(HTTP_PORT, f"{_WEB}/studies"), None),
        )
    table = cost_table(
        f"The same Orthanc over DICOMweb, {REAL_WEB_RUNS} runs of each",
        (
            ("limit=1 at places", looked[0]),
            ("Leadglass, --exact", whole[0]),
            ("QIDO-RS, unbounded", read[0]),
            ("findscu -q, as above", dcmtk[0]),
        ),
    )
    yield table + truths("limit=1 at places", truth, looked[1]) + truths("--exact", truth, whole[1])


def _dcmqrscp() -> str:
    path, indexer, findscu = program("dcmqrscp"), program("dcmqridx"), program("findscu")
    if path is None or indexer is None or findscu is None:
        return "A real dcmqrscp: not measured, since DCMTK is not here\n"
    with dcmqrscp_with(path, indexer, DCMQRSCP_STUDIES) as (pid, truth):
        watched = Watched(pid)
        checked, exact, dcmtk = _in_turns(
            DCMQRSCP_RUNS,
            lambda: watched.leadglass("check", PORT, TITLE),
            lambda: watched.leadglass("exact", PORT, TITLE),
            lambda: (watched.findscu(findscu, PORT, TITLE, truth.studies), None),
        )
    rows = ((_decided(checked), checked[0]), ("Leadglass, --exact", exact[0]), ("findscu -q", dcmtk[0]))
    return (
        cost_table(f"A real dcmqrscp over DIMSE: {truth.studies:,} studies, {DCMQRSCP_RUNS} runs of each", rows)
        + truths("as check decides", truth, checked[1])
        + truths("--exact", truth, exact[1])
    )


def _in_turns(runs: int, *ways: Callable[[], tuple[Cost, Exposure | None]]) -> tuple[_FOUND, ...]:
    """Each way as often, one after another: what else the machine does meets all of them."""
    found: tuple[_FOUND, ...] = tuple(([], []) for _ in ways)
    for _ in range(runs):
        for way, (costs, exposures) in zip(ways, found, strict=True):
            cost, exposure = way()
            costs.append(cost)
            if exposure is not None:
                exposures.append(exposure)
    return found


def _decided(found: _FOUND) -> str:
    """How `check` measured: it counts where that costs the server less."""
    sampled = sum(one.studies is not None and one.studies.kind is CountKind.ESTIMATE for one in found[1])
    return f"check, {sampled}/{len(found[1])} sampled"
