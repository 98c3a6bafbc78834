"""How many connections a survey makes at most, and how long it takes to find who listens, is reckoned beforehand."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby

from leadglass.model.record import Record
from leadglass.model.scope import Budget, Scope
from leadglass.model.snapshot import Listed
from leadglass.model.target import literal_address
from leadglass.net.host import MAX_ADDRESSES
from leadglass.net.networks import unmapped
from leadglass.survey.engine.intake import Intake
from leadglass.survey.walk.space import Space

_HOST_BITS = {4: 8, 6: 80}  # of an address, behind those that name the network to which a pace of its own belongs
_BYTES = {4: 4, 6: 16}


class Reckoning(Record):
    """Figures for one walk over all places; a run that was killed contacts again what was in flight.

    `addresses` are those of networks, `listed` those named one by one, of which `names` are names, each reckoned with
    the most addresses that a visit dials. `knocks` are connections to find who listens, `connections` the most that
    are made in all, if everybody listened and took whatever the budget allows. `finding_s` is how long the knocks take
    at the pace, `elapsed_s` the same with the hours in which nothing is begun, from when they open.
    """

    addresses: int
    listed: int
    names: int
    knocks: int
    connections: int
    finding_s: float
    elapsed_s: float


def reckon(scope: Scope, space: Space, listed: Iterable[Listed], budget: Budget) -> Reckoning:
    """The figures of the places of a scope."""
    ports = len(scope.dimse_ports) + len(scope.web_ports)
    addresses = space.addresses - len(space.named) // _BYTES[4] - len(space.named_v6) // _BYTES[6]
    alone = {4: array("Q"), 6: array("Q")}
    names = 0
    for one in listed:
        address = literal_address(one.target)
        if address is None:
            names += 1
            continue
        plain = unmapped(address)
        if not space.holds(plain):
            alone[plain.version].append(int(plain) >> _HOST_BITS[plain.version])
    per_name = min(MAX_ADDRESSES * ports, budget.max_connections)
    knocks = (addresses + space.listed - names) * ports + names * per_name
    fullest = max(_fullest(space, alone) * ports, per_name if names else 0)
    return _reckoning(
        scope,
        places=(addresses, space.listed, names),
        knocks=knocks,
        connections=addresses * (ports + budget.max_connections) + space.listed * budget.max_connections,
        least_s=max(fullest / scope.pace.per_network, ports / scope.pace.per_address),
    )


def reckon_found(scope: Scope, found: Intake, budget: Budget) -> Reckoning:
    """The figures of what another tool found."""
    return _reckoning(
        scope,
        places=(0, len(found.listed), found.names),
        knocks=found.connections,
        connections=len(found.listed) * budget.max_connections,
        least_s=max(found.fullest / scope.pace.per_network, found.most / scope.pace.per_address),
    )


def _reckoning(
    scope: Scope, *, places: tuple[int, int, int], knocks: int, connections: int, least_s: float
) -> Reckoning:
    finding_s = max(knocks / scope.pace.per_second, least_s)
    addresses, listed, names = places
    return Reckoning(
        addresses=addresses,
        listed=listed,
        names=names,
        knocks=knocks,
        connections=max(knocks, connections),
        finding_s=finding_s,
        elapsed_s=finding_s if scope.hours is None else scope.hours.elapsed_s(finding_s),
    )


def _fullest(space: Space, alone: Mapping[int, Iterable[int]]) -> int:
    """The most addresses in one network; `alone` are the networks of those that were named outside of the space."""
    most = 0
    for version, bits in _HOST_BITS.items():
        several = merge(_parts(space, version, bits), ((network, 1) for network in sorted(alone[version])))
        for _, parts in groupby(several, key=lambda part: part[0]):
            most = max(most, sum(count for _, count in parts))
    return most


def _parts(space: Space, version: int, bits: int) -> Iterator[tuple[int, int]]:
    """Networks with their addresses, in order: of an interval the first, one that it fills, and the last."""
    for of, first, last in space.intervals:
        if of != version:
            continue
        low, high = first >> bits, last >> bits
        if low == high:
            yield low, last - first + 1
            continue
        yield low, ((low + 1) << bits) - first
        if high - low > 1:
            yield low + 1, 1 << bits
        yield high, last - (high << bits) + 1
