"""Web services of imaging products as routes of the fake server, with canaries in every record."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fakes.scripted_web import DICOM_JSON, JSON, Answering, Reply, Request

NAME, ID, DOCTOR, TEXT = "Canaryname^Wanda", "CANARYID", "Canarydoctor^Rex", "canary description"
UID = "1.2.826.0.1.77777"
CANARIES = ("Canaryname", "CANARYID", "Canarydoctor", "canary description", "77777", "cafecafe")
REFUSED = Reply(status=401, headers=(("WWW-Authenticate", 'Basic realm="somewhere"'),))
KEY = "cafecafe-00000000-11111111-22222222-33333333"


def listing(value: object, type_: str = DICOM_JSON, status: int = 200) -> Reply:
    """`value` as JSON."""
    return Reply(status=status, body=json.dumps(value).encode(), type=type_)


def element(vr: str, *values: object) -> dict[str, object]:
    """One attribute of the DICOM JSON model."""
    return {"vr": vr, "Value": list(values)}


def study(number: int, *, images: int | None = 3) -> dict[str, object]:
    """A study's record; patients have two studies each."""
    chance = Random(number)
    record: dict[str, object] = {
        "00080020": element("DA", f"{2001 + number % 20}0{1 + number % 9}15"),
        "00080061": element("CS", chance.choice(("CT", "MR", "US")), "SR"),
        "00080090": element("PN", {"Alphabetic": DOCTOR}),
        "00081030": element("LO", TEXT),
        "00100010": element("PN", {"Alphabetic": NAME}),
        "00100020": element("LO", f"{ID}{number // 2}"),
        "0020000D": element("UI", f"{UID}.{number}"),
    }
    if images is not None:
        record["00201208"] = element("IS", images)
    return record


_METADATA = listing([{"00080018": element("UI", f"{UID}.9.9.9"), "00100010": element("PN", NAME)}])
_EMPTY = Reply(body=b"[]", type=DICOM_JSON)


@dataclass
class Qido:
    """A DICOMweb service: what it holds, and how it misbehaves."""

    studies: int = 3
    cap: int = 10**9
    limits: bool = True
    offsets: bool = True
    keys: bool = True
    type: str = DICOM_JSON
    behind: Reply = _EMPTY
    metadata: Reply = _METADATA
    instances: Reply | None = None
    make: Callable[[int], dict[str, object]] = study

    def routes(self, base: str = "/dicom-web") -> dict[str, Answering]:
        """Its routes under a base."""
        first = f"{base}/studies/{UID}.0"
        series, instance = listing([{"0020000E": element("UI", f"{UID}.9")}]), {"00080018": element("UI", f"{UID}.9.9")}
        return {
            f"{base}/studies": self.search,
            f"{first}/series": series,
            f"{first}/series/{UID}.9/instances": self.instances or listing([instance]),
            f"{first}/series/{UID}.9/instances/{UID}.9.9/metadata": self.metadata,
        }

    def search(self, request: Request) -> Reply:
        """QIDO-RS at study level."""
        if request.value("StudyInstanceUID") and self.keys:
            return self.behind
        start = int(request.value("offset") or 0) if self.offsets else 0
        limit = int(request.value("limit") or 10**9) if self.limits else 10**9
        numbers = range(start, min(start + min(limit, self.cap), self.studies))
        return listing([self.make(n) for n in numbers], self.type) if numbers else self.behind


def orthanc(**changed: Answering) -> dict[str, Answering]:
    """Orthanc's REST API, open; `changed` replaces the routes of /system, /statistics, /studies, /instances, /size."""
    routes: dict[str, Answering] = {
        "/system": listing({"ApiVersion": 17, "DicomAet": "ORTHANC", "Version": "1.10.1", "Name": "Orthanc"}, JSON),
        "/statistics": listing({"CountPatients": 2, "CountStudies": 3, "CountInstances": 9}, JSON),
        "/studies": listing([KEY], JSON),
        "/instances": listing([KEY], JSON),
        f"/instances/{KEY}/attachments/dicom/size": Reply(body=b"524288", type="text/plain"),
    }
    size = changed.pop("size", None)
    return routes | {f"/{k}": v for k, v in changed.items()} | ({_SIZE: size} if size else {})


_SIZE = f"/instances/{KEY}/attachments/dicom/size"


def dcm4chee(*titles: str, counts: bool = True) -> dict[str, Answering]:
    """dcm4chee-arc's list of AE titles, its counters, and QIDO-RS under each title."""
    routes: dict[str, Answering] = {"/dcm4chee-arc/aets": listing([{"dicomAETitle": t} for t in titles], JSON)}
    for title in titles:
        base = f"/dcm4chee-arc/aets/{title}/rs"
        routes |= Qido(behind=Reply(status=204, type=None)).routes(base)
        for level, number in (("patients", 2), ("studies", 3), ("instances", 9)) if counts else ():
            routes[f"{base}/{level}/count"] = listing({"count": number}, JSON)
    return routes


def dicoogle(found: int = 1) -> dict[str, Answering]:
    """Dicoogle's search."""
    hit = {"uri": f"file:/data/{NAME}.dcm", "fields": {"PatientName": NAME, "PatientID": ID}}

    def search(request: Request) -> Reply:
        hits = [hit] * found if (request.value("query") or "").startswith("Modality") else []
        return listing({"results": hits, "elapsedTime": 1, "numResults": len(hits)}, JSON)

    return {"/search": search}


def webdav() -> dict[str, Answering]:
    """Orthanc's folders by date, down to one month's studies."""
    root = "/webdav/by-dates/"
    paths = {
        "/webdav/": ["/webdav/by-dates/", "/webdav/by-patients/"],
        root: [f"{root}2021/"],
        f"{root}2021/": [f"{root}2021/2021-05/"],
        f"{root}2021/2021-05/": [f"{root}2021/2021-05/{ID} - {NAME}/", f"{root}2021/2021-05/{ID}2 - {NAME}/"],
    }
    return {f"PROPFIND {path}": _folder(path, inside) for path, inside in paths.items()}


def _folder(path: str, inside: list[str]) -> Reply:
    entries = "".join(f"<D:response><D:href>{p}</D:href></D:response>" for p in (path, *inside))
    return Reply(status=207, body=f"<D:multistatus>{entries}</D:multistatus>".encode(), type="application/xml")


def page(title: str, *, login: bool = False) -> Reply:
    """A page with a title, and with a form for a password."""
    form = "<form><input name=u><input name=p type='password'></form>" if login else ""
    return Reply(body=f"<html><head><title>{title}</title></head><body>{form}</body></html>".encode())
