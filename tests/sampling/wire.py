"""An archive of the lab is measured over a real association: its truth is its specification."""

import asyncio
from ipaddress import ip_address
from random import Random

from leadglass.lab.archive import Archive
from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.spec import ArchiveSpec
from leadglass.measure.outcome import Measured
from leadglass.measure.query.dimse import measure_dimse
from leadglass.measure.sampling.sampler import Wish
from leadglass.model.assessment import Ledger
from leadglass.model.exposure import Count, Exposure
from leadglass.model.record import Record
from leadglass.model.scope import Budget, Timing
from leadglass.model.ways import DimseWay
from leadglass.model.words import CountKind
from leadglass.net.gate import Gate
from leadglass.net.host import Host
from leadglass.wire.queries import STUDY
from leadglass.wire.uids import STUDY_ROOT_FIND
from tests.lab.served import served

_END_S = 60.0


class Came(Record):
    """What measuring came to, and what it cost."""

    measured: Measured
    cost: Ledger

    @property
    def exposure(self) -> Exposure:
        """The figures."""
        if self.measured.exposure is None:
            raise AssertionError("no figure")
        return self.measured.exposure


def measured(
    spec: ArchiveSpec,
    habits: Habits = PLAIN,
    *,
    seed: int = 1,
    wish: Wish | None = Wish(),  # noqa: B008 - a value
    budget: Budget | None = None,
    model: str = STUDY_ROOT_FIND,
) -> Came:
    """What measuring a server of the lab came to, with randomness that is the same each time."""
    with served(Archive(spec), habits=habits) as port:
        way = DimseWay(
            port=port, tls=False, called_ae_title="ANY-SCP", sop_class_uid=model, level=STUDY, dates_usable=True
        )
        return asyncio.run(asyncio.wait_for(_measured(way, seed, wish, budget or Budget()), _END_S))


async def _measured(way: DimseWay, seed: int, wish: Wish | None, budget: Budget) -> Came:
    grant = Gate(None).admit("127.0.0.1", ip_address("127.0.0.1"))
    host = Host("127.0.0.1", [grant], budget, Timing())
    result = await measure_dimse(host, way, wish, Random(seed).randrange)
    return Came(measured=result, cost=host.meter.ledger())


def holds(count: Count | None, truth: int) -> bool:
    """Whether a figure is true: exact and right, an interval that holds the truth, or at least so many."""
    if count is None:
        return True
    if count.kind is CountKind.EXACT:
        return count.count == truth
    return count.low <= truth and (count.high is None or truth <= count.high)
