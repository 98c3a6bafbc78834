"""A published figure stands beside the way in which a world's own figure is computed, and says where it comes from."""

from enum import StrEnum

from leadglass.model.record import Record


class Mark(StrEnum):
    """What a figure of a world is worth."""

    PUBLISHED = "published"  # as the source gives it
    ROUNDED = "rounded"  # the source gives it rounded, or says "about" or "more than"
    DERIVED = "derived"  # follows from published figures by arithmetic
    ASSUMED = "assumed"  # no source: chosen so that the rest fits


class Measure(StrEnum):
    """What is counted in a world, as its survey met it."""

    EXPANSE = "expanse"
    SERVERS = "servers"
    LISTENING = "listening"
    SPEAKING = "speaking"
    READABLE = "readable"
    RETRIEVABLE = "retrievable"
    COUNTRIES = "countries"
    READABLE_COUNTRIES = "readable-countries"
    PATIENTS = "patients"
    STUDIES = "studies"
    IMAGES = "images"
    RETRIEVABLE_STUDIES = "retrievable-studies"
    RETRIEVABLE_IMAGES = "retrievable-images"
    VIEWERS = "viewers"
    DECOYS = "decoys"
    REAL = "real"
    EXPANSE_PER_LISTENING = "expanse-per-listening"
    SPEAKING_PER_MILLE = "speaking-per-mille"
    CLOSED = "closed"
    OPENED = "opened"
    OPENED_SEEN_ONLY_BY_NEWER = "opened-seen-only-by-newer"
    COUNTRIES_NEW = "countries-new"
    COUNTRIES_GONE = "countries-gone"


_GIVEN = "in the archives that a stranger can list (a worklist alone lists none), decoys left out"
HOW = {
    Measure.EXPANSE: "addresses of the world's network",
    Measure.SERVERS: "addresses at which a server stands, whatever it answers",
    Measure.LISTENING: "servers that take a connection",
    Measure.SPEAKING: "servers that answer in DICOM, decoys too",
    Measure.READABLE: "servers that give a stranger records and are no decoys",
    Measure.RETRIEVABLE: "servers that hand a stranger images and are no decoys",
    Measure.COUNTRIES: "countries with a server that answers in DICOM",
    Measure.READABLE_COUNTRIES: "countries with a server that gives a stranger records",
    Measure.PATIENTS: f"patients {_GIVEN}",
    Measure.STUDIES: f"studies {_GIVEN}",
    Measure.IMAGES: f"images {_GIVEN}",
    Measure.RETRIEVABLE_STUDIES: "studies of the servers that hand a stranger images and are no decoys",
    Measure.RETRIEVABLE_IMAGES: "images of the servers that hand a stranger images and are no decoys",
    Measure.VIEWERS: "servers with a viewer's page that asks for no login",
    Measure.DECOYS: "decoys that answer in DICOM",
    Measure.REAL: "servers that answer in DICOM and are no decoys",
    Measure.EXPANSE_PER_LISTENING: "addresses of the network for each that takes a connection, to the nearest",
    Measure.SPEAKING_PER_MILLE: "of a thousand that take a connection, those that answer in DICOM, to the nearest",
    Measure.CLOSED: "servers that gave records in the world before, and give none now",
    Measure.OPENED: "servers that give records, and gave the survey of the world before none",
    Measure.OPENED_SEEN_ONLY_BY_NEWER: "of those, servers that were open before to a newer probe",
    Measure.COUNTRIES_NEW: "countries with such a server now, and with none in the world before",
    Measure.COUNTRIES_GONE: "countries with none now that had one in the world before",
}


class Figure(Record):
    """One figure of a world's source: `value` was published in steps of `precision`.

    With `more_than` the source says that it is more, and the world lies above `value` by less than `precision`; else
    the world rounds to it. `countries` are those that it is about; empty means all.
    """

    name: str
    value: int
    mark: Mark
    source: str
    measure: Measure
    precision: int = 1
    more_than: bool = False
    countries: tuple[str, ...] = ()

    def agrees(self, found: int) -> bool:
        """Whether `found` is this figure, to the precision at which it was published."""
        if self.more_than:
            return self.value < found < self.value + self.precision
        return 2 * abs(found - self.value) <= self.precision if self.precision > 1 else found == self.value
