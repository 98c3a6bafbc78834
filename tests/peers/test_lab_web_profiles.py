"""Foreign clients meet every web profile of the lab as its truth says: httpx, and dicomweb-client."""

import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from leadglass.lab.population import Server
from leadglass.lab.posture import Tls, WebKind, WebPosture
from leadglass.lab.surfaces import SurfaceTruth
from leadglass.lab.truth import address_truth
from leadglass.model.words import Retrieval, Rung, SurfaceKind
from tests.lab.profiles import SPEC, WEB_POSTURES, standing, web_profiles
from tests.lab.served import street_served

try:
    import httpx
    import requests
    from dicomweb_client.api import DICOMwebClient
except ImportError:  # they come with the group `dev`
    if os.environ.get("CI") == "true":
        raise
    pytest.skip("httpx or dicomweb-client is missing", allow_module_level=True)

pytestmark = pytest.mark.peers
SERVERS = web_profiles()
_ROOTS = {WebKind.DCM4CHEE: "/dcm4chee-arc/aets/DCM4CHEE/rs"}
_IDS = [" ".join(str(part) for part in (w.kind, w.login, w.images, w.tls)) for w in WEB_POSTURES]


@pytest.fixture(scope="module", autouse=True)
def _street() -> Iterator[None]:
    with street_served(standing(SERVERS)):
        yield


def base(server: Server) -> str:
    """Where its web server is."""
    scheme = "http" if posture(server).tls is Tls.NONE else "https"
    return f"{scheme}://{server.address}:{server.web_port}"


def posture(server: Server) -> WebPosture:
    """The posture, which each of these has."""
    assert server.web is not None
    return server.web


def get(server: Server, path: str, **headers: str) -> "httpx.Response":
    """One answer to a caller without a login, who trusts any certificate."""
    with httpx.Client(verify=False, headers=headers, trust_env=False) as client:  # noqa: S501
        return client.get(base(server) + path)


@pytest.mark.parametrize("server", SERVERS, ids=_IDS)
def test_httpx_meets_the_truth(server: Server) -> None:
    """The product's own paths, with what they tell: counts to whoever may have them, 401 to the others."""
    web = posture(server)
    if web.tls is Tls.MUTUAL:
        with pytest.raises((httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError)):
            get(server, "/")
        return
    rungs = {surface.kind: surface.rung for surface in address_truth(server).surfaces}
    if web.kind is WebKind.VIEWER:
        page = get(server, "/")
        assert page.status_code == 200
        assert "OHIF Viewer" in page.text
        assert ("password" in page.text) is web.login is (rungs[SurfaceKind.VIEWER] is Rung.SPEAKS)
        assert get(server, "/no-such-path").status_code == 404
        return
    if web.login:
        assert all(rung in (Rung.SPEAKS, Rung.OTHER) for rung in rungs.values())
        for path in ("/", "/statistics", f"{_root(web)}/studies", "/no-such-path"):
            answer = get(server, path)
            assert (answer.status_code, "Basic realm=" in answer.headers["WWW-Authenticate"]) == (401, True)
        return
    assert get(server, "/no-such-path").status_code == 404
    assert len(get(server, f"{_root(web)}/studies?limit=5").json()) == 5
    _own_paths(server, web)


def _own_paths(server: Server, web: WebPosture) -> None:
    """What a product has beside DICOMweb."""
    if web.kind is WebKind.ORTHANC:
        told = get(server, "/statistics").json()
        assert (told["CountPatients"], told["CountStudies"], told["CountInstances"]) == (
            SPEC.patients,
            SPEC.studies,
            SPEC.images,
        )
        [key] = get(server, "/instances?since=0&limit=1").json()
        size = get(server, f"/instances/{key}/attachments/dicom/size")
        assert (size.status_code == 200 and size.text.isdigit()) is web.images
    elif web.kind is WebKind.DCM4CHEE:
        assert get(server, "/dcm4chee-arc/aets").json()[0]["dicomAETitle"] == "DCM4CHEE"
        assert get(server, f"{_root(web)}/studies/count").json() == {"count": SPEC.studies}


@pytest.mark.parametrize("server", SERVERS, ids=_IDS)
def test_dicomweb_client_meets_the_truth(server: Server) -> None:
    """All studies, the images of one and their metadata, where the truth says so; an error everywhere else."""
    surfaces = {surface.kind: surface for surface in address_truth(server).surfaces}
    open_web = surfaces.get(SurfaceKind.DICOMWEB)
    with requests.Session() as session:
        client = _client(server, session)
        _meets(client, open_web)


def _meets(client: Any, open_web: SurfaceTruth | None) -> None:
    if open_web is None:
        with pytest.raises(requests.RequestException):
            client.search_for_studies()
        return
    studies = client.search_for_studies()
    assert open_web.counts is not None
    assert len(studies) == open_web.counts.studies
    patients = {study["00100020"]["Value"][0] for study in studies}
    assert len(patients) == open_web.counts.patients
    uid = studies[0]["0020000D"]["Value"][0]
    images = client.search_for_instances(study_instance_uid=uid)
    where = {key: images[0][tag]["Value"][0] for key, tag in _UIDS.items()}
    if open_web.retrieval is Retrieval.PROVED:
        metadata = client.retrieve_instance_metadata(**where)
        assert metadata["00080018"]["Value"] == [where["sop_instance_uid"]]
    else:
        with pytest.raises(requests.HTTPError):
            client.retrieve_instance_metadata(**where)


_UIDS = {"study_instance_uid": "0020000D", "series_instance_uid": "0020000E", "sop_instance_uid": "00080018"}


def _client(server: Server, session: "requests.Session") -> Any:
    session.trust_env = False
    session.verify = False
    warnings.filterwarnings("ignore", message="Unverified HTTPS request")
    client = DICOMwebClient(base(server) + _root(posture(server)), session=session)
    client.set_http_retry_params(retry=False)
    return client


def _root(web: WebPosture) -> str:
    return _ROOTS.get(web.kind, "/dicom-web")
