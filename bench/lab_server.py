"""The lab server in a process of its own, so that CPU time is told apart: `python -m bench.lab_server PORT`."""

import asyncio
import sys

from bench.setting import ARCHIVE
from bench.telling import tell_until_closed
from leadglass.lab.archive import Archive
from leadglass.lab.server import serving
from leadglass.net.loop import loop_factory


async def _serve(port: int) -> None:
    async with serving(Archive(ARCHIVE), addresses=None, port=port):
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, tell_until_closed)


def main() -> None:
    """Listens on every address of loopback."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
