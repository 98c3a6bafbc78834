"""The lab's long lists are counted to what its truth says, and nothing of a record is in what comes out."""

import asyncio
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec
import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.http import answer_http
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.web import WebSite
from leadglass.measure.count import count_surface
from leadglass.measure.qido import dicomweb
from leadglass.model.assessment import Ledger
from leadglass.model.exposure import Count, Exposure
from leadglass.model.ways import DicomwebWay
from leadglass.net.listener import Listener
from leadglass.net.stream import Stream
from leadglass.wire import tags
from leadglass.wire.queries import STUDY
from tests.fakes.asking import CONTACT, host_of

SPEC = ArchiveSpec(seed=11, studies=19_107, patients=6_501, images=410_003, undated=5, migrated=40)
ARCHIVE = Archive(SPEC)


def _find(
    level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None
) -> Iterator[Mapping[int, str]]:
    return ARCHIVE.records(level, dict(wanted), start, most)


@cache
def counted(kind: WebKind) -> tuple[Exposure, Ledger]:
    """What counting one product's DICOMweb comes to, and what it cost."""
    site = WebSite(WebPosture(kind=kind), SPEC, _find)
    base = "/dcm4chee-arc/aets/DCM4CHEE/rs" if kind is WebKind.DCM4CHEE else "/dicom-web"

    async def serve(stream: Stream, called_on: str) -> None:
        await answer_http(stream, site.answer)

    async def run() -> tuple[Exposure, Ledger]:
        listener = Listener(serve)
        way = DicomwebWay(port=await listener.start(), secure=False, base=base)
        try:
            host = await host_of()
            exposure = (await count_surface(host, way, CONTACT)).exposure
            assert exposure is not None
            return exposure, host.meter.ledger()
        finally:
            await listener.stop()

    return asyncio.run(run())


@pytest.fixture(autouse=True)
def _looking_is_cheaper(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long the lab takes for what is chance."""
    monkeypatch.setattr(dicomweb, "reading_costs_less", lambda *cost: False)


@pytest.mark.parametrize("kind", [WebKind.DICOMWEB, WebKind.ORTHANC, WebKind.DCM4CHEE])
def test_a_long_list_is_counted_by_its_end(kind: WebKind) -> None:
    exposure, cost = counted(kind)
    assert exposure.studies == Count.exact(SPEC.studies)
    assert exposure.patients is not None
    assert exposure.patients == Count.at_least(exposure.patients.count)
    assert 0 < exposure.patients.count <= SPEC.patients
    assert dicomweb.FEW_STUDIES < cost.records_received <= dicomweb.FEW_STUDIES + 40


def test_images_are_counted_where_they_are_listed_and_told_as_at_least_elsewhere() -> None:
    assert counted(WebKind.ORTHANC)[0].images == Count.exact(SPEC.images)
    images = counted(WebKind.DICOMWEB)[0].images
    assert images is not None
    assert images == Count.at_least(images.count)
    assert dicomweb.FEW_STUDIES <= images.count < SPEC.images


def test_no_patients_value_comes_out() -> None:
    shown = b"".join(msgspec.json.encode(counted(kind)) for kind in (WebKind.DICOMWEB, WebKind.ORTHANC)).decode()
    assert "2,000 studies were read" in shown
    for record in ARCHIVE.records(STUDY, {}):
        values = (record[tags.STUDY_INSTANCE_UID], record[tags.PATIENT_ID], record.get(tags.PATIENT_NAME))
        assert not [value for value in values if value and len(value) > 4 and value in shown]
