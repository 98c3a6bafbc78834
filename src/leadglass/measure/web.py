"""Web surfaces are counted by the product's own counters, or by QIDO-RS page by page, and nothing is kept.

Cost: one request for Orthanc's counters, three for dcm4chee-arc's; for QIDO-RS one a page of 500 studies and one more,
and three small ones where the number of studies looks like a limit.
"""

import json
from collections.abc import Iterator

from leadglass.measure.behind import beside
from leadglass.measure.caps import looks_round
from leadglass.measure.outcome import Measured, broken_off, seen_once
from leadglass.measure.paging import Next, Paging, Step
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.ways import CounterWay, DicomwebWay
from leadglass.model.words import Status
from leadglass.model.words import Step as At
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.net.web import WebAnswer, WebClient

PAGE = 500
MAX_PAGE_BYTES = 4 * 1024 * 1024  # 500 studies of 8 kB each; Orthanc's have about 1.5 kB
_MAX_COUNT = 10**12  # more than the whole world has
_PERHAPS = "the server gave {total:,} studies, a number that limits are set to: perhaps one"
_FIELDS = ("00100020", "00080020", "00080061", "00201208")


async def count_by_counter(host: Host, way: CounterWay, contact: str) -> Measured:
    """What a product says of itself. Never raises for what the peer does."""
    async with _client(host, way, contact) as client:
        counters = await (_orthanc(client, way.base) if way.product == "orthanc" else _dcm4chee(client, way.base))
    if counters is None and host.meter.spent is not None:
        counters = seen_once(host.meter)
    return Measured(exposure=counters)


async def _orthanc(client: WebClient, base: str) -> Exposure | None:
    told = await _told(client, f"{base}/statistics")
    counters = told if isinstance(told, dict) else {}
    return _exposure(*(_number(counters.get(name)) for name in ("CountPatients", "CountStudies", "CountInstances")))


async def _dcm4chee(client: WebClient, base: str) -> Exposure | None:
    found = []
    for level in ("patients", "studies", "instances"):
        told = await _told(client, f"{base}/{level}/count")
        found.append(_number(told.get("count") if isinstance(told, dict) else told))
    return _exposure(*found)


async def _told(client: WebClient, path: str) -> object:
    """What a counter's path serves, None where it serves nothing."""
    try:
        answer = await client.ask(path, accept="application/json")
    except StepFailed:
        return None
    return answer.json() if answer.status_code == 200 else None


def _exposure(patients: int | None, studies: int | None, images: int | None) -> Exposure | None:
    if patients is None and studies is None and images is None:
        return None
    return Exposure(
        patients=None if patients is None else Count.exact(patients),
        studies=None if studies is None else Count.exact(studies),
        images=None if images is None else Count.exact(images),
    )


def _number(value: object) -> int | None:
    """A counter as products tell it in JSON, a number or its digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT else None


async def count_dicomweb(host: Host, way: DicomwebWay, contact: str) -> Measured:
    """Counts by QIDO-RS (PS3.18 10.6.1.2, `limit` and `offset`). Never raises for what the peer does."""
    async with _client(host, way, contact) as client:
        counting = _Counting(host, client, way)
        step = await counting.run()
    tally = counting.tally
    if not tally.records:
        spent = counting.spent and not counting.pages.pages
        return Measured(exposure=seen_once(host.meter, studies=1) if spent else None)
    key = way.matching.partition("=")[0]
    narrowed = (
        f"the server wants a key with every query: studies without a value of {key} are left out" if key else None
    )
    without = tally.without_images
    uncounted = f"the number of images was left out of {without:,} studies" if without else None
    limits = tuple(why for why in (step.why, counting.nameless_in_words(), narrowed, uncounted) if why)
    exposure = tally.exposure(step.next is Next.END and not counting.nameless and not key, limits)
    # Pages that were asked for and came as asked are a limit that works, whoever set it.
    return Measured(exposure=exposure, whole_archive=True if step.whole else None, drawn=tally.drawn)


class _Counting:
    """Asks page after page until the server has no more, or something ends it."""

    def __init__(self, host: Host, client: WebClient, way: DicomwebWay) -> None:
        self._host = host
        self._client = client
        self._way = way
        self.pages = Paging()
        self.tally = Tally()
        self.nameless = 0
        self.spent = False

    async def run(self) -> Step:
        """How the list ended."""
        step = await self._pages()
        whole = step.next is Next.END and not self._way.matching
        doubted = whole and not step.whole and looks_round(self.tally.distinct_studies)
        return await self._doubted(step) if doubted else step

    async def _pages(self) -> Step:
        step = Step(next=Next.MORE)
        while step.next is Next.MORE:
            meter = self._host.meter
            asked = min(PAGE, meter.records_left)
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
        return step

    async def _doubted(self, end: Step) -> Step:
        """A round number of studies may be a limit: others are looked for before, behind and among them."""
        total = self.tally.distinct_studies
        sure = False
        for _, dates, expected in beside(self.tally):
            if self._host.meter.records_left <= expected:
                return Step(next=Next.BROKEN, why=_PERHAPS.format(total=total))
            unknown, came = await self._unknown(dates, expected + 1)
            if unknown:
                return Step(next=Next.BROKEN, why=f"the server gave {total:,} studies, and more lie behind them")
            sure = came == expected > 0
            if came is None or came > expected:
                break
        return end if sure else Step(next=Next.BROKEN, why=_PERHAPS.format(total=total))

    async def _unknown(self, dates: str, limit: int) -> tuple[bool, int | None]:
        """Whether a study of these days was not counted, and how many came; None where no list did."""
        way = self._way
        path = f"{way.base}/studies{way.slash}?StudyDate={dates}&limit={limit}&includefield=0020000D"
        try:
            answer = await self._client.ask(path, accept=way.accept, max_body_bytes=MAX_PAGE_BYTES)
        except StepFailed:
            return False, None
        listed = [] if answer.status_code == 204 else answer.json() if answer.status_code == 200 else None
        if not isinstance(listed, list):
            return False, None
        uids = [_value(record, "0020000D") for record in listed if isinstance(record, dict)]
        self._host.meter.records += len(uids)
        return any(uid and not self.tally.knows(uid) for uid in uids), len(uids)

    def nameless_in_words(self) -> str | None:
        """What is wrong with records that name no study."""
        return f"{self.nameless:,} records name no study and are not counted" if self.nameless else None

    def _path(self, limit: int) -> str:
        fields = "".join(f"&includefield={field}" for field in _FIELDS)
        key = f"{self._way.matching}&" if self._way.matching else ""
        place = f"{self._way.base}/studies{self._way.slash}"
        return f"{place}?{key}limit={limit}&offset={self.pages.offset}{fields}"

    def _take(self, answer: WebAnswer, asked: int) -> Step:
        """Counts a page; what follows it."""
        if answer.status_code == 204:
            return self.pages.page(asked, 0, 0)
        if answer.status_code != 200:
            return self.pages.refused(answer.status_code)
        listed, before, duplicates = answer.json(), self.tally.distinct_studies, self.tally.duplicates
        records = listed if isinstance(listed, list) else list(_whole_records(answer.body))
        received = sum(self._count(record) for record in records)
        self._host.meter.records += received
        if not isinstance(listed, list) or received < len(listed):
            return Step(next=Next.BROKEN, why="a page was too long to be read whole, or was not a list of records")
        more = answer.headers.get("warning", "").startswith("299")  # PS3.18 10.6.3.3: results that were not sent
        step = self.pages.page(asked, received, self.tally.distinct_studies - before, more=more)
        if step.again:
            self.tally.duplicates = duplicates
        return step

    def _count(self, record: object) -> bool:
        """Whether it is a record; a study is counted once."""
        if not isinstance(record, dict):
            return False
        uid = _value(record, "0020000D")
        if not uid:
            self.nameless += 1
        elif self.tally.study(uid):
            self.tally.patient(_value(record, "00100020"))
            self.tally.date(_value(record, "00080020"))
            self.tally.modalities(_value(record, "00080061"))
            self.tally.images(_value(record, "00201208"))
        return True


def _value(record: dict[str, object], tag: str) -> bytes:
    """The values of one attribute of the DICOM JSON model (PS3.18 F.2), joined as on the wire; b"" for none."""
    element = record.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(values, list):
        return b""
    plain = (v for v in values if isinstance(v, str | int) and not isinstance(v, bool))
    return b"\\".join(str(v).encode("utf-8", "replace") for v in plain)


def _whole_records(body: bytes) -> Iterator[object]:
    """The records that a cut JSON array holds whole, one after another."""
    text = body.decode("utf-8", "replace").lstrip()
    decoder, at = json.JSONDecoder(), 1
    while text.startswith("[") and at < len(text):
        while at < len(text) and text[at] in ", \t\r\n":
            at += 1
        try:
            record, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield record


def _client(host: Host, way: CounterWay | DicomwebWay, contact: str) -> WebClient:
    return WebClient(host, way.port, Offer().context if way.secure else None, contact)
