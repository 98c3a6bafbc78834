"""Leadglass measures one archive, and prints what that cost by its own ledger as one line of JSON."""

import asyncio
import secrets
import sys
import time
from collections.abc import Callable

import msgspec

from leadglass.measure.count import count_surface
from leadglass.measure.query.source import DimseSource
from leadglass.measure.sampling.question import Answer, Entry, Question
from leadglass.measure.sampling.sampler import Sampler, Wish
from leadglass.model.assessment import Ledger
from leadglass.model.exposure import Exposure
from leadglass.model.record import Record
from leadglass.model.scope import PATIENT, WITHOUT_END, Budget, Timing
from leadglass.model.ways import DicomwebWay, DimseWay, Way
from leadglass.net.gate import Gate
from leadglass.net.host import Host, open_host
from leadglass.net.loop import loop_factory
from leadglass.net.questions import Line, questions
from leadglass.wire.queries import STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND, STUDY_ROOT_FIND

_FEW = 1_000  # studies from which on a sample is drawn that was wanted anyway


class Spent(Record):
    """What one measurement came to."""

    wall_s: float
    ledger: Ledger
    exposure: Exposure


class Anyway(Wish):
    """A sample of archives too that are so small that they are counted."""

    @property
    def counted(self) -> int:
        """Studies up to which an archive is counted."""
        return _FEW


class Unpriced(DimseSource):
    """Questions that seem to cost the server nothing, so that no count seems cheaper than a sample."""

    async def ask(self, question: Question, take: Callable[[Entry], bool]) -> Answer:
        """See `DimseSource`."""
        return msgspec.structs.replace(await super().ask(question, take), seconds=0.0)


async def measured(how: str, way: Way) -> Spent:
    """A server on this machine, as `leadglass check` measures it; `exact` is its --exact, `sample` a sample anyway."""
    exact = how == "exact"
    budget, timing = (WITHOUT_END, PATIENT) if exact else (Budget(), Timing())
    host = await open_host("127.0.0.1", Gate(None), budget, timing)
    begun = time.perf_counter()
    if how == "sample" and isinstance(way, DimseWay):
        exposure = await _sampled(host, way)
    else:
        exposure = (await count_surface(host, way, "nobody@example.org", None if exact else Wish())).exposure
    wall_s = time.perf_counter() - begun
    if exposure is None:
        raise RuntimeError("the archive could not be measured")
    return Spent(wall_s=wall_s, ledger=host.meter.ledger(), exposure=exposure)


async def _sampled(host: Host, way: DimseWay) -> Exposure | None:
    """A sample, however small the archive is and whatever a count would cost."""
    line = Line(host, way.port, tls=way.tls, called_ae_title=way.called_ae_title)
    async with (
        questions(line, STUDY_ROOT_FIND, "study-root") as studies,
        questions(line, PATIENT_ROOT_FIND, "patient-root") as patients,
    ):
        source = Unpriced(studies, patients)
        return await Sampler(source, secrets.randbelow, secrets.token_bytes(32), Anyway()).run()


def main() -> None:
    """`python -m bench.ask_measure check|exact|sample PORT TITLE`, or `... PORT /BASE` for DICOMweb."""
    how, port, where = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    way: Way = DicomwebWay(port=port, secure=False, base=where)
    if not where.startswith("/"):
        way = DimseWay(
            port=port,
            tls=False,
            called_ae_title=where,
            sop_class_uid=STUDY_ROOT_FIND,
            level=STUDY,
            dates_usable=True,
        )
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        spent = runner.run(measured(how, way))
    print(msgspec.json.encode(spent).decode())


if __name__ == "__main__":
    main()
