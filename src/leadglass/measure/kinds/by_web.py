"""The drawn studies are looked at over QIDO-RS, by their UIDs (PS3.18 8.3.4.1, C.2.2.2.2 of PS3.4 for lists).

Cost: 2 requests and 20 records at most where the server takes a list of UIDs, else one request a record.
"""

from collections.abc import Mapping

from leadglass.measure.drawn import Drawn
from leadglass.measure.kinds.classify import STUDY_KEYS
from leadglass.measure.kinds.sample import Sample, ask_together, uids
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Status
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.net.web import WebAnswer, WebClient
from leadglass.wire import tags

MAX_BYTES = 512 * 1024  # 20 studies of 8 kB each, three times over
_STUDY_UID = f"{tags.STUDY_INSTANCE_UID:08X}"
_ALL = "".join(f"&includefield={tag:08X}" for tag in STUDY_KEYS)
_ENDS = (Status.IO_TIMEOUT, Status.BUDGET_SPENT)


async def look_by_web(host: Host, way: DicomwebWay, contact: str, drawn: Drawn, sample: Sample) -> None:
    """Gives the drawn studies to `sample`. Never raises for what the peer does."""
    async with WebClient(host, way.port, Offer().context if way.secure else None, contact) as client:
        await ask_together(sample, uids(drawn.keys()), _Looking(host, client, way, sample).studies)


class _Looking:
    """Asks one server for what was drawn."""

    def __init__(self, host: Host, client: WebClient, way: DicomwebWay, sample: Sample) -> None:
        self._host = host
        self._client = client
        self._way = way
        self._sample = sample
        self._forms: tuple[str, ...] = (_ALL, "")  # a server that knows no `includefield` is asked without

    def __repr__(self) -> str:
        """Without values."""
        return f"_Looking({self._sample!r})"

    async def studies(self, keys: list[bytes]) -> None:
        """The studies with these UIDs."""
        for fields in self._forms:
            answer = await self._ask(keys, fields)
            if answer is not None:
                self._take(answer, keys)
            if self._sample.seen.records:
                self._forms = (fields,)
            if self._sample.over or self._sample.seen.records:
                return

    async def _ask(self, keys: list[bytes], fields: str) -> WebAnswer | None:
        way, listed = self._way, b",".join(keys).decode("ascii")
        more = f"{way.matching}&" if way.matching else ""
        path = f"{way.base}/studies{way.slash}?{more}StudyInstanceUID={listed}&limit={len(keys)}{fields}"
        try:
            return await self._client.ask(path, accept=way.accept, max_body_bytes=MAX_BYTES)
        except StepFailed as failure:
            self._sample.over = self._sample.over or failure.status in _ENDS
            return None

    def _take(self, answer: WebAnswer, keys: list[bytes]) -> None:
        """What came, every record counted; an answer that is no list is none."""
        listed = answer.json() if answer.status_code == 200 else None
        records = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        self._host.meter.records += len(records)
        self._sample.ask_for(keys)
        for record in records:
            values = {tag: value for tag in STUDY_KEYS if (value := _value(record, f"{tag:08X}"))}
            if not self._sample.came(_value(record, _STUDY_UID), values, STUDY_KEYS):
                return


def _value(record: Mapping[str, object], tag: str) -> bytes:
    """The values of one attribute of the DICOM JSON model (PS3.18 F.2), joined as on the wire; b"" for none.

    A person's name is an object of its component groups (F.2.2), of which the first that says something is taken.
    """
    element = record.get(tag)
    values = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(values, list):
        return b""
    texts = (_one(value) for value in values)
    return b"\\".join(text.encode("utf-8", "replace") for text in texts if text)


def _one(value: object) -> str:
    if isinstance(value, dict):
        return next((one for one in value.values() if isinstance(one, str) and one), "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
