"""Under which paths DICOMweb and WADO-URI are usually found."""

from urllib.parse import quote

# Orthanc's plugin, its older form, and the roots that public DICOMweb clients and scanners try first.
DICOMWEB_ROOTS = (
    "/dicom-web",
    "/dicomweb",
    "/wado-rs",
    "/rs",
    "/qido-rs",
    "/dcm4chee-arc/aets/DCM4CHEE/rs",
    "/pacs/rs",
    "/api/dicomweb",
    "",
)
# Orthanc's plugin and most archives; dcm4chee-arc's default AE title.
WADO_URI_PATHS = ("/wado", "/dcm4chee-arc/aets/DCM4CHEE/wado")


def archive_root(title: str) -> str:
    """The DICOMweb root of one AE title of dcm4chee-arc."""
    return f"/dcm4chee-arc/aets/{quote(title)}/rs"
