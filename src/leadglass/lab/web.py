"""A web port of the lab answers as one product does: its paths, its marks and its logins are the real ones."""

from itertools import chain

from leadglass.lab.http import NOT_FOUND, Reply, Request, json_list, json_reply
from leadglass.lab.orthanc_rest import answer_rest, mistake
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from leadglass.lab.web_search import Find, level_of, metadata, search

_DICOM_JSON = "application/dicom+json"
_REALMS = {WebKind.ORTHANC: "Orthanc Secure Area", WebKind.DCM4CHEE: "dcm4che", WebKind.DICOMWEB: "PACS"}
_BASES = {
    WebKind.DICOMWEB: "/dicom-web",
    WebKind.ORTHANC: "/dicom-web",
    WebKind.DCM4CHEE: "/dcm4chee-arc/aets/DCM4CHEE/rs",
}


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
        if kind is WebKind.ORTHANC and request.method == "HEAD":
            return mistake(request, 404)  # it knows no HEAD, whatever is there
        base = _BASES[kind]
        if request.path.startswith(f"{base}/"):
            found = self._dicomweb(request, request.path[len(base) + 1 :].strip("/").split("/"))
            if found is not None:
                return found
        if kind is WebKind.ORTHANC:
            return answer_rest(request, posture, self._spec, self._find)
        return self._dcm4chee(request) if kind is WebKind.DCM4CHEE else NOT_FOUND

    def _page(self, request: Request) -> Reply:
        if request.path != "/":
            return NOT_FOUND
        field = b'<form><input name="u"><input type="password" name="p"></form>' if self._posture.login else b""
        return Reply(body=b"<html><head><title>OHIF Viewer</title></head><body>" + field + b"</body></html>")

    def _dcm4chee(self, request: Request) -> Reply:
        spec = self._spec
        if request.path == "/dcm4chee-arc/aets":
            return json_reply([{"dicomAETitle": "DCM4CHEE", "dicomDescription": "Archive"}])
        counts = {"patients": spec.patients, "studies": spec.studies, "instances": spec.images}
        for level, count in counts.items():
            if request.path == f"{_BASES[WebKind.DCM4CHEE]}/{level}/count":
                return json_reply({"count": count})
        return NOT_FOUND

    def _dicomweb(self, request: Request, parts: list[str]) -> Reply | None:
        """QIDO-RS (PS3.18 10.6) and the metadata of WADO-RS (10.4.1.1.2), None for any other path."""
        orthanc = self._posture.kind is WebKind.ORTHANC
        if parts[0] == "studies" and parts[-1] == "metadata":
            return self._metadata(request, parts[1:-1:2])
        if parts == ["studies", "count"] and not orthanc:
            return json_reply({"count": self._spec.studies})
        level = level_of(parts, relational=orthanc)
        if level is None:
            return None
        found = search(request, parts, level, self._find)
        if "limit" in request.query:
            listed = list(found)
        else:
            first = next(found, None)  # whoever asks for everything gets it as it is made
            if first is not None:
                return json_list(chain((first,), found), media_type=_DICOM_JSON)
            listed = []
        # The standard's word for nothing is 204 (PS3.18 10.6.3.1); Orthanc says it with a list that is empty.
        return json_reply(listed, media_type=_DICOM_JSON) if listed or orthanc else Reply(status=204)

    def _metadata(self, request: Request, uids: list[str]) -> Reply:
        if not self._posture.images:
            return Reply(status=403)
        found = metadata(uids, self._find)
        if found:
            return json_reply(found, media_type=_DICOM_JSON)
        return mistake(request, 404) if self._posture.kind is WebKind.ORTHANC else NOT_FOUND
