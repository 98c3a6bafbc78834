"""A population file is read whole, or refused with the place, the key and what is legal there."""

from datetime import date
from pathlib import Path

import pytest

from leadglass.lab.catalogue import MAX_FILE_BYTES, load, read_population, worlds
from leadglass.lab.figures import HOW, Figure, Mark, Measure
from leadglass.lab.habits import Capping, Habits
from leadglass.lab.keys import PopulationError
from leadglass.lab.population import Group, Holdings, Population
from leadglass.lab.population_file import parse_population
from leadglass.lab.posture import Door, Posture, Presence, Tls, WebKind, WebPosture
from leadglass.lab.truth import truth_of
from tests.house.sources import ROOT
from tests.lab.population_files import BEFORE, WHOLE

RECORDS = (Population, Figure, Group, Posture, WebPosture, Holdings, Habits)
NOT_IN_A_FILE = {"holdings"}  # a file calls them `archive`


def read(text: str) -> Population:
    """A file whose world before is the small one."""
    return parse_population(text, "FILE", lambda _: parse_population(WHOLE, "BEFORE", load))


def test_what_a_file_says_is_what_is_read() -> None:
    population = read(WHOLE)
    [figure], [open_, shut] = population.figures, population.groups
    assert (figure.mark, figure.measure, figure.precision) == (Mark.ASSUMED, Measure.READABLE, 10)
    assert (open_.countries, open_.owners) == ({"DE": 3, "FR": 1}, {"Hospital": 1, "Practice": 2})
    assert {identity.version_name for identity in open_.identities} == {"fo-dicom 5.1.1", "OFFIS_DCMTK_367"}
    assert (open_.dimse.worklist, open_.dimse.images, open_.dimse.queries) == (Door.OPEN, Door.REFUSED, Door.OPEN)
    assert open_.web is not None
    assert (open_.web.kind, open_.web_port, open_.web_servers) == (WebKind.ORTHANC, 8042, 2)
    assert (open_.holdings.studies, open_.holdings.last_day) == (1000, date(2020, 2, 29))
    assert (open_.habits.limit, open_.habits.capping, open_.habits.ignores) == (50, Capping.NOTHING, ("StudyTime",))
    assert (shut.servers, shut.presence, shut.owners) == (1, Presence.SILENT, open_.owners)


def test_a_world_after_another_has_its_servers_and_its_addresses() -> None:
    before, after = read(WHOLE), read(BEFORE)
    assert (after.seed, after.network, after.silent_per_mille) == (before.seed, before.network, 250)
    [open_, shut] = after.groups
    assert (open_.presence, open_.holdings) == (Presence.REFUSES, before.groups[0].holdings)
    assert shut.dimse.called_ae_title == "DCM4CHEE"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "small"', "", "FILE: `name` is missing"),
        ('name = "small"', 'name = ""', "`name` is empty"),
        ('name = "small"', "name = 3", "`name` is a whole number, and must be a text"),
        ("seed = 7", "seed = -1", "`seed` is out of range: it must be from 0 to"),
        ("seed = 7", "seed = true", "`seed` is true or false, and must be a whole number"),
        ("seed = 7", "sede = 7", "`seed` is missing"),
        ("silent_per_mille = 250", "silent_permille = 250", "did you mean `silent_per_mille`?"),
        ("silent_per_mille = 250", "silent_per_mille = 1001", "from 0 to 1,000"),
        ("127.90.0.0/24", "127.90.0.1/24", "must be a network such as"),
        ("127.90.0.0/24", "127.90.0.0/30", "too small for 6 servers"),
        ("127.90.0.0/24", "192.0.2.0/24", "must lie in 127.0.0.0/8 or in a private network"),
        ("127.90.0.0/24", "0.0.0.0/0", "must lie in 127.0.0.0/8 or in a private network"),
        ("127.90.0.0/24", "127.0.0.0/8", "127.0.0.0/16 is left to everything else"),
        ('name = "shut"', 'name = "open"', "two groups are named 'open'"),
        ('presence = "silent"', 'presence = "silence"', "group 'shut': `presence` is 'silence', did you mean silent?"),
        ('presence = "silent"', 'precense = "silent"', "did you mean `presence`?"),
        ('countries = "US"', 'countries = "usa"', "group 'shut': `countries` has 'usa'"),
        ('countries = "US"', "countries = []", "`countries` is empty, and must be a name, a table such as"),
        ('"FR 1"', '"FR"', "`countries` has 'FR', and must be a name, a table such as"),
        ('"FR 1"', '"DE 1"', "`countries` has 'DE' twice"),
        ("mine = 1,", "mine = 0,", "the weight of 'mine' must be a whole number of 1 or more"),
        ("mine = 1,", "mien = 1,", "`identities` has 'mien'. Legal are orthanc,"),
        ('identities = "dcm4chee"', 'identities = "dicompot"', "a group that only plays it has a `decoy`"),
        ('"fo-dicom 5.1.1"', '"fo-dicom"', "identity 'mine': no product that Leadglass knows"),
        ('product = "fo-dicom toolkit"', 'product = "Orthanc"', "this pair is shown by fo-dicom toolkit"),
        ("web_port = 8042", "", "`web_port` and `web` belong together"),
        ("web_port = 8042", "web_port = 11112", "one port stands there for two things"),
        ("web_port = 8042", "web_port = 70_000", "from 0 to 65,535"),
        ('kind = "orthanc"', 'kind = "orthank"', "`web`: `kind` is 'orthank', did you mean orthanc?"),
        ('kind = "orthanc", ', "", "`web`: `kind` is missing"),
        ("login = true", 'login = "yes"', "`web`: `login` is a text, and must be true or false"),
        (
            'worklist = "open"',
            'worklists = "open"',
            "`dimse`: there is no key 'worklists' here, did you mean `worklist`?",
        ),
        ('worklist = "open"', 'called_ae_title = "SEVENTEEN LETTERS"', "`called_ae_title`"),
        ("studies = 1_000", "studies = 4", "at least one for each of 5 servers"),
        ("patients = 300", "patients = 29", "`patients` is out of range: it must be from 30 to 1,000"),
        ("patients = 300", "patients = 1_001", "`patients` is out of range: it must be from 30 to 1,000"),
        ("images = 20_000", "images = 999", "`images` is out of range: it must be from 1,000 to"),
        ("migrated = 90", "migrated = 997", "`migrated` is out of range: it must be from 0 to 996"),
        ("2020-02-29", "2020-02-29T01:00:00", "`last_day` is a date or a time, and must be a day"),
        ("2020-02-29", "1020-02-28", "must lie between 1950 and 2100"),
        ('ignores = ["StudyTime"]', 'ignores = ["PatientID"]', "`ignores` has 'PatientID'. Legal are StudyDate,"),
        ('ignores = ["StudyTime"]', 'ignores = "StudyTime"', "`ignores` is a text, and must be a list of texts"),
        ("delay_s = 0.5", "lost_before = 1812", "`lost_before` is out of range: it must be from 1,900 to 2,079"),
        ("delay_s = 0.5", 'lost_modalities = ["XX"]', "`lost_modalities` has 'XX'. Legal are CR,"),
        ("delay_s = 0.5", "delay_s = 61", "must be from 0 to 60 seconds"),
        ("delay_s = 0.5", "delay_s = nan", "must be from 0 to 60 seconds"),
        ("web_servers = 2", "web_servers = 6", "from 0 to 5"),
        ("web_servers = 2", "same_page_ports = [0]", "whole numbers from 1 to 65,535"),
        ('measure = "readable"', 'measure = "legible"', "figure 'servers': `measure` is 'legible'"),
        ('mark = "assumed"', 'mark = "guessed"', "Legal are published, rounded, derived and assumed."),
        (
            "[[figures]]",
            "[figures]",
            "`figures` is a table, and must be a list of tables, each written under [[figures]]",
        ),
        ("seed = 7", f"seed = 0x{'f' * 5000}", "`seed` is out of range"),
        ("seed = 7", "seed = ", "FILE, line 4, column 8: this is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_is_legal(old: str, new: str, told: str) -> None:
    assert old in WHOLE
    with pytest.raises(PopulationError) as error:
        read(WHOLE.replace(old, new, 1))
    assert told in str(error.value)
    assert str(error.value).startswith("FILE")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('group = "open"', 'group = "opne"', "change 'opne': `group`: 'opne' is no group of the world before"),
        ('before = "whole.toml"', "", "there is no world before"),
        ('presence = "refuses"', "servers = 3", "change 'open': there is no key 'servers' here"),
        ('before = "whole.toml"', 'before = "whole.toml"\nseed = 9', "there is no key 'seed'"),
    ],
)
def test_a_change_is_one_of_the_world_before(old: str, new: str, told: str) -> None:
    with pytest.raises(PopulationError) as error:
        read(BEFORE.replace(old, new, 1))
    assert told in str(error.value)


def test_a_file_of_one_s_own_stands_beside_the_one_that_it_follows(tmp_path: Path) -> None:
    (tmp_path / "whole.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "later.toml").write_text(BEFORE, encoding="utf-8")
    later = load(str(tmp_path / "later.toml"))
    assert later.before == read_population(tmp_path / "whole.toml")
    (tmp_path / "on.toml").write_text(BEFORE.replace("whole.toml", "greenbone-2019-09"), encoding="utf-8")
    with pytest.raises(PopulationError, match="'open' is no group of the world before"):
        load(str(tmp_path / "on.toml"))


def test_a_file_that_is_none_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match=r"'clinik' is no world and no file: did you mean clinic\?"):
        load("clinik")
    with pytest.raises(PopulationError, match="cannot be read"):
        load(str(tmp_path))
    with pytest.raises(PopulationError, match="is no path"):
        load("a\0b")
    (tmp_path / "latin").write_bytes(b'name = "\xe9"')
    with pytest.raises(PopulationError, match="is not UTF-8"):
        load(str(tmp_path / "latin"))
    (tmp_path / "large").write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    with pytest.raises(PopulationError, match="is larger than"):
        load(str(tmp_path / "large"))
    (tmp_path / "circle").write_text(BEFORE.replace("whole.toml", "circle"), encoding="utf-8")
    with pytest.raises(PopulationError, match="lead on without end"):
        load(str(tmp_path / "circle"))


def test_the_list_of_worlds_has_a_title_for_each() -> None:
    assert tuple(worlds()) == (
        "aplite-2023",
        "clinic",
        "dark",
        "decoys-2026",
        "greenbone-2019-09",
        "greenbone-2019-11",
    )
    assert all(title and "\n" not in title and len(title) < 100 for title in worlds().values())
    assert all(load(world).name == world for world in worlds())


def test_every_key_and_measure_is_documented() -> None:
    page = (ROOT / "docs" / "populations.md").read_text(encoding="utf-8")
    keys = {field for record in RECORDS for field in record.__struct_fields__} - NOT_IN_A_FILE
    words = {word.value for kind in (Mark, Measure, Presence, Door, Tls, WebKind, Capping) for word in kind}
    assert not {word for word in keys | words if f"`{word}`" not in page}
    assert all(f"`{world}`" in page for world in worlds())
    assert all(f"| `{measure}` | {words} |" in page for measure, words in HOW.items())


def test_the_example_that_is_documented_can_be_read() -> None:
    page = (ROOT / "docs" / "populations.md").read_text(encoding="utf-8")
    [_, example] = page.split("```toml\n")
    [figure] = truth_of(read(example.partition("```")[0])).figures
    assert figure.agrees
