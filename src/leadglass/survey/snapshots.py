"""A survey is compared when it is done, and when it asked for what the comparison is about."""

from leadglass.model.words import Depth, Permission
from leadglass.store.store import Store
from leadglass.survey.compare import Snapshot
from leadglass.survey.engine.duty import layout_of


def snapshot_of(store: Store, name: str, to_finish: str) -> Snapshot:
    """A survey as it is compared; `to_finish` is the command that ends it.

    Raises StoreError where there is none of that name, ValueError where nothing could be concluded from it.
    """
    survey, standing = store.survey(name), store.standing(name)
    if standing.shards_left:
        raise ValueError(
            f"the survey {name} is not done ({standing.done:,} of {standing.positions:,}): what it did not visit would "
            f"be taken for closed, or for new.\nTo finish it: {to_finish}"
        )
    layout = layout_of(survey)
    scope = layout.scope
    if scope.depth is Depth.TOUCH or Permission.READ_RECORD not in scope.permits:
        why = f"its depth is {scope.depth}" if scope.depth is Depth.TOUCH else "read-record is not permitted"
        raise ValueError(f"the survey {name} asked nobody for a record ({why}): it cannot tell who is open")
    runs = store.runs(name)
    asked = [run for run in runs if run.contacts]  # one that contacted nobody says nothing of what was asked
    return Snapshot(
        results=store.results(name),
        probes=tuple(run.probes for run in asked or runs),
        space=layout.space,
        ports=frozenset((*scope.dimse_ports, *scope.web_ports)),
    )
