"""What counting a surface came to: figures, and what was seen of the server's limits on the way."""

import msgspec

from leadglass.measure.drawn import Drawn
from leadglass.measure.retrieving.lots import Lots
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import Cap, Query, RetrievalSample
from leadglass.model.record import Record
from leadglass.net.meter import Meter


class Measured(Record):
    """`whole_archive` says whether one question was answered with everything, None where that was not seen.

    `drawn` are some of the records that were counted, `lots` some of the studies with their images: both leave this
    room unread. `sample` is what asking for those came to.
    """

    exposure: Exposure | None
    queries: tuple[Query, ...] = ()
    cap: Cap | None = None
    whole_archive: bool | None = None
    drawn: Drawn = msgspec.field(default_factory=Drawn)
    lots: Lots = msgspec.field(default_factory=Lots)
    sample: RetrievalSample | None = None


def broken_off(meter: Meter) -> str:
    """What ended a count where our own budget did, with the option that raises it."""
    cause = f": {meter.spent.detail}" if meter.spent is not None else ""
    return f"our own budget ended the count{cause}"


def at_least(exposure: Exposure, why: str) -> Exposure:
    """The same figures at their lower bounds, none of them exact, and why."""
    return msgspec.structs.replace(
        exposure,
        patients=exposure.patients and Count.at_least(exposure.patients.low),
        studies=exposure.studies and Count.at_least(exposure.studies.low),
        images=exposure.images and Count.at_least(exposure.images.low),
        retrievable_images=exposure.retrievable_images and Count.at_least(exposure.retrievable_images.low),
        worklist_items=exposure.worklist_items and Count.at_least(exposure.worklist_items.low),
        limits=(*exposure.limits, why),
    )


def not_nothing(measured: Measured) -> Measured:
    """What counting a surface came to that has given a record: counters that say 0 are not believed."""
    exposure = measured.exposure
    if exposure is None or exposure.studies != Count.exact(0):
        return measured
    why = "the server counts no study, though it gave a record"
    corrected = Exposure(studies=Count.at_least(1), years=exposure.years, limits=(*exposure.limits, why))
    return msgspec.structs.replace(measured, exposure=corrected)


def seen_once(meter: Meter, *, studies: int = 0, patients: int = 0, worklist_items: int = 0) -> Exposure:
    """What stands where a figure was to be had and the budget was gone: that which the proof has shown."""
    return Exposure(
        patients=Count.at_least(patients) if patients else None,
        studies=Count.at_least(studies) if studies else None,
        worklist_items=Count.at_least(worklist_items) if worklist_items else None,
        limits=(broken_off(meter),),
    )
