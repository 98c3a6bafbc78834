"""What the lab itself costs: CPU of the server for each association and each response, so that it is no bottleneck."""

from bench.figures import Timed, figures
from bench.processes import Served, asked, serving
from bench.setting import ADDRESSES, ARCHIVE, ARCHIVE_STUDIES, LAB_IN_FLIGHT, LAB_RUNS, PORT
from bench.table import Row, reached, section

_ASSOCIATIONS_A_CORE, _RESPONSES_A_CORE = 10_000, 200_000


def lab() -> str:
    """The sections of the table."""
    with serving("canned_server") as floor:
        canned = figures([_associations(floor) for _ in range(LAB_RUNS)])
    with serving("lab_server") as server:
        ours = figures([_associations(server) for _ in range(LAB_RUNS)])
        _responses(server, 0)  # makes the archive, and is not counted
        rendered = figures([_responses(server, run + 1) for run in range(LAB_RUNS)])
        known = figures([_responses(server, LAB_RUNS) for _ in range(LAB_RUNS)])
    associations = (Row(name="the lab", figures=ours), Row(name="canned bytes, nothing read (floor)", figures=canned))
    responses = (
        Row(name="the lab, a question for the first time", figures=rendered),
        Row(name="the lab, the same question again", figures=known),
    )
    return (
        section("The lab as a server, by its own CPU: associations a second a core", associations)
        + reached("associations a second a core", ours.rate, _ASSOCIATIONS_A_CORE)
        + "\n"
        + section(f"The lab as a server: study-level responses a second a core, {ARCHIVE_STUDIES:,} studies", responses)
        + reached("responses a second a core", rendered.rate, _RESPONSES_A_CORE)
    )


def _associations(server: Served) -> Timed:
    return _by_its_cpu(server, len(ADDRESSES), "ask_canned", str(LAB_IN_FLIGHT))


def _responses(server: Served, question: int) -> Timed:
    """One universal query; a number of its own makes a question that was not asked before."""
    return _by_its_cpu(server, ARCHIVE.studies - ARCHIVE.undated, "ask_leadglass", "studies", str(PORT), str(question))


def _by_its_cpu(server: Served, count: int, *client: str) -> Timed:
    """A run in which the clock is the server's own CPU: things a second are things a second of one busy core."""
    before = server.used().cpu_s
    asked(*client)
    cpu_s = server.used().cpu_s - before
    return Timed(count=count, wall_s=cpu_s, cpu_s=cpu_s)
