"""Whatever fails while a survey runs, nothing is lost: it goes on where it was, and comes to the same."""

import asyncio
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadglass import __version__
from leadglass.model.snapshot import Batch, Lease, RunRow, SurveyState
from leadglass.store.errors import LeaseLostError
from leadglass.store.store import Store, open_store
from leadglass.survey.engine.desk import Post, StoreDesk
from leadglass.survey.engine.duty import serve
from tests.engine.world import ENVIRONMENT, SMALL, begun, command, found, scope_in, true_summary, truth, typed
from tests.peers.process import missing
from tests.store.postgres import cluster_of_files, served


class LosingDesk(StoreDesk):
    """Whose first commit comes too late: somebody else has the shard by then."""

    lost = 0

    def commit(self, lease: Lease, batch: Batch) -> None:
        """Refused once."""
        if not self.lost and batch.contacts:
            self.lost = batch.contacts
            self.give_back(lease)
            raise LeaseLostError
        super().commit(lease, batch)


@pytest.mark.usefixtures("_world")
def test_what_a_worker_found_under_a_lost_lease_is_dropped_and_its_contacts_are_counted_as_late(tmp_path: Path) -> None:
    where = begun(tmp_path, most_studies=SMALL)
    with open_store(where) as store:
        store.take("one", "me", 600)
        run = RunRow(number=0, started=now(), holder="me", tool_version=__version__, probes={}, settings=b"{}")
        post = Post(survey="one", run=store.start_run("one", run), worker="w", lease_s=30, version=__version__)
        desk = LosingDesk(store, post)

        async def work() -> None:
            await serve(post, desk, now, asyncio.Event())

        asyncio.run(work())
        assert store.runs("one")[0].late >= desk.lost > 0  # one that is made while the commit fails is late too
        assert store.runs("one")[0].repeated > 0
        assert summed(store) == true_summary(truth(SMALL), newer_probe=True)


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def summed(store: Store) -> dict[str, object]:
    """What a store says in the end."""
    store.let_go("one", "me", SurveyState.DONE)
    return found(store.name)


@pytest.mark.peers
@pytest.mark.usefixtures("_world")
def test_a_database_that_is_lost_on_the_way_is_told_and_the_survey_goes_on_when_it_is_back(tmp_path: Path) -> None:
    with cluster_of_files() as place:
        with served(place) as address:
            store = begun(tmp_path, store=address, pace="300", most_studies=SMALL)
            running = subprocess.Popen(
                command("run", "one", "--store", store), env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
            )
            with open_store(store) as kept:
                while not kept.standing("one").done:
                    pass
        _, told = running.communicate(timeout=60)
        assert running.returncode == 73, told
        assert "what was found until now is safe" in told
        with served(place, int(store.rpartition(":")[2].partition("/")[0])):
            done = typed("resume", "one", "--store", store)
            assert done.returncode == 0, done.stderr
            assert found(store) == true_summary(truth(SMALL), newer_probe=True)


FULL = """
set -e
mount -t tmpfs -o size=340k tmpfs "$1"
cd "$1"
shift
"$@" init one --scope "$SCOPE" --store store.db --exact
set +e
"$@" run one --store store.db 2> "$TOLD"
echo $? > "$STATUS"
mount -o remount,size=64m "$PLACE"
"$@" resume one --store store.db
cp store.db* "$KEPT"
"""


@pytest.mark.usefixtures("_world")
def test_a_full_disk_is_told_and_the_survey_goes_on_when_there_is_room(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        missing("the right to mount a small disk")
    place, kept = tmp_path / "place", tmp_path / "kept"
    place.mkdir()
    kept.mkdir()
    names = {"SCOPE": scope_in(tmp_path, most_studies=SMALL), "PLACE": place, "KEPT": kept}
    names |= {"TOLD": tmp_path / "told", "STATUS": tmp_path / "status"}
    environment = {**ENVIRONMENT, **{name: str(path) for name, path in names.items()}}
    words = ["unshare", "-m", "sh", "-c", FULL, "sh", str(place), *command()]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "status").read_text().strip() == "73", done.stderr + (tmp_path / "told").read_text()
    assert "Make room, then resume" in (tmp_path / "told").read_text()
    assert found(str(kept / "store.db")) == true_summary(truth(SMALL), newer_probe=True)
