"""What another tool found is visited where the scope allows it: the host, and the port there."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from leadglass.cli.survey_found import left_out
from leadglass.model.scope import Budget, Scope, Timing
from leadglass.net.scope_file import parse_scope
from leadglass.survey.engine.intake import Intake, take_in
from leadglass.survey.engine.layout import layout_of_listed
from leadglass.survey.engine.preflight import preflight
from leadglass.survey.engine.reckoning import reckon_found
from leadglass.survey.intake import rows
from leadglass.survey.intake.found import Broken, Found
from tests.cli.typed import typed

HEAD = 'authority = "J"\ncontact = "c"\nopt_out = []\n'
MANY = 20_000


def scope_of(targets: str, more: str = "") -> Scope:
    """A scope with these targets."""
    return parse_scope(f"{HEAD}{more}\ntargets = [{targets}]\n")


def taken(scope: Scope, *found: str) -> Intake:
    """What comes of these, each host:port."""
    pairs = (one.rpartition(":") for one in found)
    return take_in((Found(line=n, host=host, port=int(port)) for n, (host, _, port) in enumerate(pairs, 1)), scope)


def hosts(intake: Intake) -> list[tuple[str, tuple[int, ...]]]:
    """The targets with their ports."""
    assert [one.number for one in intake.listed] == list(range(len(intake.listed)))
    return [(one.target, one.ports) for one in intake.listed]


SPECIAL = ("127.0.0.1:11112", "10.0.0.5:104", "192.168.1.1:104", "100.64.0.1:104", "::1:104", "fd00::1:104")


def test_special_purpose_addresses_are_left_out_of_the_internet() -> None:
    intake = taken(scope_of('"0.0.0.0/0", "::/0"'), *SPECIAL, "8.8.8.8:104", "2a00::1:104", "169.254.169.254:104")
    assert hosts(intake) == [("8.8.8.8", (104,)), ("2a00::1", (104,))]
    assert (intake.special, intake.outside) == (7, 0)


def test_special_purpose_addresses_are_visited_where_they_are_named() -> None:
    named = '"0.0.0.0/0", "127.0.0.1", "10.0.0.0-10.0.0.9", "192.168.0.0/16", "::/0", "fd00::/8"'
    assert hosts(taken(scope_of(named), *SPECIAL)) == [
        ("10.0.0.5", (104,)),
        ("127.0.0.1", (11112,)),
        ("192.168.1.1", (104,)),
        ("fd00::1", (104,)),
    ]


def test_a_port_that_the_scope_does_not_name_is_left_out_and_counted() -> None:
    found = [f"10.0.0.{host}:{port}" for host in (1, 2) for port in (22, 80, 104, 105)]
    intake = taken(scope_of('"10.0.0.0/8"', "ports = { dimse = [104] }"), *found, "10.0.0.3:22", "11.0.0.1:22")
    assert hosts(intake) == [("10.0.0.1", (104,)), ("10.0.0.2", (104,))]
    assert intake.left_out == {22: 3, 80: 2, 105: 2}
    assert intake.outside == 1
    (*_, told) = left_out(intake, Path("found"), Path("scope.toml"))
    assert "22 (3 hosts), 80 (2 hosts), 105 (2 hosts)" in told
    assert "add it to `ports` in scope.toml" in told


def test_a_scope_without_ports_means_the_default_ones() -> None:
    intake = taken(scope_of('"10.0.0.0/8"'), "10.0.0.1:104", "10.0.0.1:11112", "10.0.0.1:22", "10.0.0.1:4242")
    assert hosts(intake) == [("10.0.0.1", (104, 11112))]
    assert intake.left_out == {22: 1, 4242: 1}


def test_the_preflight_tells_the_connections_that_are_made() -> None:
    scope = scope_of('"10.0.0.0/8"', "ports = { dimse = [104, 11112], web = [80] }")
    near = (f"10.0.0.{host}:104" for host in range(200))
    intake = taken(scope, *near, "10.0.0.7:80", "10.0.9.1:22", "10.0.9.1:104")
    layout = layout_of_listed(scope, len(intake.listed), budget=Budget(), timing=Timing(), without=())
    layout = replace(layout, reckoning=reckon_found(scope, intake, Budget()))
    told = "\n".join(preflight(layout, intake))
    assert "Targets:      201 that another tool found" in told
    assert "Ports:        DIMSE 104; web 80\n" in told
    assert "Connections:  at most 40,200: 202 to find who listens, and up to 200 to each" in told
    assert "Takes:        about 10 seconds at this pace" in told  # 201 of them to one network, at 20 a second


def test_a_host_in_any_form_is_one_with_its_labels() -> None:
    scope = scope_of('{ entry = "10.0.0.1", country = "DE" }, { entry = "pacs.example", country = "AT" }, "fd00::1"')
    found = ("10.0.0.1:104", "::ffff:10.0.0.1:11112", "PACS.example:104", "pacs.example:104", "fd00::1:104")
    intake = taken(scope, *found, "a.example:104", "b.example:104", "A.example:104")
    listed = {one.target: (one.ports, dict(one.labels).get("country")) for one in intake.listed}
    assert listed == {
        "10.0.0.1": ((104, 11112), "DE"),
        "fd00::1": ((104,), None),
        "PACS.example": ((104,), "AT"),
    }
    assert intake.outside == 2


def test_more_broken_lines_than_are_told_are_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="leadglass.intake")
    intake = take_in((Broken(line=n, detail="what") for n in range(1, 10)), scope_of('"10.0.0.0/8"'))
    lines = list(left_out(intake, Path("found"), Path("scope.toml")))
    assert lines[:5] == [f"found, line {n}: what: skipped" for n in range(1, 6)]
    assert lines[5] == "found: 4 more lines that cannot be read: skipped (--log-level info tells each)"
    assert caplog.messages == [f"line {n}: what: skipped" for n in range(6, 10)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("what is this\n10.0.0.1:0\n", ("line 1", "line 2", "no line of what was found could be read")),
        ("11.0.0.1:104\n", ("1 host outside the scope", "none of what was found lies within the scope")),
        ("10.0.0.1:22\n", ("22 (1 host)", "none of what was found lies within the scope and its ports")),
    ],
)
def test_where_nothing_is_left_it_is_told_why(tmp_path: Path, text: str, told: tuple[str, ...]) -> None:
    (tmp_path / "scope.toml").write_text(HEAD + 'targets = ["10.0.0.0/8"]\n')
    (tmp_path / "found").write_text(text)
    where = ("--scope", str(tmp_path / "scope.toml"), "--store", str(tmp_path / "store.db"))
    done = typed("survey", "init", "one", *where, "--found", str(tmp_path / "found"), "--form", "list")
    assert done.code == 2
    for words in told:
        assert words in " ".join(done.err.split())


def test_a_host_takes_a_few_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_AT_ONCE", 1024)

    def many() -> Iterator[Found]:
        for n in range(MANY):
            host = n * 7919 % MANY  # in no order
            yield Found(line=n, host=f"10.0.{host >> 8}.{host & 255}", port=104)

    scope = scope_of('"10.0.0.0/8"')
    tracemalloc.start()
    intake = take_in(many(), scope)
    assert sum(1 for _ in intake.listed) == MANY
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 * MANY
