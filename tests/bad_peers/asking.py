"""Targets are assessed as the command does it, in this process, with deadlines of tenths of a second."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from leadglass.lab.zoo.animal import Talk
from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import TargetResult
from leadglass.model.scope import Budget, Timing
from leadglass.model.target import parse_target
from leadglass.net.gate import Gate
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all

END_S = 8.0
TIMING = Timing(connect_s=3.0, reply_s=0.25)
NEIGHBOUR = "127.0.0.2"
_T = TypeVar("_T")


def finish(work: Coroutine[Any, Any, _T]) -> _T:
    """What `work` gives; a test that hangs fails."""

    async def bounded() -> _T:
        async with asyncio.timeout(END_S):
            return await work

    return asyncio.run(bounded())


async def assess(*targets: str, budget: Budget | None = None, timing: Timing = TIMING) -> tuple[TargetResult, ...]:
    """The results of `targets`."""
    options = Options(manner=Manner(today=date(2026, 11, 23)), contact="test", budget=budget or Budget(), timing=timing)
    wanted = [parse_target(target) for target in targets]
    return await assess_all(wanted, Gate(None), options, lambda: datetime.now(UTC), lambda _: None)


async def beside_a_polite_one(talk: Talk, form: str, budget: Budget | None = None) -> tuple[TargetResult, ...]:
    """The results for a hostile server under the target `form`, and for a polite one that is asked beside it."""
    async with listening(talk) as port, listening(Polite().serve, NEIGHBOUR) as other:
        return await assess(form.format(port=port), f"dicom://{NEIGHBOUR}:{other}", budget=budget)


def said(result: TargetResult) -> str:
    """Every word that tells how the questions to a target ended."""
    words = [result.detail]
    for surface in result.surfaces:
        words.append(f"{surface.status} {surface.detail}")
        dimse = surface.facts.dimse
        if dimse is not None:
            words += [f"{attempt.status} {attempt.detail}" for attempt in dimse.attempts]
            words += [f"{query.status} {query.detail}" for query in dimse.queries]
            words.append(f"echo {dimse.echo}")
            words.append(dimse.retrieval_proof.detail if dimse.retrieval_proof else "")
        if surface.exposure is not None:
            words += surface.exposure.limits
    return "\n".join(words)
