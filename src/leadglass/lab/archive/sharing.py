"""A total is shared out by weights so that the shares are whole numbers and add up to it exactly."""

import numpy as np

from leadglass.lab.archive.bits import U64, WORD

_ROUNDS = 3  # of sharing by weight what did not fit, before the rest goes wherever there is room


def shared(total: int, weights: U64) -> U64:
    """`total` in shares: the rounded cumulative weights, so no share is off by more than one."""
    if not len(weights):
        if total:
            raise ValueError("nobody to share with")
        return weights.copy()
    while True:
        reached = np.cumsum(weights, dtype=np.uint64)
        whole = int(reached[-1])
        each, rest = divmod(total, whole)
        if whole * rest < WORD:
            break
        weights = np.maximum(weights >> np.uint64(1), (weights > 0).astype(np.uint64))
    reached = reached * np.uint64(each) + reached * np.uint64(rest) // np.uint64(whole)
    reached[1:] -= reached[:-1].copy()
    return reached


def shared_within(total: int, weights: U64, most: int) -> U64:
    """As `shared`, and no share above `most`: what is too much goes to the others."""
    if total > most * len(weights):
        raise ValueError(f"{total} in {len(weights)} shares are more than {most} each")
    limit = np.uint64(most)
    shares = np.zeros(len(weights), dtype=np.uint64)
    rounds = 0
    while left := total - int(shares.sum()):
        room = limit - shares
        open_to = np.where(room > 0, weights, np.uint64(0)) if rounds < _ROUNDS else room
        # Coarse weights may give more than the room that they stand for: then another round shares out the rest.
        shares = np.minimum(shares + shared(left, open_to if open_to.any() else room), limit)
        rounds += 1
    return shares
