"""Leadglass as a client, timed from inside: start-up and imports are not counted. Prints one line of JSON."""

import asyncio
import gc
import resource
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import msgspec

from bench.figures import Timed
from bench.setting import ADDRESSES, PORT
from leadglass.measure.query.dimse import measure_dimse
from leadglass.measure.query.studies import Studies
from leadglass.measure.tally import Tally
from leadglass.model.scope import Budget, Timing
from leadglass.model.ways import DimseWay
from leadglass.net.associate import associate, request
from leadglass.net.dialogue import QUERY_SYNTAXES
from leadglass.net.gate import Gate
from leadglass.net.host import open_host
from leadglass.net.loop import loop_factory
from leadglass.net.questions import Line, questions
from leadglass.wire import tags
from leadglass.wire.queries import STUDY, identifier
from leadglass.wire.uids import STUDY_ROOT_FIND, VERIFICATION

_KEYS = (
    tags.STUDY_INSTANCE_UID,
    tags.PATIENT_ID,
    tags.STUDY_DATE,
    tags.MODALITIES_IN_STUDY,
    tags.NUMBER_OF_STUDY_RELATED_INSTANCES,
)


async def associations(in_flight: int) -> int:
    """Associate, echo and release at every address, one association at a time to each; how many there were."""
    asked = request("ANY-SCP", [(VERIFICATION, QUERY_SYNTAXES)])
    gate, budget, timing = Gate(None), Budget(), Timing()

    async def some(addresses: Iterator[str]) -> int:
        done = 0
        for address in addresses:
            host = await open_host(address, gate, budget, timing)
            async with associate(host, PORT, asked) as dialogue:
                done += await dialogue.echo() == 0
        return done

    addresses = iter(ADDRESSES)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(some(addresses)) for _ in range(in_flight)]
    return sum(task.result() for task in tasks)


async def studies(port: int, question: int = 0) -> int:
    """All studies counted by one query; how many distinct ones there were.

    `question` makes one that was not asked before: the range of its dates begins before any study, each on another day.
    """
    host = await open_host("127.0.0.1", Gate(None), Budget(), Timing())
    found = Studies(Tally())
    dates = {"study_date": f"190001{question:02}-21001231"} if question else {}
    async with questions(Line(host, port, tls=False, called_ae_title="ANY-SCP"), STUDY_ROOT_FIND, "") as asking:
        await asking.ask(STUDY, "", identifier(STUDY, *_KEYS, **dates), found.take)
    return found.tally.distinct_studies


async def measured(port: int) -> int:
    """All studies counted as `leadglass check` counts them; how many distinct ones there were."""
    host = await open_host("127.0.0.1", Gate(None), Budget(), Timing())
    way = DimseWay(
        port=port,
        tls=False,
        called_ae_title="ANY-SCP",
        sop_class_uid=STUDY_ROOT_FIND,
        level=STUDY,
        dates_usable=True,
    )
    exposure = (await measure_dimse(host, way)).exposure
    return exposure.studies.count if exposure and exposure.studies else 0


_WORK: dict[str, Callable[..., Coroutine[Any, Any, int]]] = {
    "associations": associations,
    "studies": studies,
    "measured": measured,
}


def main() -> None:
    """`python -m bench.ask_leadglass WORK NUMBER...`."""
    work, numbers = _WORK[sys.argv[1]], map(int, sys.argv[2:])
    gc.freeze()  # as the command does
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.get_loop()
        wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        count = runner.run(work(*numbers))
        wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(msgspec.json.encode(Timed(count=count, wall_s=wall, cpu_s=cpu, peak_bytes=after.ru_maxrss * 1024)).decode())


if __name__ == "__main__":
    main()
