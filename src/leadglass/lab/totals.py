"""A world's totals are added up from its servers, as its survey met them: none can be claimed that no server bears."""

from collections.abc import Callable, Iterable

from leadglass.lab.archive import Archive
from leadglass.lab.figures import Figure, Measure
from leadglass.lab.placing import Placed
from leadglass.lab.population import Server
from leadglass.lab.posture import Presence, WebKind
from leadglass.lab.surfaces import surfaces_of
from leadglass.model.record import Record
from leadglass.model.words import Rung, SurfaceKind

_SCHEDULES = (SurfaceKind.WORKLIST, SurfaceKind.UPS_RS)


class Met(Record):
    """One server as a survey of strangers met it, under no called AE title that anybody gave.

    `readable` and `retrievable` are about real servers only; `exposed` says that its archive is listed.
    """

    server: Server
    rung: Rung
    speaking: bool
    readable: bool
    retrievable: bool
    exposed: bool
    viewer: bool


class Totals(Record):
    """What a survey adds up to: servers, and what those hold that give records (decoys hold nobody's)."""

    servers: int = 0
    listening: int = 0
    speaking: int = 0
    decoys: int = 0
    readable: int = 0
    retrievable: int = 0
    viewers: int = 0
    patients: int = 0
    studies: int = 0
    images: int = 0
    retrievable_studies: int = 0
    retrievable_images: int = 0


def meet(server: Server, *, newer_probe: bool) -> Met:
    """The server as a survey with that probe meets it."""
    surfaces = surfaces_of(server, title_given=False)
    rung = max((surface.rung for surface in surfaces), key=lambda rung: rung.height, default=Rung.SILENT)
    overlooked = server.seen_only_by_newer and not newer_probe
    if overlooked and rung.at_least(Rung.READABLE):
        rung = Rung.ADMITS
    gives = [s for s in surfaces if s.rung.at_least(Rung.READABLE)]
    real = server.decoy is None and not overlooked
    return Met(
        server=server,
        rung=rung,
        speaking=any(s.rung.at_least(Rung.SPEAKS) and s.kind in (SurfaceKind.DIMSE, *_SCHEDULES) for s in surfaces),
        readable=real and bool(gives),
        retrievable=real and any(s.rung is Rung.RETRIEVABLE for s in gives),
        exposed=real and any(s.kind not in _SCHEDULES for s in gives),
        viewer=bool(server.web and server.web.kind is WebKind.VIEWER and not server.web.login and surfaces),
    )


def kept(server: Server) -> tuple[int, int]:
    """The studies and the images whose files a server still has; an archive is made only where some are gone."""
    losses = server.habits.losses
    return Archive(server.archive).kept(losses) if losses else (server.archive.studies, server.archive.images)


def met_in(placed: Placed) -> tuple[Met, ...]:
    """Every server of a world as its survey met it."""
    return tuple(meet(server, newer_probe=placed.population.newer_probe) for server in placed.servers)


def add_up(met: Iterable[Met]) -> Totals:
    """The totals of some servers."""
    all_met = tuple(met)

    def count(wanted: Callable[[Met], bool]) -> int:
        return sum(1 for one in all_met if wanted(one))

    exposed = [one.server.archive for one in all_met if one.exposed]
    handed = [kept(one.server) for one in all_met if one.exposed and one.retrievable]
    return Totals(
        servers=len(all_met),
        listening=count(lambda one: one.server.presence in (Presence.LISTENS, Presence.OTHER)),
        speaking=count(lambda one: one.speaking),
        decoys=count(lambda one: one.speaking and one.server.decoy is not None),
        readable=count(lambda one: one.readable),
        retrievable=count(lambda one: one.retrievable),
        viewers=count(lambda one: one.viewer),
        patients=sum(archive.patients for archive in exposed),
        studies=sum(archive.studies for archive in exposed),
        images=sum(archive.images for archive in exposed),
        retrievable_studies=sum(studies for studies, _ in handed),
        retrievable_images=sum(images for _, images in handed),
    )


class Since(Record):
    """What became of a world since the one before, server by server at the same address."""

    closed: tuple[str, ...]
    opened: tuple[str, ...]
    opened_seen_only_by_newer: tuple[str, ...]
    countries_new: tuple[str, ...]
    countries_gone: tuple[str, ...]


def since(before: Iterable[Met], now: Iterable[Met]) -> Since:
    """The difference between two surveys; a country is there if one of its servers gives records."""
    earlier = {one.server.address: one.server for one in before if one.readable}
    later = {one.server.address: one.server for one in now if one.readable}
    was, is_ = ({server.country for server in servers.values()} for servers in (earlier, later))
    opened = tuple(address for address in later if address not in earlier)
    return Since(
        closed=tuple(address for address in earlier if address not in later),
        opened=opened,
        opened_seen_only_by_newer=tuple(address for address in opened if later[address].seen_only_by_newer),
        countries_new=tuple(sorted(is_ - was)),
        countries_gone=tuple(sorted(was - is_)),
    )


def found(figure: Figure, placed: Placed, met: tuple[Met, ...], changed: Since | None) -> int:
    """What the world itself comes to in the way that the figure is computed."""
    chosen = tuple(one for one in met if not figure.countries or one.server.country in figure.countries)
    totals, expanse = add_up(chosen), placed.network.num_addresses
    ways = {
        Measure.EXPANSE: expanse,
        Measure.COUNTRIES: len({one.server.country for one in chosen if one.speaking}),
        Measure.READABLE_COUNTRIES: len({one.server.country for one in chosen if one.readable}),
        Measure.REAL: totals.speaking - totals.decoys,
        Measure.EXPANSE_PER_LISTENING: _nearest(expanse, totals.listening),
        Measure.SPEAKING_PER_MILLE: _nearest(1000 * totals.speaking, totals.listening),
        **{measure: len(getattr(changed, _field(measure))) if changed else 0 for measure in _CHANGES},
    }
    return ways[figure.measure] if figure.measure in ways else int(getattr(totals, _field(figure.measure)))


_CHANGES = (
    Measure.CLOSED,
    Measure.OPENED,
    Measure.OPENED_SEEN_ONLY_BY_NEWER,
    Measure.COUNTRIES_NEW,
    Measure.COUNTRIES_GONE,
)


def _field(measure: Measure) -> str:
    return measure.value.replace("-", "_")


def _nearest(over: int, under: int) -> int:
    return (2 * over + under) // (2 * under) if under else 0
