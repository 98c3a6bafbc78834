"""A web service is recognised by its title, realm, header or paths: a table of marks, each row with its source."""

from enum import StrEnum

from leadglass.knowledge.products import DCM4CHEE, DICOOGLE, ORTHANC, Grade
from leadglass.model.record import Record


class MarkKind(StrEnum):
    """Where a mark is found."""

    REALM = "realm"
    HEADER = "header"
    PATH = "path"
    BODY = "body"


class WebMark(Record):
    """One mark of one product. A header's value is `name: value`; a body's is a word on the page."""

    product: str
    kind: MarkKind
    value: str
    grade: Grade
    source: str


class ViewerTitle(Record):
    """One page title. `whole` says that the title is nothing else; otherwise it is found within a longer one."""

    title: str
    product: str
    whole: bool
    grade: Grade
    source: str


def _mark(product: str, kind: MarkKind, value: str, grade: Grade, source: str) -> WebMark:
    return WebMark(product=product, kind=kind, value=value, grade=grade, source=source)


_OWN, _LISTED, _GENERAL = Grade.OWN_SOURCE, Grade.LISTED, Grade.GENERAL
_QUERY_LIST = "a public list of search-engine queries for imaging systems"
_NO_SOURCE = "general knowledge"

WEB_MARKS = (
    _mark(ORTHANC, MarkKind.REALM, "Orthanc Secure Area", _OWN, "Orthanc source; measured on 1.10.1"),
    _mark(DCM4CHEE, MarkKind.REALM, "dcm4che", _GENERAL, _NO_SOURCE),
    _mark(ORTHANC, MarkKind.PATH, "/system", _OWN, "Orthanc REST API"),
    _mark(ORTHANC, MarkKind.PATH, "/statistics", _OWN, "Orthanc REST API"),
    _mark(DCM4CHEE, MarkKind.PATH, "/dcm4chee-arc/ui2", _OWN, "dcm4chee-arc source"),
    _mark(DCM4CHEE, MarkKind.PATH, "/dcm4chee-arc/aets", _OWN, "dcm4chee-arc source"),
    _mark("Fujifilm Synapse", MarkKind.PATH, "/SynapseSignOn/sts/login", Grade.SEEN, "a decoy's captured pages"),
    _mark("Viztek Exa", MarkKind.HEADER, "X-Super-Powered-By: VIZTEK EXA", _LISTED, _QUERY_LIST),
    _mark("MedDream", MarkKind.BODY, "Softneta", _LISTED, _QUERY_LIST),
    _mark("Medweb", MarkKind.BODY, "DBA Medweb", _LISTED, _QUERY_LIST),
)


def _title(title: str, product: str, grade: Grade, source: str, whole: bool = False) -> ViewerTitle:
    return ViewerTitle(title=title, product=product, whole=whole, grade=grade, source=source)


# A title that is an ordinary word, or a bare product name that a page about the product carries too, must stand alone.
VIEWER_TITLES = (
    _title("Orthanc Explorer", ORTHANC, _OWN, "Orthanc source"),
    _title("OsiriX", "Horos or OsiriX", _OWN, "Horos source", whole=True),
    _title("OsiriX Web Portal", "Horos or OsiriX", _GENERAL, _NO_SOURCE),
    _title("Horos", "Horos or OsiriX", _GENERAL, _NO_SOURCE, whole=True),
    _title("XERO Viewer", "Agfa XERO", _LISTED, _QUERY_LIST),
    _title("INTELLISPACE", "Philips IntelliSpace", _LISTED, _QUERY_LIST, whole=True),
    _title("Carestream PACS", "Carestream PACS", _LISTED, _QUERY_LIST),
    _title("eRez Imaging", "eRez Imaging", _LISTED, _QUERY_LIST),
    _title("Vitrea intelligence", "Vitrea Intelligence", _LISTED, _QUERY_LIST),
    _title("OHIF Viewer", "OHIF Viewer", _GENERAL, _NO_SOURCE),
    _title("dcm4chee-arc", DCM4CHEE, _GENERAL, _NO_SOURCE),
    _title("dcm4che Archive", DCM4CHEE, _GENERAL, _NO_SOURCE),
    _title("Dicoogle", DICOOGLE, _GENERAL, _NO_SOURCE),
    _title("Oviyam", "Oviyam", _GENERAL, _NO_SOURCE),
    _title("Weasis", "Weasis", _GENERAL, _NO_SOURCE, whole=True),
    _title("MedDream", "MedDream", _GENERAL, _NO_SOURCE),
    _title("Conquest DICOM server", "Conquest", _GENERAL, _NO_SOURCE),
)


def viewer_by_title(title: str) -> str | None:
    """The product whose viewer page carries `title` (case and blanks aside), None where no row knows it."""
    shown = " ".join(title.split()).casefold()
    for row in VIEWER_TITLES:
        known = row.title.casefold()
        if shown == known or (not row.whole and known in shown):
            return row.product
    return None


def product_by_realm(realm: str) -> str | None:
    """The product whose login names this realm (WWW-Authenticate), None where no row knows it."""
    shown = realm.strip().casefold()
    rows = (row for row in WEB_MARKS if row.kind is MarkKind.REALM)
    return next((row.product for row in rows if row.value.casefold() == shown), None)
