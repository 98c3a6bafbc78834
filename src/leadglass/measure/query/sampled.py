"""Studies are measured by a sample where that costs a server least, and counted where it does not, or cannot be.

Cost: what `source` states, for at most 15,000 records; where no sample comes about, what `studies` states beside it.
"""

import secrets
from collections.abc import Callable

import msgspec

from leadglass.measure.outcome import Measured
from leadglass.measure.query.source import DimseSource
from leadglass.measure.query.studies import count_studies
from leadglass.measure.retrieving.weighted import weighted_lots
from leadglass.measure.sampling.sampler import MOST_RECORDS, Sampler, Wish
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import Cap
from leadglass.model.ways import DimseWay
from leadglass.model.words import CountKind
from leadglass.net.questions import Questions, questions
from leadglass.wire.uids import PATIENT_ROOT_FIND

Below = Callable[[int], int]
"""A random number from 0 to n - 1."""


async def measure_studies(
    asking: Questions, way: DimseWay, wish: Wish | None, below: Below = secrets.randbelow
) -> Measured:
    """By a sample, or by a count where `wish` is None, the budget asks for one, or a part alone is answered.

    Never raises for what the peer does.
    """
    meter = asking.line.host.meter
    if wish is None or meter.budget.reads_all or way.date_range is not None:
        return await count_studies(asking, way)
    if asking.sop_class_uid == PATIENT_ROOT_FIND:
        return await _sampled_or_counted(asking, asking, way, wish, below)
    async with questions(asking.line, PATIENT_ROOT_FIND, "patient-root") as patients:
        return await _sampled_or_counted(asking, patients, way, wish, below)


async def _sampled_or_counted(
    asking: Questions, patients: Questions, way: DimseWay, wish: Wish, below: Below
) -> Measured:
    source = DimseSource(asking, patients, keeps=way.handed_level is not None)
    most = min(MOST_RECORDS, asking.line.host.meter.records_left * 9 // 10)  # the rest proves what came
    sampler = Sampler(source, below, secrets.token_bytes(32), wish, most)
    exposure = await sampler.run()
    if patients is not asking:
        await patients.close()
    also = patients.asked if patients is not asking else []
    if exposure is None:
        limits = () if sampler.counting_is_cheaper else tuple(dict.fromkeys((*source.troubles, *sampler.limits)))
        counted = await count_studies(asking, way)
        counted = msgspec.structs.replace(counted, queries=(*counted.queries, *also))
        return _with_what_was_seen(counted, source, limits)
    cap = source.cap
    if sampler.unsaid_limit is not None:
        cap = Cap(
            records=sampler.unsaid_limit, sign="a narrower question brought more than its answer held", shown=True
        )
    return Measured(
        cap=cap,
        whole_archive=False if cap or source.failed else None,
        exposure=msgspec.structs.replace(exposure, limits=(*exposure.limits, *_not_reached(exposure, wish))),
        queries=(*asking.asked, *also),
        drawn=source.seen.tally.drawn,
        lots=weighted_lots(sampler.studies, source.kept or {}),
    )


def _with_what_was_seen(counted: Measured, source: DimseSource, limits: tuple[str, ...]) -> Measured:
    """The count, or the records of the sample that failed where those were more, and why it did."""
    exposure, tally = counted.exposure, source.seen.tally
    studies = exposure.studies if exposure is not None else None
    if studies is not None and studies.kind is CountKind.EXACT:
        return counted
    told = tuple(f"no sample could be drawn: {why}" for why in limits)
    drawn, lots = counted.drawn, counted.lots
    tally.duplicates = 0  # what was asked for in two ways is no fault of the server's
    if tally.distinct_studies > (studies.count if studies is not None else 0):
        exposure = tally.exposure(False, exposure.limits if exposure is not None else ())
        drawn, lots = tally.drawn, source.seen.lots
    if exposure is not None:
        exposure = msgspec.structs.replace(exposure, limits=(*exposure.limits, *told))
    return msgspec.structs.replace(counted, exposure=exposure, drawn=drawn, lots=lots)


def _not_reached(exposure: Exposure, wish: Wish) -> tuple[str, ...]:
    """The figures whose interval is wider than asked for."""
    figures = (("patients", exposure.patients), ("studies", exposure.studies), ("images", exposure.images))
    wide = [
        f"±{half:.1%} for {name}"
        for name, count in figures
        if count and (half := _half(count)) > wish.precision * 1.005
    ]
    if not wide:
        return ()
    return (f"the sample reached {', '.join(wide)}, where ±{wish.precision:.1%} was wanted",)


def _half(count: Count) -> float:
    """Half the width of an estimate's interval, as a share of the figure; 0 for what is no estimate."""
    if count.kind is not CountKind.ESTIMATE or count.high is None or not count.count:
        return 0.0
    return (count.high - count.low) / 2 / count.count
