"""A population gets its addresses: the same ones on every machine, and none for those who only refuse or are silent."""

from ipaddress import IPv4Address, IPv4Network
from math import gcd

import msgspec

from leadglass.lab.population import Group, Holdings, Population, Server
from leadglass.lab.posture import Presence
from leadglass.lab.spec import EMPTY, MAX_STUDIES_A_PATIENT, ArchiveSpec
from leadglass.lab.spreading import bounded_shares, dealt, heavy_tail, number, order, shares


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A world with its addresses: `servers` are those that stand somewhere, in the order of their file.

    What all other addresses of the network do is told one by one, when it is asked.
    """

    population: Population
    network: IPv4Network
    servers: tuple[Server, ...]
    by_address: dict[str, Server]

    @property
    def silent(self) -> int:
        """How many addresses without a server do not answer."""
        return (places(self.network) - len(self.servers)) * self.population.silent_per_mille // 1000

    @property
    def refusing(self) -> int:
        """How many addresses without a server refuse; the first and the last of the network are among them."""
        return self.network.num_addresses - len(self.servers) - self.silent

    def presence_at(self, address: str) -> Presence:
        """What a caller meets at any address; outside the network nothing listens."""
        server = self.by_address.get(address)
        if server is not None:
            return server.presence
        place = int(IPv4Address(address)) - int(self.network.network_address) - 1
        if not 0 <= place < places(self.network):
            return Presence.REFUSES
        rank = _Scatter(self.population, self.network).rank(place)
        return Presence.SILENT if rank >= places(self.network) - self.silent else Presence.REFUSES


class _Scatter:
    """A permutation of the places of a network: a rank has a place, and a place its rank."""

    def __init__(self, population: Population, network: IPv4Network) -> None:
        self._places = places(network)
        self._step, self._start = 1, 0
        if population.scattered and self._places > 1:
            self._step = max(1, self._places * 618_034 // 1_000_000)  # near the golden section: evenly spread
            while gcd(self._step, self._places) != 1:
                self._step += 1
            self._start = number(population.seed, "scatter") % self._places

    def place(self, rank: int) -> int:
        return (self._start + self._step * rank) % self._places

    def rank(self, place: int) -> int:
        return (place - self._start) * pow(self._step, -1, self._places) % self._places if self._places > 1 else 0


def place(population: Population, network: str | None = None) -> Placed:
    """The population with its addresses, in its own network or in another one. Raises ValueError if it is too small."""
    within = IPv4Network(network or population.network)
    scatter = _Scatter(population, within)
    wanted = sum(group.servers for group in population.groups)
    if wanted > places(within):
        raise ValueError(f"{within} has {places(within):,} addresses for servers, and {wanted:,} are wanted")
    servers: list[Server] = []
    for group in population.groups:
        first = len(servers)
        addresses = (within.network_address + 1 + scatter.place(first + index) for index in range(group.servers))
        servers += _servers(group, population.seed, [str(address) for address in addresses])
    return Placed(
        population=population,
        network=within,
        servers=tuple(servers),
        by_address={server.address: server for server in servers},
    )


def places(network: IPv4Network) -> int:
    """Addresses for servers: all but the first and the last, which are no host's elsewhere."""
    return max(1, network.num_addresses - 2)


def _servers(group: Group, seed: int, addresses: list[str]) -> list[Server]:
    count, archives = group.servers, _archives(group, seed)
    countries = dealt(group.countries, count, seed, group.name, "country")
    owners = dealt(group.owners, count, seed, group.name, "owner")
    identities = dealt(group.identities, count, seed, group.name, "identity")
    with_web = set(order(count, seed, group.name, "web")[: group.web_servers])
    return [
        Server(
            address=addresses[index],
            country=countries[index],
            owner=owners[index] if count == 1 else f"{owners[index]} {group.name}-{index + 1}",
            group=group.name,
            identity=identities[index],
            presence=group.presence,
            dimse_port=group.dimse_port,
            dimse=group.dimse,
            web_port=group.web_port if index in with_web else None,
            web=group.web if index in with_web else None,
            archive=archives[index],
            habits=group.habits,
            decoy=group.decoy,
            seen_only_by_newer=group.seen_only_by_newer,
            same_page_ports=group.same_page_ports,
        )
        for index in range(count)
    ]


def _archives(group: Group, seed: int) -> list[ArchiveSpec]:
    """The holdings of a group as one archive for each server; their sums are the holdings'."""
    held, count, name = group.holdings, group.servers, group.name
    if not held.studies:
        return [EMPTY] * count
    if held.shared:
        return [_archive(held, number(seed, name, "archive"), held.studies, held.patients, held.images)] * count
    studies = [1 + part for part in shares(held.studies - count, heavy_tail(count, seed, name, "studies"))]
    fewest = [-(-of // MAX_STUDIES_A_PATIENT) for of in studies]
    most = [of - few for of, few in zip(studies, fewest, strict=True)]
    loyal = [room * (60 + number(seed, name, index, "patients") % 81) for index, room in enumerate(most)]
    patients = bounded_shares(held.patients - sum(fewest), loyal, most)
    rich = [of * (20 + number(seed, name, index, "images") % 181) for index, of in enumerate(studies)]
    images = shares(held.images - held.studies, rich)
    undated = shares(held.undated, studies)
    dated = [of - without for of, without in zip(studies, undated, strict=True)]
    largest = dated.index(max(dated))  # an archive that was taken over from another one, in a day
    migrated = bounded_shares(held.migrated, [index == largest for index in range(count)], dated)
    return [
        msgspec.structs.replace(
            _archive(
                held, number(seed, name, index, "archive"), of, fewest[index] + patients[index], of + images[index]
            ),
            undated=undated[index],
            migrated=migrated[index],
        )
        for index, (of, few) in enumerate(zip(studies, fewest, strict=True))
    ]


def _archive(held: Holdings, seed: int, studies: int, patients: int, images: int) -> ArchiveSpec:
    return ArchiveSpec(
        seed=seed,
        studies=studies,
        patients=patients,
        images=images,
        last_day=held.last_day,
        years=held.years,
        undated=held.undated,
        migrated=held.migrated,
    )
