"""A placed population on loopback is checked by the real assessment: it finds the truth, and nothing else."""

import asyncio
import contextlib
import errno
import random
import resource
import socket
import ssl
from collections.abc import Iterable

import msgspec
import pytest

from leadglass.lab.catalogue import load
from leadglass.lab.habits import Capping, Habits, Handing
from leadglass.lab.placing import Placed, place
from leadglass.lab.population import Server
from leadglass.lab.posture import Presence, Tls
from leadglass.lab.signpost import lines_of, targets
from leadglass.lab.street import StreetError, on_street
from leadglass.lab.truth import address_truth
from leadglass.model.assessment import TargetResult
from leadglass.net.listener import Listener
from leadglass.net.open_files import TooManyFilesError, allow_open_files
from tests.lab.agreement import differences
from tests.lab.checked import checked, placed_apart
from tests.lab.served import street_served

_MOST_STUDIES = 6_000  # of a server that is counted to the end here
_OF_A_GROUP = 1


def alone(placed: Placed, servers: Iterable[Server]) -> Placed:
    """The world with these servers only, at their own addresses."""
    some = tuple(servers)
    by_address = {server.address: server for server in some}
    return msgspec.structs.replace(placed, servers=some, by_address=by_address)


def some_of_each_group(world: str, seed: int) -> Placed:
    """A few servers of each group, which are of one posture."""
    placed, chance = placed_apart(world), random.Random(seed)
    chosen: list[Server] = []
    for group in placed.population.groups:
        fit = [one for one in placed.servers if one.group == group.name and one.archive.studies <= _MOST_STUDIES]
        chosen += chance.sample(fit, min(_OF_A_GROUP, len(fit)))
    return alone(placed, chosen)


def disagreements(placed: Placed) -> list[str]:
    """Every server of which a check of its targets finds something else than its truth."""
    results = together(checked(placed, targets(placed)))
    return [
        f"{server.address} ({server.group}): {words}"
        for server in placed.servers
        for words in differences(address_truth(server), results[server.address])
    ]


def together(results: dict[str, TargetResult]) -> dict[str, TargetResult]:
    """The results by address: what a port showed that no check of the address tries is one more surface of it."""
    found: dict[str, TargetResult] = {}
    for target, result in results.items():
        first = found.setdefault(target.partition(":")[0], result)
        if first is not result:
            surfaces = (*first.surfaces, *result.surfaces)
            found[target.partition(":")[0]] = msgspec.structs.replace(first, surfaces=surfaces)
    return found


def test_a_check_of_the_clinic_finds_the_truth() -> None:
    """All 12 servers, each field of them."""
    placed = placed_apart("clinic")
    assert len(placed.servers) == 12
    told = disagreements(placed)
    assert not told, "\n".join(told)


def test_whoever_gives_the_title_finds_what_it_opens() -> None:
    """The one server of the clinic that wants a title, under the title that it wants."""
    placed = placed_apart("clinic")
    [titled] = [server for server in placed.servers if server.dimse.called_ae_title]
    placed = alone(placed, [titled])
    truth = address_truth(titled)
    [result] = checked(placed, [titled.address], titles=("DCM4CHEE",)).values()
    told = differences(truth, result, truth.surfaces_with_title)
    assert not told, "\n".join(told)


@pytest.mark.parametrize("world", ["greenbone-2019-09", "greenbone-2019-11", "aplite-2023", "decoys-2026", "dark"])
def test_a_check_of_some_of_a_world_finds_the_truth(world: str) -> None:
    """Of each posture of a world a server, chosen by a seed."""
    placed = some_of_each_group(world, 2026)
    assert {one.group for one in placed.servers} >= {g.name for g in placed.population.groups if g.holdings.shared}
    assert len(placed.servers) >= 4
    told = disagreements(placed)
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    "habits",
    [
        Habits(limit=50, capping=Capping.SUCCESS),
        Habits(limit=50, capping=Capping.PENDING_ENDED),
        Habits(limit=50, capping=Capping.NOTHING),
        Habits(limit=30, capping=Capping.NOTHING, ignores=("StudyDate",)),  # fewer than its patients, too
        Habits(ignores=("StudyDate", "StudyTime", "ModalitiesInStudy")),
        Habits(wildcards=False),
        Habits(counts=False),
        Habits(patient_root_only=True),
        Habits(aborts_on_unknown_keys=True),
        Habits(computes_first=True, study_cost_s=0.000_01, match_cost_s=0.000_1),
        Habits(study_cost_s=0.000_01, match_cost_s=0.000_1),
        Habits(delay_s=0.01),
        Habits(drops_after=37),
        *(Habits(handing=handing) for handing in Handing),
    ],
    ids=lambda habits: " ".join(str(value) for value in msgspec.structs.astuple(habits) if value not in (None, (), 0)),
)
def test_no_habit_hides_the_truth(habits: Habits) -> None:
    """A server with 89 studies that gives everything, and one habit."""
    placed = placed_apart("clinic")
    [giving] = [server for server in placed.servers if server.group == "gives-images"]
    placed = alone(placed, [msgspec.structs.replace(giving, habits=habits)])
    told = disagreements(placed)
    assert not told, "\n".join(told)


@pytest.mark.parametrize(("population", "count"), [("clinic", 9), ("decoys-2026", 4_818)])
def test_everything_that_listens_is_bound_and_let_go(population: str, count: int) -> None:
    """Each server's ports are connected to once; where nobody stands, and afterwards, everything refuses."""
    placed = placed_apart(population)
    listening = [(one.address, one.dimse_port) for one in placed.servers if one.dimse_port and answers(one)]
    closed = [(one.address, 11112) for one in placed.servers if one.presence is Presence.REFUSES]
    nobody = str(placed.network.network_address)
    assert len(listening) == count

    async def work() -> None:
        async with on_street(placed):
            met = await asyncio.gather(*(reaches(*where) for where in listening))
            assert all(met)
            assert not any([await reaches(*where) for where in [*closed, (nobody, 11112)]])

    asyncio.run(work())
    assert not any(asyncio.run(reach_all(listening[:50])))


async def reach_all(places: list[tuple[str, int]]) -> list[bool]:
    return [await reaches(*where) for where in places]


async def reaches(address: str, port: int) -> bool:
    """Whether a connection is taken."""
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    return True


def answers(server: Server) -> bool:
    """Whether it takes connections."""
    return server.presence in (Presence.LISTENS, Presence.OTHER)


def test_who_does_not_answer_is_silent_on_every_usual_port() -> None:
    """No refusal, and no connection, on each port that a check tries."""
    placed = placed_apart("clinic")
    [silent] = [server for server in placed.servers if server.presence is Presence.SILENT]

    async def work() -> None:
        async with on_street(alone(placed, [silent])):
            for port in (104, 11112, 4242, 2761, 2762, 5678, 80, 443, 8042, 8080, 8443):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await asyncio.open_connection(silent.address, port)

    asyncio.run(work())


@pytest.mark.parametrize(
    ("error", "words"),
    [(errno.EADDRNOTAVAIL, "lo0 alias"), (errno.EADDRINUSE, "is taken"), (errno.EACCES, "only root")],
)
def test_what_the_machine_refuses_is_told(error: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses that it has not, ports that are taken, ports that only root may have: and nothing stays bound."""
    placed = placed_apart("clinic")
    began = Listener.start

    async def start(self: Listener, address: str = "127.0.0.1", port: int = 0) -> int:
        if address.endswith(".9"):
            raise OSError(error, "refused")
        return await began(self, address, port)

    monkeypatch.setattr(Listener, "start", start)

    async def work() -> None:
        async with on_street(placed):
            pass

    with pytest.raises(StreetError, match=words):
        asyncio.run(work())
    assert not any(asyncio.run(reach_all([(one.address, 11112) for one in placed.servers])))


def test_a_caller_who_stays_keeps_nobody_from_stopping() -> None:
    """One who has TLS and never answers its closing alert: the loop ends without a connection left over."""
    placed = placed_apart("clinic")
    [secure] = [server for server in placed.servers if server.dimse.tls is Tls.SERVER]
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with street_served(alone(placed, [secure])):
        plain = socket.create_connection((secure.address, secure.dimse_port), timeout=10)
        caller = trusting.wrap_socket(plain)
    with caller, contextlib.suppress(OSError):
        assert caller.recv(1) == b""


def test_a_world_outside_loopback_is_not_served() -> None:
    """The lab opens no door that another machine could reach."""

    async def work() -> None:
        async with on_street(place(load("clinic"), "10.78.0.0/24")):
            pass

    with pytest.raises(StreetError, match=r"only 127\.0\.0\.0/8"):
        asyncio.run(work())


def test_too_few_open_files_are_an_error_and_a_soft_limit_is_none() -> None:
    """The soft limit is raised; the hard one says what is needed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
        allow_open_files(hard)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
        with pytest.raises(TooManyFilesError, match=f"{hard + 1:,} files"):
            allow_open_files(hard + 1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_signpost_says_what_is_there_in_80_columns() -> None:
    """How many, where, how to check them; what loopback cannot show is said."""

    async def told(world: str) -> str:
        async with on_street(placed_apart(world)) as served:
            return lines_of(served, world)

    clinic, dark = asyncio.run(told("clinic")), asyncio.run(told("dark"))
    assert all(len(line) <= 80 for line in (clinic + dark).splitlines())
    assert "9 speak DICOM or the web" in clinic
    assert "leadglass check @targets.txt" in clinic
    assert "this machine" in clinic
    assert "namespace" not in clinic
    assert "942,435 addresses" in dark.replace("\n", " ")
    assert "namespace" in dark


def test_targets_reach_every_port() -> None:
    """A line for each server, and one for a port that no check of an address tries."""
    assert len(targets(placed_apart("clinic"))) == 12
    placed = place(load("decoys-2026"))
    paged = next(server for server in placed.servers if server.same_page_ports)
    assert targets(alone(placed, [paged])) == (paged.address, f"{paged.address}:8000", f"{paged.address}:9200")
