"""Whatever is asked, in whatever format, at the loudest level, and with a crash in the middle: no value is shown."""

from pathlib import Path

import pytest

from tests.peers import archive
from tests.peers.running import Ran, leadglass
from tests.privacy.searching import found, found_in_files

pytestmark = pytest.mark.peers
LOUD = ("--log-level", "debug")
SCRIPT = (str(Path(__file__).with_name("crashing.py")),)
FORMATS = ("terminal", "html", "json")
# Each place with what proves that it was reached: the exit code (1: the other ways in were found open), and words.
CRASHES = (
    ("pick", 1, "RuntimeError"),
    ("pick-group", 1, "ExceptionGroup"),
    ("pick-exit", 1, "MemoryError"),
    ("seen", 1, "KeyError"),
    ("web", None, "RuntimeError"),
    ("tally", 1, "ValueError"),
    ("kinds", 1, "RuntimeError"),
    ("drawn", 1, "LookupError"),
    ("lots", 1, "how many images are retrievable is not known: a bug of Leadglass"),
    ("asked", None, "AttributeError"),
    ("stream", None, "RuntimeError"),
    ("collected", 1, "ValueError"),
    ("report", 70, "RuntimeError"),
    ("pick-interrupted", 130, ""),
)
IN_EVERY_FORMAT = ("pick", "report", "pick-interrupted")


def assert_nothing_is_shown(ran: Ran, home: Path) -> None:
    """Neither on an output nor in a file."""
    canaries = archive.canaries()
    assert not found(ran.out.encode("utf-8"), canaries), "on the standard output"
    assert not found(ran.err.encode("utf-8"), canaries), "on the standard error"
    assert not found_in_files(home, canaries)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("loud", [(), (*LOUD, "--verbose")], ids=["quiet", "loud"])
def test_check_shows_no_value(targets: tuple[str, ...], home: Path, form: str, loud: tuple[str, ...]) -> None:
    ran = leadglass("check", *targets, "--format", form, *loud, home=home)
    assert ran.code == 1, ran.err
    assert "retrievable" in ran.out.lower() or "images" in ran.out
    assert_nothing_is_shown(ran, home)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_to_a_file_shows_no_value(targets: tuple[str, ...], home: Path, form: str) -> None:
    out = home / "result"
    ran = leadglass("check", *targets, "--format", form, "--output", str(out), *LOUD, home=home)
    assert (ran.code, ran.out) == (1, "")
    assert out.stat().st_size > 500
    assert_nothing_is_shown(ran, home)


def test_a_dry_run_shows_no_value(targets: tuple[str, ...], home: Path) -> None:
    ran = leadglass("check", *targets, "--dry-run", *LOUD, home=home)
    assert ran.code == 0
    assert_nothing_is_shown(ran, home)


@pytest.mark.parametrize(
    ("place", "code", "words", "form"),
    [(*crash, form) for crash in CRASHES for form in (FORMATS if crash[0] in IN_EVERY_FORMAT else FORMATS[:1])],
)
def test_a_crash_shows_no_value(
    targets: tuple[str, ...], home: Path, place: str, code: int | None, words: str, form: str
) -> None:
    """The exception's message is a record, its traceback's variables are more of them."""
    ran = leadglass(place, "check", *targets, "--format", form, "--verbose", *LOUD, home=home, program=SCRIPT)
    assert_nothing_is_shown(ran, home)
    assert code in (None, ran.code), ran.err
    assert words in ran.out + ran.err
    assert "Traceback" not in ran.err


def test_in_development_mode_a_crash_shows_no_value(targets: tuple[str, ...], home: Path) -> None:
    """Python's own chatter, asyncio's debug mode too."""
    ran = leadglass("pick", "check", *targets, *LOUD, home=home, program=("-X", "dev", *SCRIPT))
    assert_nothing_is_shown(ran, home)


def test_a_leak_is_found(targets: tuple[str, ...], home: Path) -> None:
    """Or none of the tests above would show anything."""
    ran = leadglass("leak", "check", *targets, *LOUD, home=home, program=SCRIPT)
    assert found(ran.err.encode("utf-8"), archive.canaries())
