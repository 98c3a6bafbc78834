"""How far the probes go, as one value: the same for every surface of a run, and kept with its results."""

from datetime import date
from enum import StrEnum

from leadglass.model.record import Record
from leadglass.model.words import SurfaceKind


class Switch(StrEnum):
    """A question that a run may leave out, so that what an older version did not see can be told apart."""

    DATE_RANGES = "date-ranges"
    RETRIEVABLE_IMAGES = "retrievable-images"


SWITCHES = {
    Switch.DATE_RANGES: "asking for narrow ranges of study dates: some servers fail where they would answer too much",
    Switch.RETRIEVABLE_IMAGES: "asking for an image each of 12 studies, which tells how many images are retrievable",
}
# What each probe asks and how it judges the answers: the number goes up when a better one may find more.
VERSIONS = {
    "dimse": 1,
    "date-ranges": 1,
    "worklist": 1,
    "retrieval": 1,
    "storing": 1,
    "tls": 1,
    "web": 1,
    "dicomweb": 1,
    "products": 1,
    "counting": 3,
    "kinds": 1,
    "retrievable-images": 1,
}
_WEB_APIS = (
    *(SurfaceKind.DICOMWEB, SurfaceKind.WADO_URI, SurfaceKind.UPS_RS),
    *(SurfaceKind.ORTHANC_REST, SurfaceKind.ORTHANC_WEBDAV, SurfaceKind.DCM4CHEE_REST, SurfaceKind.DICOOGLE_REST),
)
# The surfaces of which a better version of a probe may be the first to get a record; for ranges of dates the surface
# itself tells whether it wants them.
MAY_OPEN: dict[str, frozenset[SurfaceKind]] = {
    "dimse": frozenset((SurfaceKind.DIMSE, SurfaceKind.WORKLIST)),
    "date-ranges": frozenset(),
    "worklist": frozenset((SurfaceKind.WORKLIST,)),
    "retrieval": frozenset(),
    "storing": frozenset(),
    "tls": frozenset(),
    "web": frozenset((SurfaceKind.WEB, SurfaceKind.VIEWER, *_WEB_APIS)),
    "dicomweb": frozenset(_WEB_APIS[:3]),
    "products": frozenset(_WEB_APIS[3:]),
    "counting": frozenset(),
    "kinds": frozenset(),
    "retrievable-images": frozenset(),
}


class Manner(Record):
    """`today` is what recent dates are reckoned from; `touch` asks whether a port speaks and no more.

    `without` are the questions that are left out.
    """

    today: date
    touch: bool = False
    without: tuple[Switch, ...] = ()

    def asks(self, switch: Switch) -> bool:
        """Whether these questions are asked."""
        return switch not in self.without

    def versions(self) -> dict[str, int]:
        """The version of each probe; one that is left out is not there."""
        return {name: version for name, version in VERSIONS.items() if name not in self.without}
