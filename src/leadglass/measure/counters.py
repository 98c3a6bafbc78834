"""Web surfaces are counted by the product's own counters where it has some: not one record is read.

Cost: one request for Orthanc's counters, three for dcm4chee-arc's.
"""

from leadglass.measure.outcome import Measured, at_least, seen_once
from leadglass.model.exposure import Count, Exposure
from leadglass.model.ways import CounterWay, DicomwebWay
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.net.web import WebClient

_NO_YEARS = "the server's counters tell neither years nor modalities"
_MAX_COUNT = 10**12  # more than the whole world has


async def count_by_counter(host: Host, way: CounterWay, contact: str) -> Measured:
    """What a product says of itself. Never raises for what the peer does."""
    async with client_of(host, way, contact) as client:
        counters = await (_orthanc(client, way.base) if way.product == "orthanc" else _dcm4chee(client, way.base))
    if counters is None and host.meter.spent is not None:
        counters = seen_once(host.meter)
    if counters is not None and way.others:
        why = f"the AE titles {', '.join(way.others)} count other numbers, and may show other studies"
        counters = at_least(counters, why)
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
        limits=(_NO_YEARS,),
    )


def _number(value: object) -> int | None:
    """A counter as products tell it in JSON, a number or its digits; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT else None


def client_of(host: Host, way: CounterWay | DicomwebWay, contact: str) -> WebClient:
    """The client for a way's port."""
    return WebClient(host, way.port, Offer().context if way.secure else None, contact)
