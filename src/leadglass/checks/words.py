"""What was seen is said here in words made of ports, kinds and numbers: figures, and never a patient's value."""

from leadglass.model.assessment import Surface
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind, SurfaceKind

_KINDS = {
    SurfaceKind.DIMSE: "DIMSE",
    SurfaceKind.WORKLIST: "Modality Worklist",
    SurfaceKind.DICOMWEB: "DICOMweb",
    SurfaceKind.WADO_URI: "WADO-URI",
    SurfaceKind.UPS_RS: "UPS-RS",
    SurfaceKind.ORTHANC_REST: "Orthanc REST API",
    SurfaceKind.ORTHANC_WEBDAV: "Orthanc WebDAV",
    SurfaceKind.DCM4CHEE_REST: "dcm4chee-arc REST API",
    SurfaceKind.DICOOGLE_REST: "Dicoogle REST API",
    SurfaceKind.VIEWER: "Viewer page",
    SurfaceKind.WEB: "Web service",
    SurfaceKind.UNKNOWN: "Unknown service",
}


def where(surface: Surface) -> str:
    """The surface as a reader finds it: `DIMSE over TLS on port 2762`."""
    return f"{_KINDS[surface.kind]}{' over TLS' if surface.tls else ''} on port {surface.port}"


def figure(count: Count, one: str, many: str) -> str:
    """One figure with what it is worth: `at least 500 studies`."""
    worth = {CountKind.EXACT: "", CountKind.ESTIMATE: "about ", CountKind.AT_LEAST: "at least "}[count.kind]
    return f"{worth}{count.count:,} {one if count.count == 1 else many}"


def figures(exposure: Exposure | None) -> str:
    """What a surface gives away, in numbers alone; empty where nothing was counted."""
    if exposure is None:
        return ""
    counts = (
        (exposure.patients, "patient", "patients"),
        (exposure.studies, "study", "studies"),
        (exposure.images, "image", "images"),
        (exposure.retrievable_images, "retrievable image", "retrievable images"),
        (exposure.worklist_items, "worklist item", "worklist items"),
    )
    shown = [figure(count, one, many) for count, one, many in counts if count is not None]
    if exposure.years is not None:
        first, last = exposure.years
        shown.append(f"from {first}" if first == last else f"from {first} to {last}")
    return ", ".join(shown)
