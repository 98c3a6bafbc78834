"""A worker that cannot open the store asks the run that has it, in values whose types are fixed on both sides."""

from collections.abc import Callable
from typing import Any, cast

import msgspec

from leadglass.model.snapshot import Allotment, Batch, Lease, Listed, SurveyRow
from leadglass.store.errors import LeaseLostError, StoreError
from leadglass.store.store import Store
from leadglass.survey.engine.desk import Post, StoreDesk

_QUESTIONS: dict[str, tuple[Any, Any]] = {  # what goes with each, and what comes back
    "survey": (tuple[()], SurveyRow),
    "lease": (tuple[()], Lease | None),
    "left": (tuple[()], int),
    "listed": (tuple[Lease, list[int]], dict[int, Listed]),
    "promise": (tuple[Lease, int], None),
    "commit": (tuple[Lease, Batch], None),
    "renew": (tuple[Lease], Lease),
    "give_back": (tuple[Lease], None),
    "count_late": (tuple[int], None),
    "report": (tuple[()], Allotment),
    "leave": (tuple[()], None),
}
_LOST, _FAILED, _DONE = "lost", "failed", "done"
_encode = msgspec.msgpack.encode


def answer(store: Store, asked: bytes) -> bytes:
    """What the store says to a question of `RemoteDesk`. Raises ValueError where it is none."""
    name, post, with_it = msgspec.msgpack.decode(asked, type=tuple[str, Post, msgspec.Raw])
    if name not in _QUESTIONS:
        raise ValueError("a question that nobody asks")
    arguments = msgspec.msgpack.decode(with_it, type=_QUESTIONS[name][0])
    try:
        value = getattr(StoreDesk(store, post), name)(*arguments)
    except LeaseLostError as lost:
        return _encode((_LOST, str(lost), None))
    except StoreError as error:
        return _encode((_FAILED, str(error), None))
    return _encode((_DONE, "", value))


class RemoteDesk:
    """Asks through `ask`, which takes a question to `answer` and brings back what it says, or raises StoreError."""

    def __init__(self, post: Post, ask: Callable[[bytes], bytes]) -> None:
        """For the worker at a post."""
        self._post, self._ask = post, ask

    def _say(self, name: str, *arguments: object) -> Any:
        said = self._ask(_encode((name, self._post, arguments)))
        how, why, value = msgspec.msgpack.decode(said, type=tuple[str, str, msgspec.Raw])
        if how == _LOST:
            raise LeaseLostError(why)
        if how == _FAILED:
            raise StoreError(why)
        return msgspec.msgpack.decode(value, type=_QUESTIONS[name][1])

    def survey(self) -> SurveyRow:
        """See `Desk`."""
        return cast(SurveyRow, self._say("survey"))

    def lease(self) -> Lease | None:
        """See `Desk`."""
        return cast("Lease | None", self._say("lease"))

    def left(self) -> int:
        """See `Desk`."""
        return int(self._say("left"))

    def listed(self, lease: Lease, numbers: list[int]) -> dict[int, Listed]:
        """See `Desk`."""
        return cast("dict[int, Listed]", self._say("listed", lease, numbers))

    def promise(self, lease: Lease, high: int) -> None:
        """See `Desk`."""
        self._say("promise", lease, high)

    def commit(self, lease: Lease, batch: Batch) -> None:
        """See `Desk`."""
        self._say("commit", lease, batch)

    def renew(self, lease: Lease) -> Lease:
        """See `Desk`."""
        return cast(Lease, self._say("renew", lease))

    def give_back(self, lease: Lease) -> None:
        """See `Desk`."""
        self._say("give_back", lease)

    def count_late(self, contacts: int) -> None:
        """See `Desk`."""
        self._say("count_late", contacts)

    def report(self) -> Allotment:
        """See `Desk`."""
        return cast(Allotment, self._say("report"))

    def leave(self) -> None:
        """See `Desk`."""
        self._say("leave")
