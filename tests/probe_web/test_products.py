"""Orthanc, dcm4chee-arc, Dicoogle, WADO-URI and UPS-RS get their rungs, and only by marks of their own."""

import pytest

from leadglass.knowledge.products import DCM4CHEE, DICOOGLE, ORTHANC
from leadglass.model.words import NoRecord, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web
from tests.fakes.scripted_web import JSON, FakeServer, Reply, Request
from tests.fakes.web_products import (
    CANARIES,
    KEY,
    REFUSED,
    Qido,
    dcm4chee,
    dicoogle,
    element,
    listing,
    orthanc,
    page,
    webdav,
)


def test_an_open_orthanc_is_retrievable() -> None:
    came = ask(FakeServer(orthanc() | webdav() | Qido().routes() | {"/": page("Orthanc Explorer")}))
    rest = came.surface(SurfaceKind.ORTHANC_REST)
    assert (rest.proof, rest.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert (web(rest).products, web(rest).version) == ((ORTHANC,), "1.10.1")
    folders = came.surface(SurfaceKind.ORTHANC_WEBDAV)
    assert (folders.proof, folders.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)
    assert came.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert came.surface(SurfaceKind.VIEWER).proof is Rung.ADMITS
    assert not [word for word in CANARIES if word in came.said()]


@pytest.mark.parametrize(
    ("changed", "proof", "no_record", "retrieval"),
    [
        ({"studies": listing([], JSON)}, Rung.ADMITS, NoRecord.NOTHING_FOUND, Retrieval.NOT_ASKED),
        ({"studies": REFUSED}, Rung.ADMITS, NoRecord.REFUSED, Retrieval.REFUSED),
        ({"studies": listing(["x"], JSON)}, Rung.ADMITS, NoRecord.UNDECIDED, Retrieval.NOT_ASKED),
        ({"studies": listing({}, JSON)}, Rung.ADMITS, NoRecord.UNDECIDED, Retrieval.NOT_ASKED),
        ({"studies": listing([KEY] * 9000, JSON)}, Rung.RETRIEVABLE, None, Retrieval.PROVED),
        ({"instances": REFUSED}, Rung.READABLE, None, Retrieval.REFUSED),
        ({"instances": listing([], JSON)}, Rung.READABLE, None, Retrieval.UNDETERMINED),
        ({"size": REFUSED}, Rung.READABLE, None, Retrieval.REFUSED),
        ({"size": Reply(body=b"<html>")}, Rung.READABLE, None, Retrieval.UNDETERMINED),
        ({"size": Reply(body=b"9" * 5000)}, Rung.READABLE, None, Retrieval.UNDETERMINED),
        ({"statistics": REFUSED}, Rung.RETRIEVABLE, None, Retrieval.PROVED),
        ({"system": REFUSED}, Rung.RETRIEVABLE, None, Retrieval.PROVED),
    ],
)
def test_orthanc_half_open(changed: dict[str, Reply], proof: Rung, no_record: NoRecord, retrieval: Retrieval) -> None:
    came = ask(FakeServer(orthanc(**changed)))
    rest = came.surface(SurfaceKind.ORTHANC_REST)
    assert (rest.proof, rest.facts.no_record, rest.retrieval) == (proof, no_record, retrieval)
    assert not [word for word in CANARIES if word in came.said()]


def test_a_key_that_came_in_a_list_without_end_is_counted() -> None:
    rest = ask(FakeServer(orthanc(studies=listing([KEY] * 9000, JSON)))).surface(SurfaceKind.ORTHANC_REST)
    assert rest.records_received > 5000


@pytest.mark.parametrize("system", [{"Version": "3"}, [1], {"version": "1", "name": "x"}, None, 7])
def test_another_system_is_not_orthanc(system: object) -> None:
    routes = {"/system": listing(system, JSON), "/statistics": listing({"CountStudies": "many"}, JSON)}
    assert ask(FakeServer(routes)).only.kind is SurfaceKind.WEB


def test_webdav_is_orthancs_by_its_folders_only() -> None:
    for reply in (REFUSED, Reply(status=207, body=b"<D:multistatus><D:response/></D:multistatus>"), Reply(status=405)):
        assert ask(FakeServer({"PROPFIND /webdav/": reply})).only.kind is SurfaceKind.WEB
    empty = Reply(status=207, body=b"<D:multistatus><D:response>/webdav/by-dates/</D:response></D:multistatus>")
    came = ask(FakeServer({"PROPFIND /webdav/": empty, "PROPFIND /webdav/by-dates/": empty}))
    assert (came.only.proof, came.only.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)
    refused = webdav() | {"PROPFIND /webdav/by-dates/2021/2021-05/": REFUSED}
    assert ask(FakeServer(refused)).only.facts.no_record is NoRecord.REFUSED


def test_an_open_dcm4chee_is_counted_and_read() -> None:
    came = ask(FakeServer(dcm4chee("AS_RECEIVED", "DCM4CHEE", "bad/../title", "WORKLIST")))
    rest = came.surface(SurfaceKind.DCM4CHEE_REST)
    assert (rest.proof, rest.facts.no_record, web(rest).products) == (Rung.ADMITS, NoRecord.UNDECIDED, (DCM4CHEE,))
    assert came.surface(SurfaceKind.DICOMWEB).proof is Rung.RETRIEVABLE
    assert not any(".." in request.target for request in came.requests)
    exposure = came.measured[SurfaceKind.DCM4CHEE_REST].exposure
    assert exposure is not None
    assert exposure.studies is not None
    assert exposure.studies.count == 3
    assert len(came.requests) < 70


def test_dcm4chee_behind_a_login_or_without_counters() -> None:
    came = ask(FakeServer({"/dcm4chee-arc/aets": REFUSED}))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.DCM4CHEE_REST, Rung.SPEAKS)
    came = ask(FakeServer(dcm4chee("DCM4CHEE", counts=False)))
    assert SurfaceKind.DCM4CHEE_REST not in came.measured
    others: tuple[object, ...] = ([{"dicomAETitle": 7}], [{"dicomAETitle": "x" * 17}], [7], {}, ["DCM4CHEE"])
    for listed in others:
        assert ask(FakeServer({"/dcm4chee-arc/aets": listing(listed, JSON)})).only.kind is SurfaceKind.WEB


def test_dicoogle() -> None:
    came = ask(FakeServer(dicoogle()))
    assert (came.only.kind, came.only.proof) == (SurfaceKind.DICOOGLE_REST, Rung.READABLE)
    assert (web(came.only).products, came.only.retrieval) == ((DICOOGLE,), Retrieval.UNDETERMINED)
    assert not [word for word in CANARIES if word in came.said()]
    empty = ask(FakeServer(dicoogle(found=0))).only
    assert (empty.proof, empty.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)
    long = ask(FakeServer(dicoogle(found=2000))).only
    assert (long.proof, long.records_received > 300) == (Rung.READABLE, True)
    others: tuple[object, ...] = ({"results": []}, {"results": 7, "numResults": 1}, [], {"numResults": 0})
    for value in others:
        assert ask(FakeServer({"/search": listing(value, JSON)})).only.kind is SurfaceKind.WEB


def test_ups_rs_is_asked_under_dicomweb_only() -> None:
    item = {"00741204": element("LO", "canary description"), "00100010": element("PN", "Canaryname")}
    came = ask(FakeServer(Qido().routes() | {"/dicom-web/workitems": listing([item]), "/workitems": listing([item])}))
    assert came.surface(SurfaceKind.UPS_RS).proof is Rung.READABLE
    assert not [word for word in CANARIES if word in came.said()]

    def search(request: Request) -> Reply:
        return listing([]) if request.value("StudyInstanceUID") else REFUSED

    came = ask(FakeServer(Qido().routes() | {"/dicom-web/workitems": search}))
    ups = came.surface(SurfaceKind.UPS_RS)
    assert (ups.proof, ups.facts.no_record) == (Rung.ADMITS, NoRecord.REFUSED)
    came = ask(FakeServer(Qido().routes() | {"/dicom-web/workitems": Reply(status=204, type=None)}))
    assert came.surface(SurfaceKind.UPS_RS).facts.no_record is NoRecord.NOTHING_FOUND
    assert SurfaceKind.UPS_RS not in ask(FakeServer({"/workitems": listing([item])})).kinds()


def test_wado_uri_with_a_mark() -> None:
    for body in (b"Missing parameter objectUID", b"No such object", b"SOP Instance not found"):
        came = ask(FakeServer({"/wado": Reply(status=404, body=body, type="text/plain")}))
        assert (came.only.kind, came.only.proof) == (SurfaceKind.WADO_URI, Rung.ADMITS)
        assert came.only.facts.no_record is NoRecord.UNDECIDED
    assert ask(FakeServer({"/wado": REFUSED})).only.proof is Rung.SPEAKS


def test_wado_uri_that_only_echoes_is_none() -> None:
    def echo(request: Request) -> Reply:
        return Reply(status=404, body=b"no such page: " + request.target.encode(), type="text/plain")

    def escaped(request: Request) -> Reply:
        uid = (request.value("objectUID") or "").encode()
        return Reply(status=400, body=b'{"query":{"requestType":"WADO","objectUID":"%s"}}' % uid, type=JSON)

    for answer in (echo, escaped, Reply(status=404, body=b"/wado was not found", type="text/plain")):
        assert ask(FakeServer({"/wado": answer})).only.kind is SurfaceKind.WEB
