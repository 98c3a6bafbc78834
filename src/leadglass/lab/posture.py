"""What a server of the lab lets a stranger do is one value: each service is a door, open or closed in its own way."""

from enum import StrEnum

from leadglass.model.record import Record


class Door(StrEnum):
    """How a service meets a stranger."""

    OPEN = "open"
    REFUSED = "refused"  # accepted in negotiation; each request is answered 0124H, not authorized (PS3.7 C.4.2)
    ABORTED = "aborted"  # accepted in negotiation; a request ends the association, as Orthanc does
    ABSENT = "absent"  # the presentation context is not accepted


class Posture(Record):
    """The doors of one server. `called_ae_title` is the only one that it lets in, None for any."""

    called_ae_title: str | None = None
    queries: Door = Door.OPEN
    worklist: Door = Door.ABSENT
    images: Door = Door.OPEN


OPEN = Posture()
QUERIES_REFUSED = Posture(queries=Door.REFUSED, images=Door.REFUSED)
WORKLIST_ONLY = Posture(queries=Door.ABORTED, worklist=Door.OPEN, images=Door.ABORTED)
