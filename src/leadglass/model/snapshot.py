"""What a survey keeps, as values: its run record, its shards with their leases, and its results."""

from datetime import datetime
from enum import StrEnum

from leadglass.model.assessment import TargetResult
from leadglass.model.record import Record
from leadglass.model.scope import Labels


class SurveyState(StrEnum):
    """Where a survey stands."""

    READY = "ready"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"


class NewSurvey(Record):
    """A survey as it begins. `plan` is JSON that the `survey` room made; `scope_text` the scope file as it was read."""

    name: str
    created: datetime
    seed: str
    scope_text: str
    plan: bytes


class SurveyRow(NewSurvey):
    """A survey as it stands. `holder` runs it until `held_until`, in seconds of the store's clock."""

    state: SurveyState
    holder: str | None
    held_until: float


class Listed(Record):
    """A target that was named one by one, by the scope file or by another tool; no `ports` are the scope's own."""

    number: int
    target: str
    labels: Labels = ()
    ports: tuple[int, ...] = ()


class Progress(Record):
    """How far a shard has come: positions below `low` are done, and those whose bits are set in `above`.

    None at or above `high` was begun. `tallies` is JSON of the `survey` room: what answered nothing, counted.
    """

    low: int
    high: int
    above: bytes = b""
    tallies: bytes = b"{}"


class Lease(Record):
    """A shard, positions from `first` up to `last`, that one holder may work on until `until` by the store's clock.

    `epoch` goes up with every lease of the shard: whoever writes under an old one is refused.
    """

    survey: str
    shard: int
    first: int
    last: int
    epoch: int
    holder: str
    until: float
    progress: Progress


class Allotment(Record):
    """What a worker may do until it reports again: a share of the pace, from 0 to 1.

    `stop` where it is to end what it has begun, `over` where nobody holds its run any more.
    """

    share: float
    stop: bool
    over: bool


class StoredResult(Record):
    """One target's result with its position in the order, and the labels that the scope gave it."""

    position: int
    labels: Labels
    at: datetime
    result: TargetResult


class Batch(Record):
    """What is written at once: results, and the progress that they make. `contacts` are connections made since."""

    results: tuple[StoredResult, ...]
    progress: Progress
    contacts: int
    done: bool


class RunRow(Record):
    """One run of a survey, from a start or a resume to its end.

    `contacts` are connections made, `repeated` positions that may have been contacted by an earlier run as well, and
    `late` connections of workers whose lease was over. `settings` is JSON of the `survey` room.
    """

    number: int
    started: datetime
    holder: str
    tool_version: str
    probes: dict[str, int]
    settings: bytes
    ended: datetime | None = None
    ended_how: str = ""
    contacts: int = 0
    repeated: int = 0
    late: int = 0


class Standing(Record):
    """How far a survey has come: positions done of all, shards left, and the systems that are stored, by rung."""

    positions: int
    done: int
    shards_left: int
    rungs: dict[str, int]
