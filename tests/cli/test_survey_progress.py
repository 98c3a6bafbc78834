"""How a survey stands is told in a line that fits a terminal, and not more often than is asked for."""

import json
import shutil
from pathlib import Path

import pytest

from leadglass.cli.output import Destination
from leadglass.cli.survey_progress import Telling, line
from leadglass.model.snapshot import Standing, SurveyState
from leadglass.store.errors import StoreError


def standing(done: int) -> Standing:
    """A survey of a million places."""
    rungs = {"admits": 123_456, "readable": 123_456, "retrievable": 123_456, "speaks": 123_456}
    return Standing(positions=1_000_000, done=done, shards_left=1, rungs=rungs)


def test_without_a_terminal_a_line_a_minute_of_which_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    with Telling(None, lambda: now[0]) as telling:
        for _ in range(150):
            now[0] += 1
            telling.told(standing(1000 * int(now[0])))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    rungs = "retrievable 123,456 readable 123,456 admits 123,456 speaks 123,456"
    assert lines[1] == f"  6.1 % 1,000/s, 16 min left  {rungs}"


def test_on_a_terminal_the_lowest_rungs_are_left_out_as_whole_words() -> None:
    whole = line(standing(0), 1_000.0, 960.0)
    assert whole.endswith("  retrievable 123,456 readable 123,456 admits 123,456 speaks 123,456")
    ends = {line(standing(0), 1_000.0, 960.0, room).rpartition("left")[2] for room in range(10, len(whole) + 1)}
    assert ends == {
        "",
        "  retrievable 123,456",
        "  retrievable 123,456 readable 123,456",
        "  retrievable 123,456 readable 123,456 admits 123,456",
        "  retrievable 123,456 readable 123,456 admits 123,456 speaks 123,456",
    }
    assert all(len(line(standing(0), 1_000.0, 960.0, room)) <= room for room in range(24, 100))


def test_a_bar_has_the_room_of_its_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    for columns, whole in ((80, False), (120, True)):
        monkeypatch.setenv("COLUMNS", str(columns))
        with Telling(None, lambda: 0.0) as telling:
            telling.told(standing(1000))
        drawn = capsys.readouterr().err
        assert "admits 123,456" in drawn
        assert ("speaks" in drawn) == whole
        assert "…" not in drawn


def test_a_machine_is_told_each_time(tmp_path: Path) -> None:
    now = [0.0]
    with Telling(Destination(tmp_path / "status.json"), lambda: now[0]) as telling:
        for second in range(3):
            now[0] = float(second)
            telling.told(standing(100 * second))
            told = json.loads((tmp_path / "status.json").read_text())
            assert (told["done"], told["positions"]) == (100 * second, 1_000_000)
    assert told["rate"] == 100.0
    assert told["left_s"] == 9998


def test_a_machine_is_told_whether_a_run_goes_on_and_how_it_ended(tmp_path: Path) -> None:
    file = tmp_path / "status.json"

    def state() -> str:
        return str(json.loads(file.read_text())["state"])

    for ended in (SurveyState.DONE, SurveyState.STOPPED):
        with Telling(Destination(file), lambda: 0.0) as telling:
            telling.told(standing(1))
            assert state() == "running"
            telling.ended(ended)
        assert state() == ended.value
    telling = Telling(Destination(file), lambda: 0.0)
    with pytest.raises(StoreError), telling:
        fail_after(telling)
    assert state() == "failed"


def fail_after(telling: Telling) -> None:
    """A run that tells how it stands, and then loses its store."""
    telling.told(standing(1))
    raise StoreError


def test_a_run_that_was_refused_leaves_the_status_of_the_other_alone(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text("the other's")
    with pytest.raises(StoreError), Telling(Destination(tmp_path / "status.json"), lambda: 0.0):
        raise StoreError
    assert (tmp_path / "status.json").read_text() == "the other's"


def test_a_status_file_that_can_no_longer_be_written_is_warned_of_once_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with Telling(Destination(folder / "status.json"), lambda: 0.0) as telling:
        telling.told(standing(1))
        shutil.rmtree(folder)
        telling.told(standing(2))
        telling.told(standing(3))
        folder.mkdir()
        telling.told(standing(4))
    (warning,) = caplog.messages
    assert "the survey goes on without it" in warning
    assert json.loads((folder / "status.json").read_text())["done"] == 4


def test_what_is_left_is_told_in_the_unit_that_is_read_most_easily() -> None:
    assert ", 100 s left" in line(standing(0), 10_000.0, 100.0)
    assert ", 5 min left" in line(standing(0), 10_000.0, 300.0)
    assert ", 28 h left" in line(standing(0), 10.0, 100_000.0)
    assert "left" not in line(standing(0), 0.0, None)
