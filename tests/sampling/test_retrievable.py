"""Archives of the lab whose files are partly lost, by year and modality: the truth lies within, counted or sampled."""

import asyncio
from ipaddress import ip_address
from random import Random

import pytest

from leadglass.lab.archive import Archive
from leadglass.lab.habits import Habits
from leadglass.lab.spec import ArchiveSpec
from leadglass.measure.outcome import Measured
from leadglass.measure.query.dimse import measure_dimse
from leadglass.measure.retrieving import lots, weighted
from leadglass.measure.retrieving.retrievable import with_retrievable
from leadglass.measure.sampling.sampler import Wish
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import ALL_PERMISSIONS, Budget, Scope, Timing
from leadglass.model.ways import DimseWay
from leadglass.model.words import CountKind, Permission
from leadglass.net.gate import Gate
from leadglass.net.host import Host
from leadglass.wire.queries import IMAGE, STUDY
from leadglass.wire.uids import PATIENT_ROOT_FIND, STUDY_ROOT_FIND
from tests.lab.served import served
from tests.sampling.wire import holds

SMALL = ArchiveSpec(seed=5, studies=3_017, patients=1_050, images=90_000, undated=8, migrated=60)
LARGE = ArchiveSpec(seed=7, studies=60_013, patients=20_690, images=1_800_000, undated=60, migrated=1_200)
LOSSES = (Habits(lost_before=2023), Habits(lost_modalities=("CT", "PT")), Habits())


@pytest.fixture(autouse=True)
def _the_same_chance_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lots, weighted):
        monkeypatch.setattr(module, "_CHANCE", Random(1))


def measured(spec: ArchiveSpec, habits: Habits, model: str = STUDY_ROOT_FIND) -> Measured:
    """What measuring a server of the lab came to, with its retrievable images."""
    with served(Archive(spec), habits=habits) as port:
        way = DimseWay(
            port=port,
            tls=False,
            called_ae_title="ANY-SCP",
            sop_class_uid=model,
            level=STUDY,
            dates_usable=True,
            handed_level=IMAGE,
        )

        async def run() -> Measured:
            grant = Gate(None).admit("127.0.0.1", ip_address("127.0.0.1"))
            host = Host("127.0.0.1", [grant], Budget(), Timing())
            return await with_retrievable(host, way, await measure_dimse(host, way, Wish(), Random(1).randrange))

        return asyncio.run(asyncio.wait_for(run(), 60.0))


@pytest.mark.parametrize("model", [STUDY_ROOT_FIND, PATIENT_ROOT_FIND])
@pytest.mark.parametrize("spec", [SMALL, LARGE], ids=["counted", "sampled"])
@pytest.mark.parametrize("habits", LOSSES, ids=["years", "modalities", "nothing"])
def test_the_truth_lies_within(spec: ArchiveSpec, habits: Habits, model: str) -> None:
    came = measured(spec, habits, model)
    assert came.exposure is not None
    figure, images = came.exposure.retrievable_images, came.exposure.images
    assert figure is not None, came.exposure.limits
    assert images is not None
    _, truth = Archive(spec).kept(habits.losses)
    assert 0.1 * spec.images < truth <= spec.images
    assert holds(figure, truth)
    assert figure.kind is CountKind.ESTIMATE
    assert images.kind is (CountKind.EXACT if spec is SMALL else CountKind.ESTIMATE)
    assert came.sample is not None
    assert (came.sample.draws, came.sample.unanswered) == (12, 0)
    assert (came.sample.withheld == 0) is (habits == Habits())
    assert figure.low > 0


def test_without_permission_nothing_is_asked_whatever_was_proved() -> None:
    """The scope has the last word where the question is asked, too."""
    permits = tuple(one for one in ALL_PERMISSIONS if one is not Permission.REQUEST_IMAGES)
    scope = Scope(authority="t", contact="t", targets=("127.0.0.1",), opt_out=(), permits=permits)
    way = DimseWay(
        port=9, tls=False, called_ae_title="A", sop_class_uid=STUDY_ROOT_FIND, level=STUDY, handed_level=IMAGE
    )
    few = lots.Lots()
    few.offer(b"1.2.3", b"", 1)
    found = Measured(exposure=Exposure(images=Count.exact(1)), lots=few)

    async def run() -> tuple[Measured, int]:
        host = Host("127.0.0.1", [Gate(scope).admit("127.0.0.1", ip_address("127.0.0.1"))], Budget(), Timing())
        return await with_retrievable(host, way, found), host.meter.connections

    assert asyncio.run(run()) == (found, 0)


def test_studies_of_a_sample_are_forgotten_where_none_is_asked_for() -> None:
    """Without a proof nothing is kept, and nothing asked."""
    with served(Archive(LARGE)) as port:
        way = DimseWay(
            port=port, tls=False, called_ae_title="A", sop_class_uid=STUDY_ROOT_FIND, level=STUDY, dates_usable=True
        )

        async def run() -> tuple[Measured, Measured]:
            host = Host("127.0.0.1", [Gate(None).admit("127.0.0.1", ip_address("127.0.0.1"))], Budget(), Timing())
            found = await measure_dimse(host, way, Wish(), Random(1).randrange)
            return found, await with_retrievable(host, way, found)

        before, after = asyncio.run(run())
    assert not before.lots
    assert before is after
