"""The kinds of data that a few records showed, each with its share and what that is worth, for text and page."""

from leadglass.knowledge.national_numbers import SHAPES
from leadglass.model.kinds import Kinds, KindShare
from leadglass.report.figures import plural
from leadglass.report.words import label

_TITLES = {shape.name: shape.title for shape in SHAPES}


def looked_at(kinds: Kinds) -> str:
    """Of how many records this is, and what shares of so few are worth."""
    if kinds.confidence == 1:
        return f"Of all {plural(kinds.records, 'record')} there; no value was kept."
    records = plural(kinds.records, "record")
    return (
        f"Of {records} drawn from those that were counted; no value was kept. So few say little of all: "
        f"the bounds hold with {kinds.confidence:.0%} confidence."
    )


def shares(kinds: Kinds) -> list[tuple[str, str]]:
    """The kinds that were seen, the most frequent first: `20 of 20 (83% to 100% of all)`."""
    seen = sorted((share for share in kinds.shares if share.records), key=lambda share: -share.records)
    return [(label(share.kind), f"{share.records} of {kinds.records}{_bounds(kinds, share)}") for share in seen]


def rest(kinds: Kinds) -> list[tuple[str, str]]:
    """What else is to be said: the shapes of IDs, the kinds that were not seen, the documents."""
    shapes = [f"{_TITLES.get(name, name)} {records}" for name, records in kinds.national_numbers.items()]
    missing = [share for share in kinds.shares if not share.records]
    documents = [f"{label(kind)} {label(presence)}" for kind, presence in kinds.documents.items()]
    lines = [("IDs shaped like", f"{' · '.join(shapes)} (a shape is no proof)" if shapes else "")]
    if missing:
        most = "" if kinds.confidence == 1 else f" (in {missing[0].high:.0%} of all at most)"
        lines.append(("not seen", f"{', '.join(label(share.kind) for share in missing)}{most}"))
    lines.append(("documents", " · ".join(documents)))
    return [(name, words) for name, words in lines if words]


def _bounds(kinds: Kinds, share: KindShare) -> str:
    return "" if kinds.confidence == 1 else f" ({share.low:.0%} to {share.high:.0%} of all)"
