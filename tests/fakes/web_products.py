"""Products' open web services are sets of routes; every record holds canaries, and a test replaces what it wants."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from tests.fakes.dicomweb import ID, NAME, UID, Archive
from tests.fakes.web_server import Answer, Reply, Request, as_json, text

KEY = "cafecafe-00000000-11111111-22222222-33333333"
SYSTEM = {"ApiVersion": 17, "DicomAet": "ORTHANC", "Version": "1.10.1", "Name": "Orthanc"}
COUNTS = {"patients": 4, "studies": 5, "instances": 99}
# The very questions that bring one record and no more: Orthanc gives everything where they are put otherwise.
ONE_STUDY, ONE_INSTANCE = "/studies?since=0&limit=1", "/instances?since=0&limit=1"
ARC = "/dcm4chee-arc/aets"
DAV = "/webdav/"
FOLDERS = ("by-dates", "by-patients", "by-studies", "by-uids", "uploads")
BY_DATES = f"PROPFIND {DAV}by-dates/"
BY_PATIENTS = f"PROPFIND {DAV}by-patients/"


def orthanc() -> dict[str, Answer]:
    """Orthanc's REST API."""
    counts = {f"Count{level.capitalize()}": count for level, count in COUNTS.items()}
    return {
        "/system": as_json(SYSTEM),
        "/statistics": as_json({**counts, "CountSeries": 12}),
        ONE_STUDY: as_json([KEY]),
        ONE_INSTANCE: as_json([KEY]),
        f"/instances/{KEY}/attachments/dicom/size": text("524288"),
    }


def dcm4chee(*titles: str, counts: Mapping[str, int] | None = None) -> dict[str, Answer]:
    """dcm4chee-arc's list of AE titles, among them some that are none, and the first title's counters and DICOMweb."""
    listed: list[object] = [{"dicomAETitle": title} for title in titles]
    listed[1:1] = [{"dicomAETitle": "../x"}, {"dicomAETitle": 5}, {"x": 1}, 7]
    base = f"{ARC}/{quote(titles[0])}/rs"
    told = COUNTS if counts is None else counts
    counters = {f"{base}/{level}/count": as_json({"count": count}) for level, count in told.items()}
    return {ARC: as_json(listed), **counters, **Archive(base=base).routes()}


def hits(count: int) -> Reply:
    """So many of Dicoogle's results."""
    hit = {
        "uri": f"file:///data/{NAME}.dcm",
        "fields": {"PatientName": NAME, "PatientID": ID, "SOPInstanceUID": f"{UID}.7"},
    }
    return as_json({"results": [hit] * count, "elapsedTime": 3, "numResults": count})


def dicoogle(images: int = 40, *, obeys_psize: bool = True) -> dict[str, Answer]:
    """Dicoogle's search: what is asked for by a UID is not there, all else matches everything."""

    def search(request: Request) -> Reply:
        found = 0 if "UID:" in request.query["query"] else images
        return hits(min(found, int(request.query.get("psize", found))) if obeys_psize else found)

    return {"/search": search}


def webdav() -> dict[str, Answer]:
    """Orthanc's folders, by date down to one month with two studies."""
    return {
        f"PROPFIND {DAV}": folder(DAV, FOLDERS),
        BY_DATES: folder(f"{DAV}by-dates/", ("2018", "2019")),
        f"{BY_DATES}2018/": folder(f"{DAV}by-dates/2018/", ("2018-01",)),
        f"{BY_DATES}2018/2018-01/": folder(f"{DAV}by-dates/2018/2018-01/", (f"{ID}0 - {NAME}", f"{ID}1 - {NAME}")),
    }


def folder(path: str, names: Sequence[str] = ()) -> Reply:
    """A folder of WebDAV, and what it holds."""
    return multistatus(path, *(path + quote(name) for name in names))


def multistatus(*places: str) -> Reply:
    """WebDAV's answer with these places, whatever they are."""
    entries = "".join(
        f"<D:response><D:href>{place}</D:href><D:displayname>{place.rpartition('/')[2]}</D:displayname></D:response>"
        for place in places
    )
    body = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{entries}</D:multistatus>'
    return Reply(status=207, body=body.encode(), kind="application/xml")
