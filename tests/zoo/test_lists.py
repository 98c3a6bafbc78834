"""A list over the web without an honest end is at least as long as what was seen of it, and is soon left alone."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from leadglass.lab.zoo.serving import zoo_serving
from leadglass.measure.qido.dicomweb import FEW_STUDIES
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count
from leadglass.model.target import parse_target
from leadglass.model.words import CountKind, SurfaceKind
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all

_OPTIONS = Options(manner=Manner(today=date(2026, 11, 23)), contact="tests")


def checked(name: str) -> TargetResult:
    """What checking one animal comes to, under the usual budget."""

    async def run() -> TargetResult:
        async with zoo_serving() as cages:
            [target] = [parse_target(cage.target) for cage in cages if cage.name == name]
            [result] = await assess_all([target], Gate(None), _OPTIONS, lambda: datetime.now(UTC), lambda _: None)
            return result

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("name", "fewest", "most", "words"),
    [
        ("list-without-an-end", FEW_STUDIES, FEW_STUDIES + 40, "however far"),
        ("list-that-begins-anew", FEW_STUDIES, 3_000, "same record at two places"),
        ("list-that-is-new-each-time", FEW_STUDIES, FEW_STUDIES + 40, "however far"),
    ],
)
def test_a_list_without_an_end_is_at_least_what_was_seen(name: str, fewest: int, most: int, words: str) -> None:
    result = checked(name)
    assert result.exposure is not None
    studies = result.exposure.studies
    assert studies is not None
    assert studies == Count.at_least(studies.count)
    assert fewest <= studies.count <= most
    assert any(words in limit for limit in result.exposure.limits)
    assert result.cost.records_received <= FEW_STUDIES + 60


def test_a_total_that_is_claimed_is_not_believed() -> None:
    result = checked("list-that-claims-a-total")
    assert result.exposure is not None
    assert result.exposure.studies == Count.exact(701)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list-that-ends-at-a-limit", "more lie behind"),
        ("list-of-one-day-that-ends-at-a-limit", "own counter says that there are 230 studies"),
    ],
)
def test_a_limit_that_no_answer_tells_of_is_found(name: str, words: str) -> None:
    found = {surface.kind: surface for surface in checked(name).surfaces}[SurfaceKind.DICOMWEB].exposure
    assert found is not None
    assert found.patients is not None
    assert (found.studies, found.patients.kind) == (Count.at_least(38), CountKind.AT_LEAST)
    assert any(words in limit for limit in found.limits)
