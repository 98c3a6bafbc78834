"""The project's words: every status, rung and outcome, each with a permanent name.

The members of each enumeration are documented in `docs/statuses.md`; a test holds the two together.
"""

from enum import StrEnum


class Rung(StrEnum):
    """How far a stranger got on a surface, lowest first, as proved by an answer."""

    SILENT = "silent"
    OTHER = "other"
    SPEAKS = "speaks"
    ADMITS = "admits"
    READABLE = "readable"
    RETRIEVABLE = "retrievable"

    @property
    def height(self) -> int:
        """Position on the ladder, 0 (`silent`) to 5 (`retrievable`)."""
        return _LADDER.index(self)

    def at_least(self, other: "Rung") -> bool:
        """Whether this rung is `other` or above it."""
        return self.height >= other.height


_LADDER = tuple(Rung)


class Status(StrEnum):
    """How the questions to a surface (or a target) ended."""

    SUCCESS = "success"
    UNREADABLE_TARGET = "unreadable-target"
    NAME_NOT_RESOLVED = "name-not-resolved"
    OUT_OF_SCOPE = "out-of-scope"
    UNREACHABLE = "unreachable"
    CONNECTION_REFUSED = "connection-refused"
    CONNECTION_TIMEOUT = "connection-timeout"
    CONNECTION_RESET = "connection-reset"
    CONNECTION_CLOSED = "connection-closed"
    IO_TIMEOUT = "io-timeout"
    TLS_ERROR = "tls-error"
    PROTOCOL_ERROR = "protocol-error"
    NOT_ANSWERED = "not-answered"
    REJECTED = "rejected"
    ABORTED = "aborted"
    BUDGET_SPENT = "budget-spent"
    INTERNAL_ERROR = "internal-error"
    INTERRUPTED = "interrupted"


class Step(StrEnum):
    """Which step of a conversation a status belongs to."""

    SCOPE = "scope"
    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    ASSOCIATE = "associate"
    ECHO = "echo"
    QUERY = "query"
    RETRIEVE = "retrieve"
    RELEASE = "release"
    REQUEST = "request"


class SurfaceKind(StrEnum):
    """One way in at a target."""

    DIMSE = "dimse"
    WORKLIST = "worklist"
    DICOMWEB = "dicomweb"
    WADO_URI = "wado-uri"
    UPS_RS = "ups-rs"
    ORTHANC_REST = "orthanc-rest"
    ORTHANC_WEBDAV = "orthanc-webdav"
    DCM4CHEE_REST = "dcm4chee-rest"
    DICOOGLE_REST = "dicoogle-rest"
    VIEWER = "viewer"
    WEB = "web"
    UNKNOWN = "unknown"


class Retrieval(StrEnum):
    """What is known about being handed the images of a surface."""

    PROVED = "proved"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"
    NOT_ASKED = "not-asked"


class NoRecord(StrEnum):
    """Why a surface that admits a stranger gave no record."""

    REFUSED = "refused"
    NOTHING_FOUND = "nothing-found"
    NOT_ASKED = "not-asked"
    UNDECIDED = "undecided"


class CountKind(StrEnum):
    """What a figure is worth."""

    EXACT = "exact"
    ESTIMATE = "estimate"
    AT_LEAST = "at-least"


class Threshold(StrEnum):
    """Whether 500 or more patient identifiers are shown (45 CFR 164.408)."""

    AT_OR_ABOVE = "at-or-above"
    BELOW = "below"
    UNDECIDED = "undecided"


class Permission(StrEnum):
    """What an authority allows, beginning with the least."""

    CONNECT = "connect"
    READ_RECORD = "read-record"
    REQUEST_IMAGES = "request-images"
    SAMPLE_KINDS = "sample-kinds"


class Depth(StrEnum):
    """How far a survey goes at each target, beginning with the least."""

    TOUCH = "touch"
    ASK = "ask"
    MEASURE = "measure"


class Vantage(StrEnum):
    """From where the target was reached: a verdict holds from there and no further."""

    LOOPBACK = "loopback"
    PRIVATE = "private-network"
    PUBLIC = "internet"


class Outcome(StrEnum):
    """The outcome of one check on one target."""

    VULNERABLE = "vulnerable"
    OK = "ok"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How bad a vulnerable outcome is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for `critical` to 4 for `info`."""
        return _SEVERITIES.index(self)


_SEVERITIES = tuple(Severity)
