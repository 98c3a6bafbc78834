"""Surveys and results to put into a store."""

from datetime import UTC, datetime

from leadglass.model.assessment import TargetResult
from leadglass.model.snapshot import Batch, Listed, NewSurvey, Progress, RunRow, StoredResult
from leadglass.store.store import Store
from tests.report import samples

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RICH = samples.open_orthanc()


def stored(position: int, result: TargetResult = RICH) -> StoredResult:
    """One result at a position."""
    return StoredResult(position=position, labels=(("country", "DE"), ("owner", "Ärzte")), at=AT, result=result)


def batch(low: int, *results: StoredResult, high: int | None = None, above: bytes = b"", done: bool = False) -> Batch:
    """What makes this progress."""
    progress = Progress(low=low, high=max(low, high or 0), above=above)
    return Batch(results=results, progress=progress, contacts=3, done=done)


def begun(store: Store, name: str = "one", shards: int = 3) -> int:
    """A survey of three shards of ten positions, held by `me`, with a run that has begun; the run's number."""
    new = NewSurvey(name=name, created=AT, seed="5", scope_text="authority = 1", plan=b"{}")
    listed = (Listed(number=n, target=f"host{n}", labels=(("country", "DE"),), ports=(104, 11112)) for n in range(7))
    store.create(new, [(10 * n, 10 * n + 10) for n in range(shards)], listed)
    store.take(name, "me", 1000)
    return store.start_run(name, run())


def run(holder: str = "me") -> RunRow:
    """A run as it begins."""
    return RunRow(number=0, started=AT, holder=holder, tool_version="0.1", probes={"dimse": 1}, settings=b"{}")
