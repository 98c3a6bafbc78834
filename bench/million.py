"""A million studies: what it costs to know how many, by a sample, by reading all, by `findscu -q` and by QIDO-RS."""

from collections.abc import Iterator

from bench.costs import Truth, aims, cost_table, truths
from bench.million_server import BASE, COMPUTING, FAST, HABITS, SPEC
from bench.processes import program, serving
from bench.setting import MILLION_DEAR_RUNS, MILLION_RUNS, PORT
from bench.watched import Watched

_TITLE = "ANY-SCP"
_TRUTH = Truth(studies=SPEC.studies, images=SPEC.images, patients=SPEC.patients)


def million() -> Iterator[str]:
    """The sections of the table, each as soon as it is measured."""
    for habit in HABITS:
        yield _over_dimse(habit)
    yield _over_web()


def _over_dimse(habit: str) -> str:
    findscu, runs = program("findscu"), MILLION_DEAR_RUNS if habit == COMPUTING else MILLION_RUNS
    with serving("million_server", habit) as server:
        watched = Watched(server.pid)
        found = [watched.leadglass("check", PORT, _TITLE) for _ in range(runs)]
        exact, counted = watched.leadglass("exact", PORT, _TITLE)
        dcmtk = [watched.findscu(findscu, PORT, _TITLE, SPEC.studies)] if findscu else []
    samples, exposures = [cost for cost, _ in found], [exposure for _, exposure in found]
    rows = ((f"a sample, {runs} runs", samples), ("Leadglass, --exact", [exact]), ("findscu -q", dcmtk))
    return (
        cost_table(f"{SPEC.studies:,} studies, the server: {habit}", rows)
        + truths("a sample", _TRUTH, exposures)
        + truths("--exact", _TRUTH, [counted])
        + aims(samples, exposures, [exact])
    )


def _over_web() -> str:
    with serving("million_server", FAST) as server:
        watched = Watched(server.pid)
        found = [watched.leadglass("check", PORT + 1, BASE) for _ in range(MILLION_DEAR_RUNS)]
        read = watched.qido(PORT + 1, f"{BASE}/studies")
    rows = ((f"limit=1 at places, {MILLION_DEAR_RUNS}", [cost for cost, _ in found]), ("QIDO-RS, unbounded", [read]))
    title = f"{SPEC.studies:,} studies over DICOMweb, the server: {FAST}"
    return cost_table(title, rows) + truths("limit=1 at places", _TRUTH, [exposure for _, exposure in found])
