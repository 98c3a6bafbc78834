"""DICOMweb is what answers as PS3.18 says: any other JSON, list, login or wall under its path is none."""

import json

import pytest

from leadglass.model.words import NoRecord, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import STUDY, Archive, record
from tests.fakes.web_server import DICOM_JSON, JSON, NOT_FOUND, Reply, Request, as_json, login

KIND = SurfaceKind.DICOMWEB


@pytest.mark.parametrize("uid", ["../../admin", "..", "1.2/3", "1.2?x=1", "1" * 65, "", "1.2\r\nX: y", 5, None, {}, []])
def test_a_uid_that_is_none_goes_into_no_path(uid: object) -> None:
    odd = {"0020000D": {"vr": "UI", "Value": [uid]}}
    found = ask(Archive(wide=as_json([odd], DICOM_JSON)).routes())
    surface = found.surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert not found.asked_for("/series")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[[]]",
        b"[1]",
        b"[{}]",
        b'[{"a": 1}]',
        b'[{"0020000D": 1}]',
        b'[{"0020000D": {}}]',
        b'[{"0020000D": {"vr": 1}}]',
        b'[{"0020000D": {"vr": "ui"}}]',
        b'[{"name": {"vr": "UI"}}]',
        b"[NaN]",
        b"null",
        b"",
        b"[",
        b"\xff\xfe",
        b"[" * 50_000 + b"]" * 50_000,
        b'[{"0020000D": ' + b"[" * 20_000,
        b"[" + b"9" * 5000 + b"]",
    ],
)
def test_json_of_another_shape_is_no_record(body: bytes) -> None:
    odd = Reply(body=body, kind=DICOM_JSON)
    surface = ask(Archive(wide=odd).routes()).surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
    assert SurfaceKind.DICOMWEB not in ask(Archive(narrow=odd).routes()).kinds


def test_any_list_is_not_dicomweb() -> None:
    listing = as_json([{"id": 1}])
    assert ask({}, listing).kinds == [SurfaceKind.WEB]
    assert ask({}, as_json([])).kinds == [SurfaceKind.WEB]
    assert ask({}, Reply(status=204, kind=None)).kinds == [SurfaceKind.WEB]


def test_an_empty_list_under_a_common_path_is_not_dicomweb() -> None:
    routes = Archive(base="/rs", narrow=as_json([]), wide=as_json([])).routes()
    assert ask(routes).kinds == [SurfaceKind.WEB]
    assert SurfaceKind.DICOMWEB in ask(Archive(base="/rs", narrow=as_json([])).routes()).kinds


def test_a_path_that_answers_every_query_under_any_root_is_not_dicomweb() -> None:
    def every_search(request: Request) -> Reply:
        return as_json([]) if "/studies?" in request.target else NOT_FOUND

    assert ask({}, every_search).kinds == [SurfaceKind.WEB]


def test_a_login_under_the_path_alone_speaks() -> None:
    probe = ask({"/dicom-web/studies": login("hospital")}).probe(SurfaceKind.DICOMWEB)
    assert probe.surface.proof is Rung.SPEAKS
    assert (web_of(probe).challenge, web_of(probe).realm, web_of(probe).catch_all) == ("Basic", "hospital", False)
    assert ask({"/rs/studies": login("hospital")}).kinds == [SurfaceKind.WEB]


def test_a_firewall_that_dislikes_the_query_is_not_dicomweb() -> None:
    def wall(request: Request) -> Reply:
        return Reply(status=403) if "StudyInstanceUID" in request.target else NOT_FOUND

    assert ask({}, wall).kinds == [SurfaceKind.WEB]


def test_gzip_is_never_unpacked() -> None:
    bomb = Reply(
        body=json.dumps([record(study=STUDY)]).encode(),
        kind=DICOM_JSON,
        headers={"Content-Encoding": "gzip"},
    )
    surface = ask(Archive(wide=bomb).routes()).surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)


def test_a_login_before_its_path_alone_speaks() -> None:
    seen = ask({}, lambda request: login("Archive") if request.path.startswith("/dicom-web") else NOT_FOUND)
    surface = seen.surface(KIND)
    assert surface.proof is Rung.SPEAKS


@pytest.mark.parametrize("prefix", ["/api", "/studies", "/pacs", "/app"])
def test_a_login_before_everything_around_it_proves_nothing(prefix: str) -> None:
    seen = ask({}, lambda request: login("Some app") if request.path.startswith(prefix) else NOT_FOUND, path="/app/x")
    assert KIND not in seen.kinds


@pytest.mark.parametrize("kind", [JSON, DICOM_JSON])
@pytest.mark.parametrize(
    "body",
    [
        {"results": []},
        [1, 2],
        ["00100010"],
        [{"name": "x"}],
        [{"0020000D": "x"}],
        [{"0020000D": {"Value": ["1"]}}],
        [{}],
        [[]],
        "text",
        0,
        None,
        True,
    ],
)
def test_other_json_is_no_dicomweb(body: object, kind: str) -> None:
    seen = ask({}, lambda request: as_json(body, kind) if request.path.endswith("/studies") else NOT_FOUND)
    assert seen.kinds == [SurfaceKind.WEB]


def test_an_empty_list_from_any_application_is_no_dicomweb() -> None:
    seen = ask({}, lambda request: as_json([]) if request.path == "/studies" else NOT_FOUND)
    assert seen.kinds == [SurfaceKind.WEB]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" + b"9" * 60_000 + b"]",
        b'[{"0020000D":{"vr":"UI","Value":[' + b"9" * 6_000 + b"]}}]",
        b'[{"0020000D":{"vr":"UI","Value":[NaN]}}]',
        b'[{"0020000D":{"vr":"UI","Value":"1.2"}}]',
        b'[{"0020000D":{"vr":"UI","Value":{"0":"1.2"}}}]',
        b'[{"0020000D":{"vr":"UI","Value":["../../x"]}}]',
        b'[{"0020000D":{"vr":"UI","Value":["\\u001b[31m"]}}]',
        b'[{"0020000D":{"vr":7}}]',
        b"\xff\xfe[",
        b'["\\ud800"]',
        b"",
    ],
)
def test_hostile_json_never_raises_and_never_leads_further(body: bytes) -> None:
    seen = ask(
        {},
        lambda request: Reply(body=body, kind=DICOM_JSON) if request.path.endswith("/studies") else NOT_FOUND,
        measure=True,
    )
    assert not any("/series" in one.path for one in seen.requests)
    assert all(probe.surface.proof.height <= Rung.READABLE.height for probe in seen.probes)
