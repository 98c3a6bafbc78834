"""What a worker asks of the store is a short list, which the store itself answers or a client that has it."""

from typing import Protocol

from leadglass.model.record import Record
from leadglass.model.snapshot import Allotment, Batch, Lease, Listed, SurveyRow
from leadglass.store.store import Store


class Post(Record):
    """One worker's place in a run: of which survey and run, under which name, and how long it may be silent.

    `version` is the tool's: workers of another one refuse the work.
    """

    survey: str
    run: int
    worker: str
    lease_s: float
    version: str


class Desk(Protocol):
    """Each may raise StoreError; those that take a lease raise LeaseLostError."""

    def survey(self) -> SurveyRow:
        """The survey, with what its workers must agree on."""
        ...

    def lease(self) -> Lease | None:
        """A shard that nobody works on, or None."""
        ...

    def left(self) -> int:
        """How many shards are not done."""
        ...

    def listed(self, lease: Lease, numbers: list[int]) -> dict[int, Listed]:
        """What was named one by one, by its number."""
        ...

    def promise(self, lease: Lease, high: int) -> None:
        """Positions below `high` are about to be contacted."""
        ...

    def commit(self, lease: Lease, batch: Batch) -> None:
        """Results and the progress that they make."""
        ...

    def renew(self, lease: Lease) -> Lease:
        """The lease, for as long again from now."""
        ...

    def give_back(self, lease: Lease) -> None:
        """Nobody works on the shard any more."""
        ...

    def count_late(self, contacts: int) -> None:
        """Connections whose results were not kept."""
        ...

    def report(self) -> Allotment:
        """The worker is there; its share of the pace."""
        ...

    def leave(self) -> None:
        """The worker is gone."""
        ...


class StoreDesk:
    """The store answers."""

    def __init__(self, store: Store, post: Post) -> None:
        """For the worker at a post."""
        self._store, self._post = store, post

    def survey(self) -> SurveyRow:
        """See `Desk`."""
        return self._store.survey(self._post.survey)

    def lease(self) -> Lease | None:
        """See `Desk`."""
        return self._store.shards.lease(self._post.survey, self._post.worker, self._post.lease_s, self._post.run)

    def left(self) -> int:
        """See `Desk`."""
        return self._store.shards.left(self._post.survey)

    def listed(self, lease: Lease, numbers: list[int]) -> dict[int, Listed]:
        """See `Desk`."""
        return self._store.listed(lease, numbers)

    def promise(self, lease: Lease, high: int) -> None:
        """See `Desk`."""
        self._store.shards.promise(lease, high)

    def commit(self, lease: Lease, batch: Batch) -> None:
        """See `Desk`."""
        self._store.shards.commit(lease, self._post.run, batch)

    def renew(self, lease: Lease) -> Lease:
        """See `Desk`."""
        return self._store.shards.renew(lease, self._post.lease_s)

    def give_back(self, lease: Lease) -> None:
        """See `Desk`."""
        self._store.shards.give_back(lease)

    def count_late(self, contacts: int) -> None:
        """See `Desk`."""
        self._store.shards.count_late(self._post.survey, self._post.run, contacts)

    def report(self) -> Allotment:
        """See `Desk`."""
        return self._store.workers.report(self._post.survey, self._post.run, self._post.worker, self._post.lease_s)

    def leave(self) -> None:
        """See `Desk`."""
        self._store.workers.leave(self._post.survey, self._post.worker)
