"""The lab server in a process of its own, so that a client's CPU time is the client's: `python -m bench.lab_server`."""

import asyncio
import resource
import sys

from bench.setting import ARCHIVE
from leadglass.lab.archive import Archive
from leadglass.lab.server import serving
from leadglass.net.loop import loop_factory


async def _serve(addresses: tuple[str, ...], port: int) -> None:
    async with serving(Archive(ARCHIVE), addresses=addresses, port=port):
        print("ready", flush=True)
        # Until whoever started us closes our standard input.
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Listens on the addresses that the first line of the standard input names, on the port that the second does."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    addresses, port = tuple(sys.stdin.readline().split()), int(sys.stdin.readline())
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(addresses, port))


if __name__ == "__main__":
    main()
