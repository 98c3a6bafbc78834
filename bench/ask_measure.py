"""Leadglass measures a large archive, by a sample or to the end, and prints what that cost as one line of JSON."""

import asyncio
import sys
import time

import msgspec

from leadglass.measure.query.dimse import measure_dimse
from leadglass.measure.sampling.sampler import Wish
from leadglass.model.exposure import Exposure
from leadglass.model.record import Record
from leadglass.model.scope import WITHOUT_END, Budget, Timing
from leadglass.model.ways import DimseWay
from leadglass.net.gate import Gate
from leadglass.net.host import open_host
from leadglass.net.loop import loop_factory
from leadglass.wire.queries import STUDY
from leadglass.wire.uids import STUDY_ROOT_FIND


class Spent(Record):
    """What one measurement came to: `busy_s` are the seconds from question to last answer, summed."""

    wall_s: float
    busy_s: float
    records: int
    received_bytes: int
    exposure: Exposure


async def measured(port: int, *, sampled: bool) -> Spent:
    """A server on this machine, as `leadglass check` measures it, with or without `--exact`."""
    host = await open_host("127.0.0.1", Gate(None), Budget() if sampled else WITHOUT_END, Timing())
    way = DimseWay(
        port=port, tls=False, called_ae_title="ANY-SCP", sop_class_uid=STUDY_ROOT_FIND, level=STUDY, dates_usable=True
    )
    begun = time.perf_counter()
    found = await measure_dimse(host, way, Wish() if sampled else None)
    wall_s, ledger = time.perf_counter() - begun, host.meter.ledger()
    if found.exposure is None:
        raise RuntimeError("the archive could not be measured")
    return Spent(
        wall_s=wall_s,
        busy_s=ledger.busy_s,
        records=ledger.records_received,
        received_bytes=ledger.bytes_received,
        exposure=found.exposure,
    )


def main() -> None:
    """`python -m bench.ask_million sample|exact PORT`."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        spent = runner.run(measured(int(sys.argv[2]), sampled=sys.argv[1] == "sample"))
    print(msgspec.json.encode(spent).decode())


if __name__ == "__main__":
    main()
