"""A population is groups of servers, and one server is one value: whose it is, what it lets in, and what it holds."""

from datetime import date

from leadglass.lab.figures import Figure
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
    `seen_only_by_newer` marks a server that was there before and answers only a newer probe. `same_page_ports` are
    further ports on which it shows one page, the same on each.
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
    same_page_ports: tuple[int, ...] = ()


class Holdings(Record):
    """What the servers of a group hold together; `shared` says that each holds all of it, and the same.

    `undated` and `migrated` are studies, as in `ArchiveSpec`.
    """

    studies: int = 0
    patients: int = 0
    images: int = 0
    undated: int = 0
    migrated: int = 0
    last_day: date = date(2026, 11, 1)
    years: int = 12
    shared: bool = False


class Group(Record):
    """Servers of one kind. `countries`, `owners` and `identities` are weights; an owner is a kind of owner.

    `web_servers` is how many of them have the web port, None for all.
    """

    name: str
    servers: int
    countries: dict[str, int]
    owners: dict[str, int]
    identities: dict[Identity, int]
    presence: Presence = Presence.LISTENS
    dimse_port: int | None = 11112
    dimse: Posture = Posture()
    web_port: int | None = None
    web: WebPosture | None = None
    web_servers: int | None = None
    holdings: Holdings = Holdings()
    habits: Habits = PLAIN
    decoy: str | None = None
    seen_only_by_newer: bool = False
    same_page_ports: tuple[int, ...] = ()


class Population(Record):
    """A world as its file says it, before it has addresses.

    `scattered` says that servers lie all over `network` instead of side by side. An address without a server refuses,
    except for a share of `silent_per_mille` that does not answer. `newer_probe` says that the survey of this world was
    made with the probe that sees the servers marked `seen_only_by_newer`. `before` is the world that this one was.
    """

    name: str
    title: str
    seed: int
    network: str
    groups: tuple[Group, ...]
    figures: tuple[Figure, ...] = ()
    scattered: bool = True
    silent_per_mille: int = 0
    newer_probe: bool = True
    before: "Population | None" = None
