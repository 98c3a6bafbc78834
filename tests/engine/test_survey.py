"""A survey of a fiftieth of a world gives its truth, whatever stops it on the way."""

import csv
import io
import json
import multiprocessing
import random
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leadglass import __version__
from leadglass.model.words import Rung
from leadglass.store.store import open_store
from tests.engine.world import (
    ENVIRONMENT,
    SMALL,
    begun,
    command,
    document,
    found,
    run_here,
    scope_in,
    true_summary,
    truth,
    typed,
)

KILLS = 20


@pytest.mark.usefixtures("_world")
def test_a_survey_comes_to_the_truth_and_is_exported(tmp_path: Path) -> None:
    store = begun(tmp_path, "--without", "date-ranges", most_studies=SMALL)
    done = typed("run", "one", "--store", store, "--status-file", str(tmp_path / "status.json"))
    assert done.returncode == 0, done.stderr
    assert found(store) == true_summary(truth(SMALL), newer_probe=False)
    status = json.loads((tmp_path / "status.json").read_text())
    assert (status["state"], status["done"] > 900) == ("done", True)
    told = typed("status", "one", "--store", store).stdout
    assert "one: done" in told
    assert "nothing listens (connection-refused): 953" in told
    assert typed("list", "--store", store).stdout.endswith("done\n")
    for form in ("ndjson", "csv", "parquet"):
        exported = typed("export", "one", "-o", str(tmp_path / form), "--format", form, "--store", store)
        assert exported.returncode == 0, exported.stderr
    assert "Authority: the tests" in told
    assert "Approval: 2026/7" in told
    assert "Purpose: to see" in told
    assert "Seed: 7" in told
    assert f"Versions of run 1: Leadglass {__version__}; probes dimse 1, worklist 1" in told
    shown = typed("show", "one", "--store", store).stdout
    for form in ("ndjson", "csv", "parquet"):
        assert (tmp_path / f"{form}.run.json").read_text() == shown
    record = json.loads(shown)
    assert record["scope"] == (tmp_path / "scope.toml").read_text()
    assert (record["authority"], record["approval"], record["seed"]) == ("the tests", "2026/7", "7")
    (run,) = record["runs"]
    assert (run["tool_version"], run["probes"]["dimse"], run["ended_how"]) == (__version__, 1, "done")
    assert (run["settings"]["without"], record["without"]) == (["date-ranges"], ["date-ranges"])
    assert record["standing"]["rungs"] == status["rungs"]
    to_device = typed("export", "one", "-o", "/dev/stdout", "--store", store)
    assert f"for the run record: leadglass survey show one --store {store}" in to_device.stderr
    lines = (tmp_path / "ndjson").read_text().splitlines()
    assert to_device.stdout.splitlines() == lines
    assert len(lines) == len(truth(SMALL).addresses)
    assert {document(line)["labels"]["country"] for line in lines} >= {"TR"}  # type: ignore[index]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text())))
    assert sum(int(row["studies"] or 0) for row in rows) == found(store)["studies"]


@pytest.mark.usefixtures("_world")
def test_killed_at_any_moment_it_comes_to_the_same(tmp_path: Path) -> None:
    """Killed with -9 at 20 random moments and resumed: nothing is lost, nothing is counted twice.

    Half of the moments come some time after a write that added to what is done, so that there is something to lose.
    """
    store, chosen, kills, done = begun(tmp_path, pace="400"), random.Random(9), 0, [0]
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(
        ["leadglass.survey.engine.conduct", "leadglass.cli.survey_progress", run_here.__module__]
    )
    with open_store(store) as opened:
        for kill in range(KILLS):
            running = forks.Process(target=run_here, args=(store, 0.1))
            running.start()
            while kill % 2 and running.is_alive() and opened.standing("one").done <= done[-1]:
                running.join(0.02)
            running.join((0.1 + 0.6 * chosen.random()) / (2 if kill % 2 else 1))
            kills += running.is_alive()
            running.kill()
            running.join()
            done.append(opened.standing("one").done)
        assert kills == KILLS
        assert done == sorted(done)
        assert len(set(done)) > KILLS // 2
        assert done[-1] < opened.standing("one").positions
        ended = typed("resume", "one", "--store", store)
        assert ended.returncode == 0, ended.stderr
        assert found(store) == true_summary(truth(), newer_probe=True)
        runs = opened.runs("one")
        assert sum(run.repeated for run in runs) > 0
        assert runs[-1].contacts < sum(run.contacts for run in runs)


@pytest.mark.usefixtures("_world")
def test_ctrl_c_stops_and_says_how_to_go_on_and_a_second_run_is_refused(tmp_path: Path) -> None:
    store = begun(tmp_path, pace="100")
    running = subprocess.Popen(
        command("run", "one", "--store", store), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    with open_store(store) as opened:
        while opened.survey("one").holder is None:
            pass
    second = typed("run", "one", "--store", store)
    assert second.returncode == 2
    assert f"process {running.pid}" in second.stderr
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130, told
    assert f"leadglass survey resume one --store {store}" in told
    with open_store(store) as opened:
        (run,) = opened.runs("one")
        assert (run.ended_how, opened.survey("one").state, opened.survey("one").holder) == ("stopped", "stopped", None)
        assert 0 < opened.standing("one").done < opened.standing("one").positions
        assert run.contacts > 0


def test_mistakes_are_told(tmp_path: Path) -> None:
    store = begun(tmp_path)
    for status_file, words in ((tmp_path / "none" / "x", "there is no folder"), (tmp_path, "is a folder")):
        done = typed("run", "one", "--store", store, "--status-file", str(status_file))
        assert (done.returncode, words in " ".join(done.stderr.split())) == (2, True), done.stderr
    with open_store(store) as opened:
        assert opened.runs("one") == ()
    assert "did you mean one?" in " ".join(typed("run", "onee", "--store", store).stderr.split())
    assert (
        "choose another name" in typed("init", "one", "--scope", str(tmp_path / "scope.toml"), "--store", store).stderr
    )
    assert "survey init makes one" in typed("status", "one", "--store", str(tmp_path / "none.db")).stderr
    assert "does not exist" in typed("init", "two", "--scope", "nowhere.toml", "--store", store).stderr


@pytest.mark.usefixtures("_world")
def test_only_what_another_tool_found_is_visited_as_far_as_the_scope_allows(tmp_path: Path) -> None:
    scope = scope_in(tmp_path)
    one, two = truth().addresses[:2]
    (tmp_path / "found").write_text(f"{one.address}:11112\n{two.address}:11112\n192.0.2.9:104\nwhat is this\n")
    store = str(tmp_path / "store.db")
    made = typed("init", "one", "--scope", str(scope), "--store", store, "--found", str(tmp_path / "found"))
    assert made.returncode == 0, made.stderr
    assert "line 4" in made.stderr
    assert "1 line skipped, 1 host outside the scope" in made.stderr
    assert typed("run", "one", "--store", store).returncode == 0
    with open_store(store) as opened:
        results = list(opened.results("one"))
    assert {one.result.address for one in results} == {one.address, two.address}
    assert {dict(found.labels)["country"] for found in results} == {one.country, two.country}


@pytest.mark.usefixtures("_world")
def test_at_depth_touch_nobody_is_asked_how_far_a_stranger_gets(tmp_path: Path) -> None:
    store = str(tmp_path / "store.db")
    scope = scope_in(tmp_path, depth="touch")
    assert typed("init", "one", "--scope", str(scope), "--store", store).returncode == 0
    assert typed("run", "one", "--store", store).returncode == 0
    with open_store(store) as opened:
        results = {one.result.address: one.result for one in opened.results("one")}
        (run,) = opened.runs("one")
    # An association that is let in shows as much: it takes no question.
    let_in = {one.address: Rung.ADMITS if one.rung.at_least(Rung.ADMITS) else one.rung for one in truth().addresses}
    assert {address: one.proof for address, one in results.items()} == let_in
    assert run.contacts < 1.2 * 2 * 1024
    assert not any(one.exposure for one in results.values())


@pytest.mark.usefixtures("_world")
def test_outside_of_its_hours_a_survey_waits_and_contacts_nobody(tmp_path: Path) -> None:
    open_at = (datetime.now(UTC) + timedelta(hours=3)).hour
    hours = f'hours = {{ open = ["{open_at:02}:00-{open_at:02}:30"], zone = "UTC" }}'
    store = str(tmp_path / "store.db")
    scope = scope_in(tmp_path, more=hours)
    assert typed("init", "one", "--scope", str(scope), "--store", store).returncode == 0
    running = subprocess.Popen(
        command("run", "one", "--store", store), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    with open_store(store) as kept:
        while not kept.workers.present("one"):
            pass
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=30)
        assert running.returncode == 130, told
        assert [run.contacts for run in kept.runs("one")] == [0]
