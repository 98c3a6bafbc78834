"""A preflight's figures hold for names with several addresses, for lists, and with the scope's hours."""

from pathlib import Path

import pytest

from leadglass.model.pace import Hours
from leadglass.model.scope import Budget, Timing
from leadglass.net.host import MAX_ADDRESSES
from leadglass.net.scope_file import parse_scope
from leadglass.survey.engine.intake import take_in
from leadglass.survey.engine.layout import make_layout
from leadglass.survey.engine.reckoning import Reckoning, reckon, reckon_found
from leadglass.survey.intake.found import Found
from tests.cli.typed import typed

HEAD = 'authority = "J"\ncontact = "c"\nopt_out = []\n'
ONE_PORT = "ports = { dimse = [104] }\npace = { per_second = 50, per_network = 10 }\n"


def reckoned(targets: str, more: str = ONE_PORT) -> Reckoning:
    """The figures of these targets."""
    scope = parse_scope(f"{HEAD}{more}\ntargets = [{targets}]\n")
    layout, listed = make_layout(scope, budget=Budget(), timing=Timing(), without=())
    return reckon(scope, layout.space, listed, Budget())


LINES = ", ".join(f'"127.3.3.{host}"' for host in range(1, 255))


def test_lines_of_a_network_take_as_long_as_the_network() -> None:
    assert reckoned('"127.3.3.0/24"').finding_s == 25.6
    assert reckoned(LINES).finding_s == 25.4
    assert reckoned(f'{LINES}, "127.3.3.0/25"').finding_s == pytest.approx(25.5)
    assert reckoned('"127.3.0.128-127.3.2.127"').finding_s == 25.6
    assert reckoned('"fd00::1", "fd00::2", "fd00:0:1::1"').finding_s == 0.2


def test_a_name_is_reckoned_with_the_most_addresses_that_are_dialled() -> None:
    figures = reckoned('"pacs.example", "127.0.0.1"')
    assert (figures.names, figures.knocks) == (1, MAX_ADDRESSES + 1)
    assert figures.connections == 2 * Budget().max_connections
    scope = parse_scope(f'{HEAD}targets = ["pacs.example"]\n')
    taken = take_in([Found(line=1, host="pacs.example", port=104)], scope)
    assert reckon_found(scope, taken, Budget()).knocks == MAX_ADDRESSES


def test_what_everybody_costs_at_most_is_a_total() -> None:
    assert reckoned('"127.0.0.0/30", "127.0.0.1"').connections == 3 * (1 + 200) + 200


@pytest.mark.parametrize(
    ("windows", "work_s", "elapsed_s", "wait_min"),
    [
        (((180, 210),), 60.0, 60.0, 1410),
        (((180, 210),), 1800.0, 1800.0, 1410),
        (((180, 210),), 3 * 1800.0 + 7, 3 * 86_400.0 + 7, 1410),
        (((1320, 360),), 8 * 3600.0 * 2, 86_400.0 + 8 * 3600, 960),
        (((60, 120), (90, 180)), 7200.0 + 1, 86_401.0, 1320),
    ],
)
def test_hours_stretch_work_over_days(
    windows: tuple[tuple[int, int], ...], work_s: float, elapsed_s: float, wait_min: int
) -> None:
    hours = Hours(windows=windows, zone="UTC")
    assert (hours.elapsed_s(work_s), hours.longest_wait_min) == (elapsed_s, wait_min)


def test_the_preflight_says_the_hours_and_reckons_with_them(tmp_path: Path) -> None:
    more = 'hours = { open = ["03:00-03:30"], zone = "UTC" }\npace = { per_second = 1 }\n'
    (tmp_path / "scope.toml").write_text(f'{HEAD}{more}targets = ["127.3.0.0/20"]\n')
    done = typed(
        "survey", "init", "one", "--scope", str(tmp_path / "scope.toml"), "--store", str(tmp_path / "store.db")
    )
    told = " ".join(done.out.split())
    assert "Hours: 03:00-03:30 UTC, 30.0 minutes a day" in told
    assert "Takes: about 4.0 days with these hours, after up to 23.5 hours until they open: about 2.3 hours" in told
    assert "Connections: at most 827,392: 8,192 to find who listens, and up to 200 to each" in told
