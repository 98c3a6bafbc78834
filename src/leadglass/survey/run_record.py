"""What the figures of a survey rest on is one document: by whose authority, which places, questions and versions."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from leadglass.measure.sampling.sampler import Wish
from leadglass.model.record import Record
from leadglass.model.scope import Budget, Timing
from leadglass.model.snapshot import RunRow, Standing, SurveyRow, SurveyState
from leadglass.model.words import Depth, Permission
from leadglass.probe.manner import Switch
from leadglass.survey.engine.layout import Layout


class RunTold(Record):
    """One run, as `RunRow` has it. `contacts` are connections; `probes` the version of each."""

    number: int
    started: datetime
    ended: datetime | None
    ended_how: str
    holder: str
    tool_version: str
    probes: dict[str, int]
    settings: msgspec.Raw
    contacts: int
    repeated: int
    late: int


class RunRecord(Record):
    """`scope` is the scope file as it was read; `addresses` are those of networks, `listed` those named one by one.

    `wish` is how sure samples were to be, null where every archive was counted.
    """

    schema: str
    name: str
    state: SurveyState
    created: datetime
    seed: str
    authority: str
    approval: str
    purpose: str
    contact: str
    permits: tuple[Permission, ...]
    depth: Depth
    without: tuple[Switch, ...]
    budget: Budget
    timing: Timing
    wish: Wish | None
    addresses: int
    listed: int
    standing: Standing
    runs: tuple[RunTold, ...]
    scope: str


def run_record(survey: SurveyRow, standing: Standing, runs: Iterable[RunRow]) -> RunRecord:
    """The record of a survey as it stands."""
    layout = msgspec.json.decode(survey.plan, type=Layout)
    scope = layout.scope
    return RunRecord(
        schema="leadglass.run-record/1",
        name=survey.name,
        state=survey.state,
        created=survey.created,
        seed=survey.seed,
        authority=scope.authority,
        approval=scope.approval,
        purpose=scope.purpose,
        contact=scope.contact,
        permits=scope.permits,
        depth=scope.depth,
        without=layout.without,
        budget=layout.budget,
        timing=layout.timing,
        wish=layout.wish,
        addresses=layout.space.addresses,
        listed=layout.space.listed,
        standing=standing,
        runs=tuple(map(_told, runs)),
        scope=survey.scope_text,
    )


def _told(run: RunRow) -> RunTold:
    values = msgspec.structs.asdict(run)
    return RunTold(**{**values, "settings": msgspec.Raw(run.settings)})
