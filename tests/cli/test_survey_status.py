"""How a survey stands is told with what its totals are worth."""

import msgspec

from leadglass.cli.survey_status import status_lines
from leadglass.model.exposure import Count, Exposure
from leadglass.model.scope import Budget, Scope, Timing
from leadglass.model.snapshot import Standing, SurveyRow, SurveyState
from leadglass.model.words import CountKind
from leadglass.survey.engine.layout import make_layout
from tests.store.made import AT


def surveyed() -> SurveyRow:
    """A survey of one network."""
    scope = Scope(authority="a", contact="c", targets=("192.0.2.0/24",), opt_out=())
    layout, _ = make_layout(scope, budget=Budget(), timing=Timing(connect_s=1.0, reply_s=1.0), without=())
    return SurveyRow(
        name="one",
        created=AT,
        seed="5",
        scope_text="",
        plan=msgspec.json.encode(layout),
        state=SurveyState.DONE,
        holder=None,
        held_until=0.0,
    )


def test_totals_say_what_they_are_worth() -> None:
    """Half-widths of independent samples add up by their squares."""

    def about(count: int, half: int) -> Count:
        return Count(count=count, kind=CountKind.ESTIMATE, low=count - half, high=count + half, confidence=0.95)

    exposures = [
        Exposure(patients=about(1_000, 300), studies=Count.exact(5)),
        Exposure(patients=about(2_000, 400), studies=Count.at_least(50_000)),
        Exposure(worklist_items=Count.exact(3)),
    ]
    standing = Standing(positions=2, done=1, shards_left=1, rungs={"readable": 1})
    lines = list(status_lines(surveyed(), standing, (), (), exposures))
    assert "  patients shown: about 3,000 (between 2,500 and 3,500, 95% sure), on 2 systems" in lines
    assert "  studies shown: at least 50,005, on 2 systems" in lines
    assert "  planned examinations shown: exactly 3, on 1 system" in lines
