"""A scope file is read whole, or refused with the key that is wrong and what to write."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from leadglass.model.target import parse_target
from leadglass.model.words import Permission
from leadglass.net.errors import StepFailed
from leadglass.net.gate import Gate
from leadglass.net.scope_file import MAX_SCOPE_FILE_BYTES, ScopeError, parse_scope, read_scope
from leadglass.net.scope_keys import EXAMPLE

WHOLE = {
    "authority": '"Jo Field"',
    "contact": '"jo@example.org"',
    "opt_out": "[]",
    "targets": '["198.51.100.7"]',
}


def written(**changes: str | None) -> str:
    """A proper file, with some keys changed, or left out where None."""
    return "".join(f"{key} = {value}\n" for key, value in {**WHOLE, **changes}.items() if value is not None)


def test_the_example_that_the_help_shows_can_be_read() -> None:
    scope = parse_scope(EXAMPLE)
    assert scope.permits == (Permission.CONNECT, Permission.READ_RECORD, Permission.REQUEST_IMAGES)


def test_the_least_is_permitted_where_nothing_is_said() -> None:
    assert parse_scope(written()).permits == (Permission.CONNECT,)
    assert parse_scope(written(permits='["read-record"]')).permits == (Permission.CONNECT, Permission.READ_RECORD)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (written(authority=None), "authority"),
        (written(contact=None), "contact"),
        (written(opt_out=None), "opt_out"),
        (written(targets=None), "targets"),
        (written(authority='" "'), "`authority`"),
        (written(authority='"a\\nb"'), "`authority`"),
        (written(contact='""'), "`contact`"),
        (written(contact='"jö@example.org"'), "ASCII"),
        (written(targets="[]"), "`targets`"),
        (written(targets='["198.51.100.7:104"]'), "`targets`"),
        (written(targets='["dicom://x"]'), "`targets`"),
        (written(targets='["198.51.100.0/33"]'), "198.51.100.0/33"),
        (written(opt_out='["not a name"]'), "`opt_out`"),
        (written(exclusions='["10.0.0.300"]'), "`exclusions`"),
        (written(permits='["everything"]'), "permits"),
        (written(called_ae_titles='["SEVENTEENLETTERSX"]'), "`called_ae_titles`"),
    ],
)
def test_what_is_wrong_is_named(text: str, names: str) -> None:
    with pytest.raises(ScopeError, match=names.replace(".", r"\.")):
        parse_scope(text)


def test_an_opt_out_list_may_be_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "scope.toml").write_text(written(opt_out='"never.txt"'))
    (tmp_path / "never.txt").write_text("# asked in May\n203.0.113.0/24\n\npacs.example # and this one\n")
    assert read_scope(tmp_path / "scope.toml").opt_out == ("203.0.113.0/24", "pacs.example")


@pytest.mark.parametrize("content", [None, "what is this\n", "203.0.113.0/99\n"])
def test_an_opt_out_list_that_cannot_be_read_ends_everything(tmp_path: Path, content: str | None) -> None:
    """Going on without it would touch somebody who asked not to be."""
    (tmp_path / "scope.toml").write_text(written(opt_out='"never.txt"'))
    if content is not None:
        (tmp_path / "never.txt").write_text(content)
    with pytest.raises(ScopeError, match=r"never\.txt|opt_out"):
        read_scope(tmp_path / "scope.toml")


def test_a_file_that_is_missing_too_large_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScopeError, match="does not exist; leadglass scope -o "):
        read_scope(tmp_path / "none.toml")
    with pytest.raises(ScopeError, match="cannot be read"):
        read_scope(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScopeError, match="UTF-8"):
        read_scope(tmp_path / "binary.toml")
    with (tmp_path / "large.toml").open("wb") as large:
        large.truncate(MAX_SCOPE_FILE_BYTES + 1)
    with pytest.raises(ScopeError, match="larger than"):
        read_scope(tmp_path / "large.toml")


LINE = 5  # the line after those of `written`


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            written(targetz="[]"),
            f"line {LINE}: there is no key 'targetz', did you mean `targets`? The keys are authority,",
        ),
        (written(**{"Opt-Out": "[]"}), f"line {LINE}: there is no key 'Opt-Out', did you mean `opt_out`?"),
        (written(xyzzy="1"), "there is no key 'xyzzy'. The keys are authority, contact, targets, exclusions, opt_out,"),
        (f"[scope]\n{written()}", "line 1: there is no key 'scope'. The keys are"),
        (f"[scope]\n{written()}", "under no [heading]"),
        (written(opt_out=None), "`opt_out` is missing. For example:\n\n# Who asked never to be touched"),
        ("", "`authority`, `contact`, `targets` and `opt_out` are missing"),
        (written(permits='["read"]'), f"line {LINE}: `permits` has 'read', did you mean read-record? The permits are "),
        (written(permits='["all"]'), "connect, read-record, request-images and sample-kinds."),
        (written(permits="[7]"), f"line {LINE}: `permits` holds a number, and must hold texts in quotation marks"),
        (written(permits="true"), "`permits` is true or false, and must be a list: write it like permits = ["),
        (written(targets='"198.51.100.7"'), "line 4: `targets` is a text, and must be a list"),
        (written(targets="[1.5]"), "`targets` holds a number"),
        (written(targets="[[]]"), "`targets` holds a list"),
        (written(opt_out="3"), "or the path of a file that holds them"),
        (written(opt_out='""'), "line 3: `opt_out` is empty"),
        (written(authority="2026-11-23"), "line 1: `authority` is a date or a time, and must be a text"),
        (written(contact="{}"), "line 2: `contact` is a table, and must be a text"),
        (written(authority='"a\\nb"'), "line 1: `authority` has a line break"),
        (written(exclusions='[\n  "10.0.0.1",\n  # and\n  "10.0.0.300",\n]'), f"line {LINE + 3}: `exclusions` has"),
        (
            written(exclusions='["10.0.0.1-20"]'),
            "write an address (192.0.2.1), a network (192.0.2.0/24), a range (192.0.2.1-192.0.2.9) or a host name",
        ),
        (written(targets='["127.1"]'), "line 4: `targets` has '127.1', which cannot be read"),
        (written(called_ae_titles='["A", "SEVENTEENLETTERSX"]'), f"line {LINE}: `called_ae_titles`: 'SEVENTEEN"),
        (written(authority='"""\ntargetz = 1"""', targetz="1"), f"line {LINE + 1}: there is no key 'targetz'"),
    ],
)
def test_the_line_is_named_and_what_to_write_in_our_own_words(text: str, words: str) -> None:
    with pytest.raises(ScopeError) as caught:
        parse_scope(text, where="scope.toml")
    said = str(caught.value)
    assert said.startswith("scope.toml")
    assert words in said
    for theirs in ("Object", "Expected", "$", "unknown field", "Invalid"):
        assert theirs not in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("authority = ", "line 1, column 13: this is not TOML: here should be a value"),
        ('contact = "a"\nauthority = Jo Field\n', "line 2, column 13: this is not TOML: here should be a value"),
        ('authority = "Jo\n', "line 1, column 16: this is not TOML: a text is not closed on its line"),
        ('authority = "Jo', "line 1, column 16: this is not TOML: a text is not closed"),
        ('x = "a"\ntargets = ["a"\n', "line 2, column 15: this is not TOML: a list is not closed"),
        ("x = 1\nx = 2\n", "line 2, column 6: this is not TOML: this key is there twice"),
        ('opt_out = "C:\\list\\never.txt"\n', "a backslash within double quotes is written twice"),
        ("authority Jo\n", "line 1, column 11: this is not TOML: after a key come = and its value"),
        ('authority = "a" contact = "b"\n', "line 1, column 17: this is not TOML: the value is over here"),
        ("= 3", "line 1, column 1: this is not TOML: here should be"),
        ("  \tx y", "\n\n  x y\n    ^"),
        (f"x = {'[' * 5000}", "lists are too deep"),
        (f"x = {'9' * 5000}", "a number in it is too long"),
    ],
)
def test_what_is_not_toml_is_told_with_line_and_column(text: str, words: str) -> None:
    with pytest.raises(ScopeError) as caught:
        parse_scope(text, where="scope.toml")
    assert words in str(caught.value)
    assert str(caught.value).startswith("scope.toml, ")
    for theirs in ("Invalid", "Expected", "at line", "end of document"):
        assert theirs not in str(caught.value)


def test_a_mark_stands_under_the_place() -> None:
    with pytest.raises(ScopeError) as caught:
        parse_scope("\t authority = Jo\n")
    assert str(caught.value).endswith("\n\n  authority = Jo\n              ^")


def test_a_bad_line_of_the_opt_out_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "scope.toml").write_text(written(opt_out='"never.txt"'))
    (tmp_path / "never.txt").write_text("# asked in May\n\n203.0.113.0/99\n")
    with pytest.raises(ScopeError, match=r"never\.txt, line 3: '203\.0\.113\.0/99' cannot be read: write an address"):
        read_scope(tmp_path / "scope.toml")


@pytest.mark.parametrize("path", ["missing.txt", ".", "a\\u0000b"])
def test_an_opt_out_file_that_is_not_there_is_told_with_the_file_that_names_it(tmp_path: Path, path: str) -> None:
    (tmp_path / "scope.toml").write_text(written(opt_out=f'"{path}"'))
    with pytest.raises(ScopeError, match=r"`opt_out` (in .*scope\.toml names it|has a line break or a control)"):
        read_scope(tmp_path / "scope.toml")


def test_who_opted_out_is_known_in_whatever_form_it_is_written(tmp_path: Path) -> None:
    """Blanks around a name, capitals, letters beyond ASCII: each was touched although it stood there."""
    for entry in (" PACS.example. ", "h\u00f6st.example"):
        (tmp_path / "scope.toml").write_text(
            written(targets='["10.0.0.0/8"]', opt_out=f'["{entry}"]'), encoding="utf-8"
        )
        gate = Gate(read_scope(tmp_path / "scope.toml"))
        with pytest.raises(StepFailed, match="opted out"):
            gate.admit(parse_target(entry).host, ip_address("10.0.0.5"))


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one."""
    (tmp_path / "scope.toml").write_bytes(b"\xef\xbb\xbf" + written().replace("\n", "\r\n").encode())
    assert read_scope(tmp_path / "scope.toml").authority == "Jo Field"
