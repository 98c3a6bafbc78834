"""A worker does its duty at its post: the same in this process, in one beside it, and on another machine."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import msgspec

from leadglass import __version__
from leadglass.model.snapshot import SurveyRow
from leadglass.model.words import Depth
from leadglass.net.connector import Connector
from leadglass.net.gate import Gate
from leadglass.net.pacing import Pacing
from leadglass.probe.manner import Manner
from leadglass.survey.engine.desk import Desk, Post
from leadglass.survey.engine.layout import Layout
from leadglass.survey.engine.rounds import Rounds, knocks_at_a_time
from leadglass.survey.engine.visit import Visitor
from leadglass.survey.engine.worker import Worker
from leadglass.survey.options import Options


class OtherVersionError(ValueError):
    """A worker has another version of the tool than the run."""


def layout_of(survey: SurveyRow) -> Layout:
    """What the survey's workers agree on."""
    return msgspec.json.decode(survey.plan, type=Layout)


def manner_of(layout: Layout, now: datetime) -> Manner:
    """How servers are asked."""
    return Manner(today=now.date(), touch=layout.scope.depth is Depth.TOUCH, without=layout.without)


def options_of(layout: Layout, now: datetime) -> Options:
    """The choices of a survey."""
    return Options(
        manner=manner_of(layout, now),
        contact=layout.scope.contact,
        budget=layout.budget,
        timing=layout.timing,
        called_ae_titles=layout.scope.called_ae_titles,
        measure=layout.scope.depth is Depth.MEASURE,
        wish=layout.wish,
    )


async def serve(post: Post, desk: Desk, clock: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Works until nothing is left, until `stop` is set, or until the run is to end. `clock` gives aware UTC times.

    Raises StoreError, and OtherVersionError before anything is sent.
    """
    if post.version != __version__:
        raise OtherVersionError(
            f"{post.worker} has Leadglass {__version__}, and the run {post.version}: install the same everywhere"
        )
    survey = await asyncio.to_thread(desk.survey)
    layout = layout_of(survey)
    scope = layout.scope
    gate = Gate(scope)
    await gate.learn_addresses()
    pacing = Pacing(scope.pace, share=0.0)
    most = knocks_at_a_time(scope.pace.per_second, layout.timing.connect_s)
    with Connector(most=most, timeout_s=layout.timing.connect_s) as connector:
        visitor = Visitor(layout, gate, options_of(layout, clock()), pacing, connector, clock)
        rounds = Rounds(visitor, pacing, connector, (*scope.dimse_ports, *scope.web_ports), most)
        await Worker(desk, post, layout, survey.seed, rounds, pacing, clock).run(stop)
