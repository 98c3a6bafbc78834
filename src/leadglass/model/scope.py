"""Who allows what: the scope of a run and its budgets, as values."""

from leadglass.model.record import Record
from leadglass.model.words import Permission

ALL_PERMISSIONS = tuple(Permission)


class Scope(Record):
    """What may be touched, by whose authority, and what never (the minimal form of a scope file).

    `targets`, `exclusions` and `opt_out` hold networks in CIDR form or host names, as written. `contact` goes into
    the User-Agent. `called_ae_titles` are titles that the owner gave.
    """

    authority: str
    contact: str
    targets: tuple[str, ...]
    opt_out: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    permits: tuple[Permission, ...] = (Permission.CONNECT,)
    called_ae_titles: tuple[str, ...] = ()


class Budget(Record):
    """The most that one target may be asked for; the defaults exist so that nobody has to think of them.

    `max_records` counts patients' records received; `max_busy_s` seconds that the server works for us;
    `max_bytes` bytes received; `max_connections` TCP connections.
    """

    max_records: int = 50_000
    max_busy_s: float = 120.0
    max_bytes: int = 256 * 1024 * 1024
    max_connections: int = 200


class Timing(Record):
    """How long one wait on a peer may last, in seconds.

    `again_s` are the pauses before a server that is busy for the moment (a transient rejection) is asked again.
    """

    connect_s: float = 5.0
    reply_s: float = 20.0
    again_s: tuple[float, ...] = (0.5, 2.0)
