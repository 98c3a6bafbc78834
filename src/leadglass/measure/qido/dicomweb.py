"""DICOMweb is counted with the fewest records: a short list by reading it, a long one by looking for its end.

Cost: what `pages` states for up to 2,000 studies. Behind those, what `bisection` states for studies and for images,
about 40 requests; what `round_totals` states where a total may be a limit; or the rest of the pages where they cost
the server less. A budget of records that was raised is the wish to have all of them read.
"""

from datetime import date, timedelta

import msgspec

from leadglass.measure.caps import looks_round, may_be_a_limit
from leadglass.measure.counters import client_of
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.qido.bisection import Bisection, Total
from leadglass.measure.qido.looking import Places
from leadglass.measure.qido.pages import Pages
from leadglass.measure.qido.paging import Next, Step
from leadglass.measure.qido.records import INSTANCES, STUDIES, Level
from leadglass.measure.qido.round_totals import more_in_both_parts, more_in_two_parts
from leadglass.measure.query.behind import median_day
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Step as At
from leadglass.net.host import Host
from leadglass.net.web import WebClient

FEW_STUDIES = 2_000  # four pages: reading them costs about as much as looking for the end, and tells patients too
FEW_PAGES = 20  # of a server that gives 100 studies at a time
FOR_LOOKING = 100  # records that are left for looking for two ends, of which each takes 20 to 40
_IMAGES_NEED = 20  # requests until the end of the images is found, whose number the studies let expect


async def count_dicomweb(host: Host, way: DicomwebWay, contact: str) -> Measured:
    """Counts by QIDO-RS (PS3.18 10.6). Never raises for what the peer does."""
    async with client_of(host, way, contact) as client:
        return await _Counting(host, client, way).run()


class _Counting:
    """Counts one archive: its pages first, then the ends of its lists."""

    def __init__(self, host: Host, client: WebClient, way: DicomwebWay) -> None:
        self._host = host
        self._client = client
        self._way = way
        self._pages = Pages(host, client, way)
        self._tally = self._pages.tally

    async def run(self) -> Measured:
        meter = self._host.meter
        keep = min(FOR_LOOKING, meter.records_left // 2)
        if meter.budget.reads_all:
            step = await self._pages.run(keep=keep)
        else:
            step = await self._pages.run(FEW_STUDIES, FEW_PAGES, keep)
        if step.next is not Next.MORE:
            return self._read(step)
        places = self._places(STUDIES)
        end = Bisection(places, least=self._pages.paging.offset, told=self._pages.told)
        if await end.bracket() and reading_costs_less(self._pages, places, end, meter.records_left - keep):
            return self._read(await self._pages.run())
        return await self._looked(end, keep)

    def _places(self, level: Level, dates: str = "") -> Places:
        knows = self._tally.knows if level is STUDIES and not dates else None
        return Places(self._host, self._client, self._way, level, dates=dates, knows=knows)

    def _read(self, step: Step) -> Measured:
        """What reading pages came to."""
        tally, pages = self._tally, self._pages
        if not tally.records:
            spent = pages.spent and not pages.paging.pages
            return Measured(exposure=seen_once(self._host.meter, studies=1) if spent else None)
        without = tally.without_images
        uncounted = f"the number of images was left out of {without:,} studies" if without else None
        limits = tuple(why for why in (step.why, pages.nameless_in_words(), self._narrowed(), uncounted) if why)
        complete = step.next is Next.END and not pages.nameless and not self._way.matching
        # Pages that were asked for and came as asked are a limit that works, whoever set it.
        whole = True if step.whole else None
        return Measured(exposure=tally.exposure(complete, limits), whole_archive=whole, drawn=tally.drawn)

    async def _looked(self, end: Bisection, keep: int) -> Measured:
        """What looking for the ends of the lists came to, where only the first studies were read."""
        studies = await self._undoubted(STUDIES, await end.total())
        read = self._tally.exposure(False)
        images, without = await self._images(studies.figure, read.images)
        parts = [f"{self._tally.distinct_studies:,} studies were read: patients, years and modalities are theirs alone"]
        if self._host.meter.records_left <= keep:
            self._host.meter.out_of_records(At.QUERY)
            parts.append(broken_off(self._host.meter))
        parts += [why for why in (studies.why, without, self._narrowed()) if why]
        exposure = msgspec.structs.replace(read, studies=studies.figure, images=images, limits=tuple(parts))
        return Measured(exposure=_part_of_all(exposure) if self._way.matching else exposure, drawn=self._tally.drawn)

    async def _images(self, studies: Count, read: Count | None) -> tuple[Count | None, str | None]:
        """How many images there are, and what is wrong with that; `read` is what the studies that were read have."""
        counted = self._tally.distinct_studies - self._tally.without_images
        guess = read.count * studies.count // counted if read is not None and counted > 0 else None
        end = Bisection(self._places(INSTANCES))
        await end.bracket(guess)
        found = await end.total()
        if not found.figure.count:
            why = end.refusal or found.why or "the server lists none"
            return read, f"all images together could not be counted: {why}"
        found = await self._undoubted(INSTANCES, found)
        if found.figure.count < max(studies.count, read.count if read is not None else 0):
            most = max(found.figure.count, read.count if read is not None else 0)
            return Count.at_least(most), "the server lists fewer images than its studies have"
        return found.figure, f"of the images: {found.why}" if found.why else None

    async def _undoubted(self, level: Level, found: Total) -> Total:
        """The total, as an at-least where it may be a limit on places."""
        total = found.figure.count
        if found.why is not None or self._way.matching or not may_be_a_limit(total):
            return found
        days, more = _days_beside(self._tally), None
        if days is not None and (looks_round(total) or looks_round(total - 1)):
            more = await more_in_two_parts(lambda dates: self._places(level, dates), total, *days)
        elif days is not None:
            more = await more_in_both_parts(lambda dates: self._places(level, dates), total, *days)
        if more is False or (more is None and not looks_round(total)):
            return found
        why = "and more lie behind them" if more else "a number that limits are set to: perhaps one"
        return Total(figure=Count.at_least(total), why=f"the server gave {total:,} {level.path}, {why}")

    def _narrowed(self) -> str | None:
        key = self._way.matching.partition("=")[0]
        return (
            f"the server wants a key with every query: studies without a value of {key} are left out" if key else None
        )


def reading_costs_less(pages: Pages, places: Places, end: Bisection, records_left: int) -> bool:
    """Whether the rest of the pages takes less of the server's time than looking for the ends of its lists does."""
    read = pages.paging.offset
    if end.high is None or end.high - read > records_left or not places.asked:
        return False
    pages_left = 1 + ((end.low + end.high) / 2 - read) * pages.paging.pages / read
    looks_left = end.requests_left + _IMAGES_NEED
    return pages_left * pages.page_s < looks_left * places.busy_s / places.asked


def _part_of_all(exposure: Exposure) -> Exposure:
    """The figures of a list that leaves studies out."""
    return msgspec.structs.replace(
        exposure,
        studies=exposure.studies and Count.at_least(exposure.studies.count),
        images=exposure.images and Count.at_least(exposure.images.count),
    )


def _days_beside(tally: Tally) -> tuple[str, str] | None:
    """The day that splits what was read most evenly, and the one after it; None where there is none."""
    try:
        day = date.fromisoformat(median_day(tally))
    except ValueError:
        return None
    return f"{day:%Y%m%d}", f"{day + timedelta(1):%Y%m%d}"
