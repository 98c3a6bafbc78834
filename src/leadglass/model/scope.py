"""Who allows what: the scope of a run and its budgets, as values."""

from leadglass.model.pace import Hours, Pace
from leadglass.model.record import Record
from leadglass.model.words import Depth, Permission

ALL_PERMISSIONS = tuple(Permission)


Labels = tuple[tuple[str, str], ...]
"""What the user calls a target, such as its country and owner: keys and values, sorted by key."""

DEFAULT_RECORDS = 50_000
DEFAULT_DIMSE_PORTS = (104, 11112)  # the two that IANA lists for DICOM in clear


class TargetEntry(Record, gc=False):
    """One entry among the targets, as the gate compares it, with its labels.

    `text` is a network in CIDR form, a range of addresses ("192.0.2.1-192.0.2.9"), one address, or a name. There may
    be a million of them: they hold texts alone, so the collector of cycles need not walk them.
    """

    text: str
    labels: Labels = ()


class Titled(Record):
    """An entry among the targets, as `TargetEntry` has it, for which its owner gave AE titles."""

    text: str
    called_ae_titles: tuple[str, ...]


class ScopeFile(Record):
    """A file that a scope file names under `key`, as it was when it was read: `entries` are its lines that say one."""

    key: str
    name: str
    sha256: str
    entries: int


class Scope(Record):
    """What may be touched, by whose authority, and what never.

    `targets`, `exclusions` and `opt_out` hold addresses, networks in CIDR form and host names: what the gate compares.
    `entries` are the targets as they were written, with their labels: a range there stands in `targets` as the
    networks that make it up. `contact` goes into the User-Agent. `called_ae_titles` are titles that the owner gave,
    `titled` the targets that have titles of their own, which are tried there alone.
    `files` are those that it names.
    From `purpose` on, the fields are a survey's: an assessment of single targets does not look at them.
    """

    authority: str
    contact: str
    targets: tuple[str, ...]
    opt_out: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    permits: tuple[Permission, ...] = (Permission.CONNECT,)
    called_ae_titles: tuple[str, ...] = ()
    titled: tuple[Titled, ...] = ()
    files: tuple[ScopeFile, ...] = ()
    purpose: str = ""
    approval: str = ""
    entries: tuple[TargetEntry, ...] = ()
    dimse_ports: tuple[int, ...] = DEFAULT_DIMSE_PORTS
    web_ports: tuple[int, ...] = ()
    depth: Depth = Depth.ASK
    pace: Pace = Pace()
    hours: Hours | None = None


class Budget(Record):
    """The most that one target may be asked for; the defaults exist so that nobody has to think of them.

    `max_records` counts patients' records received; `max_busy_s` seconds that the server works for us;
    `max_bytes` bytes received; `max_connections` TCP connections.
    """

    max_records: int = DEFAULT_RECORDS
    max_busy_s: float = 120.0
    max_bytes: int = 256 * 1024 * 1024
    max_connections: int = 200

    @property
    def reads_all(self) -> bool:
        """Whether more records than by default may come: whoever raises that wants them read, where few would do."""
        return self.max_records > DEFAULT_RECORDS


class Timing(Record):
    """How long one wait on a peer may last, in seconds.

    `again_s` are the pauses before a server that is busy for the moment (a transient rejection) is asked again.
    """

    connect_s: float = 5.0
    reply_s: float = 20.0
    again_s: tuple[float, ...] = (0.5, 2.0)


PATIENT = Timing(reply_s=300.0)  # some servers put all of an answer together before its first word
WITHOUT_END = Budget(max_records=1 << 40, max_busy_s=30 * 86_400.0, max_bytes=1 << 50, max_connections=10_000)
"""What `--exact` means: everything is counted, whatever it takes."""
