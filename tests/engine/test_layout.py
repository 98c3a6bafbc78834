"""One system is one place of a survey, however often and in whatever form the scope names it."""

from pathlib import Path

import pytest

from leadglass.model.scope import Budget, Timing
from leadglass.model.snapshot import Listed
from leadglass.net.scope_file import read_scope
from leadglass.survey.engine.labels import LabelBook
from leadglass.survey.engine.layout import Layout, make_layout
from leadglass.survey.walk.space import Places

HEAD = 'authority = "J"\ncontact = "c"\nopt_out = []\n'


def laid_out(folder: Path, targets: str, file: str = "") -> tuple[Layout, tuple[Listed, ...]]:
    """The layout of these targets; `file` is the text of the file dd.csv beside them."""
    (folder / "dd.csv").write_text(file)
    (folder / "scope.toml").write_text(f"{HEAD}targets = [{targets}]\n")
    return make_layout(read_scope(folder / "scope.toml"), budget=Budget(), timing=Timing(), without=())


def visited(layout: Layout, listed: tuple[Listed, ...]) -> list[str]:
    """Every system in the order of the places."""
    places = Places(layout.space)
    found: list[str] = []
    for place in range(layout.space.places):
        number, address = places.number_at(place), places.address_at(place)
        found += [listed[number].target] if number is not None else [str(address)] if address is not None else []
    return found


def test_an_address_in_a_list_and_twice_in_a_file_is_one_with_all_its_labels(tmp_path: Path) -> None:
    file = "127.121.0.116,country=DE,owner=A\n127.121.0.116,owner=B\n127.121.0.117\n"
    layout, listed = laid_out(tmp_path, '"127.121.0.116", { file = "dd.csv", kind = "clinic" }', file)
    assert visited(layout, listed) == ["127.121.0.116", "127.121.0.117"]
    assert listed[0].labels == (("country", "DE"), ("kind", "clinic"), ("owner", "B"))
    assert [one.number for one in listed] == [0, 1]


@pytest.mark.parametrize(
    ("targets", "systems"),
    [
        ('"localhost", "LOCALHOST", "localhost."', ["localhost"]),
        ('"::1", "0:0::1", "::1-::1"', ["::1"]),
        ('"127.0.0.5", "::ffff:127.0.0.5"', ["127.0.0.5"]),
        ('"::1", "::/127"', ["::", "::1"]),
        ('"fd00::1", "fd00::/126", "fd00::9"', ["fd00::", "fd00::2", "fd00::3", "fd00::1", "fd00::9"]),
        ('"::ffff:127.0.0.4", "127.0.0.4/31"', ["127.0.0.5", "::ffff:7f00:4"]),
        ('"::ffff:127.0.0.4/127", "127.0.0.4/31"', ["127.0.0.4", "127.0.0.5"]),
    ],
)
def test_every_form_of_a_system_is_visited_once(tmp_path: Path, targets: str, systems: list[str]) -> None:
    assert visited(*laid_out(tmp_path, targets)) == systems


def test_a_network_of_mapped_addresses_keeps_its_labels(tmp_path: Path) -> None:
    layout, _ = laid_out(tmp_path, '{ entry = "::ffff:127.0.0.4/127", country = "DE" }')
    address = Places(layout.space).address_at(0)
    assert address is not None
    assert LabelBook(layout.scope.entries).of(address) == (("country", "DE"),)
