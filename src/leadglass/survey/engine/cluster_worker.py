"""What runs inside a worker of a dask cluster: the same duty as everywhere, in a thread of the worker."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from typing import Any

import msgspec

from leadglass.model.record import Record
from leadglass.net.loop import loop_factory
from leadglass.store.errors import ConnectionLostError
from leadglass.store.store import open_store
from leadglass.survey.engine.desk import Desk, Post, StoreDesk
from leadglass.survey.engine.duty import serve
from leadglass.survey.engine.holder import machine_here
from leadglass.survey.engine.remote import RemoteDesk


class Letters(Record):
    """The queues through which a worker asks the run, and hears its answers."""

    questions: str
    answers: str


def at_worker(letters: Letters, where: str | None, order: bytes) -> None:
    """Works at the post in `order` until nothing is left. Raises StoreError, OtherVersionError.

    The store is opened at `where`, or asked for through the queues.
    """
    from distributed import get_client, get_worker  # noqa: PLC0415 - an extra

    address = get_worker().address
    post = msgspec.structs.replace(
        msgspec.json.decode(order, type=Post), worker=f"{machine_here()}, dask worker {address}"
    )
    with ExitStack() as stack:
        if where is None:
            desk: Desk = RemoteDesk(post, asking(get_client(), letters, post.lease_s))
        else:
            desk = StoreDesk(stack.enter_context(open_store(where)), post)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve(post, desk, lambda: datetime.now(UTC), asyncio.Event()))


def asking(client: Any, letters: Letters, wait_s: float) -> Callable[[bytes], bytes]:
    """A way to ask the run: a letter into its queue, and the answer out of one's own."""
    from distributed import Queue  # noqa: PLC0415 - an extra

    questions, answers = Queue(letters.questions, client=client), Queue(letters.answers, client=client)
    numbers = count()

    def ask(question: bytes) -> bytes:
        number, answered, said = next(numbers), None, b""
        try:
            questions.put((letters.answers, number, question))
            while answered != number:
                answered, said = answers.get(timeout=wait_s)
        except OSError:  # the time is over, or the scheduler is gone
            raise ConnectionLostError(
                "the run that has the store does not answer: what was written until now is safe. Start it again"
            ) from None
        return bytes(said)

    return ask
