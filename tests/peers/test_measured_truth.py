"""Archives of real servers are measured to what was put into them: by a sample, by places of a list, and to the end."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench.costs import Truth
from bench.real_dcmqrscp import register
from bench.real_orthanc import load, some_images

from leadglass.measure.count import count_surface
from leadglass.measure.qido import dicomweb
from leadglass.measure.query.source import DimseSource
from leadglass.measure.sampling.sampler import Sampler, Wish
from leadglass.model.assessment import Ledger
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import WITHOUT_END
from leadglass.model.ways import DicomwebWay, DimseWay, Way
from leadglass.model.words import CountKind
from leadglass.net.questions import Line, questions
from leadglass.wire.queries import STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND, STUDY_ROOT_FIND
from tests.bad_peers.asking import finish
from tests.fakes.asking import CONTACT, host_of
from tests.peers.dcmqrscp import TITLE, Dcmqrscp
from tests.peers.orthanc import DICOMWEB, OPEN, Orthanc
from tests.peers.process import program

pytestmark = pytest.mark.peers
STUDIES = 1_501
FULL = 500  # studies that dcmqrscp keeps under one title


class Sooner(Wish):
    """A sample of archives too that would be counted."""

    @property
    def counted(self) -> int:
        """Studies up to which an archive is counted."""
        return 500


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Orthanc, Truth]]:
    """A server, and what it holds."""
    with Orthanc(tmp_path_factory.mktemp("orthanc"), DICOMWEB, **OPEN).up(load=False) as server:
        images, truth = some_images(STUDIES)
        load(server.http, images)
        yield server, truth


def way(port: int, title: str = "ANY-SCP") -> DimseWay:
    """Study Root."""
    return DimseWay(
        port=port, tls=False, called_ae_title=title, sop_class_uid=STUDY_ROOT_FIND, level=STUDY, dates_usable=True
    )


def sampled(port: int, seed: int) -> tuple[Exposure, Ledger]:
    """A sample by chance of its own."""

    async def run() -> tuple[Exposure, Ledger]:
        host, chance = await host_of(), random.Random(seed)
        line = Line(host, port, tls=False, called_ae_title="ANY-SCP")
        async with (
            questions(line, STUDY_ROOT_FIND, "study-root") as studies,
            questions(line, PATIENT_ROOT_FIND, "patient-root") as patients,
        ):
            source = DimseSource(studies, patients)
            exposure = await Sampler(source, chance.randrange, chance.randbytes(32), Sooner()).run()
            assert exposure is not None
            return exposure, host.meter.ledger()

    return finish(run())


def counted(where: Way) -> tuple[Exposure, Ledger]:
    """To the end."""

    async def run() -> tuple[Exposure, Ledger]:
        host = await host_of(budget=WITHOUT_END)
        exposure = (await count_surface(host, where, CONTACT)).exposure
        assert exposure is not None
        return exposure, host.meter.ledger()

    return finish(run())


def holds(count: Count | None, truth: int) -> bool:
    """Whether an interval has the truth in it, and has two ends."""
    return count is not None and count.high is not None and count.low <= truth <= count.high


def test_intervals_of_samples_hold_what_orthanc_holds(orthanc: tuple[Orthanc, Truth]) -> None:
    server, truth = orthanc
    found = [sampled(server.dicom, seed) for seed in range(8)]
    for exposure, ledger in found:
        assert exposure.studies is not None
        assert exposure.studies.kind is CountKind.ESTIMATE
        assert 0 < ledger.records_received < 3 * STUDIES
        assert ledger.connections <= 6
        assert ledger.bytes_received > 100 * ledger.records_received
    for name in ("studies", "images", "patients"):
        held = sum(holds(getattr(exposure, name), getattr(truth, name)) for exposure, _ in found)
        assert held >= 7, name


def test_orthanc_is_counted_to_the_end(orthanc: tuple[Orthanc, Truth]) -> None:
    server, truth = orthanc
    exposure, ledger = counted(way(server.dicom))
    assert exposure.studies == Count.exact(truth.studies)
    assert exposure.images == Count.exact(truth.images)
    assert exposure.patients == Count.exact(truth.patients)
    assert truth.studies <= ledger.records_received < truth.studies + 20, "what lies beside the answer is looked at too"
    assert ledger.connections == 1


def test_places_of_its_lists_tell_how_long_they_are(
    orthanc: tuple[Orthanc, Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dicomweb, "FEW_STUDIES", 500)
    monkeypatch.setattr(dicomweb, "reading_costs_less", lambda *cost: False)
    server, truth = orthanc

    async def run() -> tuple[Exposure | None, Ledger]:
        host = await host_of()
        where = DicomwebWay(port=server.http, secure=False, base="/dicom-web")
        return (await count_surface(host, where, CONTACT)).exposure, host.meter.ledger()

    exposure, ledger = finish(run())
    assert exposure is not None
    assert exposure.studies == Count.exact(truth.studies)
    assert exposure.images == Count.exact(truth.images)
    assert exposure.patients is not None
    assert exposure.patients == Count.at_least(exposure.patients.count)
    assert 0 < exposure.patients.count <= truth.patients
    assert 500 <= ledger.records_received < 500 + 60


@pytest.mark.parametrize(
    ("studies", "figure"),
    [
        (FULL - 13, Count.exact),
        (FULL, Count.at_least),  # perhaps its limit: a study without a date keeps two halves from adding up to it
    ],
)
def test_dcmqrscp_is_counted_to_the_end(studies: int, figure: Callable[[int], Count], tmp_path: Path) -> None:
    """It tells no numbers of images: they are counted a study at a time."""
    server = Dcmqrscp(tmp_path, access="R", most=FULL)
    images, truth = some_images(studies)
    register(server.kept, program("dcmqridx"), images)
    with server.up():
        exposure, ledger = counted(way(server.port, TITLE))
    assert exposure.studies == figure(truth.studies)
    assert exposure.images == figure(truth.images)
    assert exposure.patients == figure(truth.patients)
    assert ledger.records_received >= truth.studies + truth.images
    assert ledger.connections == 1
