"""`leadglass survey run` and `resume`: a survey is worked on by this process, by several, or by a cluster."""

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadglass.cli.assessing import now, run
from leadglass.cli.check import LogLevel
from leadglass.cli.exits import Exit
from leadglass.cli.logs import start_logging
from leadglass.cli.output import Destination
from leadglass.cli.survey_store import DEFAULT_STORE, NAME, STORE, at, opened, told, usage
from leadglass.model.record import Record

if TYPE_CHECKING:
    from leadglass.model.snapshot import SurveyState
    from leadglass.store.store import Store
    from leadglass.survey.engine.crew import Crew

_LEAST_LEASE_S = 2
_Status = Annotated[
    Path | None,
    typer.Option("--status-file", metavar="FILE", help="Tell a machine how it stands, as JSON, once a second."),
]
_Log = Annotated[
    LogLevel, typer.Option("--log-level", help="Which messages go to stderr; none holds a patient's value.")
]
_Workers = Annotated[
    int, typer.Option("--workers", min=1, max=256, metavar="N", help="Processes of this machine that share the work.")
]
_Scheduler = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Workers of a dask cluster share the work: tls://HOST:8786."),
]
_Ca = Annotated[
    Path | None, typer.Option("--tls-ca", metavar="FILE", help="Who signs the certificates of the cluster (PEM).")
]
_Certificate = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="FILE", help="This machine's certificate for the cluster (PEM).")
]
_Key = Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="Its key (PEM).")]
_Lease = Annotated[
    float,
    typer.Option("--lease", min=_LEAST_LEASE_S, metavar="SECONDS", help="A worker silent for so long loses its work."),
]


class _Wanted(Record):
    """How a survey is to be run."""

    name: str
    store: str
    status_file: Path | None
    log_level: LogLevel
    workers: int
    cluster: str | None
    tls: tuple[Path | None, Path | None, Path | None]
    lease_s: float


def start(
    name: Annotated[str, NAME],
    store: Annotated[str, STORE] = DEFAULT_STORE,
    workers: _Workers = 1,
    cluster: _Scheduler = None,
    tls_ca: _Ca = None,
    tls_cert: _Certificate = None,
    tls_key: _Key = None,
    lease: _Lease = 30.0,
    status_file: _Status = None,
    log_level: _Log = LogLevel.WARNING,
) -> None:
    """Start a survey, or go on where it was stopped. Ctrl-C lets what is in flight end, and says how to resume."""
    _run(
        _Wanted(
            name=name,
            store=store,
            status_file=status_file,
            log_level=log_level,
            workers=workers,
            cluster=cluster,
            tls=(tls_ca, tls_cert, tls_key),
            lease_s=lease,
        )
    )


def resume(
    name: Annotated[str, NAME],
    store: Annotated[str, STORE] = DEFAULT_STORE,
    workers: _Workers = 1,
    cluster: _Scheduler = None,
    tls_ca: _Ca = None,
    tls_cert: _Certificate = None,
    tls_key: _Key = None,
    lease: _Lease = 30.0,
    status_file: _Status = None,
    log_level: _Log = LogLevel.WARNING,
) -> None:
    """Go on with a survey that was stopped, whatever stopped it: nothing is lost, and nothing is counted twice."""
    start(name, store, workers, cluster, tls_ca, tls_cert, tls_key, lease, status_file, log_level)


def _run(wanted: _Wanted) -> None:
    from leadglass.cli.survey_progress import Telling, by_rung  # noqa: PLC0415 - slow to import, as below
    from leadglass.store.errors import HeldError  # noqa: PLC0415
    from leadglass.survey.engine.conduct import Conductor  # noqa: PLC0415

    start_logging(wanted.log_level)

    def go_on(store: "Store") -> str:
        return f"To go on: leadglass survey resume {wanted.name}{at(store)}"

    async def conducted(store: "Store") -> "SurveyState":
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for asked in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(asked, stop.set)
            except NotImplementedError:  # Windows
                signal.signal(asked, lambda *_: loop.call_soon_threadsafe(stop.set))
        with Telling(status_file, loop.time) as telling:
            conductor = Conductor(store, wanted.name, _crew(wanted), now, wanted.lease_s)
            try:
                state = await conductor.run(stop, telling.told)
            except HeldError:
                raise
            except ValueError as error:  # whatever ended the run: its store, its workers, its cluster
                error.add_note(go_on(store))
                raise
            telling.ended(state)
            return state

    with told(), opened(wanted.store, must_exist=True) as store:
        status_file = None if wanted.status_file is None else Destination(wanted.status_file, lasting=False)
        state = run(lambda: conducted(store))
        standing = store.standing(wanted.name)
    rungs = ", ".join(f"{count:,} {rung}" for rung, count in by_rung(standing)) or "nothing that listens"
    typer.echo(f"{wanted.name} is {state.value}: {rungs}.", err=True)
    if state != "done":
        typer.echo(go_on(store), err=True)
        raise typer.Exit(Exit.INTERRUPTED)


def _crew(wanted: _Wanted) -> "Crew":
    from leadglass.survey.engine.cluster import Cluster, ClusterAddress  # noqa: PLC0415
    from leadglass.survey.engine.crew import Alone  # noqa: PLC0415
    from leadglass.survey.engine.processes import Processes  # noqa: PLC0415

    if wanted.cluster is None:
        if any(wanted.tls):
            usage("--tls-ca, --tls-cert and --tls-key are of --cluster")
        return Alone(now) if wanted.workers == 1 else Processes(wanted.store, wanted.workers)
    if wanted.workers != 1:
        usage("--workers counts processes of this machine, and a cluster has its own: leave one of the two out")
    ca, certificate, key = wanted.tls
    address = ClusterAddress(address=wanted.cluster, ca=ca, certificate=certificate, key=key)
    return Cluster(address, wanted.store if wanted.store.startswith("postgresql") else None)
