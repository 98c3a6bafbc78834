"""Products' own doors: Orthanc, its WebDAV, dcm4chee-arc, Dicoogle, viewers; a login is judged by its marks."""

import pytest

from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import challenge_of
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import ID, NAME, Archive
from tests.fakes.web_products import (
    ARC,
    BY_DATES,
    KEY,
    ONE_STUDY,
    dcm4chee,
    dicoogle,
    folder,
    hits,
    multistatus,
    orthanc,
    webdav,
)
from tests.fakes.web_server import DICOM_JSON, JSON, Reply, as_json, login, page


def test_orthanc_in_the_open() -> None:
    found = ask(orthanc())
    probe = found.probe(SurfaceKind.ORTHANC_REST)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.way == CounterWay(port=found.web_server.port, secure=False, product="orthanc", base="")
    assert web_of(probe).version == "1.10.1"
    assert probe.surface.records_received == 2
    assert KEY not in found.shown()


def test_orthanc_with_connect_alone_gives_its_counters() -> None:
    found = ask(orthanc() | webdav(), permits=(Permission.CONNECT,))
    surface = found.surface(SurfaceKind.ORTHANC_REST)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)
    assert found.probe(SurfaceKind.ORTHANC_REST).way is not None
    assert found.surface(SurfaceKind.ORTHANC_WEBDAV).proof is Rung.ADMITS
    assert not found.asked_for("since=")
    assert not found.asked_for("by-dates")


def test_orthanc_under_a_path() -> None:
    found = ask({f"/pacs1{path}": reply for path, reply in orthanc().items()}, path="/pacs1/")
    probe = found.probe(SurfaceKind.ORTHANC_REST)
    assert web_of(probe).base == "/pacs1"
    assert probe.surface.proof is Rung.RETRIEVABLE


@pytest.mark.parametrize(
    ("studies", "why"),
    [
        (as_json([]), NoRecord.NOTHING_FOUND),
        (login("Orthanc Secure Area"), NoRecord.REFUSED),
        (as_json(["../../x"]), NoRecord.UNDECIDED),
        (as_json({"a": 1}), NoRecord.UNDECIDED),
        (Reply(body=b"[NaN, 1e999", kind=JSON), NoRecord.UNDECIDED),
    ],
)
def test_orthanc_without_a_record(studies: Reply, why: NoRecord) -> None:
    surface = ask(orthanc() | {ONE_STUDY: studies}).surface(SurfaceKind.ORTHANC_REST)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, why)


@pytest.mark.parametrize(
    "system", [b"[]", b"{}", b'{"ApiVersion": 1}', b'{"ApiVersion"', b"NaN", b'{"a":' * 5000, b"9" * 9999]
)
def test_another_system_page_is_not_orthanc(system: bytes) -> None:
    assert ask({"/system": Reply(body=system, kind=JSON)}).kinds == [SurfaceKind.WEB]


def test_counters_of_another_kind_are_no_counters() -> None:
    odd: object
    for odd in ({"CountPatients": "2", "CountStudies": 3, "CountInstances": 1}, [], {"CountStudies": True}):
        probe = ask(orthanc() | {"/statistics": as_json(odd)}).probe(SurfaceKind.ORTHANC_REST)
        assert probe.way is None


def test_orthanc_behind_its_login_speaks() -> None:
    found = ask({}, login("Orthanc Secure Area"))
    probe = found.probe(SurfaceKind.ORTHANC_REST)
    assert found.kinds == [SurfaceKind.ORTHANC_REST]
    assert (probe.surface.proof, web_of(probe).realm, web_of(probe).catch_all) == (
        Rung.SPEAKS,
        "Orthanc Secure Area",
        True,
    )


def test_any_other_login_is_nothing_of_ours() -> None:
    for reply in (login("router"), Reply(status=403), Reply(status=401)):
        probe = ask({}, reply).probe(SurfaceKind.WEB)
        assert (probe.surface.proof, web_of(probe).catch_all) == (Rung.OTHER, True)
        assert not probe.try_other
    assert ask({}, login("router")).web(SurfaceKind.WEB).challenge == "Basic"


def test_webdav_is_read_by_one_folder_and_its_names_are_not_kept() -> None:
    found = ask(webdav())
    probe = found.probe(SurfaceKind.ORTHANC_WEBDAV)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert probe.surface.records_received == 2
    assert ID not in found.shown()


def test_webdav_that_is_empty_or_strange() -> None:
    empty = webdav() | {BY_DATES: folder("/webdav/by-dates/")}
    assert ask(empty).surface(SurfaceKind.ORTHANC_WEBDAV).facts.no_record is NoRecord.NOTHING_FOUND
    away = webdav() | {BY_DATES: multistatus("/webdav/by-dates/", "http://192.0.2.1/x", "/etc")}
    assert ask(away).surface(SurfaceKind.ORTHANC_WEBDAV).proof is Rung.ADMITS
    up = webdav() | {BY_DATES: multistatus("/webdav/by-dates/", "/webdav/by-dates/../../admin")}
    found = ask(up)
    assert found.surface(SurfaceKind.ORTHANC_WEBDAV).proof is Rung.ADMITS
    assert not found.asked_for("admin")
    assert ask({"PROPFIND /webdav/": multistatus("/webdav/", "/webdav/music")}).kinds == [SurfaceKind.WEB]


def test_dcm4chee_lists_its_titles_and_counts() -> None:
    found = ask(dcm4chee("MY PACS", counts={"studies": 12}))
    probe = found.probe(SurfaceKind.DCM4CHEE_REST)
    assert probe.surface.proof is Rung.ADMITS
    assert probe.way == CounterWay(
        port=found.web_server.port, secure=False, product="dcm4chee-arc", base=f"{ARC}/MY%20PACS/rs"
    )
    web = found.probe(SurfaceKind.DICOMWEB)
    assert (web_of(web).base, web.surface.proof) == (f"{ARC}/MY%20PACS/rs", Rung.RETRIEVABLE)
    assert not found.asked_for("/../")


def test_dcm4chee_behind_a_login() -> None:
    assert ask({ARC: login("x")}).surface(SurfaceKind.DCM4CHEE_REST).proof is Rung.SPEAKS
    assert ask({}, login("dcm4che")).kinds == [SurfaceKind.DCM4CHEE_REST]
    odd: object
    for odd in ({}, [], [[]], [{"dicomAETitle": {}}], ["DCM4CHEE"]):
        assert ask({ARC: as_json(odd)}).kinds == [SurfaceKind.WEB]


def test_a_title_that_was_given_is_tried() -> None:
    found = ask(Archive(base=f"{ARC}/OWN/rs").routes(), titles=("OWN",))
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE


def test_dicoogle_is_known_by_its_search() -> None:
    month = "/search?query=StudyDate:%5B20240101%20TO%2020240131%5D&keyword=true&psize=1&offset=0"
    found = ask(dicoogle(0) | {month: hits(1)})
    surface = found.surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.records_received) == (Rung.READABLE, 1)
    empty = ask(dicoogle(0)).surface(SurfaceKind.DICOOGLE_REST)
    assert (empty.proof, empty.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)
    closed = ask(dicoogle(0) | {month: hits(1)}, permits=(Permission.CONNECT,))
    assert closed.surface(SurfaceKind.DICOOGLE_REST).facts.no_record is NoRecord.NOT_ASKED
    assert not closed.asked_for("StudyDate")
    odd: object
    for odd in ({"results": [1], "numResults": 1}, {"results": []}, {"results": {}, "numResults": 0}, []):
        assert ask({"/search": as_json(odd)}).kinds == [SurfaceKind.WEB]


def test_a_page_that_answers_everything_is_no_service() -> None:
    found = ask({}, page("Welcome", "<div id=app></div>"))
    probe = found.probe(SurfaceKind.WEB)
    assert (probe.surface.proof, web_of(probe).catch_all, web_of(probe).login_form) == (Rung.OTHER, True, False)
    walled = ask({}, page("Sign in", '<form><input name=p type="password"></form>'))
    assert walled.web(SurfaceKind.WEB).login_form is True


def test_a_service_behind_a_page_that_answers_everything_is_found() -> None:
    found = ask(Archive().routes(), page("OHIF Viewer"))
    assert found.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert found.surface(SurfaceKind.VIEWER).proof is Rung.ADMITS


def test_a_title_that_only_begins_like_a_viewers_is_none() -> None:
    assert ask({"/": page("Horoscopes")}).kinds == [SurfaceKind.WEB]
    assert ask({"/": page("Horos")}).kinds == [SurfaceKind.VIEWER]


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
    probe = ask({"/": page(f"  {title} &mdash; PID4711")}).probe(SurfaceKind.VIEWER)
    assert (probe.surface.proof, web_of(probe).products) == (Rung.ADMITS, (product,))
    assert "PID4711" not in repr(probe)
    walled = ask({"/": page(title, "<input type='password'>")}).probe(SurfaceKind.VIEWER)
    assert (walled.surface.proof, web_of(walled).login_form) == (Rung.SPEAKS, True)


def test_what_a_json_type_hides_is_judged_by_shape() -> None:
    routes = Archive(wide=as_json([{"PatientName": NAME}], DICOM_JSON)).routes()
    assert ask(routes).surface(SurfaceKind.DICOMWEB).proof is Rung.ADMITS
