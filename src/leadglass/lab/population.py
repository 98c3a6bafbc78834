"""One server of a population is one value: whose it is, what it lets a stranger do, and what it holds."""

from leadglass.lab.habits import PLAIN, Habits
from leadglass.lab.posture import Posture, Presence, WebPosture
from leadglass.lab.spec import EMPTY, ArchiveSpec
from leadglass.model.record import Record


class Identity(Record):
    """What a server says that it is (PS3.7 D.3.3.2), as in `knowledge.products`; `product` is the truth."""

    product: str
    class_uid: str
    version_name: str


class Server(Record):
    """One server of a placed population: everything that it is, and so everything that is true about it.

    `address` is one of 127.0.0.0/8 (or of the namespace's). `dimse` and `web` are the ports' postures; a `presence`
    other than `listens` stands for all ports. `decoy` names what kind of decoy it is, None for a real one.
    `seen_only_by_newer` marks a server that was there before and answers only a newer probe.
    """

    address: str
    country: str
    owner: str
    group: str
    identity: Identity
    presence: Presence = Presence.LISTENS
    dimse_port: int | None = 11112
    dimse: Posture = Posture()
    web_port: int | None = None
    web: WebPosture | None = None
    archive: ArchiveSpec = EMPTY
    habits: Habits = PLAIN
    decoy: str | None = None
    seen_only_by_newer: bool = False
