"""`leadglass demo` checks a server of its own as `leadglass check` would, and says how to go on."""

import re
from pathlib import Path

from leadglass.cli.demo import _SPEC
from tests.peers.running import leadglass


def test_the_demonstration_finds_the_truth_and_says_how_to_go_on() -> None:
    """The report of an open server with exactly its studies, within 80 columns, and nothing on stderr."""
    ran = leadglass("demo")
    assert (ran.code, ran.err) == (0, "")
    assert f"exactly {_SPEC.studies:,}\n" in ran.out
    assert f"exactly {_SPEC.images:,}\n" in ran.out
    assert f"exactly {_SPEC.patients:,}\n" in ran.out
    assert "[GIVES IMAGES]" in ran.out
    assert "  leadglass check HOST " in ran.out
    assert ran.out.splitlines()[-1].strip() == "leadglass lab up clinic"
    assert all(len(line) <= 80 for line in ran.out.splitlines())


README = Path(__file__).parents[2] / "README.md"
# What differs from run to run: the clock, the free port, how long it took, and the years up to today.
_VARIES = (
    (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME"),
    (r"(127\.0\.0\.1:|port |^ {2})\d{5}\b", r"\1PORT"),
    (r"[\d,]+ records sent to us", "RECORDS sent to us"),  # as many as the drawn studies have series
    (r"busy\s+for[^,]+,\s+[\d.]+\s+kB\s+received", "BUSY"),
    (r"(?<=personal data are shown\n)(?: .+\n)+", "KINDS\n"),  # the records are drawn by lot
    (r"\b20\d\d to 20\d\d\b", "YEARS"),
)


def _settled(text: str) -> str:
    for pattern, word in _VARIES:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return text


def test_the_readme_shows_what_the_demonstration_prints() -> None:
    """Shortened, and otherwise word for word; an ellipsis stands where lines are left out."""
    shown = README.read_text(encoding="utf-8").partition("## What you see\n\n```\n")[2].partition("```")[0]
    printed = _settled(leadglass("demo").out)
    parts = [part.strip("\n") for part in _settled(shown).split("\n  …\n") if part.strip()]
    assert len(parts) == 2
    assert printed.startswith(parts[0])
    for part in parts:
        assert f"\n{part}\n" in f"\n{printed}"
