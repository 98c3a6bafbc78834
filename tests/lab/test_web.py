"""The lab's web ports are seen as what they play, by Leadglass and by a client that others wrote."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.http import answer_http
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.web import WebSite
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count
from leadglass.model.target import parse_target
from leadglass.model.words import Rung, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.net.listener import Listener
from leadglass.net.stream import Stream
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all

SPEC = ArchiveSpec(seed=7, studies=31, patients=17, images=412)
ARCHIVE = Archive(SPEC)


def find(level: str, wanted: Mapping[int, str], start: int = 0, most: int | None = None) -> Iterator[Mapping[int, str]]:
    """The records that match."""
    return ARCHIVE.records(level, dict(wanted), start, most)


def assessed(posture: WebPosture) -> TargetResult:
    """What `leadglass check` finds."""
    site = WebSite(posture, SPEC, find)

    async def serve(stream: Stream, called_on: str) -> None:
        await answer_http(stream, site.answer)

    async def run() -> TargetResult:
        listener = Listener(serve)
        port = await listener.start()
        try:
            options = Options(manner=Manner(today=date(2026, 11, 23)), contact="test")
            target = parse_target(f"http://127.0.0.1:{port}")
            [result] = await assess_all([target], Gate(None), options, lambda: datetime.now(UTC), lambda _: None)
            return result
        finally:
            await listener.stop()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("posture", "rungs"),
    [
        (WebPosture(kind=WebKind.DICOMWEB), {SurfaceKind.DICOMWEB: Rung.RETRIEVABLE}),
        (WebPosture(kind=WebKind.DICOMWEB, images=False), {SurfaceKind.DICOMWEB: Rung.READABLE}),
        (WebPosture(kind=WebKind.DICOMWEB, login=True), {SurfaceKind.WEB: Rung.OTHER}),
        (
            WebPosture(kind=WebKind.ORTHANC),
            {
                SurfaceKind.VIEWER: Rung.ADMITS,
                SurfaceKind.ORTHANC_REST: Rung.RETRIEVABLE,
                SurfaceKind.DICOMWEB: Rung.RETRIEVABLE,
            },
        ),
        (WebPosture(kind=WebKind.ORTHANC, login=True), {SurfaceKind.ORTHANC_REST: Rung.SPEAKS}),
        (
            WebPosture(kind=WebKind.DCM4CHEE),
            {SurfaceKind.DCM4CHEE_REST: Rung.ADMITS, SurfaceKind.DICOMWEB: Rung.RETRIEVABLE},
        ),
        (WebPosture(kind=WebKind.DCM4CHEE, login=True), {SurfaceKind.DCM4CHEE_REST: Rung.SPEAKS}),
        (WebPosture(kind=WebKind.VIEWER), {SurfaceKind.VIEWER: Rung.ADMITS}),
        (WebPosture(kind=WebKind.VIEWER, login=True), {SurfaceKind.VIEWER: Rung.SPEAKS}),
    ],
)
def test_each_posture_is_found_as_it_is(posture: WebPosture, rungs: dict[SurfaceKind, Rung]) -> None:
    result = assessed(posture)
    assert {surface.kind: surface.proof for surface in result.surfaces} == rungs
    for surface in result.surfaces:
        if surface.proof.at_least(Rung.READABLE):
            assert surface.exposure is not None
            assert surface.exposure.patients == Count.exact(SPEC.patients)
            assert surface.exposure.studies == Count.exact(SPEC.studies)
            assert surface.exposure.images == Count.exact(SPEC.images)
