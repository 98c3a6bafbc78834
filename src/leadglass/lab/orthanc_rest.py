"""Orthanc's own REST API is answered as the real one answers it: lists of its keys, counters, and JSON for a mistake.

Asked side by side with Orthanc 1.10.1. What would be a patient's record there is not told here: nobody asks for it.
"""

import hashlib
import re
from http import HTTPStatus

from leadglass.lab.http import Reply, Request, json_reply
from leadglass.lab.posture import WebPosture
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.web_search import Find, Values, number
from leadglass.wire import tags
from leadglass.wire.queries import IMAGE, PATIENT, SERIES, STUDY

MAX_LISTED = 10_000  # a list without a limit is made as a whole, while others wait
_LEVELS = {"patients": PATIENT, "studies": STUDY, "series": SERIES, "instances": IMAGE}
_NAMED_BY = (tags.PATIENT_ID, tags.STUDY_INSTANCE_UID, tags.SERIES_INSTANCE_UID, tags.SOP_INSTANCE_UID)
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{8}){4}")
_IMAGE_BYTES = 526_384
_PAGE = Reply(body=b"<html><head><title>Orthanc Explorer</title></head></html>")
_SYSTEM = {"ApiVersion": 16, "DatabaseVersion": 6, "DicomAet": "ORTHANC", "Name": "Orthanc", "Version": "1.10.1"}


def answer_rest(request: Request, posture: WebPosture, spec: ArchiveSpec, find: Find) -> Reply:
    """The answer to a request that is not DICOMweb's."""
    match request.path.strip("/").split("/"):
        case [""] | ["app", "explorer.html"]:
            return _PAGE
        case ["system" | "statistics"] | ["tools", "metrics-prometheus"]:
            return _counters(request.path.strip("/"), spec)
        case [("patients" | "studies" | "series" | "instances") as level]:
            return _listed(request, _LEVELS[level], find)
        case ["instances", key, "attachments", "dicom", "size"] if _KEY.fullmatch(key) and posture.images:
            return Reply(body=str(_IMAGE_BYTES).encode(), media_type="text/plain")
    return mistake(request, 404)


def mistake(request: Request, status: int) -> Reply:
    """An error, as JSON that no header calls so."""
    told = {
        "HttpError": HTTPStatus(status).phrase,
        "HttpStatus": status,
        "Message": "Nothing is there" if status == 404 else "That cannot be asked",
        "Method": request.method,
        "Uri": request.path,
    }
    return json_reply(told, status=status, media_type="")


def key_of(record: Values) -> str:
    """Orthanc's name of what a record is of: a hash of the identifiers down to its level, in five groups."""
    whole = "|".join(record[tag] for tag in _NAMED_BY if tag in record)
    digest = hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest()
    return "-".join(digest[start : start + 8] for start in range(0, 40, 8))


def _listed(request: Request, level: str, find: Find) -> Reply:
    """Keys of all that there is at a level, or of the part from `since` on; the one alone is a mistake."""
    if ("since" in request.query) != ("limit" in request.query):
        return mistake(request, 400)
    since, limit = number(request.query.get("since")) or 0, number(request.query.get("limit"))
    most = MAX_LISTED if limit is None else min(limit, MAX_LISTED)
    return json_reply([key_of(record) for record in find(level, {}, since, most)])


def _counters(what: str, spec: ArchiveSpec) -> Reply:
    """What it says of itself and of its archive as a whole."""
    if what == "system":
        return json_reply(_SYSTEM)
    if what == "statistics":
        told = {"CountPatients": spec.patients, "CountStudies": spec.studies, "CountInstances": spec.images}
        return json_reply({**told, "TotalDiskSize": str(spec.images * _IMAGE_BYTES)})
    counts = {"patients": spec.patients, "studies": spec.studies, "instances": spec.images}
    lines = "".join(f"orthanc_count_{what} {count}\n" for what, count in counts.items())
    return Reply(body=lines.encode(), media_type="text/plain")
