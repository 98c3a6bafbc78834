"""DICOMweb, its worklist and WADO-URI are proved by answers, never by a path that happens to say 200."""

import json

import msgspec
import pytest

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.http_server import NOT_FOUND, Reply, as_json, login
from tests.probe.web_run import CANARY, DICOM_JSON, INSTANCE, SERIES, STUDY, dicomweb, record, run, web_of


def test_an_open_service_is_retrievable_and_nothing_of_a_patient_is_kept() -> None:
    found = run(dicomweb())
    probe = found.get(SurfaceKind.DICOMWEB)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.way == DicomwebWay(port=found.fake.port, secure=False, base="/dicom-web")
    assert probe.surface.records_received == 4 == found.host.meter.records
    shown = msgspec.json.encode(found.probes).decode()
    for secret in (CANARY, f'"{STUDY}', SERIES, INSTANCE):
        assert secret not in shown
    assert "{study}/series/{series}/instances/{instance}/metadata" in shown
    assert all(fields["user-agent"].startswith("Leadglass/") for fields in found.fake.fields)


def test_connect_alone_asks_for_no_record() -> None:
    found = run(dicomweb(), permits=(Permission.CONNECT,))
    probe = found.get(SurfaceKind.DICOMWEB)
    assert (probe.surface.proof, probe.surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)
    assert probe.way is None
    assert found.host.meter.records == 0
    asked = found.fake.asked_for("/studies") + found.fake.asked_for("/workitems") + found.fake.asked_for("/search")
    assert asked
    assert all("UID=2.25." in target or "UID:2.25." in target or "/count" in target for target in asked)


def test_reading_without_images_stops_at_the_record() -> None:
    found = run(dicomweb(), permits=(Permission.CONNECT, Permission.READ_RECORD))
    probe = found.get(SurfaceKind.DICOMWEB)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)
    assert not found.fake.asked_for("/series")


@pytest.mark.parametrize(
    ("studies", "why"),
    [
        (as_json([], DICOM_JSON), NoRecord.NOTHING_FOUND),
        (Reply(status=204, content_type=""), NoRecord.NOTHING_FOUND),
        (login("somewhere"), NoRecord.REFUSED),
        (Reply(status=403), NoRecord.REFUSED),
        (Reply(status=400), NoRecord.UNDECIDED),
        (as_json(["not a record"], DICOM_JSON), NoRecord.UNDECIDED),
    ],
)
def test_no_record_has_its_reason(studies: Reply, why: NoRecord) -> None:
    surface = run(dicomweb(studies=studies)).get(SurfaceKind.DICOMWEB).surface
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, why, 0)


def test_a_server_that_wants_a_key_is_given_a_range_of_dates() -> None:
    routes = dicomweb() | {"/dicom-web/studies?limit=1": Reply(status=413)}
    assert run(routes).get(SurfaceKind.DICOMWEB).surface.proof is Rung.RETRIEVABLE


def test_a_limit_that_is_ignored_is_said_and_every_record_counted() -> None:
    probe = run(dicomweb(studies=as_json([record(study=STUDY)] * 3, DICOM_JSON))).get(SurfaceKind.DICOMWEB)
    assert web_of(probe).ignored_keys == ("limit",)
    assert probe.surface.records_received == 6


def test_an_archive_without_a_limit_is_cut_off_and_still_proves() -> None:
    many = as_json([record(study=STUDY)] * 2000, DICOM_JSON)
    found = run(dicomweb(studies=many))
    probe = found.get(SurfaceKind.DICOMWEB)
    assert probe.surface.proof is Rung.RETRIEVABLE
    assert 100 < probe.surface.records_received < 2000
    assert web_of(probe).ignored_keys == ("limit",)


def test_a_key_that_is_ignored_is_said() -> None:
    probe = run(dicomweb(impossible=as_json([record(study=STUDY)], DICOM_JSON))).get(SurfaceKind.DICOMWEB)
    assert probe.surface.proof is Rung.RETRIEVABLE
    assert web_of(probe).ignored_keys == ("StudyInstanceUID",)


@pytest.mark.parametrize(
    ("metadata", "retrieval"),
    [
        (login("x"), Retrieval.REFUSED),
        (Reply(status=403), Retrieval.REFUSED),
        (NOT_FOUND, Retrieval.UNDETERMINED),
        (as_json([], DICOM_JSON), Retrieval.UNDETERMINED),
        (as_json([record()], "application/json"), Retrieval.UNDETERMINED),
        (Reply(body=b"\x1f\x8b" + bytes(50), content_type=DICOM_JSON), Retrieval.UNDETERMINED),
    ],
)
def test_metadata_decides_on_the_images(metadata: Reply, retrieval: Retrieval) -> None:
    surface = run(dicomweb(metadata=metadata)).get(SurfaceKind.DICOMWEB).surface
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, retrieval)


@pytest.mark.parametrize("uid", ["../../admin", "..", "1.2/3", "1.2?x=1", "1" * 65, "", "1.2\r\nX: y", 5, None, {}, []])
def test_a_uid_that_is_none_goes_into_no_path(uid: object) -> None:
    study = {"0020000D": {"vr": "UI", "Value": [uid]}}
    found = run(dicomweb(studies=as_json([study], DICOM_JSON)))
    surface = found.get(SurfaceKind.DICOMWEB).surface
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert not found.fake.asked_for("/series")


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
    odd = Reply(body=body, content_type=DICOM_JSON)
    surface = run(dicomweb(studies=odd)).get(SurfaceKind.DICOMWEB).surface
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
    assert SurfaceKind.DICOMWEB not in run(dicomweb(impossible=odd)).kinds


def test_any_list_is_not_dicomweb() -> None:
    listing = as_json([{"id": 1}])
    assert run({}, listing).kinds == [SurfaceKind.WEB]
    assert run({}, as_json([])).kinds == [SurfaceKind.WEB]
    assert run({}, Reply(status=204, content_type="")).kinds == [SurfaceKind.WEB]


def test_an_empty_list_under_a_common_path_is_not_dicomweb() -> None:
    routes = dicomweb("/rs", impossible=as_json([]), studies=as_json([]))
    assert run(routes).kinds == [SurfaceKind.WEB]
    assert SurfaceKind.DICOMWEB in run(dicomweb("/rs", impossible=as_json([]))).kinds


def test_a_path_that_answers_every_query_under_any_root_is_not_dicomweb() -> None:
    def every_search(target: str) -> Reply:
        return as_json([]) if "/studies?" in target else NOT_FOUND

    assert run({}, every_search).kinds == [SurfaceKind.WEB]


def test_a_login_under_the_path_alone_speaks() -> None:
    probe = run({"/dicom-web/studies": login("hospital")}).get(SurfaceKind.DICOMWEB)
    assert probe.surface.proof is Rung.SPEAKS
    assert (web_of(probe).challenge, web_of(probe).realm, web_of(probe).catch_all) == ("Basic", "hospital", False)
    assert run({"/rs/studies": login("hospital")}).kinds == [SurfaceKind.WEB]


def test_a_firewall_that_dislikes_the_query_is_not_dicomweb() -> None:
    def wall(target: str) -> Reply:
        return Reply(status=403) if "StudyInstanceUID" in target else NOT_FOUND

    assert run({}, wall).kinds == [SurfaceKind.WEB]


def test_the_users_path_comes_first_and_may_hold_anything() -> None:
    found = run(dicomweb("/my%20pacs/x"), path="/my pacs/x/studies?limit=5")
    assert web_of(found.get(SurfaceKind.DICOMWEB)).base == "/my%20pacs/x"
    assert run({}, path="/a\r\nX-Y: z/\x00\u2028é").kinds == [SurfaceKind.WEB]


def test_a_worklist_beside_the_service() -> None:
    routes = dicomweb() | {"/dicom-web/workitems?limit=1": as_json([record(instance=INSTANCE)], DICOM_JSON)}
    routes["/dicom-web/workitems"] = Reply(status=204, content_type="")
    found = run(routes).get(SurfaceKind.UPS_RS).surface
    assert (found.proof, found.records_received) == (Rung.READABLE, 1)
    closed = run(routes, permits=(Permission.CONNECT,)).get(SurfaceKind.UPS_RS).surface
    assert (closed.proof, closed.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)


def test_wado_uri_is_known_by_its_own_words_only() -> None:
    own = {"/wado": Reply(status=404, body=b"No object for the given objectUID", content_type="text/plain")}
    surface = run(own).get(SurfaceKind.WADO_URI).surface
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
    assert run({"/wado": login("x")}).get(SurfaceKind.WADO_URI).surface.proof is Rung.SPEAKS

    def echo(target: str) -> Reply:
        return Reply(status=404, body=f"no {target} here".encode())

    assert run({}, echo).kinds == [SurfaceKind.WEB]
    assert run({"/wado": Reply(status=404, body=b"Cannot GET /wado", content_type="text/plain")}).kinds == [
        SurfaceKind.WEB
    ]


def test_gzip_is_never_unpacked() -> None:
    bomb = Reply(
        body=json.dumps([record(study=STUDY)]).encode(),
        content_type=DICOM_JSON,
        headers={"Content-Encoding": "gzip"},
    )
    surface = run(dicomweb(studies=bomb)).get(SurfaceKind.DICOMWEB).surface
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
