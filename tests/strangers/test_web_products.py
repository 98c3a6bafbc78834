"""Each product's own web service is known by what only it answers, and is asked no more than is permitted."""

import pytest

from leadglass.model.encode import to_json
from leadglass.model.exposure import Count
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.strangers.dicomweb import Archive, study
from tests.strangers.web_server import Asked, Routes, login, reply
from tests.strangers.web_stranger import ask

CONNECT = (Permission.CONNECT,)
COUNTS = {"CountPatients": 4, "CountStudies": 5, "CountInstances": 99}
KEY = "0123abcd-0123abcd-0123abcd-0123abcd-0123abcd"


def _table(answers: dict[str, object]) -> Routes:
    """Answers by path; what is not bytes is JSON."""

    def routes(asked: Asked) -> bytes | None:
        answer = answers.get(asked.path)
        return answer if answer is None or isinstance(answer, bytes) else reply(answer)

    return routes


ORTHANC = {
    "/system": {"ApiVersion": 20, "DicomAet": "ORTHANC", "Version": "1.12.9\x1b[31m<b>"},
    "/statistics": COUNTS,
    "/studies": [KEY],
    "/instances": [KEY],
    f"/instances/{KEY}/attachments/dicom/size": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n5121",
}


def test_an_open_orthanc_is_retrievable_and_counted_by_its_counters() -> None:
    seen = ask(_table(ORTHANC), measure=True)
    surface = seen.probe(SurfaceKind.ORTHANC_REST).surface
    assert (surface.proof, surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    exposure = seen.measured[SurfaceKind.ORTHANC_REST].exposure
    assert exposure is not None
    assert (exposure.patients, exposure.studies, exposure.images) == (Count.exact(4), Count.exact(5), Count.exact(99))
    version = seen.web(SurfaceKind.ORTHANC_REST).version
    assert version is not None
    assert "\x1b" not in version
    assert KEY not in to_json(surface).decode()
    assert not any(one.path.endswith("/file") for one in seen.asked)


def test_orthancs_counters_are_all_that_a_connection_may_ask() -> None:
    seen = ask(_table(ORTHANC), permits=CONNECT, measure=True)
    surface = seen.probe(SurfaceKind.ORTHANC_REST).surface
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, NoRecord.NOT_ASKED, 0)
    assert not any(one.path == "/studies" and "StudyInstanceUID" not in one.query for one in seen.asked)
    assert not any(one.path.startswith("/instances") for one in seen.asked)
    assert seen.measured[SurfaceKind.ORTHANC_REST].exposure is not None


@pytest.mark.parametrize("keys", [["not a key"], [7], [None], [{}], "text", {"a": 1}, None, [f"{KEY}/../../x"]])
def test_what_is_no_key_of_orthanc_is_no_record(keys: object) -> None:
    seen = ask(_table({**ORTHANC, "/studies": keys, "/instances": keys}))
    assert seen.probe(SurfaceKind.ORTHANC_REST).surface.proof is Rung.ADMITS


@pytest.mark.parametrize(
    "counts",
    [[], "x", {"CountPatients": -1}, {"CountPatients": "9" * 400}, {"CountPatients": True}, {"CountPatients": 1.5}],
)
def test_counters_that_count_nothing_give_no_figure(counts: object) -> None:
    measured = ask(_table({**ORTHANC, "/statistics": counts}), measure=True).measured.get(SurfaceKind.ORTHANC_REST)
    assert measured is None or measured.exposure is None


AETS = [{"dicomAETitle": "DCM4CHEE"}, {"dicomAETitle": "../x"}, {"dicomAETitle": "RESEARCH"}, {"x": 1}, 7]


def _dcm4chee(asked: Asked) -> bytes | None:
    root = "/dcm4chee-arc/aets/DCM4CHEE/rs"
    counts = {"patients": {"count": 3}, "studies": {"count": 4}, "instances": {"count": 50}}
    for level, count in counts.items():
        if asked.path == f"{root}/{level}/count":
            return reply(count)
    if asked.path == "/dcm4chee-arc/aets":
        return reply(AETS)
    return Archive([study(1), study(2)], base=root)(asked)


def test_dcm4chee_lists_its_titles_and_is_counted_by_its_counters() -> None:
    seen = ask(_dcm4chee, measure=True)
    assert seen.probe(SurfaceKind.DCM4CHEE_REST).surface.proof is Rung.ADMITS
    assert seen.probe(SurfaceKind.DICOMWEB).surface.proof is Rung.RETRIEVABLE
    exposure = seen.measured[SurfaceKind.DCM4CHEE_REST].exposure
    assert exposure is not None
    assert (exposure.patients, exposure.studies, exposure.images) == (Count.exact(3), Count.exact(4), Count.exact(50))
    assert any(one.path.startswith("/dcm4chee-arc/aets/RESEARCH/rs") for one in seen.asked)
    assert not any("/.." in one.target.replace("/..%2F", "") for one in seen.asked)


def test_dcm4chee_behind_a_login_speaks() -> None:
    seen = ask(lambda asked: login() if asked.path.startswith("/dcm4chee-arc") else None)
    assert seen.probe(SurfaceKind.DCM4CHEE_REST).surface.proof is Rung.SPEAKS


def _dicoogle(obeys_psize: bool = True, images: int = 40) -> Routes:
    result = {"uri": "file:///data/canary.dcm", "fields": {"PatientName": "Canarysson", "SOPInstanceUID": "2.25.1"}}

    def routes(asked: Asked) -> bytes | None:
        if asked.path != "/search":
            return None
        found = 0 if "2.25." in asked.query["query"] else images
        size = int(asked.query.get("psize", found)) if obeys_psize else found
        return reply({"results": [result] * min(found, size), "elapsedTime": 3, "numResults": found})

    return routes


def test_an_open_dicoogle_is_readable() -> None:
    seen = ask(_dicoogle(), measure=True)
    surface = seen.probe(SurfaceKind.DICOOGLE_REST).surface
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert surface.records_received == 1
    assert "anary" not in to_json(surface).decode()


def test_a_dicoogle_is_asked_for_nothing_that_is_not_permitted() -> None:
    seen = ask(_dicoogle(), permits=CONNECT)
    surface = seen.probe(SurfaceKind.DICOOGLE_REST).surface
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, NoRecord.NOT_ASKED, 0)
    assert all("2.25." in one.query["query"] for one in seen.asked if one.path == "/search")


def test_an_empty_dicoogle_admits() -> None:
    surface = ask(_dicoogle(images=0)).probe(SurfaceKind.DICOOGLE_REST).surface
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


@pytest.mark.parametrize(("images", "proof"), [(0, Rung.ADMITS), (1, Rung.READABLE)])
def test_the_oldest_dicoogle_puts_no_list_around_one_result(images: int, proof: Rung) -> None:
    def routes(asked: Asked) -> bytes | None:
        if asked.path != "/search":
            return None
        found = 0 if "2.25." in asked.query["query"] else images
        result = {"results": {"uri": "file:/x", "fields": {"PatientName": "Canarysson"}}} if found else {}
        return reply({**result, "numResults": found, "elapsedTime": 2})

    assert ask(routes).probe(SurfaceKind.DICOOGLE_REST).surface.proof is proof


def test_an_older_dicoogle_that_gives_all_is_told_and_every_record_counted() -> None:
    seen = ask(_dicoogle(obeys_psize=False, images=5000))
    assert seen.probe(SurfaceKind.DICOOGLE_REST).surface.records_received > 100
    assert seen.web(SurfaceKind.DICOOGLE_REST).ignored_keys == ("psize",)


def _dav(paths: dict[str, tuple[str, ...]]) -> Routes:
    def routes(asked: Asked) -> bytes | None:
        if asked.method != "PROPFIND" or asked.path not in paths:
            return None
        names = ("", *paths[asked.path])
        entries = "".join(
            f"<D:response><D:href>{asked.path}{name}</D:href><D:displayname>{name}</D:displayname></D:response>"
            for name in names
        )
        return reply(f'<D:multistatus xmlns:D="DAV:">{entries}</D:multistatus>'.encode(), 207, "application/xml")

    return routes


ROOT = {"/webdav/": ("by-dates", "by-patients", "by-studies", "by-uids", "uploads")}


def test_webdav_lists_a_study_and_is_readable() -> None:
    folders = {
        **ROOT,
        "/webdav/by-dates/": ("2024",),
        "/webdav/by-dates/2024/": ("2024-06",),
        "/webdav/by-dates/2024/2024-06/": ("CANARYPID1 - Canarysson",),
    }
    surface = ask(_dav(folders)).probe(SurfaceKind.ORTHANC_WEBDAV).surface
    assert (surface.proof, surface.records_received) == (Rung.READABLE, 1)
    assert "anary" not in to_json(surface).decode()


def test_webdav_of_studies_without_a_date_is_readable_by_its_patients() -> None:
    folders = {**ROOT, "/webdav/by-dates/": (), "/webdav/by-patients/": ("CANARYPID1 - Canarysson",)}
    assert ask(_dav(folders)).probe(SurfaceKind.ORTHANC_WEBDAV).surface.proof is Rung.READABLE


def test_an_empty_webdav_admits() -> None:
    surface = ask(_dav({**ROOT, "/webdav/by-dates/": (), "/webdav/by-patients/": ()}))
    found = surface.probe(SurfaceKind.ORTHANC_WEBDAV).surface
    assert (found.proof, found.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_webdav_is_not_listed_where_no_record_may_be_read() -> None:
    seen = ask(_dav({**ROOT, "/webdav/by-dates/": ("2024",)}), permits=CONNECT)
    assert seen.probe(SurfaceKind.ORTHANC_WEBDAV).surface.facts.no_record is NoRecord.NOT_ASKED
    assert not any("by-" in one.path for one in seen.asked)


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
    def routes(asked: Asked) -> bytes:
        shown = body.format(target=asked.target, escaped=asked.target.replace("&", "&amp;"))
        return reply(f"{shown} ({len(asked.target)})".encode(), 404, "text/plain")

    assert SurfaceKind.WADO_URI not in ask(routes).kinds


def test_wado_that_names_what_it_misses_admits() -> None:
    def routes(asked: Asked) -> bytes | None:
        return reply(b"No SOP Instance found", 404, "text/plain") if asked.path == "/wado" else None

    seen = ask(routes)
    assert seen.probe(SurfaceKind.WADO_URI).surface.proof is Rung.ADMITS
    assert all(one.query["objectUID"].startswith("2.25.") for one in seen.asked if one.path == "/wado")


def test_work_items_are_readable_where_they_are_shown() -> None:
    archive = Archive([])

    def routes(asked: Asked) -> bytes | None:
        if asked.path == "/dicom-web/workitems":
            keyed = any(name.endswith("UID") for name in asked.query)
            return reply(status=204) if keyed else reply([study(1)], kind="application/dicom+json")
        return archive(asked)

    assert ask(routes).probe(SurfaceKind.UPS_RS).surface.proof is Rung.READABLE
    assert ask(routes, permits=CONNECT).probe(SurfaceKind.UPS_RS).surface.facts.no_record is NoRecord.NOT_ASKED
