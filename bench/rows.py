"""Results a second into a store: SQLite, and a real PostgreSQL where there is one."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.report import samples
from tests.store.conftest import emptied
from tests.store.postgres import postgresql

from bench.figures import Timed, figures
from bench.table import Row, section
from leadglass.model.snapshot import Batch, NewSurvey, Progress, RunRow, StoredResult
from leadglass.store.store import open_store

_RESULTS, _AT_ONCE = 4_000, 200
_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def rows_written(runs: int) -> str:
    """The section of the table: a result of an open Orthanc each, with its surfaces, exposure and findings."""
    with tempfile.TemporaryDirectory() as folder:
        files = [_written(str(Path(folder, f"{n}.db"))) for n in range(runs)]
    rows = [Row(name="SQLite, each commit on the disk", figures=figures(files))]
    served = []
    if any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        with postgresql() as address:
            served = [_written(emptied(address)) for _ in range(runs)]
    rows.append(Row(name="PostgreSQL (fsync off)", figures=figures(served) if served else None))
    return section("A store: results a second, each about a dozen rows", tuple(rows))


def _written(where: str) -> Timed:
    with open_store(where) as store:
        new = NewSurvey(name="bench", created=_AT, seed="1", scope_text="", plan=b"{}")
        store.create(new, [(0, _RESULTS)], ())
        store.take("bench", "me", 1000.0)
        run = RunRow(number=0, started=_AT, holder="me", tool_version="0", probes={}, settings=b"{}")
        number = store.start_run("bench", run)
        lease = store.shards.lease("bench", "me", 1000.0, number)
        if lease is None:
            raise RuntimeError("a store that leases nothing")
        result, labels = samples.open_orthanc(), (("country", "DE"), ("owner", "Practice"))
        begun, used = time.perf_counter(), time.process_time()
        for first in range(0, _RESULTS, _AT_ONCE):
            results = tuple(
                StoredResult(position=first + n, labels=labels, at=_AT, result=result) for n in range(_AT_ONCE)
            )
            progress = Progress(low=first + _AT_ONCE, high=first + _AT_ONCE)
            batch = Batch(results=results, progress=progress, contacts=_AT_ONCE, done=first + _AT_ONCE == _RESULTS)
            store.shards.commit(lease, number, batch)
        return Timed(count=_RESULTS, wall_s=time.perf_counter() - begun, cpu_s=time.process_time() - used)
