"""Every profile of a server of the lab: a product's identity with each kind of posture, at an address of its own."""

from ipaddress import IPv4Network
from itertools import product

import msgspec

from leadglass.lab.identities import IDENTITIES
from leadglass.lab.placing import Placed
from leadglass.lab.population import Server
from leadglass.lab.posture import Door, Posture, Tls, WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from tests.lab.checked import placed_apart

SPEC = ArchiveSpec(seed=12, studies=23, patients=11, images=120)
POSTURES = {
    "open": Posture(storing=True),
    "listing": Posture(images=Door.REFUSED),
    "listing, aborts retrievals": Posture(images=Door.ABORTED),
    "listing, offers no retrieval": Posture(images=Door.ABSENT),
    "wants its title": Posture(called_ae_title="ITSOWN"),
    "knows its callers": Posture(calling_ae_title="CTROOM1"),
    "aborts queries": Posture(queries=Door.ABORTED, images=Door.ABORTED),
    "refuses queries": Posture(queries=Door.REFUSED, images=Door.REFUSED),
    "offers no queries": Posture(queries=Door.ABSENT, images=Door.ABSENT),
    "worklist open, queries aborted": Posture(queries=Door.ABORTED, worklist=Door.OPEN, images=Door.ABORTED),
    "worklist refused": Posture(worklist=Door.REFUSED),
    "accepts what is made up": Posture(accepts_made_up=True),
    "TLS": Posture(tls=Tls.SERVER),
    "TLS with a client certificate": Posture(tls=Tls.MUTUAL),
}
WEB_POSTURES = [
    WebPosture(kind=kind, login=login, images=images, tls=tls)
    for kind, login, images, tls in product(WebKind, (False, True), (True, False), Tls)
]


def dimse_profiles() -> tuple[Server, ...]:
    """A server for each identity with each posture; its group names both."""
    pairs = product(IDENTITIES.items(), POSTURES.items())
    return tuple(
        _server(number, f"{name}: {words}", identity=identity, dimse=posture)
        for number, ((name, identity), (words, posture)) in enumerate(pairs)
    )


def web_profiles() -> tuple[Server, ...]:
    """A server for each web posture."""
    return tuple(
        _server(number, f"{web.kind.value}-{number}", dimse_port=None, web_port=8080, web=web)
        for number, web in enumerate(WEB_POSTURES)
    )


def standing(servers: tuple[Server, ...]) -> Placed:
    """The servers in a network that nobody else serves."""
    placed = placed_apart("decoys-2026")
    return msgspec.structs.replace(placed, servers=servers, by_address={server.address: server for server in servers})


def _server(number: int, group: str, **more: object) -> Server:
    network: IPv4Network = placed_apart("clinic").network
    address = str(network.network_address + 256 + number)
    plain = Server(
        address=address,
        country="DE",
        owner="Practice",
        group=group,
        identity=IDENTITIES["orthanc"],
        archive=SPEC,
    )
    return msgspec.structs.replace(plain, **more)
