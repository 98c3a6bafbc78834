"""A survey is made from its scope: the layout that its workers share, its shards, and what was named one by one."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from leadglass.measure.sampling.sampler import Wish
from leadglass.model.scope import Budget, Scope, Timing
from leadglass.model.snapshot import Listed, NewSurvey
from leadglass.probe.manner import Switch
from leadglass.store.store import Store
from leadglass.survey.engine.intake import Intake
from leadglass.survey.engine.layout import Layout, layout_of_listed, make_layout

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
) -> Layout:
    """Puts a survey into the store; of what another tool `found` alone, where that is given.

    `wish` is how sure samples are to be, None where every archive is counted.

    Raises StoreError where its name is taken, ValueError where nothing is to visit.
    """
    listed: Iterable[Listed]
    if found is None:
        layout, listed = make_layout(scope, budget=budget, timing=timing, without=without)
    else:
        if not len(found.listed):
            raise ValueError(f"nothing is left to visit: {found.why_nothing}")
        listed = found.listed
        layout = layout_of_listed(scope, len(listed), budget=budget, timing=timing, without=without)
    layout = msgspec.structs.replace(layout, wish=wish)
    plan = msgspec.json.encode(layout)
    new = NewSurvey(name=name, created=at, seed=seed, scope_text=scope_text, plan=plan)
    store.create(new, layout.shards(seed), listed)
    return layout
