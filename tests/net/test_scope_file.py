"""A scope file is read whole, or refused with the key that is wrong and what to write."""

from pathlib import Path

import pytest

from leadglass.model.words import Permission
from leadglass.net.scope_file import EXAMPLE, MAX_SCOPE_FILE_BYTES, ScopeError, parse_scope, read_scope

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
        (written(targetz="[]"), "targetz"),
        (written(targets='"198.51.100.7"'), "targets"),
        ("authority = ", "TOML"),
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
    with pytest.raises(ScopeError, match="cannot be read"):
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
