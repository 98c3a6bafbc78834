"""The lab's Orthanc answers over the web as the real one does: the same paths, the same answers in kind."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest

from leadglass.lab.identities import IDENTITIES
from leadglass.lab.population import Server
from leadglass.lab.posture import WebKind, WebPosture
from leadglass.lab.spec import ArchiveSpec
from tests.lab.profiles import standing
from tests.lab.served import street_served
from tests.peers import archive
from tests.peers.orthanc import DICOMWEB, LOGIN, OPEN, Orthanc

pytestmark = pytest.mark.peers
_HELD = ArchiveSpec(seed=1, studies=archive.STUDIES, patients=archive.PATIENTS, images=archive.IMAGES)
_COUNTS = {"00080061", "00201200", "00201202", "00201204", "00201206", "00201208", "00201209"}
_WEB = "/dicom-web"
# {study}, {series}, {image}, {patient} are of the server's own first study, {key} of its first image.
PATHS = (
    "/",
    "/app/explorer.html",
    "/system",
    "/statistics",
    "/tools/metrics-prometheus",
    *(f"/{level}{part}" for level in ("patients", "studies", "series", "instances") for part in ("", "?limit=1")),
    "/studies?since=0&limit=1",
    "/studies?since=2&limit=5",
    "/instances?since=0&limit=1",
    "/instances?since=99&limit=1",
    "/instances/{key}/attachments/dicom/size",
    "/instances/nonsense/attachments/dicom/size",
    "/nonsense",
    f"{_WEB}/studies",
    f"{_WEB}/studies?limit=1",
    f"{_WEB}/studies?offset=2&limit=2",
    f"{_WEB}/studies?offset=99&limit=1",
    f"{_WEB}/studies?PatientID={{patient}}",
    f"{_WEB}/studies?00100020={{patient}}",
    f"{_WEB}/studies?PatientID=nobody",
    f"{_WEB}/studies?00100020=nobody",
    f"{_WEB}/studies?StudyDate=18000101",
    f"{_WEB}/studies/count",
    f"{_WEB}/studies/{{study}}/series",
    f"{_WEB}/studies/{{study}}/instances",
    f"{_WEB}/studies/{{study}}/series/{{series}}/instances",
    f"{_WEB}/studies/2.25.1/series",
    f"{_WEB}/studies/{{study}}/metadata",
    f"{_WEB}/studies/{{study}}/series/{{series}}/instances/{{image}}/metadata",
    f"{_WEB}/studies/2.25.1/metadata",
    f"{_WEB}/series?limit=1",
    f"{_WEB}/instances?limit=1",
    f"{_WEB}/patients",
    f"{_WEB}/nonsense",
    "HEAD /system",
    "HEAD /nonsense",
    f"HEAD {_WEB}/studies",
)


class Kind(NamedTuple):
    """An answer without what an archive's own contents decide."""

    status: int
    media_type: str
    shape: str
    counts: frozenset[str]
    realm: str | None


def asked(base: str, path: str) -> tuple[int, Message, bytes]:
    """One answer, whatever its status; the caller is a stranger. What is not asked by GET says so before its path."""
    method, _, plain = path.rpartition(" ")
    question = urllib.request.Request(base + plain, method=method or "GET")  # noqa: S310
    try:
        with urllib.request.urlopen(question, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def kinds(base: str, known: dict[str, str]) -> dict[str, Kind]:
    """Every path's answer in kind."""
    return {path: kind(*asked(base, path.format(**known))) for path in PATHS}


def kind(status: int, headers: Message, body: bytes) -> Kind:
    """An answer in kind."""
    shape, counts = "a text" if body else "nothing", frozenset[str]()
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if isinstance(told, list):
        shape = f"a list of {type(told[0]).__name__}" if told else "an empty list"
        counts = frozenset(key for one in told if isinstance(one, dict) for key in one) & _COUNTS
    elif told is not None:
        shape = type(told).__name__
    media_type = (headers["Content-Type"] or "").partition(";")[0]
    return Kind(status, media_type, shape, counts, headers["WWW-Authenticate"])


def known_at(base: str) -> dict[str, str]:
    """Identifiers of the first study, level by level."""

    def first(path: str, tag: str) -> str:
        return str(json.loads(asked(base, path)[2])[0][tag]["Value"][0])

    study = first(f"{_WEB}/studies", "0020000D")
    series = first(f"{_WEB}/studies/{study}/series", "0020000E")
    image = first(f"{_WEB}/studies/{study}/series/{series}/instances", "00080018")
    patient = first(f"{_WEB}/studies", "00100020")
    key = json.loads(asked(base, "/instances?since=0&limit=1")[2])[0]
    return {"study": study, "series": series, "image": image, "patient": patient, "key": key}


@contextmanager
def orthanc_of_the_lab(*, login: bool = False) -> Iterator[str]:
    """The lab's, with an archive of the same size; where it is."""
    server = Server(
        address="127.50.0.1",
        country="DE",
        owner="A practice",
        group="orthanc",
        identity=IDENTITIES["orthanc"],
        dimse_port=None,
        web_port=8042,
        web=WebPosture(kind=WebKind.ORTHANC, login=login),
        archive=_HELD,
    )
    with street_served(standing((server,))):
        yield f"http://{server.address}:{server.web_port}"


def unlike(real: dict[str, Kind], ours: dict[str, Kind]) -> str:
    """The paths that were answered otherwise."""
    return "\n".join(f"{path}:\n  {real[path]}\n  {ours[path]}" for path in PATHS if real[path] != ours[path])


def test_an_open_orthanc(tmp_path: Path) -> None:
    with Orthanc(tmp_path, DICOMWEB, **OPEN).up() as server:
        base = f"http://127.0.0.1:{server.http}"
        real = kinds(base, known_at(base))
    with orthanc_of_the_lab() as base:
        ours = kinds(base, known_at(base))
    assert real[f"{_WEB}/studies"].counts >= {"00201208"}
    assert real[f"{_WEB}/studies?PatientID=nobody"].shape == "an empty list"
    assert not unlike(real, ours), unlike(real, ours)


def test_an_orthanc_behind_a_login(tmp_path: Path) -> None:
    """It tells nothing of any path, one that is not there included."""
    known = {"study": "1.2", "series": "1.2.3", "image": "1.2.3.4", "patient": "A", "key": "a"}
    with Orthanc(tmp_path, DICOMWEB, **LOGIN).up(load=False) as server:
        real = kinds(f"http://127.0.0.1:{server.http}", known)
    with orthanc_of_the_lab(login=True) as base:
        ours = kinds(base, known)
    assert {one.status for one in real.values()} == {401}
    assert not unlike(real, ours), unlike(real, ours)
