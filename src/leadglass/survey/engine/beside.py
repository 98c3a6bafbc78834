"""One of several workers on this machine: it is told what to do on standard input, and ends when that ends."""

import asyncio
import gc
import os
import sys
import threading
from datetime import UTC, datetime

import msgspec

from leadglass.net.loop import loop_factory
from leadglass.store.errors import StoreError
from leadglass.store.store import open_store
from leadglass.survey.engine.desk import Post, StoreDesk
from leadglass.survey.engine.duty import serve
from leadglass.survey.engine.holder import worker_here


def main() -> int:
    """Works at the post that standard input names; the exit status."""
    where, post = msgspec.json.decode(sys.stdin.buffer.readline(), type=tuple[str, Post])
    gc.freeze()  # what was imported stays: the collector need not look at it again and again
    threading.Thread(target=_end_with_the_leader, daemon=True).start()
    mine = msgspec.structs.replace(post, worker=worker_here(post.worker))

    async def work() -> None:
        await serve(mine, StoreDesk(store, mine), lambda: datetime.now(UTC), asyncio.Event())

    try:
        with open_store(where) as store, asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(work())
    except StoreError as error:
        sys.stdout.write(f"{error}\n")
        return 1
    return 0


def _end_with_the_leader() -> None:
    """Standard input ends with the process that leads: nothing is contacted on its behalf any more."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
