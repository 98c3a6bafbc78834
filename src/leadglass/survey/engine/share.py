"""One leased shard in a worker's hands: what was found, what is in flight, and whether the lease still holds."""

from collections import Counter
from collections.abc import Callable

import msgspec

from leadglass.model.scope import Labels
from leadglass.model.snapshot import Batch, Lease, Progress, StoredResult
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.survey.walk.marks import Marks


class Share:
    """What a worker knows of its shard between two writes."""

    def __init__(self, lease: Lease, until: float, clock: Callable[[], float]) -> None:
        """`until` is when the lease ends by `clock`, reckoned from before it was asked for."""
        self.lease = lease
        self.until = until
        self._clock = clock
        self.lost = False
        progress = lease.progress
        self.marks = Marks(lease.first, lease.last, progress.low, progress.high, progress.above)
        self.tallies: Counter[str] = Counter(msgspec.json.decode(progress.tallies, type=dict[str, int]))
        self.next = progress.low
        """The next position that may need a visit."""
        self.contacts = 0
        self._results: list[StoredResult] = []
        self._written = self.marks.completed

    def check(self) -> None:
        """Raises StepFailed where the lease is over: no connection is made under it any more.

        From then on the shard is lost, though the store may still renew it: a visit has ended without a result.
        """
        self.lost = self.lost or self._clock() >= self.until
        if self.lost:
            raise StepFailed(Status.INTERRUPTED, Step.CONNECT, "the lease of the shard is over")

    def found(self, result: StoredResult) -> None:
        """One target is finished, and is kept."""
        self._results.append(result)
        self.marks.done(result.position)

    def nothing(self, position: int, labels: Labels, status: Status) -> None:
        """An address where nothing listens: it is counted under its country, and not kept."""
        self.tallies[f"{dict(labels).get('country', '')}|{status.value}"] += 1
        self.marks.done(position)

    def empty(self, position: int) -> None:
        """A position at which there is nothing to visit."""
        self.marks.done(position)

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._results or self.contacts) or self.marks.completed != self._written

    def batch(self) -> Batch:
        """What is to be written now. Nothing is forgotten until `written` is told."""
        progress = Progress(
            low=self.marks.low,
            high=self.marks.high,
            above=self.marks.above,
            tallies=msgspec.json.encode(dict(self.tallies)),
        )
        return Batch(results=tuple(self._results), progress=progress, contacts=self.contacts, done=self.marks.complete)

    def written(self, batch: Batch) -> None:
        """The batch is safe."""
        del self._results[: len(batch.results)]
        self.contacts -= batch.contacts
        progress = batch.progress
        self._written = progress.low - self.lease.first + sum(byte.bit_count() for byte in progress.above)
