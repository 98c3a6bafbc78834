"""By which way a surface gave a record, so that it can be counted there: no patient's value in it."""

from leadglass.model.record import Record


class DimseWay(Record):
    """A C-FIND that gave a record: the model's SOP class, the level, and under which title on which port.

    `date_range` is the StudyDate range that had to be asked for, None where all could be asked for at once.
    `dates_usable` says whether StudyDate was seen to filter. `other_titles` were let in too, and
    may open other archives. `handed_level` is the level at which a C-GET proved that images are handed over, None where
    none did.
    """

    port: int
    tls: bool
    called_ae_title: str
    sop_class_uid: str
    level: str
    date_range: str | None = None
    dates_usable: bool = False
    other_titles: tuple[str, ...] = ()
    handed_level: str | None = None


class DicomwebWay(Record):
    """QIDO-RS under a base path (PS3.18 10.6) that gave a record. `secure` is https.

    `accept` is the media type that it serves, `slash` what it wants at a path's end, `matching` the key that it wants
    with every query, with the value that fits all, as in a query; "" where it wants none.
    """

    port: int
    secure: bool
    base: str
    accept: str = "application/dicom+json"
    slash: str = ""
    matching: str = ""

    def __repr__(self) -> str:
        """Without the base: a server that leads there chose it, and may have put anything there."""
        return f"DicomwebWay(port={self.port})"


class CounterWay(Record):
    """A product's own counters, which say how much there is without a record being read.

    `product` is `orthanc` (GET /statistics) or `dcm4chee-arc` (GET .../count under `base`). `others` are AE titles
    whose counters tell another number: they count other archives, or other parts of one.
    """

    port: int
    secure: bool
    product: str
    base: str
    others: tuple[str, ...] = ()


Way = DimseWay | DicomwebWay | CounterWay
