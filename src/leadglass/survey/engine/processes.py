"""Several processes of this machine work on one run, and none of them outlives the one that started it."""

import asyncio
import logging
import subprocess
import sys
from typing import Any

import msgspec

from leadglass.model.text import clean
from leadglass.store.store import Store
from leadglass.survey.engine.crew import Ending, WorkersLostError
from leadglass.survey.engine.desk import Post

_CHILD = "leadglass.survey.engine.beside"
_LOOK_S = 1.0
_log = logging.getLogger(__name__)


class Processes:
    """A number of workers beside this process, each with the store of its own."""

    def __init__(self, where: str, count: int) -> None:
        """`where` is the store's path or address as it was given."""
        self._where, self._count = where, count

    async def work(self, store: Store, post: Post, stop: asyncio.Event) -> None:
        """See `Crew`."""
        order = msgspec.json.encode((self._where, post)) + b"\n"
        children = [await _start(order) for _ in range(self._count)]
        ended = [asyncio.get_running_loop().create_task(_ended(child)) for child in children]
        ending = Ending(store, post.survey, asyncio.get_running_loop().time)
        try:
            while True:
                working = [task for task in ended if not task.done()]
                if await ending.reached(stop=stop.is_set(), at_work=bool(working)):
                    return
                if not working:
                    raise WorkersLostError(next(filter(None, (task.result() for task in ended)), "no worker is left"))
                await asyncio.wait(working, timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in ended:
                task.cancel()
            await asyncio.gather(*ended, return_exceptions=True)
            for child in children:
                if child.returncode is None:
                    child.kill()  # whatever it was doing is done again
                await child.wait()


async def _start(order: bytes) -> asyncio.subprocess.Process:
    apart: dict[str, Any] = {"start_new_session": True}  # Ctrl-C is for the one that leads
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", _CHILD, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, **apart
    )
    if child.stdin is not None:
        child.stdin.write(order)
    return child


async def _ended(child: asyncio.subprocess.Process) -> str | None:
    """Why a worker failed, None where it did not."""
    said = b"" if child.stdout is None else await child.stdout.read()
    status = await child.wait()
    if status == 0:
        return None
    reason = clean(said.decode(errors="replace").strip()) or f"process {child.pid} ended with status {status}"
    _log.warning("a worker is gone (%s): the others take over what it had", reason)
    return reason
