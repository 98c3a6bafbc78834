"""A survey is made from its scope: the layout that its workers share, its shards, and what was named one by one."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from leadglass.measure.sampling.sampler import Wish
from leadglass.model.scope import Budget, Scope, Timing
from leadglass.model.snapshot import Listed, NewSurvey
from leadglass.probe.manner import Switch
from leadglass.store.store import Store
from leadglass.survey.engine.hosts import Hosts
from leadglass.survey.engine.intake import FoundIn, Intake
from leadglass.survey.engine.layout import Layout, layout_of_listed, make_layout
from leadglass.survey.engine.reckoning import reckon, reckon_found
from leadglass.survey.intake.reading import Source

_BUDGET, _TIMING, _WISH = Budget(), Timing(), Wish()


def begin(
    store: Store,
    name: str,
    scope: Scope,
    scope_text: str,
    *,
    seed: str,
    at: datetime,
    budget: Budget = _BUDGET,
    timing: Timing = _TIMING,
    without: tuple[Switch, ...] = (),
    wish: Wish | None = _WISH,
    found: Intake | None = None,
    source: Source | None = None,
) -> Layout:
    """Puts a survey into the store; of what another tool `found` alone, where that is given, in the file `source`.

    `wish` is how sure samples are to be, None where every archive is counted.

    Raises StoreError where its name is taken, ValueError where nothing is to visit.
    """
    listed: Collection[Listed] | Hosts
    if found is None:
        layout, listed = make_layout(scope, budget=budget, timing=timing, without=without)
        reckoning = reckon(scope, layout.space, listed, budget)
    else:
        if not len(found.listed):
            raise ValueError(f"nothing is left to visit: {found.why_nothing}")
        listed = found.listed
        layout = layout_of_listed(scope, len(listed), budget=budget, timing=timing, without=without)
        reckoning = reckon_found(scope, found, budget)
    told = None if found is None or source is None else FoundIn.of(source, found)
    layout = msgspec.structs.replace(layout, wish=wish, reckoning=reckoning, found=told)
    plan = msgspec.json.encode(layout)
    new = NewSurvey(name=name, created=at, seed=seed, scope_text=scope_text, plan=plan)
    store.create(new, layout.shards(seed), listed)
    return layout
