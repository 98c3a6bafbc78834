"""A scope of which no survey can be made is refused with the file, the line, the entry and what to do."""

from pathlib import Path

import pytest

from tests.cli.typed import typed

HEAD = 'authority = "J"\ncontact = "c"\n'
_OUT = "opt_out = []\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f'{_OUT}targets = [\n  "127.0.0.1",\n  "2001:DB8::/32",\n]', 6, "'2001:db8::/32': holds 79,228,162,514,"),
        (f'{_OUT}targets = ["::/0"]', 4, "'::/0': holds 340,282,366,920,938,463,463,374,607,431,768,211,456 addresses"),
        (f'{_OUT}targets = ["::/0"]', 4, "name the parts of it that are in use, or keep it and give with --found"),
        (
            f'{_OUT}targets = [{{ file = "no.csv" }}]',
            4,
            "`targets` names the file 'no.csv', which does not exist: put it",
        ),
        ('targets = ["127.0.0.1"]\nopt_out = "no.txt"', 4, "`opt_out` names the file 'no.txt', which does not exist"),
        (
            f'{_OUT}exclusions = ["127.0.0.0/8"]\ntargets = [\n{{ entry = "127.3.0.0/24", a = "b" }}]',
            6,
            "'127.3.0.0/24': nothing is left to visit: each is excluded, has opted out, or holds special-purpose",
        ),
    ],
)
def test_the_file_the_line_and_the_entry_are_told(tmp_path: Path, text: str, line: int, words: str) -> None:
    scope = tmp_path / "scope.toml"
    scope.write_text(HEAD + text)
    done = typed("survey", "init", "one", "--scope", str(scope), "--store", str(tmp_path / "store.db"))
    assert done.code == 2
    assert f"{scope}, line {line}: " in " ".join(done.err.split())
    assert words in " ".join(done.err.split())


def test_an_entry_in_a_list_is_told_with_the_lists_line(tmp_path: Path) -> None:
    scope = tmp_path / "scope.toml"
    scope.write_text(f'{HEAD}{_OUT}targets = [\n{{ file = "many.csv" }}]')
    (tmp_path / "many.csv").write_text("127.0.0.1,a=b\n# wide\n2001:DB8::/40,a=b\n")
    done = typed("survey", "init", "one", "--scope", str(scope), "--store", str(tmp_path / "store.db"))
    assert done.code == 2
    assert f"{tmp_path / 'many.csv'}, line 3: '2001:db8::/40' ({scope}, line 5): holds" in " ".join(done.err.split())
