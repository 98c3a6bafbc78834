"""What the figures of a survey rest on is kept whole: all of the scope, the files that it names, and the preflight."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from tests.cli.typed import typed

SCOPE = """
authority = "J"
contact = "c"
targets = [{ file = "targets.csv", country = "DE" }, "127.0.0.1"]
opt_out = "never.txt"
exclusions = ["127.9.0.0/16"]
permits = ["connect", "read-record"]
called_ae_titles = ["MINE"]
ports = { dimse = [104], web = [80] }
pace = { per_second = 7 }
hours = { open = ["03:00-03:30"], zone = "UTC" }
depth = "measure"
"""
TARGETS = b"127.0.1.1\n# a comment\n127.0.2.0/30,owner=A\n"
NEVER = b"127.0.2.1\npacs.example\n"


def recorded(folder: Path, *options: str) -> dict[str, Any]:
    """The run record of a survey of the scope above."""
    (folder / "scope.toml").write_text(SCOPE)
    (folder / "targets.csv").write_bytes(TARGETS)
    (folder / "never.txt").write_bytes(NEVER)
    store = ("--store", str(folder / "store.db"))
    assert typed("survey", "init", "one", "--scope", str(folder / "scope.toml"), *store, *options).code == 0
    (folder / "targets.csv").unlink()
    (folder / "never.txt").unlink()
    found: dict[str, Any] = msgspec.json.decode(typed("survey", "show", "one", *store).out)
    return found


def test_all_of_the_scope_is_kept_with_the_files_that_it_names(tmp_path: Path) -> None:
    record = recorded(tmp_path)
    assert record["ports"] == {"dimse": [104], "web": [80]}
    assert record["pace"] == {"per_second": 7.0, "per_network": 20.0, "per_address": 5.0}
    assert record["hours"] == {"windows": [[180, 210]], "zone": "UTC"}
    assert (record["called_ae_titles"], record["depth"]) == (["MINE"], "measure")
    assert record["permits"] == ["connect", "read-record"]
    assert (record["exclusions"], record["opt_out"]) == (["127.9.0.0/16"], ["127.0.2.1", "pacs.example"])
    assert record["files"] == [
        {"key": "opt_out", "name": "never.txt", "sha256": sha256(NEVER).hexdigest(), "entries": 2},
        {"key": "targets", "name": "targets.csv", "sha256": sha256(TARGETS).hexdigest(), "entries": 2},
    ]
    assert record["found"] is None
    assert record["preflight"]["knocks"] == (3 + 2) * 2
    assert record["preflight"]["connections"] == 3 * (2 + 200) + 2 * 200


def test_what_another_tool_found_is_kept_with_its_file(tmp_path: Path) -> None:
    text = b"127.0.0.1:104\nwhat is this\n127.0.0.1:22\n127.5.0.1:104\n127.0.0.1:80\n"
    (tmp_path / "found.txt").write_bytes(text)
    record = recorded(tmp_path, "--found", str(tmp_path / "found.txt"))
    assert record["found"] == {
        "source": {
            "form": "list",
            "file": str(tmp_path / "found.txt"),
            "sha256": sha256(text).hexdigest(),
            "port": None,
        },
        "answers": 4,
        "hosts": 1,
        "broken_lines": 1,
        "outside": 1,
        "special": 0,
        "left_out": {"22": 1},
    }
    assert record["preflight"]["knocks"] == 2
