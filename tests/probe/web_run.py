"""Runs the web probe against a fake on loopback, and makes the answers that tests share."""

import asyncio
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

from leadglass.model.facts import WebFacts
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Timing
from leadglass.model.words import Permission, SurfaceKind, Vantage
from leadglass.net.gate import Grant
from leadglass.net.host import Host
from leadglass.probe.outcome import Probe
from leadglass.probe.web import probe_web
from tests.fakes.http_server import NOT_FOUND, FakeWeb, Reply, as_json, serving

DICOM_JSON = "application/dicom+json"
CANARY = "CANARY^PATIENT"
STUDY, SERIES, INSTANCE = "1.2.3.4", "1.2.3.4.5", "1.2.3.4.5.6"
QUICK = Timing(connect_s=2.0, reply_s=2.0)


class Run:
    """What a probe of a fake came to."""

    def __init__(self, probes: tuple[Probe, ...], fake: FakeWeb, host: Host) -> None:
        self.probes = probes
        self.fake = fake
        self.host = host

    def get(self, kind: SurfaceKind) -> Probe:
        """The only surface of a kind."""
        (found,) = [probe for probe in self.probes if probe.surface.kind is kind]
        return found

    @property
    def kinds(self) -> list[SurfaceKind]:
        """The kinds of all surfaces."""
        return [probe.surface.kind for probe in self.probes]


def web_of(probe: Probe) -> WebFacts:
    """The web facts of a surface, which it must have."""
    assert probe.surface.facts.web is not None
    return probe.surface.facts.web


def grant(permits: tuple[Permission, ...]) -> Grant:
    """Loopback, with these permissions."""
    return Grant(address=ip_address("127.0.0.1"), vantage=Vantage.LOOPBACK, permits=permits)


def run(
    routes: Mapping[str, Reply] | None = None,
    otherwise: Reply | Callable[[str], Reply] = NOT_FOUND,
    *,
    permits: tuple[Permission, ...] = ALL_PERMISSIONS,
    path: str = "",
    budget: Budget | None = None,
    timing: Timing = QUICK,
    titles: tuple[str, ...] = (),
) -> Run:
    """Probes a fake with these routes."""

    async def go() -> Run:
        async with serving(routes, otherwise) as fake:
            host = Host("127.0.0.1", [grant(permits)], budget or Budget(), timing)
            probes = await probe_web(
                host, fake.port, secure=False, path=path, contact="a@example.org", called_ae_titles=titles
            )
            return Run(probes, fake, host)

    return asyncio.run(go())


def record(**uids: str) -> dict[str, Any]:
    """An object of the DICOM JSON model with a patient in it."""
    tags = {"study": "0020000D", "series": "0020000E", "instance": "00080018"}
    shown: dict[str, Any] = {
        "00080005": {"vr": "CS", "Value": ["ISO_IR 100"]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": CANARY}]},
    }
    return shown | {tags[name]: {"vr": "UI", "Value": [uid]} for name, uid in uids.items()}


def dicomweb(root: str = "/dicom-web", **changes: Reply) -> dict[str, Reply]:
    """The routes of an open DICOMweb service with one study; `changes` replace steps."""
    steps = {
        "impossible": as_json([], DICOM_JSON),
        "studies": as_json([record(study=STUDY)], DICOM_JSON),
        "series": as_json([record(study=STUDY, series=SERIES)], DICOM_JSON),
        "instances": as_json([record(study=STUDY, series=SERIES, instance=INSTANCE)], DICOM_JSON),
        "metadata": as_json([record(study=STUDY, series=SERIES, instance=INSTANCE)], DICOM_JSON),
    } | changes
    study = f"{root}/studies/{STUDY}"
    return {
        f"{root}/studies": steps["impossible"],
        f"{root}/studies?limit=1": steps["studies"],
        f"{root}/studies?StudyDate=19000101-21001231&limit=1": steps["studies"],
        f"{study}/series": steps["series"],
        f"{study}/series/{SERIES}/instances": steps["instances"],
        f"{study}/series/{SERIES}/instances/{INSTANCE}/metadata": steps["metadata"],
    }
