"""What was proved before a bug of ours, or before the run was ended, is told all the same."""

import asyncio
from datetime import UTC, datetime

import pytest

from leadglass.lab.zoo.caller import Caller
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count
from leadglass.model.target import parse_target
from leadglass.model.words import Outcome, Rung, Status, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.probe import dimse as probe_of_dimse
from leadglass.probe import web as probe_of_web
from leadglass.probe.manner import Manner
from leadglass.survey.assess import Assessing, Turns
from leadglass.survey.options import Options
from leadglass.wire import tags
from leadglass.wire.association import Message
from tests.bad_peers.asking import finish
from tests.dimse.asking import PATIENT, TODAY, assessed, dimse, outcome
from tests.dimse.shelf import Doors, Shelf, Study
from tests.fakes.dicomweb import Archive
from tests.fakes.web_products import orthanc
from tests.fakes.web_server import FakeWeb, as_json

HELD = tuple(Study(f"1.2.9.{number}", f"P{number}") for number in range(3))
_COUNTERS = ("CountPatients", "CountStudies", "CountSeries", "CountInstances")
OPEN = {"ANY-SCP": Doors(worklist=True)}
OPTIONS = Options(manner=Manner(today=TODAY), contact="test", timing=PATIENT)


async def _broken(*_: object) -> None:
    raise ValueError("a bug")


def costs_add_up(result: TargetResult) -> bool:
    """Whether nothing is billed twice, and nothing is left out."""
    return (result.cost.connections, result.cost.records_received, result.cost.bytes_received) == (
        sum(surface.connections for surface in result.surfaces),
        sum(surface.records_received for surface in result.surfaces),
        sum(surface.bytes_received for surface in result.surfaces),
    )


def test_a_bug_in_reading_the_worklist_loses_nothing_of_the_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_of_dimse, "read_worklist", _broken)
    result = assessed(Shelf(studies=HELD, titles=OPEN))
    archive, failed = result.surfaces
    assert (archive.proof, failed.status) == (Rung.RETRIEVABLE, Status.INTERNAL_ERROR)
    assert archive.exposure is not None
    assert archive.exposure.studies is not None
    assert archive.exposure.studies.count == len(HELD)
    assert outcome(result, "records-readable") is Outcome.VULNERABLE
    assert outcome(result, "worklist-readable") is Outcome.UNKNOWN
    assert costs_add_up(result)


def test_a_bug_behind_a_web_surface_loses_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_of_web, "probe_dicoogle", _broken)

    async def run() -> TargetResult:
        async with FakeWeb(Archive().routes()) as server:
            target = parse_target(f"http://127.0.0.1:{server.port}")
            return await Assessing(target, Gate(None), OPTIONS, lambda: datetime.now(UTC), Turns()).run()

    result = asyncio.run(run())
    kinds = {surface.kind: surface for surface in result.surfaces}
    assert kinds[SurfaceKind.DICOMWEB].proof is Rung.RETRIEVABLE
    assert kinds[SurfaceKind.DICOMWEB].exposure is not None
    assert kinds[SurfaceKind.WEB].status is Status.INTERNAL_ERROR
    assert costs_add_up(result)


class DeafOverTheWorklist(Shelf):
    """Says when the worklist is asked for, and nothing more."""

    reached: asyncio.Event

    async def find(self, caller: Caller, message: Message) -> None:
        """A worklist query has no level."""
        if tags.QUERY_RETRIEVE_LEVEL not in self.values(caller, message):
            self.reached.set()
            await caller.gone()
        await super().find(caller, message)


def test_what_was_proved_is_told_while_the_worklist_is_being_read() -> None:
    async def run() -> TargetResult:
        server = DeafOverTheWorklist(studies=HELD, titles=OPEN)
        server.reached = asyncio.Event()
        async with listening(server.serve) as port:
            target = parse_target(f"dicom://127.0.0.1:{port}")
            assessing = Assessing(target, Gate(None), OPTIONS, lambda: datetime.now(UTC), Turns())
            task = asyncio.create_task(assessing.run())
            await server.reached.wait()
            result = assessing.result()
            task.cancel()
            return result

    result = finish(run())
    archive, left = result.surfaces
    assert (archive.proof, archive.status) == (Rung.RETRIEVABLE, Status.INTERRUPTED)
    assert left.status is Status.INTERRUPTED
    assert outcome(result, "images-retrievable") is Outcome.VULNERABLE


def test_counters_that_deny_the_record_that_came_are_not_believed() -> None:
    async def run() -> TargetResult:
        routes = {**orthanc(), "/statistics": as_json(dict.fromkeys(_COUNTERS, 0))}
        async with FakeWeb(routes) as server:
            target = parse_target(f"http://127.0.0.1:{server.port}")
            return await Assessing(target, Gate(None), OPTIONS, lambda: datetime.now(UTC), Turns()).run()

    [surface] = [one for one in asyncio.run(run()).surfaces if one.kind is SurfaceKind.ORTHANC_REST]
    assert surface.proof.at_least(Rung.READABLE)
    assert surface.exposure is not None
    assert (surface.exposure.studies, surface.exposure.patients) == (Count.at_least(1), None)
    assert any("counts no study" in limit for limit in surface.exposure.limits)


def test_a_probe_that_ends_well_is_told_once() -> None:
    result = assessed(Shelf(studies=HELD, titles=OPEN))
    assert [surface.kind for surface in result.surfaces] == [SurfaceKind.DIMSE, SurfaceKind.WORKLIST]
    assert dimse(result).status is Status.SUCCESS
    assert costs_add_up(result)
