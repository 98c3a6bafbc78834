"""Whether a list that was read to its end is whole shows in its two halves by StudyDate.

A limit is one on each list: a half is smaller than the limit, so what the limit hid shows behind the last record that
the half should have. Cost: two requests, which bring one record each where nothing was hidden, and two where it was.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from itertools import accumulate

from leadglass.measure.qido.records import STUDIES, value
from leadglass.measure.query.behind import FIRST, LAST, day_of
from leadglass.measure.tally import Tally
from leadglass.model.record import Record
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Step
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.web import WebClient

_MAX_BYTES = 262_144  # two records have about 4 kB; a server that ignores `limit` is cut off here


class Halves(Enum):
    """What two halves say of a list."""

    WHOLE = "whole"
    """They hold what the list held, and no more."""
    MORE = "more"
    """One of them holds a study that the list did not."""
    UNTOLD = "untold"
    """The server does not narrow by date, or not every study has one."""
    UNASKED = "unasked"
    """Our own budget was too small."""


class Half(Record):
    """The dates of a part of a list, and how many of the studies that were read are of it."""

    dates: str
    expected: int


async def by_halves(host: Host, client: WebClient, way: DicomwebWay, tally: Tally) -> Halves:
    """What the halves say of the list that is in `tally`. Never raises for what the peer does."""
    parts = tuple(halves(tally))
    total = tally.distinct_studies
    whole = sum(part.expected for part in parts) == total > max((part.expected for part in parts), default=total)
    for part in parts:
        if host.meter.records_left < 2:
            host.meter.out_of_records(Step.QUERY)
            return Halves.UNASKED
        behind = min(part.expected, 1)  # the last record of the half comes before what should not be there
        path = f"{way.base}/studies{way.slash}?StudyDate={part.dates}&limit=2&offset={part.expected - behind}"
        uids = await _uids(client, way, path)
        if uids is None:
            return Halves.UNTOLD if host.meter.spent is None else Halves.UNASKED
        host.meter.records += len(uids)
        if any(uid and not tally.knows(uid) for uid in uids):
            return Halves.MORE
        whole = whole and len(uids) == behind
    return Halves.WHOLE if whole else Halves.UNTOLD


def halves(tally: Tally) -> Iterator[Half]:
    """The two parts with the most even shares of what was read; of a single day, what lies before and behind it."""
    days = sorted(day for day in tally.days if day_of(day) is not None and FIRST <= day.decode() < LAST)
    total = sum(tally.days[day] for day in days)
    if len(days) == 1 and days[0].decode() > FIRST:
        yield Half(dates=f"{FIRST}-{_next(days[0], -1)}", expected=0)
    if len(days) == 1:
        yield Half(dates=f"{_next(days[0])}-{LAST}", expected=0)
    if len(days) > 1:
        early = dict(zip(days[:-1], accumulate(tally.days[day] for day in days), strict=False))
        cut = min(early, key=lambda day: abs(2 * early[day] - total))
        yield Half(dates=f"{FIRST}-{cut.decode()}", expected=early[cut])
        yield Half(dates=f"{_next(cut)}-{LAST}", expected=total - early[cut])


def _next(day: bytes, days: int = 1) -> str:
    return f"{date.fromisoformat(day.decode()) + timedelta(days):%Y%m%d}"


async def _uids(client: WebClient, way: DicomwebWay, path: str) -> list[bytes] | None:
    """The studies of an answer, None where it is no list."""
    try:
        answer = await client.ask(f"{path}&includefield={STUDIES.uid}", accept=way.accept, max_body_bytes=_MAX_BYTES)
    except StepFailed:
        return None
    listed = [] if answer.status_code == 204 else answer.json() if answer.status_code == 200 else None
    if not isinstance(listed, list):
        return None
    return [value(record, STUDIES.uid) for record in listed if isinstance(record, dict)]
