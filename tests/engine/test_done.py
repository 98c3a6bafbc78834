"""A survey that is done is not run again: a run that asks nobody would change what its figures rest on."""

from pathlib import Path

import msgspec
import pytest

from leadglass.store.store import open_store
from leadglass.survey.snapshots import snapshot_of
from tests.cli.typed import typed
from tests.store.made import run

SCOPE = """
authority = "J"
contact = "c"
opt_out = []
targets = ["127.77.0.0/30"]
permits = ["connect", "read-record"]
ports = { dimse = [1] }
pace = { per_second = 1000, per_network = 1000, per_address = 1000 }
"""


def test_no_run_is_begun_where_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "scope.toml").write_text(SCOPE)
    where = ("--store", str(tmp_path / "store.db"))
    status = tmp_path / "status.json"
    assert typed("survey", "init", "one", "--scope", str(tmp_path / "scope.toml"), *where).code == 0
    assert typed("survey", "run", "one", *where).code == 0
    again = typed("survey", "run", "one", *where, "--status-file", str(status))
    assert again.code == 0
    assert "Nothing is left to do of one: no run is begun." in again.err
    assert msgspec.json.decode(status.read_bytes())["state"] == "done"
    with open_store(str(tmp_path / "store.db")) as store:
        assert [run.number for run in store.runs("one")] == [1]


@pytest.mark.parametrize("contacts", [0, 5])
def test_a_run_that_contacted_nobody_does_not_count_for_what_was_asked(tmp_path: Path, contacts: int) -> None:
    (tmp_path / "scope.toml").write_text(SCOPE)
    where = ("--store", str(tmp_path / "store.db"))
    assert typed("survey", "init", "one", "--scope", str(tmp_path / "scope.toml"), *where).code == 0
    assert typed("survey", "run", "one", *where).code == 0
    with open_store(str(tmp_path / "store.db")) as store:
        later = msgspec.structs.replace(run(), probes={"new": 9}, contacts=contacts)
        store.start_run("one", later)
        versions = [probes for probes in snapshot_of(store, "one", "").probes if "new" in probes]
    assert versions == ([{"new": 9}] if contacts else [])
