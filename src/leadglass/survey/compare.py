"""Two snapshots of the same places are told apart: what was closed, what opened, and what only a newer probe sees."""

from collections.abc import Iterable

from leadglass.model.assessment import TargetResult
from leadglass.model.record import Record
from leadglass.model.snapshot import StoredResult
from leadglass.model.words import Rung

_DATE_RANGES = "date-ranges"


class Change(Record):
    """Systems by their address (or the target, where it has none); a system is open where a stranger reads a record.

    `opened_seen_only_by_newer` are those of `opened` that gave their records to questions alone that the earlier survey
    did not ask, and that let it in without answering: they may have been open all the time.
    """

    closed: tuple[str, ...]
    opened: tuple[str, ...]
    opened_seen_only_by_newer: tuple[str, ...]
    still_open: int


def compare(
    earlier: Iterable[StoredResult],
    later: Iterable[StoredResult],
    asked_earlier: Iterable[str],
    asked_later: Iterable[str],
) -> Change:
    """What changed; `asked_earlier` and `asked_later` name the probes of the two surveys' runs."""
    before = {_key(one.result): one.result.proof for one in earlier}
    new_ranges = _DATE_RANGES in set(asked_later) - set(asked_earlier)
    opened, overlooked, now_open = [], [], set()
    for one in later:
        key = _key(one.result)
        if not one.result.proof.at_least(Rung.READABLE):
            continue
        now_open.add(key)
        was = before.get(key)
        if was is not None and was.at_least(Rung.READABLE):
            continue
        opened.append(key)
        if new_ranges and was is Rung.ADMITS and _only_by_ranges(one.result):
            overlooked.append(key)
    was_open = {key for key, proof in before.items() if proof.at_least(Rung.READABLE)}
    return Change(
        closed=tuple(sorted(was_open - now_open)),
        opened=tuple(sorted(opened)),
        opened_seen_only_by_newer=tuple(sorted(overlooked)),
        still_open=len(was_open & now_open),
    )


def _key(result: TargetResult) -> str:
    return result.address or result.target


def _only_by_ranges(result: TargetResult) -> bool:
    """Whether every way in that gave a record fails where it would answer too much, and so wants narrow questions."""
    gives = [surface for surface in result.surfaces if surface.proof.at_least(Rung.READABLE)]
    caps = [surface.facts.dimse.cap if surface.facts.dimse else None for surface in gives]
    return all(cap is not None and cap.sign == "it fails where there is more" for cap in caps)
