"""Products' own doors: Orthanc, its WebDAV, dcm4chee-arc, Dicoogle, viewers; a login is judged by its marks."""

import pytest

from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import challenge_of
from tests.fakes.http_server import Reply, as_json, login, page
from tests.probe.web_run import CANARY, DICOM_JSON, dicomweb, run, web_of

HASH = "016b6c00-28dbc8a6-980b0a76-bdb8f26e-8927e3c7"
ORTHANC = {
    "/system": as_json({"ApiVersion": 16, "DicomAet": "ORTHANC", "Version": "1.10.1"}),
    "/statistics": as_json({"CountInstances": 8, "CountPatients": 2, "CountSeries": 3, "CountStudies": 3}),
    "/studies?since=0&limit=1": as_json([HASH]),
    "/instances?since=0&limit=1": as_json([HASH]),
    f"/instances/{HASH}/attachments/dicom/size": Reply(body=b"862", content_type="text/plain"),
}
ARC = "/dcm4chee-arc/aets"


def listing(*places: str) -> Reply:
    entries = "".join(f"<D:response><D:href>{place}</D:href></D:response>" for place in places)
    body = f'<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">{entries}</D:multistatus>'
    return Reply(status=207, body=body.encode(), content_type="application/xml")


WEBDAV = {
    "PROPFIND /webdav/": listing(
        "/webdav/", "/webdav/by-dates", "/webdav/by-patients", "/webdav/by-studies", "/webdav/by-uids"
    ),
    "PROPFIND /webdav/by-dates/": listing("/webdav/by-dates/", "/webdav/by-dates/2018", "/webdav/by-dates/2019"),
    "PROPFIND /webdav/by-dates/2018/": listing("/webdav/by-dates/2018/", "/webdav/by-dates/2018/2018-01"),
    "PROPFIND /webdav/by-dates/2018/2018-01/": listing(
        "/webdav/by-dates/2018/2018-01/",
        "/webdav/by-dates/2018/2018-01/PID0%20-%20CANARY%5EPATIENT%20-",
        "/webdav/by-dates/2018/2018-01/PID1%20-%20CANARY%5EPATIENT%20-",
    ),
}


def test_orthanc_in_the_open() -> None:
    found = run(ORTHANC)
    probe = found.get(SurfaceKind.ORTHANC_REST)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.way == CounterWay(port=found.fake.port, secure=False, product="orthanc", base="")
    assert web_of(probe).version == "1.10.1"
    assert probe.surface.records_received == 2
    assert HASH not in repr(found.probes)


def test_orthanc_with_connect_alone_gives_its_counters() -> None:
    found = run(ORTHANC | WEBDAV, permits=(Permission.CONNECT,))
    surface = found.get(SurfaceKind.ORTHANC_REST).surface
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)
    assert found.get(SurfaceKind.ORTHANC_REST).way is not None
    assert found.get(SurfaceKind.ORTHANC_WEBDAV).surface.proof is Rung.ADMITS
    assert not found.fake.asked_for("since=")
    assert not found.fake.asked_for("by-dates")


def test_orthanc_under_a_path() -> None:
    found = run({f"/pacs1{path}": reply for path, reply in ORTHANC.items()}, path="/pacs1/")
    probe = found.get(SurfaceKind.ORTHANC_REST)
    assert web_of(probe).base == "/pacs1"
    assert probe.surface.proof is Rung.RETRIEVABLE


@pytest.mark.parametrize(
    ("studies", "why"),
    [
        (as_json([]), NoRecord.NOTHING_FOUND),
        (login("Orthanc Secure Area"), NoRecord.REFUSED),
        (as_json(["../../x"]), NoRecord.UNDECIDED),
        (as_json({"a": 1}), NoRecord.UNDECIDED),
        (Reply(body=b"[NaN, 1e999", content_type="application/json"), NoRecord.UNDECIDED),
    ],
)
def test_orthanc_without_a_record(studies: Reply, why: NoRecord) -> None:
    surface = run(ORTHANC | {"/studies?since=0&limit=1": studies}).get(SurfaceKind.ORTHANC_REST).surface
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, why)


@pytest.mark.parametrize(
    "system", [b"[]", b"{}", b'{"ApiVersion": 1}', b'{"ApiVersion"', b"NaN", b'{"a":' * 5000, b"9" * 9999]
)
def test_another_system_page_is_not_orthanc(system: bytes) -> None:
    assert run({"/system": Reply(body=system, content_type="application/json")}).kinds == [SurfaceKind.WEB]


def test_counters_of_another_kind_are_no_counters() -> None:
    odd: object
    for odd in ({"CountPatients": "2", "CountStudies": 3, "CountInstances": 1}, [], {"CountStudies": True}):
        probe = run(ORTHANC | {"/statistics": as_json(odd)}).get(SurfaceKind.ORTHANC_REST)
        assert probe.way is None


def test_orthanc_behind_its_login_speaks() -> None:
    found = run({}, login("Orthanc Secure Area"))
    probe = found.get(SurfaceKind.ORTHANC_REST)
    assert found.kinds == [SurfaceKind.ORTHANC_REST]
    assert (probe.surface.proof, web_of(probe).realm, web_of(probe).catch_all) == (
        Rung.SPEAKS,
        "Orthanc Secure Area",
        True,
    )


def test_any_other_login_is_nothing_of_ours() -> None:
    for reply in (login("router"), Reply(status=403), Reply(status=401)):
        probe = run({}, reply).get(SurfaceKind.WEB)
        assert (probe.surface.proof, web_of(probe).catch_all) == (Rung.OTHER, True)
        assert not probe.try_other
    assert web_of(run({}, login("router")).get(SurfaceKind.WEB)).challenge == "Basic"


def test_webdav_is_read_by_one_folder_and_its_names_are_not_kept() -> None:
    found = run(WEBDAV)
    probe = found.get(SurfaceKind.ORTHANC_WEBDAV)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert probe.surface.records_received == 2
    assert "PID0" not in repr(found.probes)
    assert CANARY not in repr(found.probes)


def test_webdav_that_is_empty_or_strange() -> None:
    empty = WEBDAV | {"PROPFIND /webdav/by-dates/": listing("/webdav/by-dates/")}
    assert run(empty).get(SurfaceKind.ORTHANC_WEBDAV).surface.facts.no_record is NoRecord.NOTHING_FOUND
    away = WEBDAV | {"PROPFIND /webdav/by-dates/": listing("/webdav/by-dates/", "http://192.0.2.1/x", "/etc")}
    assert run(away).get(SurfaceKind.ORTHANC_WEBDAV).surface.proof is Rung.ADMITS
    up = WEBDAV | {"PROPFIND /webdav/by-dates/": listing("/webdav/by-dates/", "/webdav/by-dates/../../admin")}
    found = run(up)
    assert found.get(SurfaceKind.ORTHANC_WEBDAV).surface.proof is Rung.ADMITS
    assert not found.fake.asked_for("admin")
    assert run({"PROPFIND /webdav/": listing("/webdav/", "/webdav/music")}).kinds == [SurfaceKind.WEB]


def test_dcm4chee_lists_its_titles_and_counts() -> None:
    routes = {
        ARC: as_json([{"dicomAETitle": "MY PACS"}, {"dicomAETitle": "../x"}, {"dicomAETitle": 5}, 7]),
        f"{ARC}/MY%20PACS/rs/studies/count": as_json({"count": 12}),
        **dicomweb(f"{ARC}/MY%20PACS/rs"),
    }
    found = run(routes)
    probe = found.get(SurfaceKind.DCM4CHEE_REST)
    assert probe.surface.proof is Rung.ADMITS
    assert probe.way == CounterWay(
        port=found.fake.port, secure=False, product="dcm4chee-arc", base=f"{ARC}/MY%20PACS/rs"
    )
    web = found.get(SurfaceKind.DICOMWEB)
    assert (web_of(web).base, web.surface.proof) == (f"{ARC}/MY%20PACS/rs", Rung.RETRIEVABLE)
    assert not found.fake.asked_for("/../")


def test_dcm4chee_behind_a_login() -> None:
    assert run({ARC: login("x")}).get(SurfaceKind.DCM4CHEE_REST).surface.proof is Rung.SPEAKS
    assert run({}, login("dcm4che")).kinds == [SurfaceKind.DCM4CHEE_REST]
    odd: object
    for odd in ({}, [], [[]], [{"dicomAETitle": {}}], ["DCM4CHEE"]):
        assert run({ARC: as_json(odd)}).kinds == [SurfaceKind.WEB]


def test_a_title_that_was_given_is_tried() -> None:
    found = run(dicomweb(f"{ARC}/OWN/rs"), titles=("OWN",))
    assert found.get(SurfaceKind.DICOMWEB).surface.proof is Rung.RETRIEVABLE


def test_dicoogle_is_known_by_its_search() -> None:
    nothing = {"results": [], "elapsedTime": 3, "numResults": 0}
    one = {"results": [{"uri": "file:/x", "fields": {"PatientName": CANARY}}], "elapsedTime": 3, "numResults": 1}
    month = "/search?query=StudyDate:%5B20240101%20TO%2020240131%5D&keyword=true&psize=1&offset=0"
    found = run({"/search": as_json(nothing), month: as_json(one)})
    surface = found.get(SurfaceKind.DICOOGLE_REST).surface
    assert (surface.proof, surface.records_received) == (Rung.READABLE, 1)
    assert CANARY not in repr(found.probes)
    empty = run({"/search": as_json(nothing)}).get(SurfaceKind.DICOOGLE_REST).surface
    assert (empty.proof, empty.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)
    closed = run({"/search": as_json(nothing), month: as_json(one)}, permits=(Permission.CONNECT,))
    assert closed.get(SurfaceKind.DICOOGLE_REST).surface.facts.no_record is NoRecord.NOT_ASKED
    assert not closed.fake.asked_for("StudyDate")
    odd: object
    for odd in ({"results": [1], "numResults": 1}, {"results": []}, {"results": {}, "numResults": 0}, []):
        assert run({"/search": as_json(odd)}).kinds == [SurfaceKind.WEB]


def test_a_page_that_answers_everything_is_no_service() -> None:
    found = run({}, page("Welcome", "<div id=app></div>"))
    probe = found.get(SurfaceKind.WEB)
    assert (probe.surface.proof, web_of(probe).catch_all, web_of(probe).login_form) == (Rung.OTHER, True, False)
    walled = run({}, page("Sign in", '<form><input name=p type="password"></form>'))
    assert web_of(walled.get(SurfaceKind.WEB)).login_form is True


def test_a_service_behind_a_page_that_answers_everything_is_found() -> None:
    found = run(dicomweb(), page("OHIF Viewer"))
    assert found.get(SurfaceKind.DICOMWEB).surface.proof is Rung.RETRIEVABLE
    assert found.get(SurfaceKind.VIEWER).surface.proof is Rung.ADMITS


def test_a_title_that_only_begins_like_a_viewers_is_none() -> None:
    assert run({"/": page("Horoscopes")}).kinds == [SurfaceKind.WEB]
    assert run({"/": page("Horos")}).kinds == [SurfaceKind.VIEWER]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ('Basic realm="a b"', ("Basic", "a b")),
        ("Digest Realm=x, qop=auth", ("Digest", "x")),
        ("Bearer", ("Bearer", None)),
        ("", (None, None)),
        ('Basic realm="', ("Basic", None)),
    ],
)
def test_challenges(field: str, told: tuple[str | None, str | None]) -> None:
    answer = WebAnswer(status_code=401, headers={"www-authenticate": field}, body=b"", whole=True)
    assert challenge_of(answer) == told


@pytest.mark.parametrize(
    ("title", "product"),
    [("Orthanc Explorer", "Orthanc"), ("XERO Viewer", "Agfa XERO"), ("OHIF Viewer", "OHIF Viewer")],
)
def test_viewers_by_title(title: str, product: str) -> None:
    probe = run({"/": page(f"  {title} &mdash; PID4711")}).get(SurfaceKind.VIEWER)
    assert (probe.surface.proof, web_of(probe).products) == (Rung.ADMITS, (product,))
    assert "PID4711" not in repr(probe)
    walled = run({"/": page(title, "<input type='password'>")}).get(SurfaceKind.VIEWER)
    assert (walled.surface.proof, web_of(walled).login_form) == (Rung.SPEAKS, True)


def test_what_a_json_type_hides_is_judged_by_shape() -> None:
    routes = dicomweb(studies=as_json([{"PatientName": CANARY}], DICOM_JSON))
    assert run(routes).get(SurfaceKind.DICOMWEB).surface.proof is Rung.ADMITS
