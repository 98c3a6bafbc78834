"""Where DICOM services usually stand on a web server, each row with its source."""

from leadglass.model.record import Record


class WebRoot(Record):
    """A path that DICOMweb (PS3.18 10) is usually found under."""

    path: str
    source: str


DICOMWEB_ROOTS = (
    WebRoot(path="/dicom-web", source="Orthanc's DICOMweb plugin, option Root, its default"),
    WebRoot(path="/orthanc/dicom-web", source="the same behind the proxy path of the Orthanc Book's examples"),
    WebRoot(path="/dicomweb", source="Google's and Azure's DICOM services, static-dicomweb, OHIF's examples"),
    WebRoot(path="/wado-rs", source="the name that PS3.18 gave to the service up to 2018; servers keep it as a root"),
    WebRoot(path="/rs", source="dcm4chee-arc behind a proxy that hides its prefix"),
    WebRoot(path="/qido-rs", source="the name that PS3.18 gave to the service up to 2018; servers keep it as a root"),
    WebRoot(path="/pacs/rs", source="roots that nmap's dicom-web-enum tries"),
    WebRoot(path="/api/dicomweb", source="roots that nmap's dicom-web-enum tries"),
)
DCM4CHEE_PREFIX = "/dcm4chee-arc"  # dcm4chee-arc's web application, its README
DCM4CHEE_TITLE = "DCM4CHEE"  # the AE title that dcm4chee-arc's own LDAP files begin with
WADO_URI_PATHS = ("/wado",)  # PS3.18 9 leaves the path open; Orthanc's option WadoRoot and dcm4chee 2 use this one
ORTHANC_BASES = ("", "/orthanc")  # the second is the path in the Orthanc Book's pages on reverse proxies
