"""The keys that only a survey uses are read with their defaults, or refused with the line and what to write."""

import pytest

from leadglass.model.pace import Hours, Pace
from leadglass.model.words import Depth
from leadglass.net.scope_file import ScopeError, parse_scope
from leadglass.net.scope_keys import EXAMPLE

MINIMAL = 'authority = "J"\ncontact = "c"\nopt_out = []\ntargets = ["198.51.100.7"]\n'
LINE = 5


def refused(text: str) -> str:
    """The words about this after the minimal file."""
    with pytest.raises(ScopeError) as caught:
        parse_scope(MINIMAL + text, where="scope.toml")
    return str(caught.value)


def test_the_minimal_form_has_the_defaults() -> None:
    scope = parse_scope(MINIMAL)
    assert (scope.purpose, scope.approval, scope.dimse_ports, scope.web_ports) == ("", "", (104, 11112), ())
    assert (scope.depth, scope.pace, scope.hours) == (Depth.ASK, Pace(), None)


def test_the_example_holds_once_its_keys_are_taken_up() -> None:
    """Each commented line of a survey's key is TOML that is read."""
    above, below = EXAMPLE.split("# Only `leadglass survey`")
    keys = [line.removeprefix("# ") for line in below.splitlines() if " = " in line]
    scope = parse_scope(f"{above}\n" + "\n".join(keys))
    assert (scope.purpose, scope.approval) == ("Yearly exposure survey", "Minutes of 2026-11-02")
    assert (scope.dimse_ports, scope.web_ports, scope.depth) == ((104, 11112), (80, 443, 8080), Depth.ASK)
    assert scope.pace == Pace(per_second=100.0, per_network=20.0, per_address=5.0)
    assert scope.hours == Hours(windows=((22 * 60, 6 * 60),), zone="Europe/Berlin")


def test_what_a_table_leaves_out_is_nothing_for_ports_and_as_usual_for_the_pace() -> None:
    scope = parse_scope(f"{MINIMAL}ports = {{ web = [443] }}\npace = {{ per_address = 0.5 }}\n")
    assert (scope.dimse_ports, scope.web_ports) == ((), (443,))
    assert scope.pace == Pace(per_second=100.0, per_network=20.0, per_address=0.5)


def test_headings_at_the_end_are_tables_too() -> None:
    scope = parse_scope(
        f'{MINIMAL}[pace]\nper_second = 7\n[hours]\nzone = "UTC"\nopen = ["00:00-12:30", "13:00-24:00"]\n'
    )
    assert scope.pace.per_second == 7.0
    assert scope.hours == Hours(windows=((0, 750), (780, 1440)), zone="UTC")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ports = [104]", "`ports` is a list, and must be a table: write it like ports = { dimse = "),
        (
            "ports = { dims = [104] }",
            "there is no key 'dims' in `ports`, did you mean `dimse`? Its keys are dimse and web",
        ),
        ("ports = { dimse = 104 }", "`dimse` is a number, and must be a list"),
        ("ports = { dimse = [0] }", "`dimse` holds 0, and must hold whole numbers from 1 to 65535"),
        ("ports = { web = [65536] }", "`web` holds 65536"),
        ("ports = { web = [true] }", "`web` holds true or false"),
        ("ports = { web = [80.0] }", "`web` holds 80.0"),
        ('ports = { web = ["80"] }', "`web` holds '80'"),
        ("ports = { web = [0x" + "f" * 5000 + "] }", "`web` holds a number"),
        ("ports = { dimse = [104], web = [104] }", "port 104 is there twice"),
        ("ports = {}", "`ports` has none: name 1 to 64 together"),
        (f"ports = {{ web = {list(range(1, 66))} }}", "`ports` has 65: name 1 to 64 together"),
        ('depth = "measured"', "`depth` is 'measured', did you mean measure? The depths are touch, ask and measure."),
        ("depth = 3", "`depth` is 3. The depths are"),
        ("pace = 3", "`pace` is a number, and must be a table"),
        ("pace = { per_second = 0 }", "`per_second` is 0, and must be a number above 0, at most 1,000,000 connections"),
        ("pace = { per_second = -1.5 }", "`per_second` is -1.5"),
        ("pace = { per_network = 1000001 }", "`per_network` is 1000001"),
        ("pace = { per_network = inf }", "`per_network` is a number"),
        ("pace = { per_network = nan }", "`per_network` is a number"),
        ("pace = { per_address = true }", "`per_address` is true or false"),
        ("pace = { per-address = 1 }", "did you mean `per_address`?"),
        ('hours = { open = "22:00-06:00", zone = "UTC" }', "`open` must be a list of 1 to 24 windows"),
        ('hours = { open = [], zone = "UTC" }', "`open` must be a list of 1 to 24 windows"),
        ('hours = { open = ["22-6"], zone = "UTC" }', "`open` holds '22-6', and must hold times from 00:00 to 24:00"),
        ('hours = { open = ["22:60-23:00"], zone = "UTC" }', "`open` holds '22:60-23:00'"),
        ('hours = { open = ["24:00-06:00"], zone = "UTC" }', "`open` holds '24:00-06:00'"),
        ('hours = { open = ["22:00-24:01"], zone = "UTC" }', "`open` holds '22:00-24:01'"),
        (
            'hours = { open = ["06:00-06:00"], zone = "UTC" }',
            "begins where it ends: for the whole day leave `hours` out",
        ),
        ('hours = { open = [7], zone = "UTC" }', "`open` holds 7"),
        ('hours = { open = ["22:00-06:00"] }', "`zone` must be the name of a time zone"),
        ('hours = { open = ["22:00-06:00"], zone = "Mars/Base" }', "the time zone 'Mars/Base' is not known"),
        ('hours = { open = ["22:00-06:00"], zone = "../etc/passwd" }', "there, install the package tzdata"),
        ('hours = { open = ["22:00-06:00"], zone = "Europe" }', "the time zone 'Europe' is not known"),
        ('hours = { open = ["22:00-06:00"], zone = "" }', "the time zone '' is not known"),
        ('purpose = ""', "`purpose` is empty: write it like purpose ="),
        ("approval = 3", "`approval` is a number, and must be a text"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(text: str, words: str) -> None:
    said = refused(text)
    assert said.startswith(f"scope.toml, line {LINE}: ")
    assert words in said


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[pace]\nper_second = 1\nper_network = 0\n", 7, "`per_network` is 0"),
        ("pace.per_second = 1\npace.per_network = 0\n", 6, "`per_network` is 0"),
        ('[hours]\nzone = "UTC"\nopen = [\n  "22:00-06:00",\n  "25:00-06:00",\n]\n', 9, "'25:00-06:00'"),
        ('[pace]\nper_second = 1\npurpose = "x"\n', 7, "Below [pace] stand its keys alone: put it at the end"),
    ],
)
def test_the_line_is_that_of_the_part(text: str, line: int, words: str) -> None:
    said = refused(text)
    assert said.startswith(f"scope.toml, line {line}: ")
    assert words in said
