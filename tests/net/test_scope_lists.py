"""Targets are addresses, networks, ranges, names and files of them, with the labels that come back in the results."""

from pathlib import Path

import pytest

from leadglass.model.scope import TargetEntry
from leadglass.net import scope_lists
from leadglass.net.scope_entries import EntryError, labels_from, networks_of, parse_entry
from leadglass.net.scope_file import ScopeError, parse_scope, read_scope

HEAD = 'authority = "J"\ncontact = "c"\nopt_out = []\n'
LINE = 4


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7/32", "192.0.2.7"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        (" 2001:DB8::7 ", "2001:db8::7"),
        ("2001:db8::7/128", "2001:db8::7"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9"),
        ("192.0.2.1 - 192.0.2.9", "192.0.2.1-192.0.2.9"),
        ("192.0.2.9-192.0.2.9", "192.0.2.9"),
        ("2001:db8::1-2001:DB8::f", "2001:db8::1-2001:db8::f"),
        ("my-pacs.example.", "my-pacs.example"),
        ("10.0.0.1-dsl.example", "10.0.0.1-dsl.example"),
    ],
)
def test_an_entry_has_one_form(text: str, entry: str) -> None:
    assert parse_entry(text) == entry
    assert parse_entry(entry) == entry


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("192.0.2.9-192.0.2.1", "ends before it begins: write 192.0.2.1-192.0.2.9"),
        ("192.0.2.9-2001:db8::1", "from IPv4 to IPv6: write one range for each"),
        ("192.0.2.7/24", "write 192.0.2.0/24 for the network, or 192.0.2.7 for the one address"),
        ("2001:db8::7/32", "write 2001:db8::/32 for the network, or 2001:db8::7 for the one address"),
        ("192.0.2.1-9", "cannot be read: write an address"),
        ("192.0.2.01", "cannot be read"),
        ("192.0.2.256", "cannot be read"),
        ("192.0.2.1:104", "without a port"),
        ("fe80::1%a-fe80::2", "cannot be read"),
        ("fe80::1%eth0", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_an_entry_that_cannot_be_read_is_told_what_to_write(text: str, words: str) -> None:
    with pytest.raises(EntryError, match=words):
        parse_entry(text)


def test_a_network_with_a_wrong_end_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ScopeError, match=r"line 4.*1\.2\.3\.4/24.*write 1\.2\.3\.0/24"):
        parse_scope(f'{HEAD}targets = ["1.2.3.4/24"]\n')
    with pytest.raises(ScopeError, match=r"line 4.*write 1\.2\.3\.0/24"):
        parse_scope('authority = "J"\ncontact = "c"\ntargets = ["1.2.3.0/24"]\nopt_out = ["1.2.3.4/24"]\n')
    (tmp_path / "targets.csv").write_text("192.0.2.1\n1.2.3.4/24,country=DE\n")
    (tmp_path / "scope.toml").write_text(HEAD + 'targets = [{ file = "targets.csv" }]\n')
    with pytest.raises(ScopeError, match=r"targets\.csv, line 2: .*write 1\.2\.3\.0/24"):
        read_scope(tmp_path / "scope.toml")


def test_a_range_stands_among_the_targets_as_its_networks() -> None:
    networks = ("198.51.100.10/31", "198.51.100.12/30", "198.51.100.16/28", "198.51.100.32/29", "198.51.100.40/32")
    written = "198.51.100.10-198.51.100.40"
    assert networks_of(written) == networks
    assert networks_of("2001:db8::-2001:db8::1") == ("2001:db8::/127",)
    assert networks_of("my-pacs.example") == ("my-pacs.example",)
    scope = parse_scope(f'{HEAD}targets = ["{written}", "a.example"]\nexclusions = ["{written}"]\n')
    assert scope.targets == (*networks, "a.example")
    assert scope.entries == (TargetEntry(text=written), TargetEntry(text="a.example"))
    assert scope.exclusions == networks


def test_labels_come_sorted_and_those_of_a_line_win(tmp_path: Path) -> None:
    (tmp_path / "scope.toml").write_text(
        HEAD + 'targets = ["192.0.2.1", { entry = "192.0.2.2", owner = "Field, Jo", country = "DE" },\n'
        '  { file = "targets.csv", country = "DE", kind = "clinic" }]\n'
    )
    (tmp_path / "targets.csv").write_bytes(
        b"\xef\xbb\xbf# all of them\r\n192.0.2.3\r\n\r\n"
        b"192.0.2.4-192.0.2.5 , country = AT,owner=H\xc3\xb6st # moved\n192.0.2.6,country=AT"
    )
    scope = read_scope(tmp_path / "scope.toml")
    listed = (("country", "DE"), ("kind", "clinic"))
    assert scope.entries == (
        TargetEntry(text="192.0.2.1"),
        TargetEntry(text="192.0.2.2", labels=(("country", "DE"), ("owner", "Field, Jo"))),
        TargetEntry(text="192.0.2.3", labels=listed),
        TargetEntry(text="192.0.2.4-192.0.2.5", labels=(("country", "AT"), ("kind", "clinic"), ("owner", "H\u00f6st"))),
        TargetEntry(text="192.0.2.6", labels=(("country", "AT"), ("kind", "clinic"))),
    )
    assert scope.targets == ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4/31", "192.0.2.6")


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ('[{ country = "DE" }]', "needs either an entry or a file"),
        ('[{ entry = "192.0.2.1", file = "x" }]', "needs either an entry or a file"),
        ("[{ entry = 7 }]", "needs either an entry or a file"),
        ('[{ entry = "192.0.2.1/33" }]', "`targets` has '192.0.2.1/33', which cannot be read"),
        ('[{ entry = "192.0.2.9-192.0.2.1" }]', "write 192.0.2.1-192.0.2.9"),
        ('[{ entry = "192.0.2.1", Country = "DE" }]', "'192.0.2.1' has a label 'Country': a label's key is a letter"),
        ('[{ entry = "192.0.2.1", country = 49 }]', "no readable value for its label country: write a text"),
        ('[{ entry = "192.0.2.1", country = "a\\nb" }]', "no readable value for its label country"),
        ('[{ entry = "192.0.2.1", country = " " }]', "no readable value for its label country"),
        (f'[{{ entry = "192.0.2.1", owner = "{"x" * 201}" }}]', "1 to 200 printable"),
        ('[{ file = "list.csv" }]', "names the file 'list.csv', which only a scope file in a folder can do"),
        ('[{ file = "" }]', "names '', which is no path"),
    ],
)
def test_a_table_that_cannot_be_read_is_told_with_its_line(targets: str, words: str) -> None:
    with pytest.raises(ScopeError) as caught:
        parse_scope(f"{HEAD}targets = {targets}\n", where="scope.toml")
    assert str(caught.value).startswith(f"scope.toml, line {LINE}: ")
    assert words in str(caught.value)


def test_the_line_is_that_of_the_entry_in_its_table() -> None:
    targets = '[\n  { entry = "192.0.2.1" },\n  { entry = "192.0.2.2", country = 3 },\n]'
    with pytest.raises(ScopeError, match=r"line 6: `targets`: '192\.0\.2\.2' has no readable value"):
        parse_scope(f"{HEAD}targets = {targets}\n")


def test_the_number_of_labels_is_bounded() -> None:
    assert len(labels_from({f"k{n}": "v" for n in range(32)})) == 32
    with pytest.raises(EntryError, match="33 labels: write at most 32"):
        labels_from({f"k{n}": "v" for n in range(31)}, (("a", "b"), ("c", "d")))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("what is this", "'what is this' cannot be read: write an address"),
        ("192.0.2.9-192.0.2.1", "ends before it begins"),
        ("192.0.2.1,Berlin", "'192.0.2.1' is followed by 'Berlin', which is no label: write entry,label=value"),
        ("192.0.2.1,a=1,", "followed by '', which is no label"),
        ("192.0.2.1,a=1,a=2", "has its label 'a' twice"),
        ("192.0.2.1,a=", "no readable value for its label a"),
        ("192.0.2.1,=x", "has a label ''"),
        ("192.0.2.1,a=b\x07c", "no readable value for its label a"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "scope.toml").write_text(f'{HEAD}targets = [{{ file = "targets.csv" }}]\n')
    (tmp_path / "targets.csv").write_text(f"192.0.2.1\n# none\n{line}\n")
    with pytest.raises(ScopeError) as caught:
        read_scope(tmp_path / "scope.toml")
    assert "targets.csv, line 3: " in str(caught.value)
    assert words in str(caught.value)


def test_a_list_that_is_not_there_too_large_or_no_text_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scope.toml").write_text(f'{HEAD}targets = [{{ file = "targets.csv" }}]\n')

    def said(content: bytes | None) -> str:
        if content is not None:
            (tmp_path / "targets.csv").write_bytes(content)
        with pytest.raises(ScopeError) as caught:
            read_scope(tmp_path / "scope.toml")
        return str(caught.value)

    assert "targets.csv does not exist (`targets` in " in said(None)
    assert "targets.csv, line 2 is not UTF-8 text" in said(b"192.0.2.1\n\xff\n")
    assert "line 4: `targets` is empty, so nothing may be touched" in said(b"# nobody\n")
    assert "targets.csv, line 1 is longer than" in said(b" " * (scope_lists.MAX_LINE_BYTES + 1))
    monkeypatch.setattr(scope_lists, "MAX_LIST_BYTES", 30)
    assert "targets.csv is larger than 30 bytes" in said(b"192.0.2.1\n" * 4)
    (tmp_path / "targets.csv").write_bytes(b"192.0.2.1\n" * 3)
    assert len(read_scope(tmp_path / "scope.toml").targets) == 3


def test_a_long_list_of_opt_outs_may_hold_ranges(tmp_path: Path) -> None:
    (tmp_path / "scope.toml").write_text(
        'authority = "J"\ncontact = "c"\nopt_out = "never.txt"\ntargets = ["192.0.2.0/24"]\n'
    )
    (tmp_path / "never.txt").write_text("192.0.2.4-192.0.2.7\nPACS.example\n")
    assert read_scope(tmp_path / "scope.toml").opt_out == ("192.0.2.4/30", "pacs.example")
    (tmp_path / "never.txt").write_text("192.0.2.4,country=DE\n")
    with pytest.raises(ScopeError, match=r"never\.txt, line 1: '192\.0\.2\.4,country=DE' cannot be read"):
        read_scope(tmp_path / "scope.toml")
