"""A server of a million studies, `python -m bench.million_server HABIT PORT`: what a question costs it is its habit."""

import asyncio
import sys

from bench.telling import tell_until_closed
from leadglass.lab.archive import Archive
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.server import serving
from leadglass.lab.spec import ArchiveSpec
from leadglass.net.loop import loop_factory

SPEC = ArchiveSpec(seed=7, studies=1_000_003, patients=339_000, images=32_000_000, undated=1_000, migrated=20_000)
HABITS = {
    "as fast as it can": PLAIN,
    "10 µs a match, streaming": Habits(match_cost_s=1e-5),
    "2.6 µs a study, then 86 µs a match": Habits(computes_first=True, study_cost_s=2.6e-6, match_cost_s=86e-6),
}
"""The last is as Orthanc does (measured on 19,107 studies)."""


async def _serve(habits: Habits, port: int) -> None:
    async with serving(Archive(SPEC), habits=habits, port=port):
        print("ready", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, tell_until_closed)


def main() -> None:
    """Listens on loopback."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(HABITS[sys.argv[1]], int(sys.argv[2])))


if __name__ == "__main__":
    main()
