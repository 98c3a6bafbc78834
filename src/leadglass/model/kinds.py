"""Which kinds of personal data a surface shows, as shares of a few records: no value of any of them is here."""

from enum import StrEnum

from leadglass.model.record import Record


class DataKind(StrEnum):
    """One kind of personal data."""

    NAME = "name"
    BIRTH_DATE = "birth-date"
    PATIENT_ID = "patient-id"
    NATIONAL_NUMBER = "national-number"
    ADDRESS = "address"
    TELEPHONE = "telephone"
    REFERRING_PHYSICIAN = "referring-physician"
    PERFORMING_PHYSICIAN = "performing-physician"
    PROCEDURE = "procedure"
    REASON = "reason"
    DIAGNOSIS = "diagnosis"
    INSTITUTION = "institution"


class DocumentKind(StrEnum):
    """One kind of object that holds a page of writing instead of a picture of a body."""

    ENCAPSULATED_PDF = "encapsulated-pdf"
    STRUCTURED_REPORT = "structured-report"
    SECONDARY_CAPTURE = "secondary-capture"


class Presence(StrEnum):
    """Whether something was among the records that were looked at."""

    PRESENT = "present"
    NOT_SEEN = "not-seen"
    NOT_TOLD = "not-told"


class KindShare(Record):
    """How many of the records that were looked at had a kind of data: between `low` and `high` of all there have it."""

    kind: DataKind
    records: int
    share: float
    low: float
    high: float


class Kinds(Record):
    """What a few records showed, drawn from all that were counted.

    `records` were looked at. The truth lies between each share's bounds with `confidence`: 1.0 where these records are
    all there are. `shares` has the kinds that were asked for, one that no record had with a share of 0.
    `national_numbers` maps the shape of a national number (docs/kinds.md) to the records whose patient ID has it.
    """

    records: int
    confidence: float
    shares: tuple[KindShare, ...]
    national_numbers: dict[str, int]
    documents: dict[DocumentKind, Presence]
