"""The ground truth of a world is one document: each address and country, the totals, and the figures they must meet."""

from typing import Any

import msgspec

from leadglass.lab.figures import HOW, Figure
from leadglass.lab.placing import Placed, place
from leadglass.lab.population import Population, Server
from leadglass.lab.posture import Presence
from leadglass.lab.surfaces import SurfaceTruth, surfaces_of, wants_title
from leadglass.lab.totals import Met, Since, Totals, add_up, found, meet, met_in, since
from leadglass.model.encode import to_json
from leadglass.model.record import Record
from leadglass.model.words import Rung, Status

FORMAT = "leadglass.lab-truth/1"


class AddressTruth(Record):
    """Everything that is true about one server.

    `status` and `rung` are what a check of the address comes to under no called AE title that anybody gave, by a
    probe that sees it; `surfaces_with_title` are the surfaces where `called_ae_title` is given. `patients`, `studies`
    and `images` are what it holds, whether it is shown or not.
    """

    address: str
    country: str
    owner: str
    group: str
    product: str
    implementation_class_uid: str
    implementation_version_name: str
    status: Status
    rung: Rung
    decoy: str | None
    seen_only_by_newer: bool
    called_ae_title: str | None
    patients: int
    studies: int
    images: int
    surfaces: tuple[SurfaceTruth, ...]
    surfaces_with_title: tuple[SurfaceTruth, ...] = ()


class FigureTruth(Record):
    """One published figure beside the world's own."""

    name: str
    countries: tuple[str, ...]
    published: int
    more_than: bool
    precision: int
    mark: str
    source: str
    found: int
    agrees: bool
    computed: str


class Empty(Record):
    """The addresses of the network at which no server stands."""

    refusing: int
    silent: int


class CountryTruth(Record):
    """The totals of one country."""

    country: str
    totals: Totals


class Truth(Record):
    """The ground truth of a world. `overlooked` are the totals of what its survey's probe did not see."""

    format: str
    world: str
    title: str
    seed: int
    network: str
    newer_probe: bool
    figures: tuple[FigureTruth, ...]
    totals: Totals
    overlooked: Totals
    empty: Empty
    since: Since | None
    countries: tuple[CountryTruth, ...]
    addresses: tuple[AddressTruth, ...]


def truth_of(population: Population, network: str | None = None) -> Truth:
    """The truth of a population, in its own network or in another."""
    placed = place(population, network)
    met = met_in(placed)
    changed = since(met_in(place(population.before, network)), met) if population.before else None
    countries = sorted({one.server.country for one in met})
    return Truth(
        format=FORMAT,
        world=population.name,
        title=population.title,
        seed=population.seed,
        network=str(placed.network),
        newer_probe=population.newer_probe,
        figures=tuple(_figure(figure, placed, met, changed) for figure in population.figures),
        totals=add_up(met),
        overlooked=_overlooked(placed),
        empty=Empty(refusing=placed.refusing, silent=placed.silent),
        since=changed,
        countries=tuple(
            CountryTruth(country=country, totals=add_up(one for one in met if one.server.country == country))
            for country in countries
        ),
        addresses=tuple(address_truth(server) for server in placed.servers),
    )


def truth_json(population: Population, network: str | None = None) -> bytes:
    """The truth of a population as JSON."""
    return to_json(truth_of(population, network))


def truth_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a world's truth."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FORMAT, **msgspec.json.schema(Truth)}


def address_truth(server: Server) -> AddressTruth:
    """The truth about one server."""
    surfaces = surfaces_of(server, title_given=False)
    return AddressTruth(
        address=server.address,
        country=server.country,
        owner=server.owner,
        group=server.group,
        product=server.identity.product,
        implementation_class_uid=server.identity.class_uid,
        implementation_version_name=server.identity.version_name,
        status=_status(server, surfaces),
        rung=max((surface.rung for surface in surfaces), key=lambda rung: rung.height, default=Rung.SILENT),
        decoy=server.decoy,
        seen_only_by_newer=server.seen_only_by_newer,
        called_ae_title=server.dimse.called_ae_title if wants_title(server) else None,
        patients=server.archive.patients,
        studies=server.archive.studies,
        images=server.archive.images,
        surfaces=surfaces,
        surfaces_with_title=surfaces_of(server, title_given=True) if wants_title(server) else (),
    )


def _status(server: Server, surfaces: tuple[SurfaceTruth, ...]) -> Status:
    """The status of the whole address: success where anything was heard, as in an assessment."""
    if server.presence is Presence.SILENT:
        return Status.CONNECTION_TIMEOUT
    return Status.SUCCESS if surfaces else Status.CONNECTION_REFUSED


def _overlooked(placed: Placed) -> Totals:
    """What a newer probe would have added: the servers that this survey's probe did not see."""
    if placed.population.newer_probe:
        return Totals()
    hidden = [server for server in placed.servers if server.seen_only_by_newer]
    return add_up(meet(server, newer_probe=True) for server in hidden)


def _figure(figure: Figure, placed: Placed, met: tuple[Met, ...], changed: Since | None) -> FigureTruth:
    value = found(figure, placed, met, changed)
    return FigureTruth(
        name=figure.name,
        countries=figure.countries,
        published=figure.value,
        more_than=figure.more_than,
        precision=figure.precision,
        mark=figure.mark.value,
        source=figure.source,
        found=value,
        agrees=figure.agrees(value),
        computed=HOW[figure.measure],
    )
