"""Everything that a survey's workers must agree on is one value, made once and kept with the survey."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import msgspec

from leadglass.measure.sampling.sampler import Wish
from leadglass.model.record import Record
from leadglass.model.scope import Budget, Scope, TargetEntry, Timing
from leadglass.model.snapshot import Listed
from leadglass.model.target import literal_address
from leadglass.probe.manner import Switch
from leadglass.survey.engine.merging import merged, same_as
from leadglass.survey.walk.order import Order
from leadglass.survey.walk.space import Space, make_space

_SHARD_LEAST, _SHARD_MOST = 32, 65_536  # positions: small ones are given out often, large ones hold memory
_SHARDS_WANTED = 64


class Layout(Record):
    """`scope` without the entries that were named one by one, which the store lists; `budget` is each target's.

    `wish` is how sure samples are to be, None where every archive is counted.
    """

    scope: Scope
    space: Space
    shard: int
    budget: Budget = Budget()
    timing: Timing = Timing()
    without: tuple[Switch, ...] = ()
    wish: Wish | None = Wish()

    def shards(self, seed: str) -> Iterator[tuple[int, int]]:
        """First position of each shard, and the first of the next."""
        positions = Order(self.space.places, seed).positions
        return ((first, min(first + self.shard, positions)) for first in range(0, positions, self.shard))


def layout_of_listed(
    scope: Scope, listed: int, *, budget: Budget, timing: Timing, without: tuple[Switch, ...]
) -> Layout:
    """The layout where nothing is visited but what another tool found, `listed` hosts in number."""
    kept = msgspec.structs.replace(scope, entries=tuple(entry for entry in scope.entries if not is_single(entry)))
    space = Space(intervals=(), listed=listed)
    return Layout(scope=kept, space=space, shard=_shard(space), budget=budget, timing=timing, without=without)


def make_layout(
    scope: Scope, *, budget: Budget, timing: Timing, without: tuple[Switch, ...]
) -> tuple[Layout, tuple[Listed, ...]]:
    """The layout of a scope, and what it named one by one. Raises ValueError where there is nothing, or too much."""
    alone = merged(entry for entry in scope.entries if is_single(entry))
    many = tuple(entry for entry in scope.entries if not is_single(entry))
    listed = tuple(Listed(number=n, target=entry.text, labels=entry.labels) for n, entry in enumerate(alone.values()))
    space = make_space(
        [network for network in scope.targets if same_as(network) not in alone and _is_network(network)],
        (*scope.exclusions, *scope.opt_out),
        (address for key in alone if (address := literal_address(key)) is not None),
        len(listed),
    )
    if not space.places:
        raise ValueError(
            "nothing is left to visit: every target is excluded, or a special-purpose network that a wider one holds"
        )
    shard = _shard(space)
    kept = msgspec.structs.replace(scope, entries=many)
    layout = Layout(scope=kept, space=space, shard=shard, budget=budget, timing=timing, without=without)
    Order(space.places, "")  # raises ValueError where it is too much
    return layout, listed


def _shard(space: Space) -> int:
    return min(_SHARD_MOST, max(_SHARD_LEAST, space.places // _SHARDS_WANTED))


def is_single(entry: TargetEntry) -> bool:
    """Whether an entry names one target."""
    return "/" not in entry.text and not _is_range(entry.text)


def _is_range(text: str) -> bool:
    first, dash, last = text.partition("-")
    if not dash:
        return False
    try:
        ip_address(first)
        ip_address(last)
    except ValueError:
        return False
    return True


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
