"""A result reaches its file whole; what cannot be written is told before anything is sent, and loses no result."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from leadglass.cli.assessing import rendered
from leadglass.cli.exits import Exit
from leadglass.cli.output import Destination, OutputError
from tests.cli.test_exit_codes import SRC, closed_port
from tests.cli.typed import Typed, typed

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")


def checked(output: Path | str, form: str = "json") -> Typed:
    """A check of a port where nothing listens, written to `output`."""
    return typed("check", f"dicom://127.0.0.1:{closed_port()}", "--format", form, "-o", str(output))


def test_the_result_stands_in_the_file_and_nowhere_else(tmp_path: Path) -> None:
    ran = checked(tmp_path / "out.json")
    assert ran == Typed(Exit.NOT_REACHED, "", "")
    assert json.loads((tmp_path / "out.json").read_text())["schema"] == "leadglass.assessment/1"
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_file_keeps_its_rights_and_a_link_its_file(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    assert checked(tmp_path / "link").code == Exit.NOT_REACHED
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o640
    assert (tmp_path / "real").read_text().startswith("{")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no name of a pipe here")
def test_a_pipe_is_written_by_its_name() -> None:
    reading, writing = os.pipe()
    Destination(Path(f"/dev/fd/{writing}")).write("text")
    os.close(writing)
    with os.fdopen(reading) as told:
        assert told.read() == "text"


def test_a_new_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "any").write_text("")
    Destination(tmp_path / "new").write("text")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_a_hyphen_is_the_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert checked("-").out.startswith("{")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("name", "words"),
    [("no/file", "there is no folder"), (".", "is a folder"), ("file/within", "Not a directory"), ("x" * 300, "long")],
)
def test_what_cannot_be_written_is_told_before_anything_is_sent(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").write_text("kept")
    ran = checked(tmp_path / name)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert words in " ".join(ran.err.split())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "kept")]


@pytest.mark.usefixtures("no_network")
def test_a_file_that_is_read_only_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("kept")
    monkeypatch.setattr(os, "access", lambda *_: False)
    ran = checked(tmp_path / "file")
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "you may not write to it" in ran.err


def test_a_file_in_a_folder_that_is_closed_is_written_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("old")

    def closed(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", closed)
    with pytest.raises(OutputError, match="Permission denied"):
        Destination(tmp_path / "new")
    Destination(tmp_path / "file").write("new")
    assert (tmp_path / "file").read_text() == "new"


@pytest.mark.parametrize("before", [None, "kept"])
def test_a_run_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before is not None:
        (tmp_path / "out").write_text(before)

    def fail(*_: object, **__: object) -> str:
        raise RuntimeError

    monkeypatch.setattr("leadglass.cli.check.rendered", fail)
    assert checked(tmp_path / "out").code == Exit.BUG
    assert [path.read_text() for path in tmp_path.iterdir()] == ([] if before is None else [before])


@pytest.mark.parametrize("form", ["terminal", "html", "json"])
def test_a_folder_that_vanishes_meanwhile_loses_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    def vanish(*arguments: object, **options: object) -> str:
        folder.rmdir()
        return rendered(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("leadglass.cli.check.rendered", vanish)
    ran = checked(folder / "out", form)
    assert ran.code == Exit.UNWRITTEN
    assert "127.0.0.1" in ran.out
    said = " ".join(ran.err.split())
    assert "could not be written (No such file or directory): the result is on the standard output instead" in said
    assert "Exit code 73 instead of 3 (not_reached)" in said


@needs_full
def test_a_full_disk_loses_no_result() -> None:
    ran = checked(FULL)
    assert ran.code == Exit.UNWRITTEN
    assert json.loads(ran.out)["schema"] == "leadglass.assessment/1"
    assert "No space left" in ran.err


@needs_full
def test_a_standard_output_that_takes_nothing_is_no_bug_of_ours() -> None:
    with FULL.open("w") as full:
        code, err = leadglass("check", f"dicom://127.0.0.1:{closed_port()}", stdout=full)
    assert code == Exit.UNWRITTEN
    assert "the standard output could not be written" in err
    assert "bug" not in err


def test_a_terminal_of_few_characters_is_written_to_nevertheless(tmp_path: Path) -> None:
    target = f"dicom://127.0.0.1:{closed_port()}"
    for form in ("terminal", "json"):
        with (tmp_path / form).open("wb") as file:
            code, err = leadglass("check", target, "--format", form, stdout=file, PYTHONIOENCODING="ascii")
        assert (code, err) == (Exit.NOT_REACHED, "")
        (tmp_path / form).read_text(encoding="ascii" if form == "terminal" else "utf-8")


def leadglass(*arguments: str, stdout: IO[Any], **environment: str) -> tuple[int, str]:
    """Exit code and standard error of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "leadglass", *arguments],
        env={**os.environ, "PYTHONPATH": str(SRC), **environment},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    return done.returncode, " ".join(done.stderr.decode().split())
