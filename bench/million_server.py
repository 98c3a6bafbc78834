"""A server of a million studies, `python -m bench.million_server HABIT PORT`: what a question costs it is its habit.

DICOMweb answers at the next port, without any habit. The time that a habit costs is spent at work, so that it is in
the system's books like that of a real server.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Mapping

from bench.telling import tell_until_closed
from leadglass.lab.archive import Archive
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.http import answer_http
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.server import serving
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.web import WebSite
from leadglass.net.listener import Listener
from leadglass.net.loop import loop_factory
from leadglass.net.stream import Stream

# No number is round: it could be a limit, and would be told as at least so much.
SPEC = ArchiveSpec(seed=7, studies=1_000_003, patients=339_000, images=32_000_417, undated=1_000, migrated=20_000)
FAST, STREAMING, COMPUTING = "as fast as it can", "streaming, 10 µs a match", "all first, 2.6 µs a study, 86 µs a match"
HABITS = {
    FAST: PLAIN,
    STREAMING: Habits(match_cost_s=1e-5),
    COMPUTING: Habits(computes_first=True, study_cost_s=2.6e-6, match_cost_s=86e-6),
}
"""The last is as Orthanc does (measured on 19,107 studies)."""
BASE = "/dicom-web"


async def _work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def _serve(habits: Habits, port: int) -> None:
    archive = Archive(SPEC)
    archive.columns  # noqa: B018 - made before the first question, which is not to pay for it

    def find(
        level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None
    ) -> Iterator[Mapping[int, str]]:
        return archive.records(level, dict(wanted), start, most)

    site = WebSite(WebPosture(kind=WebKind.ORTHANC), SPEC, find)

    async def browse(stream: Stream, called_on: str) -> None:
        await answer_http(stream, site.answer)

    web = Listener(browse)
    await web.start(port=port + 1)
    try:
        async with serving(archive, habits=habits, port=port, spend=_work):
            print("ready", flush=True)
            await asyncio.get_running_loop().run_in_executor(None, tell_until_closed)
    finally:
        await web.stop()


def main() -> None:
    """Listens on loopback."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(HABITS[sys.argv[1]], int(sys.argv[2])))


if __name__ == "__main__":
    main()
