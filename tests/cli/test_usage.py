"""A mistake is answered by what to write instead, before anything is sent; help fits 80 columns."""

from pathlib import Path

import pytest

from leadglass.cli.check import EXAMPLES
from leadglass.cli.exits import MEANINGS, Exit, exit_codes_page
from leadglass.net.scope_file import parse_scope
from tests.cli.typed import typed

pytestmark = pytest.mark.usefixtures("no_network")
SCOPE = 'authority = "me"\ncontact = "me@example.org"\nopt_out = []\ntargets = ["198.51.100.7"]\n'


@pytest.mark.parametrize(
    "arguments", [("--help",), ("check", "-h"), ("demo", "-h"), ("scope", "-h"), ("lab", "truth", "-h")]
)
def test_help_fits_80_columns(arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = typed(*arguments)
    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []
    assert "Usage: leadglass" in ran.out
    assert "list[str]" not in ran.out


def test_the_example_of_a_scope_file_is_written_where_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "scope.toml"
    ran = typed("scope", "-o", str(file))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert parse_scope(file.read_text(encoding="utf-8")).authority
    file.write_text("ours", encoding="utf-8")
    for place, why in ((file, "already"), (tmp_path / "no" / "folder.toml", "cannot be written")):
        ran = typed("scope", "--output", str(place))
        assert (ran.code, why in ran.err) == (2, True)
    assert file.read_text(encoding="utf-8") == "ours"


def test_the_example_of_a_scope_file_is_one_and_fits() -> None:
    ran = typed("scope")
    assert ran.code == 0
    assert parse_scope(ran.out).authority
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "TARGET"),
        (("127.0.0.1", "--formt", "json"), "--format"),
        (("127.0.0.1", "--max-record", "3"), "--max-records"),
        (("127.0.0.1", "--format", "xml"), "json"),
        (("127.0.0.1", "--max-records", "0"), "'--max-records': at least 1."),
        (("127.0.0.1", "--max-records", "many"), "'--max-records': write a whole number."),
        (("127.0.0.1", "--fail-on", "worst"), "'--fail-on': 'worst' is not one of 'critical'"),
        (("127.0.0.1:99999",), "1 to 65535"),
        (("127.0.0.1:0",), "1 to 65535"),
        (("10.0.0.0/8",), "@file"),
        (("ftp://host",), "ftp"),
        (("http://user:secret@host",), "never logs in"),
        (("host with blanks",), "blanks"),
        (("dicom://SEVENTEENLETTERSX@host",), "16"),
        (("999.1.1.1",), "write the address in full"),
        (("fe80::zz",), "IPv6"),
        (("::1:104",), "write [::1]:104 for the port, or [::1:104] for the address"),
        (("127.0.0.1", "--called-ae-title", "BACK\\SLASH"), "AE title"),
        (("127.0.0.1", "--contact", "zwei\nZeilen"), "--contact"),
        (("127.0.0.1", "--scope", "/nowhere/scope.toml"), "/nowhere/scope.toml"),
        (("@/nowhere/targets",), "/nowhere/targets cannot be read"),
        (("@",), "@servers.txt"),
        (("127.0.0.1:dicom",), "1 to 65535"),
        (("10.0.0.0/8",), "of a network name each address"),
        (("127.0.0.1", "--timeout", "inf"), "3600"),
        (("127.0.0.1", "--connect-timeout", "inf"), "3600"),
        (("127.0.0.1", "--max-busy-s", "inf"), "86400"),
        (("127.0.0.1", "-o"), "-o"),
        (("127.0.0.1", "--precision", "0"), "0.5"),
        (("127.0.0.1", "--precision", "five"), "'--precision': write a number."),
        (("127.0.0.1", "--precision", "nan"), "50"),
        (("127.0.0.1", "--confidence", "100"), "99.9"),
        (("127.0.0.1", "--exact", "--precision", "2"), "leave one of the two out"),
        (("127.0.0.1", "--exact", "--confidence", "99"), "leave one of the two out"),
    ],
)
def test_a_mistake_is_answered_by_what_to_write(
    arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ran = typed("check", *arguments)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert words in " ".join(ran.err.split())
    assert [line for line in ran.err.splitlines() if len(line) > 80] == []
    assert "Traceback" not in ran.err


def test_a_wrong_login_in_a_target_is_not_repeated() -> None:
    assert "secret" not in typed("check", "http://user:secret@host").err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("\n\n# a comment\n127.0.0.1:port\n", "line 4"),
        (" # ours\nhost/path\n", "line 2"),
        ("\n# nothing\n", "holds no target"),
    ],
)
def test_a_bad_line_of_a_file_is_named(tmp_path: Path, content: str, words: str) -> None:
    listed = tmp_path / "targets"
    listed.write_text(content)
    ran = typed("check", f"@{listed}")
    assert ran.code == Exit.USAGE
    assert words in " ".join(ran.err.split())
    assert str(listed) in ran.err


@pytest.mark.parametrize("target", ["192.168.1.20", "pacs:104", "@servers.txt", "http://user:secret@host"])
def test_a_target_without_a_command_is_answered_by_the_command(target: str) -> None:
    ran = typed(target)
    assert (ran.code, ran.out) == (Exit.USAGE, "")
    assert "leadglass check TARGET" in ran.err
    assert "secret" not in ran.err


@pytest.mark.parametrize(("typo", "meant"), [("chek", "check"), ("--verison", "--version"), ("scop", "scope")])
def test_a_typo_is_answered_by_the_word(typo: str, meant: str) -> None:
    ran = typed(typo)
    assert ran.code == Exit.USAGE
    assert meant in ran.err


def test_the_usage_names_targets_without_their_type() -> None:
    out = typed("check", "--help").out
    assert out.startswith("Usage: leadglass check [OPTIONS] TARGET...\n")
    assert "list[" not in out


def test_the_help_names_the_version_and_cuts_no_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = typed("--help").out
    assert "--version" in out
    assert "..." not in out.partition("Commands:")[2]
    assert typed("--version", "demo").out.startswith("leadglass 0.")


def test_the_examples_of_the_help_are_whole_and_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each on one line, to be copied, and each a command that is understood."""
    monkeypatch.setenv("COLUMNS", "80")
    out = typed("check", "--help").out
    lines = [line for line in EXAMPLES.splitlines() if line.startswith("  leadglass check ")]
    assert len(lines) == 3
    for line in lines:
        assert line in out
        plain = [word for word in line.split()[2:] if not word.startswith("@")]
        without_files = plain[: plain.index("--scope")] if "--scope" in plain else plain
        assert typed("check", "127.0.0.1", *without_files, "--dry-run").code == 0


def test_what_is_named_twice_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "targets").write_bytes(b"\xef\xbb\xbfPACS.example:104\r\npacs.example.:104\r\n")
    out = typed("check", "pacs.example:104", f"@{tmp_path / 'targets'}", "--dry-run").out
    assert out.count("pacs.example:104") == 1
    assert "PACS.example:104" not in out


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "targets").write_bytes(b"\xff\xfe1\x00")
    assert "UTF-8" in typed("check", f"@{tmp_path / 'targets'}").err


def test_a_dry_run_sends_nothing_and_says_what_would_be(tmp_path: Path) -> None:
    listed = tmp_path / "targets"
    listed.write_text("dicom://ITSAET@10.0.0.5:104\n")
    ran = typed("check", "127.0.0.1", "pacs.example", "8.8.8.8", f"@{listed}", "--dry-run")
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing is sent" in ran.out
    for words in ("104, 11112, 4242, 2761, 2762, 5678", "ITSAET", "its name would be resolved", "LEADGLASS", "C-ECHO"):
        assert words in ran.out
    assert "not touched: 8.8.8.8 is a public address" in ran.out


def test_a_dry_run_says_what_the_scope_does_not_permit(tmp_path: Path) -> None:
    scope = tmp_path / "scope.toml"
    scope.write_text(SCOPE)
    out = typed("check", "198.51.100.7", "--scope", str(scope), "--dry-run").out
    assert "read-record: not permitted, not asked" in out
    assert "request-images: not permitted, not asked" in out
    assert "me@example.org" in out


def test_every_exit_code_is_documented() -> None:
    assert set(MEANINGS) == set(Exit)
    page = exit_codes_page()
    assert all(f"| {code.value} | {code.name.lower()} |" in page for code in Exit)
