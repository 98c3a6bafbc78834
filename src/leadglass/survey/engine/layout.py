"""Everything that a survey's workers must agree on is one value, made once and kept with the survey."""

from collections.abc import Iterator
from ipaddress import ip_network

import msgspec

from leadglass.measure.sampling.sampler import Wish
from leadglass.model.record import Record
from leadglass.model.scope import Budget, Scope, Timing
from leadglass.model.snapshot import Listed
from leadglass.model.target import literal_address
from leadglass.net.scope_entries import networks_of
from leadglass.probe.manner import Switch
from leadglass.survey.engine.intake import FoundIn
from leadglass.survey.engine.merging import is_single, merged, same_as
from leadglass.survey.engine.reckoning import Reckoning
from leadglass.survey.walk.order import MAX_PLACES, Order
from leadglass.survey.walk.space import Space, make_space

_SHARD_LEAST, _SHARD_MOST = 32, 65_536  # positions: small ones are given out often, large ones hold memory
_SHARDS_WANTED = 64


class LayoutError(ValueError):
    """Targets of which no survey can be made; the message says what to do, `entry` is the one that it is about."""

    def __init__(self, words: str, entry: str) -> None:
        """`entry` is in the form in which entries are compared."""
        super().__init__(words)
        self.entry = entry


class Layout(Record):
    """`scope` without the entries that were named one by one, which the store lists; `budget` is each target's.

    `wish` is how sure samples are to be, None where every archive is counted. `reckoning` is what the preflight told,
    `found` what another tool's file came to, None where there is none.
    """

    scope: Scope
    space: Space
    shard: int
    budget: Budget = Budget()
    timing: Timing = Timing()
    without: tuple[Switch, ...] = ()
    wish: Wish | None = Wish()
    reckoning: Reckoning | None = None
    found: FoundIn | None = None

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
    """The layout of a scope, and what it named one by one. Raises LayoutError where there is nothing, or too much."""
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
        raise LayoutError(
            "nothing is left to visit: each is excluded, has opted out, or holds special-purpose addresses alone. Take "
            "it out of `exclusions` or `opt_out` if it is to be visited, and name a special-purpose network by itself",
            scope.entries[0].text,
        )
    if space.places > MAX_PLACES:
        sizes = {entry.text: _size(entry.text) for entry in many}
        widest = max(sizes, key=sizes.__getitem__)
        raise LayoutError(
            f"holds {sizes[widest]:,} addresses, and a survey walks at most {MAX_PLACES:,} in all: name the parts of "
            "it that are in use, or keep it and give with --found what another tool found there",
            widest,
        )
    shard = _shard(space)
    kept = msgspec.structs.replace(scope, entries=many)
    layout = Layout(scope=kept, space=space, shard=shard, budget=budget, timing=timing, without=without)
    return layout, listed


def _shard(space: Space) -> int:
    return min(_SHARD_MOST, max(_SHARD_LEAST, space.places // _SHARDS_WANTED))


def _size(text: str) -> int:
    return sum(ip_network(network).num_addresses for network in networks_of(text))


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
