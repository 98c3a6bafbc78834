"""How long a connection is waited for is learnt from those that were answered, refusals among them.

As a retransmission timer learns it (RFC 6298 2): the smoothed time and four times its variation.
"""

_ENOUGH = 50  # answers before what was learnt counts
LEAST_S = 2.0  # a first packet that is lost is sent again after a second (RFC 6298 2), and has one more to be answered


class Patience:
    """The wait for a connection, at most `most_s`."""

    def __init__(self, most_s: float) -> None:
        """Nothing is learnt yet."""
        self._most_s = most_s
        self._smoothed_s = 0.0
        self._variation_s = 0.0
        self._answers = 0

    def answered(self, took_s: float) -> None:
        """One more connection was answered, whatever the answer."""
        if not self._answers:
            self._smoothed_s, self._variation_s = took_s, took_s / 2
        else:
            self._variation_s += (abs(self._smoothed_s - took_s) - self._variation_s) / 4
            self._smoothed_s += (took_s - self._smoothed_s) / 8
        self._answers += 1

    @property
    def wait_s(self) -> float:
        """How long the next connection is waited for, in seconds."""
        if self._answers < _ENOUGH:
            return self._most_s
        return min(self._most_s, max(LEAST_S, self._smoothed_s + 4 * self._variation_s))
