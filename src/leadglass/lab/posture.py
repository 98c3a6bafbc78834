"""What a server of the lab lets a stranger do is one value: each service is a door, open or closed in its own way."""

from enum import StrEnum

from leadglass.model.record import Record


class Presence(StrEnum):
    """What a caller meets at a port before anything is said."""

    LISTENS = "listens"
    REFUSES = "refuses"  # nothing listens: the machine answers with a reset
    SILENT = "silent"  # packets are dropped: no answer at all
    OTHER = "other"  # another service listens, with a banner of its own


class Door(StrEnum):
    """How a service meets a stranger."""

    OPEN = "open"
    REFUSED = "refused"  # accepted in negotiation; each request is answered 0124H, not authorized (PS3.7 C.4.2)
    ABORTED = "aborted"  # accepted in negotiation; a request ends the association, as Orthanc does
    ABSENT = "absent"  # the presentation context is not accepted


class Tls(StrEnum):
    """What TLS a port speaks."""

    NONE = "none"
    SERVER = "server"  # with a certificate of its own
    MUTUAL = "mutual"  # and wants one of the caller


class Posture(Record):
    """The doors of one DIMSE port.

    `called_ae_title` is the only one that it lets in (else 1/1/7), `calling_ae_title` the only caller (else 1/1/3);
    None lets in any. `storing` says that storage contexts are accepted; nothing is ever kept. `accepts_made_up` says
    that any SOP class is accepted, one that does not exist too, as some decoys do; what has no door is then answered
    0122H, SOP class not supported.
    """

    called_ae_title: str | None = None
    calling_ae_title: str | None = None
    queries: Door = Door.OPEN
    worklist: Door = Door.ABSENT
    images: Door = Door.OPEN
    storing: bool = False
    tls: Tls = Tls.NONE
    accepts_made_up: bool = False


class WebKind(StrEnum):
    """Which product's web services stand on a port."""

    DICOMWEB = "dicomweb"
    ORTHANC = "orthanc"
    DCM4CHEE = "dcm4chee"
    VIEWER = "viewer"


class WebPosture(Record):
    """One web port: `login` asks for one before anything is shown; `images` says that metadata are served."""

    kind: WebKind
    login: bool = False
    images: bool = True
    tls: Tls = Tls.NONE


OPEN = Posture()
QUERIES_REFUSED = Posture(queries=Door.REFUSED, images=Door.REFUSED)
WORKLIST_ONLY = Posture(queries=Door.ABORTED, worklist=Door.OPEN, images=Door.ABORTED)
