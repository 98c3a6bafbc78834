"""The page loads nothing, runs nothing, obeys no peer, and can be read by anyone."""

import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

from leadglass.model.words import Rung
from leadglass.report.page import render
from leadglass.report.verdict import verdict
from leadglass.report.words import label
from tests.report.nasty import ESCAPE, MARKUP, RICH, injected
from tests.report.samples import SAMPLES

VOID = {"meta", "rect", "path", "br"}
CSS = files("leadglass.report").joinpath("page.css").read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Reads a page into its tags and its text, and notes an end tag that closes the wrong element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every `tag`."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=SAMPLES)
def name(request: pytest.FixtureRequest) -> str:
    """Each sample in turn."""
    return str(request.param)


def test_self_contained(name: str) -> None:
    """No script, no handler, no resource, no link that leaves the page; and a policy that would stop them."""
    page = Reader(render(SAMPLES[name]))
    policy = next(meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "iframe", "object", "embed", "form", "base", "img"}
    for _, attributes in page.tags:
        assert "src" not in attributes
        assert not any(attribute.startswith("on") for attribute in attributes)
        assert str(attributes.get("href", "#")).startswith("#")
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_accessible(name: str) -> None:
    """A language, one first heading, no level left out, names for figures, and links that lead somewhere."""
    page = Reader(render(SAMPLES[name]))
    assert not page.open
    assert page.all("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(link["href"])[1:] for link in page.all("a")} <= set(ids)
    assert all(attributes.get("aria-label") for _, attributes in page.tags if attributes.get("role") == "img")


def test_shows_the_verdict_and_the_rung(name: str) -> None:
    """The sentence is the terminal's own, and exactly the reached rung is lit."""
    page = Reader(render(SAMPLES[name]))
    for target in SAMPLES[name].targets:
        assert verdict(target).sentence in page.text
    lit = [attributes for attributes in page.all("li") if attributes.get("aria-current") == "step"]
    assert len(lit) == sum(target.proof is not Rung.SILENT for target in SAMPLES[name].targets)
    if lit:
        assert all(label(rung) in page.text for rung in Rung)


def test_figures_say_what_they_are_worth() -> None:
    """Exact, at least and about are told apart in words."""
    text = " ".join(Reader(render(SAMPLES["budget-ended"])).text.split())
    assert "about 31,000 (between 28,500 and 34,200, 95% sure)" in text
    assert "at least 50,000" in text
    assert "exactly 1,204" in " ".join(Reader(render(SAMPLES["open-orthanc"])).text.split())


def test_an_estimate_and_the_500_individuals_are_told() -> None:
    page = " ".join(Reader(render(SAMPLES["sampled"])).text.split())
    assert "(between 414,003 and 449,120, 95% sure)" in page
    assert "Studies by kind of examination (about)" in page
    assert "500 individuals (HIPAA, 45 CFR 164.408): at or above it (95% sure), by patient identifiers." in page
    assert "500 individuals" not in render(SAMPLES["not-reached"])


@pytest.mark.parametrize("text", [ESCAPE, MARKUP, RICH])
def test_nasty_strings_stay_text(text: str) -> None:
    """A peer's string in any field adds no element and no attribute, and no control character is left."""
    plain, nasty = (render(injected(SAMPLES["several"], string)) for string in ("plain", text))
    assert [(tag, [*names]) for tag, names in Reader(nasty).tags] == [
        (tag, [*names]) for tag, names in Reader(plain).tags
    ]
    assert all(character == "\n" or character.isprintable() for character in nasty)
    assert "{{7*7}}" in nasty or text != MARKUP


def _luminance(color: str) -> float:
    digits = color * 2 if len(color) == 3 else color
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", re.findall(r":root \{(.*?)\}", CSS, re.DOTALL), ids=["light", "dark", "print"])
def test_text_can_be_read(palette: str) -> None:
    """Every pair of text and ground has the contrast that WCAG 2.2 asks of text (4.5 to 1)."""
    colors = dict(re.findall(r"--([a-z-]+):#([0-9a-f]+)", palette))
    tones = ("open", "ajar", "shut", "quiet")
    pairs = [(text, ground) for text in ("ink", "soft") for ground in ("bg", "panel")]
    pairs += [("glass", "panel"), ("onbadge", "glass"), ("glass", "bg")]
    pairs += [pair for tone in tones for pair in ((tone, "panel"), ("onbadge", tone), ("ink", f"{tone}-bg"))]
    for text, ground in pairs:
        assert _contrast(colors[text], colors[ground]) >= 4.5, (text, ground)
