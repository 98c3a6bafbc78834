"""Studies are read page by page from QIDO-RS (PS3.18 10.6.1.2, `limit` and `offset`), and nothing is kept of them.

Cost: one request a page of 500 studies and one more, and what `halves` states where so many studies may be a limit.
"""

import math

from leadglass.measure.caps import looks_round, may_be_a_limit
from leadglass.measure.outcome import broken_off
from leadglass.measure.qido.halves import Halves, by_halves
from leadglass.measure.qido.paging import Next, Paging, Step
from leadglass.measure.qido.records import STUDIES, says_more, told_total, value, whole_records
from leadglass.measure.tally import Tally
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Status
from leadglass.model.words import Step as At
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.web import WebAnswer, WebClient

PAGE = 500
MAX_PAGE_BYTES = 4 * 1024 * 1024  # 500 studies of 8 kB each; Orthanc's have about 1.5 kB
_PERHAPS = "the server gave {total:,} studies, a number that limits are set to: perhaps one"
_FIELDS = ("00100020", "00080020", "00080061", "00201208")


class Pages:
    """Asks page after page until the server has no more, until enough was read, or until something ends it."""

    def __init__(self, host: Host, client: WebClient, way: DicomwebWay) -> None:
        """Nothing is asked yet."""
        self._host = host
        self._client = client
        self._way = way
        self.paging = Paging()
        self.tally = Tally()
        self.nameless = 0
        self.spent = False
        self.told: int | None = None
        """How many studies there are by the server's word."""
        self.page_s = 0.0
        """Server time that the last page took."""

    async def run(self, enough: int | float = math.inf, pages: int | float = math.inf, keep: int = 0) -> Step:
        """How the list ended; MORE where so many studies or pages are enough, or the budget has only `keep` left."""
        step = await self._pages(enough, pages, keep)
        whole = step.next is Next.END and not self._way.matching
        doubted = whole and not step.whole and may_be_a_limit(self.tally.distinct_studies)
        return await self._doubted(step) if doubted else step

    async def _pages(self, enough: int | float, pages: int | float, keep: int) -> Step:
        step, meter = Step(next=Next.MORE), self._host.meter
        while step.next is Next.MORE:
            keep = keep if self.may_stop else 0
            read_enough = self.paging.offset >= enough or self.paging.pages >= pages
            if self.may_stop and self.paging.offset and (read_enough or (keep and meter.records_left <= keep)):
                return step
            asked = min(PAGE, meter.records_left - keep)
            begun = meter.busy_s
            try:
                meter.check_query(At.QUERY)
                answer = await self._client.ask(
                    self._path(asked), accept=self._way.accept, max_body_bytes=MAX_PAGE_BYTES
                )
            except StepFailed as failure:
                self.spent = failure.status is Status.BUDGET_SPENT
                why = broken_off(meter) if self.spent else f"the answers broke off: {failure.detail}"
                return Step(next=Next.BROKEN, why=why)
            step = self._take(answer, asked)
            self.page_s = meter.busy_s - begun
        return step

    @property
    def may_stop(self) -> bool:
        """Whether the places of the list are its studies: not where one stands at two places, or at none."""
        return not self.tally.duplicates and not self.nameless

    async def _doubted(self, end: Step) -> Step:
        """The end of a list that may be cut: one that is likely to needs a proof that it is not, any other none."""
        total = self.tally.distinct_studies
        shown = await by_halves(self._host, self._client, self._way, self.tally)
        if shown is Halves.WHOLE:
            return end
        if shown is Halves.MORE:
            return Step(next=Next.BROKEN, why=f"the server gave {total:,} studies, and more lie behind them")
        if shown is Halves.UNASKED:
            return Step(next=Next.BROKEN, why=broken_off(self._host.meter))
        return Step(next=Next.BROKEN, why=_PERHAPS.format(total=total)) if looks_round(total) else end

    def nameless_in_words(self) -> str | None:
        """What is wrong with records that name no study."""
        return f"{self.nameless:,} records name no study and are not counted" if self.nameless else None

    def _path(self, limit: int) -> str:
        fields = "".join(f"&includefield={field}" for field in _FIELDS)
        key = f"{self._way.matching}&" if self._way.matching else ""
        place = f"{self._way.base}/studies{self._way.slash}"
        return f"{place}?{key}limit={limit}&offset={self.paging.offset}{fields}"

    def _take(self, answer: WebAnswer, asked: int) -> Step:
        """Counts a page; what follows it."""
        if answer.status_code == 204:
            return self.paging.page(asked, 0, 0)
        if answer.status_code != 200:
            return self.paging.refused(answer.status_code)
        listed, before, duplicates = answer.json(), self.tally.distinct_studies, self.tally.duplicates
        records = listed if isinstance(listed, list) else list(whole_records(answer.body))
        received = sum(self._count(record) for record in records)
        self._host.meter.records += received
        if not isinstance(listed, list) or received < len(listed):
            return Step(next=Next.BROKEN, why="a page was too long to be read whole, or was not a list of records")
        self.told = told_total(answer, self.paging.offset, received)
        fresh = self.tally.distinct_studies - before
        step = self.paging.page(asked, received, fresh, more=says_more(answer))
        if step.again:
            self.tally.duplicates = duplicates
        return step

    def _count(self, record: object) -> bool:
        """Whether it is a record; a study is counted once."""
        if not isinstance(record, dict):
            return False
        uid = value(record, STUDIES.uid)
        if not uid:
            self.nameless += 1
        elif self.tally.study(uid):
            self.tally.patient(value(record, "00100020"))
            self.tally.date(value(record, "00080020"))
            self.tally.modalities(value(record, "00080061"))
            self.tally.images(value(record, "00201208"))
        else:
            self.tally.patient_again(value(record, "00100020"))
        return True
