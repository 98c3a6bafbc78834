"""Each product's own web service is known by what only it answers, and is asked no more than is permitted."""

import pytest

from leadglass.model.encode import to_json
from leadglass.model.exposure import Count
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import ID, NAME, Archive, study
from tests.fakes.web_products import (
    BY_DATES,
    BY_PATIENTS,
    DAV,
    KEY,
    ONE_INSTANCE,
    ONE_STUDY,
    SYSTEM,
    dcm4chee,
    dicoogle,
    folder,
    multistatus,
    orthanc,
    webdav,
)
from tests.fakes.web_server import DICOM_JSON, NOT_FOUND, Reply, Request, as_json, login, page, text

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


def test_orthancs_counters_are_all_that_a_connection_may_ask() -> None:
    seen = ask(orthanc(), permits=CONNECT, measure=True)
    surface = seen.surface(SurfaceKind.ORTHANC_REST)
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, NoRecord.NOT_ASKED, 0)
    assert not any(one.path == "/studies" and "StudyInstanceUID" not in one.query for one in seen.requests)
    assert not any(one.path.startswith("/instances") for one in seen.requests)
    assert seen.measured[SurfaceKind.ORTHANC_REST].exposure is not None


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


def test_dcm4chee_lists_its_titles_and_is_counted_by_its_counters() -> None:
    seen = ask(dcm4chee("DCM4CHEE", "RESEARCH"), measure=True)
    assert seen.surface(SurfaceKind.DCM4CHEE_REST).proof is Rung.ADMITS
    assert seen.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    exposure = seen.measured[SurfaceKind.DCM4CHEE_REST].exposure
    assert exposure is not None
    assert (exposure.patients, exposure.studies, exposure.images) == (Count.exact(4), Count.exact(5), Count.exact(99))
    assert any(one.path.startswith("/dcm4chee-arc/aets/RESEARCH/rs") for one in seen.requests)
    assert not any("/.." in one.target.replace("/..%2F", "") for one in seen.requests)


def test_dcm4chee_behind_a_login_speaks() -> None:
    seen = ask({}, lambda request: login() if request.path.startswith("/dcm4chee-arc") else NOT_FOUND)
    assert seen.surface(SurfaceKind.DCM4CHEE_REST).proof is Rung.SPEAKS


def test_an_open_dicoogle_is_readable() -> None:
    seen = ask(dicoogle(), measure=True)
    surface = seen.surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert surface.records_received == 1
    assert "anary" not in to_json(surface).decode()


def test_a_dicoogle_is_asked_for_nothing_that_is_not_permitted() -> None:
    seen = ask(dicoogle(), permits=CONNECT)
    surface = seen.surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, NoRecord.NOT_ASKED, 0)
    assert all("2.25." in one.query["query"] for one in seen.requests if one.path == "/search")


def test_an_empty_dicoogle_admits() -> None:
    surface = ask(dicoogle(images=0)).surface(SurfaceKind.DICOOGLE_REST)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


@pytest.mark.parametrize(("images", "proof"), [(0, Rung.ADMITS), (1, Rung.READABLE)])
def test_the_oldest_dicoogle_puts_no_list_around_one_result(images: int, proof: Rung) -> None:
    def search(request: Request) -> Reply:
        found = 0 if "2.25." in request.query["query"] else images
        result = {"results": {"uri": "file:/x", "fields": {"PatientName": NAME}}} if found else {}
        return as_json({**result, "numResults": found, "elapsedTime": 2})

    assert ask({"/search": search}).surface(SurfaceKind.DICOOGLE_REST).proof is proof


def test_an_older_dicoogle_that_gives_all_is_told_and_every_record_counted() -> None:
    seen = ask(dicoogle(obeys_psize=False, images=5000))
    assert seen.surface(SurfaceKind.DICOOGLE_REST).records_received > 100
    assert seen.web(SurfaceKind.DICOOGLE_REST).ignored_keys == ("psize",)


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


@pytest.mark.parametrize(
    "body",
    [
        "No static resource wado.",
        "Cannot GET {target}",
        "not found: {escaped}",
        '{{"path":"/wado","query":"{target}"}}',
        "The requested URL /wado was not found on this server.",
    ],
)
def test_an_echo_is_no_mark_of_wado(body: str) -> None:
    def echo(request: Request) -> Reply:
        shown = body.format(target=request.target, escaped=request.target.replace("&", "&amp;"))
        return text(f"{shown} ({len(request.target)})", 404)

    assert SurfaceKind.WADO_URI not in ask({}, echo).kinds


def test_wado_that_names_what_it_misses_admits() -> None:
    seen = ask({"/wado": text("No SOP Instance found", 404)})
    assert seen.surface(SurfaceKind.WADO_URI).proof is Rung.ADMITS
    assert all(one.query["objectUID"].startswith("2.25.") for one in seen.requests if one.path == "/wado")


def test_work_items_are_readable_where_they_are_shown() -> None:
    def workitems(request: Request) -> Reply:
        keyed = any(name.endswith("UID") for name in request.query)
        return Reply(status=204) if keyed else as_json([study(1)], DICOM_JSON)

    routes = {**Archive([]).routes(), "/dicom-web/workitems": workitems}

    assert ask(routes).surface(SurfaceKind.UPS_RS).proof is Rung.READABLE
    assert ask(routes, permits=CONNECT).surface(SurfaceKind.UPS_RS).facts.no_record is NoRecord.NOT_ASKED
