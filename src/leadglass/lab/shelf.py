"""What can be made again is kept while there is room, and what was not asked for longest is forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Shelf(Generic[Key, Thing]):
    """Things by key, of at most `most_bytes` together."""

    def __init__(self, most_bytes: int) -> None:
        """An empty one."""
        self._most = most_bytes
        self._things: OrderedDict[Key, tuple[Thing, int]] = OrderedDict()
        self.held_bytes = 0

    def get(self, key: Key) -> Thing | None:
        """What was put under `key`, None where it was forgotten."""
        found = self._things.get(key)
        if found is None:
            return None
        self._things.move_to_end(key)
        return found[0]

    def put(self, key: Key, thing: Thing, size_bytes: int) -> None:
        """Keeps `thing`, if it fits at all, and forgets others for it."""
        self._drop(key)
        if size_bytes > self._most:
            return
        while self.held_bytes + size_bytes > self._most:
            self._drop(next(iter(self._things)))
        self._things[key] = (thing, size_bytes)
        self.held_bytes += size_bytes

    def _drop(self, key: Key) -> None:
        known = self._things.pop(key, None)
        if known is not None:
            self.held_bytes -= known[1]
