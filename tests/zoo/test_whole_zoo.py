"""The command checks the whole zoo in one run: it ends in time, stays small, and nothing hostile reaches an output."""

import asyncio
import os
import sys
import time
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import msgspec

from leadglass.cli.exits import Exit
from leadglass.lab.zoo.serving import Cage, zoo_serving
from leadglass.model.assessment import Assessment, TargetResult
from leadglass.model.words import Rung, Status
from leadglass.report import page
from tests.cli.test_exit_codes import SRC

END_S = 90.0  # for a machine that does much else: it takes about ten seconds
MAX_PEAK_KB = 200 * 1024
HASTY = ("--timeout", "0.3", "--connect-timeout", "3", "--max-busy-s", "1", "--max-bytes", "8000000")
FEW = ("--max-records", "500")
SCRIPT = Path(__file__).with_name("checking.py")
NO_SERVICE = (
    *("ssh", "mail", "random-bytes", "mirror", "web-server", "zeros-for-the-web", "refusing-alert", "gzip-bomb"),
    *("redirect-outside", "redirect-to-a-file", "login-page-that-answers-200", "nested-json", "endless-headers"),
)
# What a page of ours is built of; what a peer's markup would add is not among them.
TAGS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "footer", "nav", "section", "article", "main"}
    | {"details", "summary", "div", "span", "p", "h1", "h2", "h3", "h4", "a", "strong", "code", "pre", "time"}
    | {"table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "ol", "li", "dl", "dt", "dd", "figure"}
    | {"figcaption", "i", "b", "br", "em", "small", "svg", "path", "rect"}
)


class Checked(msgspec.Struct, frozen=True):
    """What one run came to."""

    cages: tuple[Cage, ...]
    folder: Path
    code: int
    err: str
    seconds: float

    def text(self, form: str) -> str:
        """The result in one format."""
        return (self.folder / form).read_text(encoding="utf-8")

    def results(self) -> dict[str, TargetResult]:
        """The result for each animal."""
        found = msgspec.json.decode(self.text("json"), type=Assessment).targets
        names = {cage.target: cage.name for cage in self.cages}
        return {names[result.target]: result for result in found}


async def run_over_all(folder: Path) -> Checked:
    """`leadglass check` over every animal, as a process that takes every warning for an error."""
    async with zoo_serving() as cages:
        targets = folder / "targets"
        targets.write_text("".join(f"{cage.target}\n" for cage in cages), encoding="ascii")
        started = time.monotonic()
        arguments = ["check", f"@{targets}", *HASTY, *FEW, "--verbose", "--log-level", "debug"]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "error",
            str(SCRIPT),
            str(folder),
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(SRC)},
        )
        try:
            async with asyncio.timeout(END_S):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        (folder / "stdout").write_bytes(out)
        return Checked(cages, folder, process.returncode or 0, err.decode(), time.monotonic() - started)


def strings(value: object) -> Iterator[str]:
    """Every string in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (key, *strings(item))
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def steering(text: str) -> set[str]:
    """The characters of `text` that could steer a terminal, or turn the direction of what is read."""
    return {c for c in text if (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn")) or c in "\u2028\u2029"}


class Tags(HTMLParser):
    """The elements, and the attributes that could act, of a page."""

    def __init__(self, text: str) -> None:
        """All of `text`."""
        super().__init__()
        self.seen: set[str] = set()
        self.acting: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        self.seen.add(tag)
        self.acting += [name for name, _ in attrs if name.startswith("on") or name == "src"]
        self.acting += [value for name, value in attrs if name == "href" and value and value[:1] not in "#h"]


def test_the_whole_zoo_is_checked_in_one_run(tmp_path: Path) -> None:
    """One run for all that is asked of it: it takes its time."""
    checked = asyncio.run(run_over_all(tmp_path))
    it_ends_as_a_command_does(checked)
    each_animal_gets_a_typed_status_and_a_result(checked)
    none_keeps_it_for_longer_than_its_budget(checked)
    what_is_no_medical_service_is_not_called_one(checked)
    memory_stays_small(checked)
    no_bug_of_ours_and_no_warning_is_told(checked)
    no_control_character_reaches_an_output(checked)
    no_control_character_reaches_the_log(checked)
    no_string_of_the_document_steers_what_is_made_of_it(checked)
    no_markup_reaches_the_page(checked)


def it_ends_as_a_command_does(checked: Checked) -> None:
    assert checked.code == Exit.OPEN, checked.err
    assert checked.seconds < END_S


def each_animal_gets_a_typed_status_and_a_result(checked: Checked) -> None:
    results = checked.results()
    assert set(results) == {cage.name for cage in checked.cages}
    assert len(results) >= 40
    checks = {finding.check for finding in results["silent"].findings}
    for name, result in results.items():
        statuses = {result.status, *(surface.status for surface in result.surfaces)}
        assert not statuses & {Status.INTERNAL_ERROR, Status.INTERRUPTED, Status.OUT_OF_SCOPE}, name
        assert result.surfaces, name
        assert {finding.check for finding in result.findings} == checks, name


def none_keeps_it_for_longer_than_its_budget(checked: Checked) -> None:
    """After a cancel three seconds more are given."""
    late = {name: result.cost.busy_s for name, result in checked.results().items() if result.cost.busy_s > 6}
    assert not late


def what_is_no_medical_service_is_not_called_one(checked: Checked) -> None:
    results = checked.results()
    for name in NO_SERVICE:
        assert not results[name].proof.at_least(Rung.SPEAKS), name


def memory_stays_small(checked: Checked) -> None:
    peak = int(checked.text("peak"))
    assert peak < MAX_PEAK_KB, f"{peak:,} kB"


def no_bug_of_ours_and_no_warning_is_told(checked: Checked) -> None:
    for words in ("a bug of Leadglass", "Traceback", "Warning", "Error"):
        assert words not in checked.err


def no_control_character_reaches_an_output(checked: Checked) -> None:
    for form in ("terminal", "html", "json", "stdout"):
        assert steering(checked.text(form)) <= {"\n"}, form


def no_control_character_reaches_the_log(checked: Checked) -> None:
    assert steering(checked.err) <= {"\n"}
    assert "<script" not in checked.err


def no_string_of_the_document_steers_what_is_made_of_it(checked: Checked) -> None:
    document = msgspec.json.decode(checked.text("json"))
    assert not {c for text in strings(document) for c in steering(text)}
    assessment = msgspec.json.decode(checked.text("json"), type=Assessment)
    assert_plain(page.render(assessment))


def no_markup_reaches_any_other_output(checked: Checked) -> None:
    for form in ("terminal", "json", "stdout"):
        assert "<script" not in checked.text(form), form
        assert "alert(1)" in checked.text(form) or form == "stdout", "the zoo shouts markup, and it is told as text"


def no_markup_reaches_the_page(checked: Checked) -> None:
    assert_plain(checked.text("html"))


def assert_plain(html: str) -> None:
    """Nothing but our own elements; what the zoo shouted stands there as text."""
    tags = Tags(html)
    assert tags.seen <= TAGS, tags.seen - TAGS
    assert not tags.acting
    assert "<script>alert(1)" not in html
    assert "‹script›alert(1)" in html
