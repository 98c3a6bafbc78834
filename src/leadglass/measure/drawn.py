"""A few of the records that are counted are remembered by their keys, each as likely as any other.

Records that come one after another are of one day or one patient; to look at some of all, they are drawn while they
stream by: Kim-Hung Li, Reservoir-Sampling Algorithms of Time Complexity O(n(1 + log(N/n))), ACM TOMS 20 (1994) 481-493.
"""

import math
import secrets

MAX_DRAWN = 20  # as many records are looked at for the kinds of their data, and no more

_CHANCE = secrets.SystemRandom()
_ALL = 1 - 1e-12  # a width of 1 has no logarithm


class Drawn:
    """Keys of records (UIDs, patient IDs), in memory until the records were looked at."""

    __slots__ = ("_keys", "_seen", "_width", "due")

    def __init__(self) -> None:
        """Nothing was drawn."""
        self.due = 1
        """The number of the next record to draw."""
        self._keys: list[bytes] = []
        self._seen = 0
        self._width = 1.0

    def __repr__(self) -> str:
        """Without values."""
        return f"Drawn({len(self._keys)} keys)"

    def keys(self) -> list[bytes]:
        """Those that are drawn."""
        return list(self._keys)

    def offer(self, key: bytes) -> None:
        """One more record."""
        self._seen += 1
        if self._seen >= self.due:
            self.draw(self._seen, key)

    def draw(self, number: int, key: bytes) -> None:
        """Keeps the key of record `number`, which is due, in the place of another once there are enough."""
        plain = key.strip(b" \0")
        if not plain or plain in self._keys:
            return
        if len(self._keys) < MAX_DRAWN:
            self._keys.append(plain)
            self.due = number + 1
            if len(self._keys) < MAX_DRAWN:
                return
        else:
            self._keys[_CHANCE.randrange(MAX_DRAWN)] = plain
        self._width *= math.exp(math.log(1 - _CHANCE.random()) / MAX_DRAWN)
        self.due = number + 1 + int(math.log(1 - _CHANCE.random()) / math.log1p(-min(self._width, _ALL)))
