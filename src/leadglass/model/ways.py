"""By which way a surface gave a record, so that it can be counted there: no patient's value in it."""

from leadglass.model.record import Record


class DimseWay(Record):
    """A C-FIND that gave a record: the model's SOP class, the level, and under which title on which port.

    `date_range` is the StudyDate range that had to be asked for, None where all could be asked for at once.
    `dates_usable` says whether StudyDate was seen to filter.
    """

    port: int
    tls: bool
    called_ae_title: str
    sop_class_uid: str
    level: str
    date_range: str | None = None
    dates_usable: bool = False
