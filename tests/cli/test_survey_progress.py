"""How a survey stands is told in a line that fits a terminal, and not more often than is asked for."""

import json
from pathlib import Path

import pytest

from leadglass.cli.survey_progress import Telling, line, status_lines
from leadglass.model.exposure import Count, Exposure
from leadglass.model.snapshot import Standing, SurveyRow, SurveyState
from leadglass.model.words import CountKind
from tests.store.made import AT

SURVEY = SurveyRow(
    name="one",
    created=AT,
    seed="5",
    scope_text="",
    plan=b"{}",
    state=SurveyState.DONE,
    holder=None,
    held_until=0.0,
)


def standing(done: int) -> Standing:
    """A survey of a million places."""
    rungs = {"admits": 123_456, "readable": 123_456, "retrievable": 123_456, "speaks": 123_456}
    return Standing(positions=1_000_000, done=done, shards_left=1, rungs=rungs)


def test_without_a_terminal_a_line_a_minute_of_at_most_80_characters(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    with Telling(None, lambda: now[0]) as telling:
        for _ in range(150):
            now[0] += 1
            telling.told(standing(1000 * int(now[0])))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(len(line) <= 80 for line in lines)
    assert lines[1].startswith("  6.1 % 1,000/s, 16 min left  admits 123,456 readable 123")


def test_a_machine_is_told_each_time(tmp_path: Path) -> None:
    now = [0.0]
    with Telling(tmp_path / "status.json", lambda: now[0]) as telling:
        for second in range(3):
            now[0] = float(second)
            telling.told(standing(100 * second))
            told = json.loads((tmp_path / "status.json").read_text())
            assert (told["done"], told["positions"]) == (100 * second, 1_000_000)
    assert told["rate"] == 100.0
    assert told["left_s"] == 9998


def test_what_is_left_is_told_in_the_unit_that_is_read_most_easily() -> None:
    assert ", 100 s left" in line(standing(0), 10_000.0, 100.0)
    assert ", 5 min left" in line(standing(0), 10_000.0, 300.0)
    assert ", 28 h left" in line(standing(0), 10.0, 100_000.0)
    assert "left" not in line(standing(0), 0.0, None)


def test_totals_say_what_they_are_worth() -> None:
    """Half-widths of independent samples add up by their squares."""

    def about(count: int, half: int) -> Count:
        return Count(count=count, kind=CountKind.ESTIMATE, low=count - half, high=count + half, confidence=0.95)

    exposures = [
        Exposure(patients=about(1_000, 300), studies=Count.exact(5)),
        Exposure(patients=about(2_000, 400), studies=Count.at_least(50_000)),
        Exposure(worklist_items=Count.exact(3)),
    ]
    lines = list(status_lines(SURVEY, standing(1), (), (), exposures))
    assert "  patients shown: about 3,000 (between 2,500 and 3,500, 95% sure), on 2 systems" in lines
    assert "  studies shown: at least 50,005, on 2 systems" in lines
    assert "  planned examinations shown: exactly 3, on 1 system" in lines
