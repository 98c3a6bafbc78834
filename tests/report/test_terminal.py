"""The terminal text is stable, fits its width, says everything without colour, and obeys no peer."""

from collections.abc import Callable

import pytest
from rich.cells import cell_len

from leadglass.report.terminal import render
from tests.report.nasty import ESCAPE, MARKUP, RICH, injected
from tests.report.samples import SAMPLES, nothing_found, open_orthanc

WIDTHS = (40, 63, 80, 100, 200)


@pytest.mark.parametrize("name", SAMPLES)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    """What a person sees at 80 columns without colour."""
    golden(f"{name}.txt", render(SAMPLES[name], width=80, color=False))


def test_golden_verbose(golden: Callable[[str, str], None]) -> None:
    """What `--verbose` adds."""
    golden("open-orthanc-verbose.txt", render(SAMPLES["open-orthanc"], width=80, color=False, verbose=True))


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_longer_than_the_width(width: int, verbose: bool) -> None:
    """Also where a peer's string is long, wide or without a blank."""
    samples = [SAMPLES["several"], *(injected(SAMPLES["several"], text) for text in ("x" * 400, "漢字" * 90, MARKUP))]
    for sample in samples:
        for line in render(sample, width=width, color=False, verbose=verbose).splitlines():
            assert cell_len(line) <= width


def test_without_colour_there_is_no_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says about colours; and the words are the same with and without."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    plain = render(SAMPLES["several"], width=80, color=False, verbose=True)
    assert "\x1b" not in plain
    assert "\x1b[" in render(SAMPLES["several"], width=80, color=True)


def test_our_own_words_fit_an_old_code_page() -> None:
    """Windows pipes are cp1252: nothing that we write ourselves is lost there."""
    render(SAMPLES["several"], width=80, color=False, verbose=True).encode("cp1252")


@pytest.mark.parametrize("text", [ESCAPE, MARKUP, RICH])
def test_nasty_strings_stay_text(text: str) -> None:
    """No escape, line break, markup, emoji code or link of a peer is obeyed, in any string field."""
    out = render(injected(SAMPLES["several"], text), width=80, color=False, verbose=True)
    assert all(character == "\n" or character.isprintable() for character in out)
    assert "\nOPEN" not in out
    if text == RICH:
        assert "[bold red]x[/]" in out
        assert ":skull:" in out


def test_nasty_strings_leave_only_our_own_colours() -> None:
    """With colour on, every escape is a colour code of ours."""
    out = render(injected(SAMPLES["several"], ESCAPE + RICH), width=80, color=True, verbose=True)
    assert "\x1b]" not in out
    assert "\x1b[2J" not in out
    assert "\x9b" not in out
    assert "\x07" not in out


def test_verdicts_come_before_everything_else() -> None:
    """With several targets, all verdicts stand above the first detail."""
    out = render(SAMPLES["several"], width=80, color=False)
    above = out.split("How far a stranger gets")[0]
    badges = ("\n OPEN ", "\n TURNED AWAY ", "\n NOT REACHED ", "\n HALF OPEN ")
    assert [above.count(badge) for badge in badges] == [2, 1, 1, 1]


def test_fixes_are_for_the_product_and_once_each() -> None:
    """Steps for other products stay out until asked for; a fix not tried on the product says so."""
    out = render(SAMPLES["open-orthanc"], width=80, color=False)
    assert out.count("Answer only callers that you know") == 1
    assert "AETable" not in out
    assert out.count("not tried on the product") == 1
    assert "AETable" in render(SAMPLES["open-orthanc"], width=80, color=False, verbose=True)


def test_what_was_not_asked_and_not_decided_is_said() -> None:
    """Both stand in the output of a scope that permits less."""
    out = render(SAMPLES["nothing-found"], width=80, color=False)
    assert nothing_found().not_asked[0] in " ".join(out.split())
    assert "UNDECIDED" in out
    assert "does not apply" not in render(SAMPLES["open-orthanc"], width=80, color=False).lower()
    assert open_orthanc().findings[7].check in render(SAMPLES["open-orthanc"], width=80, color=False, verbose=True)


def test_a_path_is_shown_once_with_its_base() -> None:
    """What was asked holds the base already."""
    out = render(SAMPLES["open-orthanc"], width=80, color=False, verbose=True)
    assert "/orthanc/system" in out
    assert "/orthanc/orthanc" not in out
