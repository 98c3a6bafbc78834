"""Where DICOM services usually stand on a web server, and whose login says what, each row with its source."""

from leadglass.model.record import Record
from leadglass.model.words import SurfaceKind


class WebRoot(Record):
    """A path that DICOMweb (PS3.18 10) is usually found under."""

    path: str
    source: str


class Realm(Record):
    """The realm of a login (RFC 9110 11.5) that only one product sends."""

    realm: str
    product: str
    kind: SurfaceKind
    source: str


DICOMWEB_ROOTS = (
    WebRoot(path="/dicom-web", source="Orthanc's DICOMweb plugin, option Root, its default"),
    WebRoot(path="/dicomweb", source="Google's and Azure's DICOM services, static-dicomweb, OHIF's examples"),
    WebRoot(path="/wado-rs", source="the name that PS3.18 gave to the service up to 2018; servers keep it as a root"),
    WebRoot(path="/rs", source="dcm4chee-arc behind a proxy that hides its prefix"),
    WebRoot(path="/qido-rs", source="the name that PS3.18 gave to the service up to 2018; servers keep it as a root"),
    WebRoot(path="/pacs/rs", source="roots that nmap's dicom-web-enum tries (facts/peers.md 1.2)"),
    WebRoot(path="/api/dicomweb", source="roots that nmap's dicom-web-enum tries (facts/peers.md 1.2)"),
)
DCM4CHEE_PREFIX = "/dcm4chee-arc"  # dcm4chee-arc's web application, its README
DCM4CHEE_TITLE = "DCM4CHEE"  # the AE title that dcm4chee-arc's own LDAP files begin with
WADO_URI_PATHS = ("/wado",)  # PS3.18 9 leaves the path open; Orthanc's option WadoRoot and dcm4chee 2 use this one
ORTHANC_BASES = ("", "/orthanc")  # the second is the path in the Orthanc Book's pages on reverse proxies

REALMS = (
    Realm(
        realm="Orthanc Secure Area",
        product="Orthanc",
        kind=SurfaceKind.ORTHANC_REST,
        source="Orthanc 1.10.1, measured (facts/scp-behaviour.md)",
    ),
    Realm(
        realm="dcm4che",
        product="dcm4chee-arc",
        kind=SurfaceKind.DCM4CHEE_REST,
        source="the Keycloak realm that dcm4chee-arc's documentation on securing it sets up",
    ),
)


def product_by_realm(realm: str | None) -> Realm | None:
    """The product whose login sends this realm, compared to the letter."""
    return next((row for row in REALMS if row.realm == realm), None)
