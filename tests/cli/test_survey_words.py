"""What a survey's commands say can be typed again, read on 80 columns, and holds before anything was written."""

from pathlib import Path

import pytest

from leadglass.cli.survey_status import status_lines
from leadglass.model.snapshot import Standing
from tests.cli.test_survey_status import surveyed
from tests.cli.typed import typed

SCOPE = 'authority = "J"\ncontact = "c"\nopt_out = []\ntargets = ["127.0.0.0/30"]\n'


def init(folder: Path, name: str, *options: str) -> tuple[int, str, str]:
    """`survey init` of a small scope: code, what was printed, and stderr."""
    (folder / "scope.toml").write_text(SCOPE)
    store = () if "--store" in options else ("--store", str(folder / "a store.db"))
    done = typed("survey", "init", name, "--scope", str(folder / "scope.toml"), *store, *options)
    return done.code, done.out, " ".join(done.err.split())


def test_a_hint_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    _, out, _ = init(tmp_path, "my survey")
    assert f"leadglass survey run 'my survey' --store '{tmp_path}/a store.db'" in out
    typed("survey", "show", "my survey", "--store", str(tmp_path / "a store.db"))
    status = typed("survey", "status", "my survey", "--store", str(tmp_path / "a store.db"))
    assert max(map(len, status.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("", (), "a survey needs a name"),
        ("one", ("--port", "104"), "--form and --port say what the file of --found is"),
        ("one", ("--form", "list"), "--form and --port say what the file of --found is"),
    ],
)
def test_what_says_nothing_is_refused(tmp_path: Path, name: str, options: tuple[str, ...], words: str) -> None:
    code, _, err = init(tmp_path, name, *options)
    assert code == 2
    assert words in err


def test_a_database_that_is_not_there_has_nothing_that_is_safe(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    _, _, err = init(tmp_path, "one", "--store", "postgresql://a@127.0.0.1:1/b")
    assert "the database postgresql://a@127.0.0.1:1/b does not answer. See that it runs" in err
    assert "safe" not in err


def test_where_nothing_listens_is_told_by_country() -> None:
    standing = Standing(positions=9, done=9, shards_left=0, rungs={})
    tallied = (b'{"DE|connection-refused":3,"|connection-refused":1}', b'{"AT|connection-refused":2,"|closed":4}')
    lines = list(status_lines(surveyed(), standing, tallied, ()))
    assert "  nothing listens (connection-refused): 6: no country 1, AT 2, DE 3" in lines
    assert "  nothing listens (closed): 4" in lines
