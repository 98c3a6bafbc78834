"""Web surfaces are counted by the product's own counters, or by QIDO-RS page by page, and nothing is kept.

Cost: one request for Orthanc's counters, three for dcm4chee-arc's; for QIDO-RS one a page of 500 studies, and one more.
"""

import json
from collections.abc import Iterator

from leadglass.measure.outcome import Measured
from leadglass.measure.tally import Tally
from leadglass.model.exposure import Count, Exposure
from leadglass.model.ways import CounterWay, DicomwebWay
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.net.web import WebAnswer, WebClient

PAGE = 500
MAX_PAGE_BYTES = 4 * 1024 * 1024  # 500 studies of 8 kB each; Orthanc's have about 1.5 kB
_FIELDS = ("00100020", "00080020", "00080061", "00201208")
_MAX_COUNT = 10**12
_IGNORES_LIMIT = "the server ignores `limit`"
_IGNORES_OFFSET = "the server ignores `offset`: the same studies came again, and whether there are more cannot be told"


async def count_by_counter(host: Host, way: CounterWay, contact: str) -> Measured:
    """What a product says of itself. Never raises for what the peer does."""
    async with _client(host, way, contact) as client:
        try:
            if way.product == "orthanc":
                return Measured(exposure=_orthanc((await client.ask(f"{way.base}/statistics")).json()))
            return Measured(exposure=await _dcm4chee(client, way.base))
        except StepFailed:
            return Measured(exposure=None)


def _orthanc(counters: object) -> Exposure | None:
    if not isinstance(counters, dict):
        return None
    return _exposure(*(_number(counters.get(name)) for name in ("CountPatients", "CountStudies", "CountInstances")))


async def _dcm4chee(client: WebClient, base: str) -> Exposure | None:
    found = []
    for level in ("patients", "studies", "instances"):
        answer = (await client.ask(f"{base}/{level}/count", accept="application/json")).json()
        found.append(_number(answer.get("count") if isinstance(answer, dict) else answer))
    return _exposure(*found)


def _exposure(patients: int | None, studies: int | None, images: int | None) -> Exposure | None:
    if patients is None and studies is None and images is None:
        return None
    return Exposure(
        patients=None if patients is None else Count.exact(patients),
        studies=None if studies is None else Count.exact(studies),
        images=None if images is None else Count.exact(images),
    )


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT else None


async def count_dicomweb(host: Host, way: DicomwebWay, contact: str) -> Measured:
    """Counts by QIDO-RS (PS3.18 10.6.1.2, `limit` and `offset`). Never raises for what the peer does."""
    async with _client(host, way, contact) as client:
        counting = _Paging(host, client, way.base)
        ended = await counting.run()
    limits = (*((_IGNORES_LIMIT,) if counting.ignores_limit else ()), *((ended,) if ended else ()))
    counted = counting.tally.distinct_studies > 0
    return Measured(
        exposure=counting.tally.exposure(ended is None, limits) if counted else None,
        # Pages that came as they were asked for are a limit that works.
        whole_archive=True if counting.ignores_limit and ended in (None, _IGNORES_OFFSET) else None,
    )


class _Paging:
    """Asks page after page until one is empty: a server may have shorter pages of its own than were asked for."""

    def __init__(self, host: Host, client: WebClient, base: str) -> None:
        self._host = host
        self._client = client
        self._base = base
        self.tally = Tally()
        self.ignores_limit = False

    async def run(self) -> str | None:
        """What ended the count before its end, None where nothing did."""
        offset = 0
        while asked := min(PAGE, self._host.meter.records_left):
            try:
                answer = await self._client.ask(
                    self._path(asked, offset), accept="application/dicom+json", max_body_bytes=MAX_PAGE_BYTES
                )
            except StepFailed as failure:
                return f"the answers broke off: {failure.detail}"
            if answer.status_code == 204:
                return None
            received, fresh, ended = self._take(answer)
            self.ignores_limit |= received > asked
            if ended is not None or not received:
                return ended
            if not fresh:
                return _IGNORES_OFFSET
            offset += received
        return "our own budget ended the count"

    def _path(self, limit: int, offset: int) -> str:
        fields = "".join(f"&includefield={field}" for field in _FIELDS)
        return f"{self._base}/studies?limit={limit}&offset={offset}{fields}"

    def _take(self, answer: WebAnswer) -> tuple[int, int, str | None]:
        """Records received, new studies among them, and what is wrong with the page."""
        before = self.tally.distinct_studies
        if answer.status_code != 200:
            return 0, 0, f"the server ended its answers with HTTP status {answer.status_code}"
        records = answer.json()
        received = 0
        strange = False
        for record in records if isinstance(records, list) else _whole_records(answer.body):
            if isinstance(record, dict) and _value(record, "0020000D"):
                received += 1
                self._count(record)
            else:
                strange = True
        self._host.meter.records += received
        fresh = self.tally.distinct_studies - before
        if not isinstance(records, list):
            return received, fresh, "a page was too long to be read whole, or was not JSON"
        return received, fresh, "a page held something else than studies" if strange else None

    def _count(self, record: dict[str, object]) -> None:
        if self.tally.study(_value(record, "0020000D")):
            self.tally.patient(_value(record, "00100020"))
            self.tally.date(_value(record, "00080020"))
            self.tally.modalities(_value(record, "00080061"))
            self.tally.images(_value(record, "00201208"))


def _value(record: dict[str, object], tag: str) -> bytes:
    """The values of one attribute of the DICOM JSON model (PS3.18 F.2), joined as on the wire; b"" for none."""
    element = record.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(values, list):
        return b""
    return b"\\".join(str(v).encode("utf-8", "replace") for v in values if isinstance(v, str | int))


def _whole_records(body: bytes) -> Iterator[object]:
    """The records that a cut JSON array holds whole, one after another."""
    text = body.decode("utf-8", "replace")
    decoder, at = json.JSONDecoder(), text.find("[") + 1
    while 0 < at < len(text):
        while at < len(text) and text[at] in ", \t\r\n":
            at += 1
        try:
            record, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield record


def _client(host: Host, way: CounterWay | DicomwebWay, contact: str) -> WebClient:
    return WebClient(host, way.port, Offer().context if way.secure else None, contact)
