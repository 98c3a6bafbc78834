"""Two snapshots are told apart: what was closed, what opened, and what only one of the two surveys could have seen."""

from collections.abc import Iterable
from ipaddress import ip_address

from leadglass.model.assessment import Surface, TargetResult
from leadglass.model.record import Record
from leadglass.model.snapshot import StoredResult
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.probe.manner import MAY_OPEN, Switch
from leadglass.survey.walk.space import Space

# A target or a surface that ended so was not asked to the end, and nothing follows from what it did not give.
_NOT_VISITED = (Status.OUT_OF_SCOPE, Status.NAME_NOT_RESOLVED)
_NOT_FINISHED = (Status.INTERRUPTED, Status.INTERNAL_ERROR, Status.BUDGET_SPENT)


class Snapshot(Record):
    """What a survey found, the versions of the probes of each of its runs, and where it looked."""

    results: Iterable[StoredResult]
    probes: tuple[dict[str, int], ...]
    space: Space
    ports: frozenset[int]


class Change(Record):
    """Systems by their address (or the target, where it has none); a system is open where a stranger reads a record.

    `not_asked_again` were open, and the later survey did not visit them, not at every port that gave a record, or not
    with the probe that got it: nothing is known of them now. `opened_not_asked_before` are those of `opened` that the
    earlier survey did not visit, or not at these ports. `opened_seen_only_by_newer` are those of `opened` that gave
    their records to probes alone that the earlier survey did not have, or in an older version, and that did answer it:
    they may have been open all the time.
    """

    closed: tuple[str, ...]
    not_asked_again: tuple[str, ...]
    opened: tuple[str, ...]
    opened_not_asked_before: tuple[str, ...]
    opened_seen_only_by_newer: tuple[str, ...]
    still_open: int


class _Way(Record):
    """One surface that gave a record; `narrow` where it fails above its limit, and so wants narrow ranges."""

    kind: SurfaceKind
    port: int
    narrow: bool


class _System(Record):
    """What a survey knows of one system: `asked` are the ports of its surfaces, `cut` those not asked to the end."""

    proof: Rung
    visited: bool
    asked: frozenset[int]
    cut: frozenset[int]
    ways: tuple[_Way, ...]

    @property
    def is_open(self) -> bool:
        return self.proof.at_least(Rung.READABLE)


def compare(earlier: Snapshot, later: Snapshot) -> Change:
    """What changed between the two."""
    before, now = _systems(earlier.results), _systems(later.results)
    closed, lost, opened, unasked, overlooked = (list[str]() for _ in range(5))
    lacks_later, lacks_earlier = _newer(later, earlier), _newer(earlier, later)
    for key, was in before.items():
        is_now = now.get(key)
        if not was.is_open or (is_now is not None and is_now.is_open):
            continue
        told = _asked(later, key, is_now).issuperset(way.port for way in was.ways)
        hidden = is_now is not None and _may_hide(is_now, was.ways, lacks_later)
        (closed if told and not hidden else lost).append(key)
    for key, found in now.items():
        was_there = before.get(key)
        if not found.is_open or (was_there is not None and was_there.is_open):
            continue
        opened.append(key)
        if _asked(earlier, key, was_there).isdisjoint(way.port for way in found.ways):
            unasked.append(key)
        elif was_there is not None and _may_hide(was_there, found.ways, lacks_earlier):
            overlooked.append(key)
    still_open = sum(1 for key, was in before.items() if was.is_open and key in now and now[key].is_open)
    return Change(
        closed=tuple(sorted(closed)),
        not_asked_again=tuple(sorted(lost)),
        opened=tuple(sorted(opened)),
        opened_not_asked_before=tuple(sorted(unasked)),
        opened_seen_only_by_newer=tuple(sorted(overlooked)),
        still_open=still_open,
    )


def _systems(results: Iterable[StoredResult]) -> dict[str, _System]:
    """Systems by their key; one that was visited under several names is what all of them found."""
    systems: dict[str, _System] = {}
    for one in results:
        key = one.result.address or one.result.target
        system, other = _system(one.result), systems.get(key)
        systems[key] = system if other is None else _both(system, other)
    return systems


def _system(result: TargetResult) -> _System:
    gives = [surface for surface in result.surfaces if surface.proof.at_least(Rung.READABLE)]
    return _System(
        proof=result.proof,
        visited=result.status not in _NOT_VISITED,
        asked=frozenset(surface.port for surface in result.surfaces),
        cut=frozenset(surface.port for surface in result.surfaces if surface.status in _NOT_FINISHED),
        ways=tuple(_Way(kind=surface.kind, port=surface.port, narrow=_is_narrow(surface)) for surface in gives),
    )


def _both(one: _System, other: _System) -> _System:
    return _System(
        proof=max(one.proof, other.proof, key=lambda rung: rung.height),
        visited=one.visited or other.visited,
        asked=one.asked | other.asked,
        cut=one.cut | other.cut,
        ways=(*one.ways, *other.ways),
    )


def _is_narrow(surface: Surface) -> bool:
    cap = surface.facts.dimse.cap if surface.facts.dimse else None
    return cap is not None and cap.sign == "it fails where there is more"


def _asked(survey: Snapshot, key: str, system: _System | None) -> frozenset[int]:
    """The ports of a system that a survey asked to the end. Of a network nothing is kept where nothing listens."""
    if system is not None and not system.visited:
        return frozenset()
    known = system.asked if system is not None else frozenset[int]()
    cut = system.cut if system is not None else frozenset[int]()
    return (known | survey.ports if _is_within(survey.space, key) else known) - cut


def _is_within(space: Space, key: str) -> bool:
    try:
        return space.holds(ip_address(key))
    except ValueError:
        return False  # a name


def _newer(survey: Snapshot, other: Snapshot) -> frozenset[str]:
    """The probes that `other` had and `survey`, in the oldest of its runs, had not, or in an older version."""
    names = {name for run in other.probes for name in run}
    return frozenset(
        name
        for name in names
        if max(run.get(name, 0) for run in other.probes) > min((run.get(name, 0) for run in survey.probes), default=0)
    )


def _may_hide(there: _System, ways: tuple[_Way, ...], lacks: frozenset[str]) -> bool:
    """Whether a survey that `lacks` these probes may have missed all `ways` into a system that it met as it was there.

    Who listened may have been misunderstood by an older probe; ranges of dates help only where it was let in.
    """
    if not lacks or not there.proof.at_least(Rung.OTHER):
        return False
    kinds = frozenset[SurfaceKind]().union(*(MAY_OPEN[name] for name in lacks if name in MAY_OPEN))
    by_ranges = Switch.DATE_RANGES in lacks and there.proof is Rung.ADMITS
    return all(way.kind in kinds or (by_ranges and way.narrow) for way in ways)
