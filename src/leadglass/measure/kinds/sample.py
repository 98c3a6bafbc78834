"""The records that were drawn are asked for by their own keys, so that no more can come than were drawn.

A question that names what it wants is bounded by what it names: nothing has to be cancelled. A record that was not
asked for shows that the server ignores the key, and is the last that is asked of that server.
"""

import re
from collections.abc import Awaitable, Callable, Iterable

from leadglass.measure.drawn import MAX_DRAWN
from leadglass.measure.kinds.classify import Classified

MAX_MISSES = 2  # a server that does not find again what it gave is not asked for the rest
MAX_UNTOLD = MAX_DRAWN // 2  # studies that do not say of what they are made leave room for what lies below them
_UID = re.compile(rb"[0-9]+(\.[0-9]+)*")  # PS3.5 9.1; a "*" would ask for everything
_WILD = re.compile(rb"[*?\\\0-\x1f]")  # PS3.4 C.2.2.2: such a value means more than one patient

Ask = Callable[[list[bytes]], Awaitable[None]]
"""Asks for the records under these keys; each that comes is told to the `Sample`, a refusal is no record."""


def uids(keys: Iterable[bytes]) -> list[bytes]:
    """The keys that are UIDs."""
    return [key for key in keys if len(key) <= 64 and _UID.fullmatch(key)]


def single_values(keys: Iterable[bytes]) -> list[bytes]:
    """The keys that mean one value where they are asked for."""
    return [key for key in keys if not _WILD.search(key)]


class Sample:
    """The records that are looked at: which came, and what they have shown."""

    def __init__(self, most: int) -> None:
        """`most` records may be received, MAX_DRAWN of them at most."""
        self.seen = Classified()
        self.left = min(most, MAX_DRAWN)
        """How many records may still be received."""
        self.over = False
        """Whether nothing more is to be asked, because of what came or did not come."""
        self._asked: frozenset[bytes] = frozenset()
        self._came: set[bytes] = set()

    def __repr__(self) -> str:
        """Without values."""
        return f"Sample({self.seen!r})"

    def ask_for(self, keys: Iterable[bytes]) -> None:
        """These keys, and no others, are asked for now."""
        self._asked = frozenset(keys)

    def has(self, key: bytes) -> bool:
        """Whether a record under `key` came."""
        return key in self._came

    def came(self, key: bytes, values: dict[int, bytes], asked: Iterable[int], *, several: bool = False) -> bool:
        """One record, of which these attributes were asked for; whether more may come.

        `several` says that a key may have more than one record.
        """
        plain = key.strip(b" \0")
        self.left -= 1
        if self.over:  # a server goes on for a while after it was told to stop
            return False
        if plain not in self._asked or (self.has(plain) and not several):
            self.over = True
            return False
        self._came.add(plain)
        self.seen.take(values, asked)
        self.over = self.left <= 0
        return not (several and self.over)


async def ask_together(sample: Sample, keys: list[bytes], ask: Ask) -> None:
    """One record, then all others by a list of keys, then one by one those that a list did not bring."""
    for first in keys[:MAX_MISSES]:
        await ask([first])
        if sample.has(first) or sample.over:
            break
    if not sample.seen.records:
        return
    most = sample.left if sample.seen.documents_told else MAX_UNTOLD - sample.seen.records
    rest = [key for key in keys if not sample.has(key)][: max(0, most)]
    if len(rest) > 1 and not sample.over:
        await ask(rest)
    await ask_singly(sample, [key for key in rest if not sample.has(key)], ask)


async def ask_singly(sample: Sample, keys: list[bytes], ask: Ask) -> None:
    """One record after another, until a few were not found again."""
    misses = 0
    for key in keys:
        if sample.over or misses >= MAX_MISSES:
            return
        await ask([key])
        misses = 0 if sample.has(key) else misses + 1
