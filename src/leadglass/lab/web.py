"""A web port of the lab answers as one product does: its paths, its marks and its logins are the real ones."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

import msgspec

from leadglass.lab.http import NOT_FOUND, Reply, Request
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, SERIES, STUDY
from leadglass.wire.tags import vr_of

Values = Mapping[int, str]
Find = Callable[[str, Mapping[int, str]], Iterable[Values]]
"""The records of a level that match the values."""

JSON, DICOM_JSON = "application/json", "application/dicom+json"
_REALMS = {WebKind.ORTHANC: "Orthanc Secure Area", WebKind.DCM4CHEE: "dcm4che", WebKind.DICOMWEB: "PACS"}
_BASES = {
    WebKind.DICOMWEB: "/dicom-web",
    WebKind.ORTHANC: "/dicom-web",
    WebKind.DCM4CHEE: "/dcm4chee-arc/aets/DCM4CHEE/rs",
}
_KEYS = {
    "StudyInstanceUID": tags.STUDY_INSTANCE_UID,
    "PatientID": tags.PATIENT_ID,
    "StudyDate": tags.STUDY_DATE,
    "ModalitiesInStudy": tags.MODALITIES_IN_STUDY,
}
# PS3.18 Table 10.6.1-1, as far as a search begins with studies.
_LEVEL_OF = {
    ("studies",): STUDY,
    ("studies", "series"): SERIES,
    ("studies", "instances"): IMAGE,
    ("studies", "series", "instances"): IMAGE,
}
_UIDS = (tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID, tags.SOP_INSTANCE_UID)


class WebSite:
    """One port: a posture, the totals of its archive, and a way to its records."""

    def __init__(self, posture: WebPosture, spec: ArchiveSpec, find: Find) -> None:
        """`find` is asked only where the posture shows records."""
        self._posture = posture
        self._spec = spec
        self._find = find

    def answer(self, request: Request) -> Reply:
        """The answer to one request."""
        posture, kind = self._posture, self._posture.kind
        if posture.login and kind is not WebKind.VIEWER:
            return Reply(status=401, headers=(("WWW-Authenticate", f'Basic realm="{_REALMS[kind]}"'),))
        if kind is WebKind.VIEWER:
            return self._page(request)
        base = _BASES[kind]
        if request.path.startswith(f"{base}/studies"):
            return self._dicomweb(request, request.path[len(base) + 1 :].strip("/").split("/"))
        if kind is WebKind.ORTHANC:
            return self._orthanc(request)
        return self._dcm4chee(request) if kind is WebKind.DCM4CHEE else NOT_FOUND

    def _page(self, request: Request) -> Reply:
        if request.path != "/":
            return NOT_FOUND
        field = b'<form><input name="u"><input type="password" name="p"></form>' if self._posture.login else b""
        return Reply(body=b"<html><head><title>OHIF Viewer</title></head><body>" + field + b"</body></html>")

    def _orthanc(self, request: Request) -> Reply:
        spec = self._spec
        match request.path.strip("/").split("/"):
            case [""]:
                return Reply(body=b"<html><head><title>Orthanc Explorer</title></head></html>")
            case ["system"]:
                return _json({"ApiVersion": 17, "DicomAet": "ORTHANC", "Name": "Orthanc", "Version": "1.10.1"})
            case ["statistics"]:
                counts = {"CountPatients": spec.patients, "CountStudies": spec.studies, "CountInstances": spec.images}
                return _json(counts)
            case ["studies" | "instances" as level]:
                first = islice(self._find(STUDY if level == "studies" else IMAGE, {}), 1)
                return _json([_orthanc_key(record) for record in first])
            case ["instances", _, "attachments", "dicom", "size"]:
                return Reply(body=b"526384", media_type="text/plain") if self._posture.images else NOT_FOUND
        return NOT_FOUND

    def _dcm4chee(self, request: Request) -> Reply:
        spec = self._spec
        if request.path == "/dcm4chee-arc/aets":
            return _json([{"dicomAETitle": "DCM4CHEE", "dicomDescription": "Archive"}])
        counts = {"patients": spec.patients, "studies": spec.studies, "instances": spec.images}
        for level, count in counts.items():
            if request.path == f"{_BASES[WebKind.DCM4CHEE]}/{level}/count":
                return _json({"count": count})
        return NOT_FOUND

    def _dicomweb(self, request: Request, parts: list[str]) -> Reply:
        """QIDO-RS (PS3.18 10.6) and the metadata of WADO-RS (10.4.1.1.2); `parts` begins with `studies`."""
        if parts[-1] == "metadata":
            return self._metadata(parts[1:-1:2])
        if parts == ["studies", "count"]:
            return _json({"count": self._spec.studies})
        level = _LEVEL_OF.get(tuple(parts[::2])) if len(parts) % 2 else None
        if level is None:
            return NOT_FOUND
        wanted = dict(zip(_UIDS, parts[1::2], strict=False))
        wanted |= {_KEYS[name]: value for name, value in request.query.items() if name in _KEYS and value}
        start, limit = (_number(request.query.get(name)) for name in ("offset", "limit"))
        start = start or 0
        found = islice(self._find(level, wanted), start, None if limit is None else start + limit)
        listed = [dicom_json(record) for record in found]
        return _json(listed, DICOM_JSON) if listed else Reply(status=204)

    def _metadata(self, uids: list[str]) -> Reply:
        if not self._posture.images:
            return Reply(status=403)
        found = [dicom_json(r) for r in self._find(IMAGE, dict(zip(_UIDS, uids, strict=False)))]
        return _json(found, DICOM_JSON) if found else NOT_FOUND


def dicom_json(record: Values) -> dict[str, object]:
    """A record in the DICOM JSON model (PS3.18 F.2)."""
    shown: dict[str, object] = {}
    for tag, value in sorted(record.items()):
        kind, values = vr_of(tag), [value] if value else []
        if tag == tags.QUERY_RETRIEVE_LEVEL or kind == "SQ":
            continue
        if kind == "PN":
            shown[f"{tag:08X}"] = {"vr": kind, "Value": [{"Alphabetic": one} for one in values]}
        elif kind == "IS":
            shown[f"{tag:08X}"] = {"vr": kind, "Value": [int(one) for one in values]}
        else:
            shown[f"{tag:08X}"] = {"vr": kind, "Value": value.split("\\") if value else []}
    return {tag: entry if entry["Value"] else {"vr": entry["vr"]} for tag, entry in shown.items()}  # type: ignore[index]


def _json(value: object, media_type: str = JSON) -> Reply:
    return Reply(body=msgspec.json.encode(value), media_type=media_type)


def _orthanc_key(record: Values) -> str:
    """Orthanc's name of an object: a hash in five groups."""
    uid = record.get(tags.SOP_INSTANCE_UID) or record[tags.STUDY_INSTANCE_UID]
    digest = hashlib.sha1(uid.encode(), usedforsecurity=False).hexdigest()
    return "-".join(digest[start : start + 8] for start in range(0, 40, 8))


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdigit() and len(value) < 10 else None
