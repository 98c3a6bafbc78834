"""AE titles that were given for some targets are tried on those, and on nobody else."""

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from leadglass.cli.dry_run import describe
from leadglass.lab.zoo.serving import listening
from leadglass.model.target import parse_target
from leadglass.net.gate import Gate
from leadglass.net.scope_file import ScopeError, parse_scope
from leadglass.probe.manner import Manner
from leadglass.survey.options import Options
from leadglass.survey.run import assess_all
from tests.dimse.asking import PATIENT, TODAY
from tests.dimse.shelf import Doors, Shelf

HEAD = """
authority = "J"
contact = "c"
opt_out = []
called_ae_titles = ["ALL"]
permits = ["connect", "read-record"]
"""


def titles(targets: str, host: str, address: str) -> tuple[str, ...]:
    """The titles that the gate grants."""
    gate = Gate(parse_scope(f"{HEAD}targets = [{targets}]"))
    return gate.admit(host, ip_address(address)).called_ae_titles


@pytest.mark.parametrize(
    ("targets", "host", "address", "granted"),
    [
        ('"192.0.0.0/8", { entry = "192.0.2.0/24", called_ae_titles = ["A"] }', "192.0.2.9", "192.0.2.9", ("A",)),
        ('"192.0.0.0/8", { entry = "192.0.2.0/24", called_ae_titles = ["A"] }', "192.0.3.9", "192.0.3.9", ()),
        ('"192.0.0.0/8", { entry = "192.0.2.7", called_ae_titles = ["A"] }', "x", "::ffff:192.0.2.7", ("A",)),
        ('{ entry = "192.0.2.1-192.0.2.9", called_ae_titles = ["A", "B"] }', "192.0.2.9", "192.0.2.9", ("A", "B")),
        ('{ entry = "pacs.example", called_ae_titles = ["A"] }', "PACS.example.", "192.0.2.9", ("A",)),
        ('{ entry = "pacs.example", called_ae_titles = ["A"] }, "b.example"', "b.example", "192.0.2.9", ()),
    ],
)
def test_an_entry_has_its_own_titles(targets: str, host: str, address: str, granted: tuple[str, ...]) -> None:
    assert titles(targets, host, address) == granted


@pytest.mark.parametrize("value", ['"A"', "[1]", '["A TITLE THAT IS TOO LONG"]'])
def test_titles_that_are_none_are_refused_with_their_line(value: str) -> None:
    with pytest.raises(ScopeError, match=r"line 7: `called_ae_titles`"):
        parse_scope(f'{HEAD}targets = [{{ entry = "192.0.2.7", called_ae_titles = {value} }}]')


def test_one_owners_title_is_tried_at_that_owners_alone() -> None:
    async def run() -> list[list[str]]:
        one, other = Shelf(titles={"ITS": Doors()}), Shelf(titles={"ITS": Doors()})
        scope = parse_scope(f'{HEAD}targets = ["127.0.0.0/8", {{ entry = "127.0.0.1", called_ae_titles = ["ITS"] }}]')
        options = Options(
            manner=Manner(today=TODAY), contact="t", timing=PATIENT, called_ae_titles=scope.called_ae_titles
        )
        async with listening(one.serve) as first, listening(other.serve, "127.0.0.2") as second:
            targets = [parse_target(f"dicom://127.0.0.1:{first}"), parse_target(f"dicom://127.0.0.2:{second}")]
            results = await assess_all(targets, Gate(scope), options, lambda: datetime.now(UTC), lambda _: None)
        facts = [result.surfaces[0].facts.dimse for result in results]
        return [[attempt.called_ae_title for attempt in one.attempts] for one in facts if one is not None]

    assert asyncio.run(run()) == [["ANY-SCP", "ITS", "ALL"], ["ANY-SCP", "ALL"]]


def test_a_dry_run_tells_them_where_they_are_tried() -> None:
    scope = parse_scope(f'{HEAD}targets = ["192.0.2.8", {{ entry = "192.0.2.7", called_ae_titles = ["ITS"] }}]')
    options = Options(manner=Manner(today=TODAY), contact="t", called_ae_titles=scope.called_ae_titles)
    targets = [parse_target("dicom://192.0.2.7"), parse_target("dicom://192.0.2.8")]
    first, second = describe(targets, Gate(scope), options, width=100).split("192.0.2.8")
    assert "called AE titles: ANY-SCP, ITS, ALL" in first
    assert "called AE titles: ANY-SCP, ALL" in second
