"""DICOMweb, its worklist and WADO-URI are proved by answers, never by a path that happens to say 200."""

import json

import msgspec
import pytest

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import CANARIES, INSTANCE, SERIES, STUDY, Archive, an_instance, record, studies
from tests.fakes.web_server import DICOM_JSON, JSON, NOT_FOUND, Reply, Request, as_json, login, text


def test_an_open_service_is_retrievable_and_nothing_of_a_patient_is_kept() -> None:
    found = ask(Archive().routes())
    probe = found.probe(SurfaceKind.DICOMWEB)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.way == DicomwebWay(port=found.web_server.port, secure=False, base="/dicom-web")
    assert probe.surface.records_received == 4 == found.cost.records_received
    shown = msgspec.json.encode(found.probes).decode()
    for secret in (*CANARIES, STUDY, SERIES, INSTANCE):
        assert secret not in shown
    assert "{study}/series/{series}/instances/{instance}/metadata" in shown
    assert all(request.headers["user-agent"].startswith("Leadglass/") for request in found.requests)


def test_connect_alone_asks_for_no_record() -> None:
    found = ask(Archive().routes(), permits=(Permission.CONNECT,))
    probe = found.probe(SurfaceKind.DICOMWEB)
    assert (probe.surface.proof, probe.surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)
    assert probe.way is None
    assert found.cost.records_received == 0
    asked = found.asked_for("/studies") + found.asked_for("/workitems") + found.asked_for("/search")
    assert asked
    assert all("UID=2.25." in target or "UID:2.25." in target or "/count" in target for target in asked)


def test_reading_without_images_stops_at_the_record() -> None:
    found = ask(Archive().routes(), permits=(Permission.CONNECT, Permission.READ_RECORD))
    probe = found.probe(SurfaceKind.DICOMWEB)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)
    assert not found.asked_for("/series")


@pytest.mark.parametrize(
    ("wide", "why"),
    [
        (as_json([], DICOM_JSON), NoRecord.NOTHING_FOUND),
        (Reply(status=204, kind=None), NoRecord.NOTHING_FOUND),
        (login("somewhere"), NoRecord.REFUSED),
        (Reply(status=403), NoRecord.REFUSED),
        (Reply(status=400), NoRecord.UNDECIDED),
        (as_json(["not a record"], DICOM_JSON), NoRecord.UNDECIDED),
    ],
)
def test_no_record_has_its_reason(wide: Reply, why: NoRecord) -> None:
    surface = ask(Archive(wide=wide).routes()).surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, why, 0)


def test_a_server_that_wants_a_key_is_given_a_range_of_dates() -> None:
    routes = Archive().routes() | {"/dicom-web/studies?limit=1": Reply(status=413)}
    found = ask(routes)
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert found.asked_for("/dicom-web/studies?StudyDate=19000101-21001231&limit=1")


def test_a_limit_that_is_ignored_is_said_and_every_record_counted() -> None:
    probe = ask(Archive(studies(3), obeys_limit=False).routes()).probe(SurfaceKind.DICOMWEB)
    assert web_of(probe).ignored_keys == ("limit",)
    assert probe.surface.records_received == 6


def test_an_archive_without_a_limit_is_cut_off_and_still_proves() -> None:
    found = ask(Archive(studies(2000), obeys_limit=False).routes())
    probe = found.probe(SurfaceKind.DICOMWEB)
    assert probe.surface.proof is Rung.RETRIEVABLE
    assert 100 < probe.surface.records_received < 2000
    assert web_of(probe).ignored_keys == ("limit",)


def test_a_key_that_is_ignored_is_said() -> None:
    probe = ask(Archive(obeys_keys=False).routes()).probe(SurfaceKind.DICOMWEB)
    assert probe.surface.proof is Rung.RETRIEVABLE
    assert web_of(probe).ignored_keys == ("StudyInstanceUID",)


@pytest.mark.parametrize(
    ("metadata", "retrieval"),
    [
        (login("x"), Retrieval.REFUSED),
        (Reply(status=403), Retrieval.REFUSED),
        (NOT_FOUND, Retrieval.UNDETERMINED),
        (as_json([], DICOM_JSON), Retrieval.UNDETERMINED),
        (an_instance(kind=JSON), Retrieval.UNDETERMINED),
        (Reply(body=b"\x1f\x8b" + bytes(50), kind=DICOM_JSON), Retrieval.UNDETERMINED),
    ],
)
def test_metadata_decides_on_the_images(metadata: Reply, retrieval: Retrieval) -> None:
    surface = ask(Archive(metadata=metadata).routes()).surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, retrieval)


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


def test_the_users_path_comes_first_and_may_hold_anything() -> None:
    found = ask(Archive(base="/my%20pacs/x").routes(), path="/my pacs/x/studies?limit=5")
    assert found.web(SurfaceKind.DICOMWEB).base == "/my%20pacs/x"
    assert ask({}, path="/a\r\nX-Y: z/\x00\u2028é").kinds == [SurfaceKind.WEB]


def test_a_worklist_beside_the_service() -> None:
    routes = Archive().routes() | {"/dicom-web/workitems?limit=1": as_json([record(instance=INSTANCE)], DICOM_JSON)}
    routes["/dicom-web/workitems"] = Reply(status=204, kind=None)
    found = ask(routes).surface(SurfaceKind.UPS_RS)
    assert (found.proof, found.records_received) == (Rung.READABLE, 1)
    closed = ask(routes, permits=(Permission.CONNECT,)).surface(SurfaceKind.UPS_RS)
    assert (closed.proof, closed.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)


def test_wado_uri_is_known_by_its_own_words_only() -> None:
    own = {"/wado": text("No object for the given objectUID", 404)}
    surface = ask(own).surface(SurfaceKind.WADO_URI)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
    assert ask({"/wado": login("x")}).surface(SurfaceKind.WADO_URI).proof is Rung.SPEAKS

    def echo(request: Request) -> Reply:
        return Reply(status=404, body=f"no {request.target} here".encode())

    assert ask({}, echo).kinds == [SurfaceKind.WEB]
    assert ask({"/wado": text("Cannot GET /wado", 404)}).kinds == [SurfaceKind.WEB]


def test_gzip_is_never_unpacked() -> None:
    bomb = Reply(
        body=json.dumps([record(study=STUDY)]).encode(),
        kind=DICOM_JSON,
        headers={"Content-Encoding": "gzip"},
    )
    surface = ask(Archive(wide=bomb).routes()).surface(SurfaceKind.DICOMWEB)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
