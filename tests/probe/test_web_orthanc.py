"""Orthanc's REST API and its WebDAV are known by what only they answer, and asked no more than is permitted."""

import pytest

from leadglass.model.encode import to_json
from leadglass.model.exposure import Count
from leadglass.model.ways import CounterWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import ID, NAME
from tests.fakes.web_products import (
    BY_DATES,
    BY_PATIENTS,
    DAV,
    KEY,
    ONE_INSTANCE,
    ONE_STUDY,
    SYSTEM,
    folder,
    multistatus,
    orthanc,
    webdav,
)
from tests.fakes.web_server import JSON, NOT_FOUND, Reply, as_json, login, page

CONNECT = (Permission.CONNECT,)


def test_an_open_orthanc_is_retrievable_and_counted_by_its_counters() -> None:
    seen = ask(orthanc() | {"/system": as_json(SYSTEM | {"Version": "1.12.9\x1b[31m<b>"})}, measure=True)
    surface = seen.surface(SurfaceKind.ORTHANC_REST)
    assert (surface.proof, surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    exposure = seen.measured[SurfaceKind.ORTHANC_REST].exposure
    assert exposure is not None
    assert (exposure.patients, exposure.studies, exposure.images) == (Count.exact(4), Count.exact(5), Count.exact(99))
    version = seen.web(SurfaceKind.ORTHANC_REST).version
    assert version is not None
    assert "\x1b" not in version
    assert KEY not in to_json(surface).decode()
    assert not any(one.path.endswith("/file") for one in seen.requests)


@pytest.mark.parametrize(
    "keys",
    [
        as_json(["not a key"]),
        as_json([7]),
        as_json([None]),
        as_json([{}]),
        page("text"),
        as_json({"a": 1}),
        NOT_FOUND,
        as_json([f"{KEY}/../../x"]),
    ],
)
def test_what_is_no_key_of_orthanc_is_no_record(keys: Reply) -> None:
    seen = ask(orthanc() | {ONE_STUDY: keys, ONE_INSTANCE: keys})
    assert seen.surface(SurfaceKind.ORTHANC_REST).proof is Rung.ADMITS


@pytest.mark.parametrize(
    "counts",
    [[], "x", {"CountPatients": -1}, {"CountPatients": "9" * 400}, {"CountPatients": True}, {"CountPatients": 1.5}],
)
def test_counters_that_count_nothing_give_no_figure(counts: object) -> None:
    measured = ask(orthanc() | {"/statistics": as_json(counts)}, measure=True).measured.get(SurfaceKind.ORTHANC_REST)
    assert measured is None or measured.exposure is None


def test_webdav_lists_a_study_and_is_readable() -> None:
    month = f"{DAV}by-dates/2018/2018-01/"
    seen = ask(webdav() | {f"PROPFIND {month}": multistatus(month, f"{month}{ID} - {NAME}")})
    surface = seen.surface(SurfaceKind.ORTHANC_WEBDAV)
    assert (surface.proof, surface.records_received) == (Rung.READABLE, 1)
    assert "anary" not in to_json(surface).decode()


def test_webdav_of_studies_without_a_date_is_readable_by_its_patients() -> None:
    patients = f"{DAV}by-patients/"
    routes = webdav() | {
        BY_DATES: folder(f"{DAV}by-dates/"),
        BY_PATIENTS: multistatus(patients, f"{patients}{ID} - {NAME}"),
    }
    assert ask(routes).surface(SurfaceKind.ORTHANC_WEBDAV).proof is Rung.READABLE


def test_an_empty_webdav_admits() -> None:
    routes = webdav() | {BY_DATES: folder(f"{DAV}by-dates/"), BY_PATIENTS: folder(f"{DAV}by-patients/")}
    found = ask(routes).surface(SurfaceKind.ORTHANC_WEBDAV)
    assert (found.proof, found.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_webdav_is_not_listed_where_no_record_may_be_read() -> None:
    seen = ask(webdav(), permits=CONNECT)
    assert seen.surface(SurfaceKind.ORTHANC_WEBDAV).facts.no_record is NoRecord.NOT_ASKED
    assert not any("by-" in one.path for one in seen.requests)


def test_orthanc_in_the_open() -> None:
    found = ask(orthanc())
    probe = found.probe(SurfaceKind.ORTHANC_REST)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert probe.way == CounterWay(port=found.web_server.port, secure=False, product="orthanc", base="")
    assert web_of(probe).version == "1.10.1"
    assert probe.surface.records_received == 2
    assert KEY not in found.shown()


def test_orthanc_with_connect_alone_gives_its_counters() -> None:
    found = ask(orthanc() | webdav(), permits=CONNECT, measure=True)
    surface = found.surface(SurfaceKind.ORTHANC_REST)
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, NoRecord.NOT_ASKED, 0)
    assert not any(one.path == "/studies" and "StudyInstanceUID" not in one.query for one in found.requests)
    assert not any(one.path.startswith("/instances") for one in found.requests)
    assert found.measured[SurfaceKind.ORTHANC_REST].exposure is not None
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
