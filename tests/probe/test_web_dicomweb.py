"""A rung of DICOMweb is what an answer proved: a record, an image, or the reason why there was none."""

import json
from dataclasses import replace

import pytest

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import (
    CANARIES,
    INSTANCE,
    NAME,
    SERIES,
    UID,
    Archive,
    an_instance,
    studies,
    study,
)
from tests.fakes.web_server import DICOM_JSON, JSON, NOT_FOUND, Reply, as_json, login

KIND = SurfaceKind.DICOMWEB


def test_an_open_service_is_retrievable_and_nothing_of_a_patient_is_kept() -> None:
    found = ask(Archive(studies(3)).routes())
    probe = found.probe(KIND)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert web_of(probe).base == "/dicom-web"
    assert probe.way == DicomwebWay(port=found.web_server.port, secure=False, base="/dicom-web")
    assert probe.surface.records_received == 4 == found.cost.records_received
    shown = found.shown()
    for secret in (*CANARIES, SERIES, INSTANCE):
        assert secret not in shown
    assert "{study}/series/{series}/instances/{instance}/metadata" in shown
    assert all(request.headers["user-agent"].startswith("Leadglass/") for request in found.requests)


def test_connect_alone_asks_for_no_record() -> None:
    found = ask(Archive().routes(), permits=(Permission.CONNECT,))
    probe = found.probe(KIND)
    assert (probe.surface.proof, probe.surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)
    assert probe.way is None
    assert probe.surface.retrieval is Retrieval.NOT_ASKED
    assert probe.surface.records_received == 0 == found.cost.records_received
    queries = [one for one in found.requests if one.path.endswith("/studies")]
    assert queries
    assert all(one.query["StudyInstanceUID"].startswith("2.25.") for one in queries)
    assert not any("/series" in one.path or "metadata" in one.path for one in found.requests)
    asked = found.asked_for("/studies") + found.asked_for("/workitems") + found.asked_for("/search")
    assert asked
    assert all("UID=2.25." in target or "UID:2.25." in target or "/count" in target for target in asked)


def test_reading_without_images_stops_at_the_record() -> None:
    found = ask(Archive().routes(), permits=(Permission.CONNECT, Permission.READ_RECORD))
    probe = found.probe(KIND)
    assert (probe.surface.proof, probe.surface.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)
    assert probe.surface.records_received == 1
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
    surface = ask(Archive(wide=wide).routes()).surface(KIND)
    assert (surface.proof, surface.facts.no_record, surface.records_received) == (Rung.ADMITS, why, 0)


def test_a_server_that_wants_a_key_is_given_a_range_of_dates() -> None:
    routes = Archive().routes() | {"/dicom-web/studies?limit=1": Reply(status=413)}
    found = ask(routes)
    assert found.surface(KIND).proof is Rung.RETRIEVABLE
    assert found.asked_for("/dicom-web/studies?StudyDate=19000101-21001231&limit=1")


def test_a_limit_that_is_ignored_is_said_and_every_record_counted() -> None:
    probe = ask(Archive(studies(3), obeys_limit=False).routes()).probe(KIND)
    assert web_of(probe).ignored_keys == ("limit",)
    assert probe.surface.records_received == 6


def test_an_archive_without_a_limit_is_cut_off_and_still_proves() -> None:
    found = ask(Archive(studies(2000), obeys_limit=False).routes())
    probe = found.probe(KIND)
    assert probe.surface.proof is Rung.RETRIEVABLE
    # The answer is cut at 64 kB.
    assert 60_000 // len(json.dumps(study(1))) < probe.surface.records_received < 2000
    assert web_of(probe).ignored_keys == ("limit",)


def test_a_key_that_is_ignored_is_said() -> None:
    probe = ask(Archive(obeys_keys=False).routes()).probe(KIND)
    assert probe.surface.proof is Rung.RETRIEVABLE
    assert web_of(probe).ignored_keys == ("StudyInstanceUID",)


@pytest.mark.parametrize(
    ("metadata", "retrieval"),
    [
        (login("x"), Retrieval.REFUSED),
        (Reply(status=403), Retrieval.REFUSED),
        (NOT_FOUND, Retrieval.UNDETERMINED),
        (an_instance(401), Retrieval.REFUSED),
        (an_instance(403), Retrieval.REFUSED),
        (an_instance(404), Retrieval.UNDETERMINED),
        (an_instance(500), Retrieval.UNDETERMINED),
        (as_json([], DICOM_JSON), Retrieval.UNDETERMINED),
        (an_instance(kind=JSON), Retrieval.UNDETERMINED),
        (Reply(body=b"\x1f\x8b" + bytes(50), kind=DICOM_JSON), Retrieval.UNDETERMINED),
    ],
)
def test_metadata_decides_on_the_images(metadata: Reply, retrieval: Retrieval) -> None:
    surface = ask(Archive(metadata=metadata).routes()).surface(KIND)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, retrieval)


def test_the_users_path_comes_first_and_may_hold_anything() -> None:
    for path, base in (("/my pacs/x/studies?limit=5", "/my%20pacs/x"), ("/imaging/qido", "/imaging/qido")):
        assert ask(Archive(base=base).routes(), path=path).web(KIND).base == base
    assert ask({}, path="/a\r\nX-Y: z/\x00\u2028é").kinds == [SurfaceKind.WEB]


def test_no_object_is_ever_asked_for() -> None:
    seen = ask(Archive([study(1)]).routes())
    assert {one.method for one in seen.requests} <= {"GET", "PROPFIND"}
    assert not any(one.path.rpartition("/")[2].startswith((UID, "2.25.")) for one in seen.requests)
    assert all("image" not in one.headers["accept"] for one in seen.requests)


def test_json_by_its_general_name_is_read_but_proves_no_image() -> None:
    surface = ask(Archive([study(1)], kind="application/json;charset=utf-8").routes()).surface(KIND)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)


def test_a_vague_root_is_found_by_its_type_or_its_record() -> None:
    assert ask(Archive([], base="/rs").routes()).surface(KIND).proof is Rung.ADMITS
    assert ask(Archive([study(1)], base="/rs", kind=JSON).routes()).surface(KIND).proof is Rung.READABLE
    assert KIND not in ask(Archive([], base="/rs", kind=JSON).routes()).kinds


def test_titles_lead_to_their_own_roots() -> None:
    seen = ask(Archive([study(1)], base="/dcm4chee-arc/aets/RAD%201/rs").routes(), titles=("RAD 1", "A/../B"))
    assert seen.web(KIND).base == "/dcm4chee-arc/aets/RAD%201/rs"
    assert not any("/../" in one.target for one in seen.requests)


def test_what_a_json_type_hides_is_judged_by_shape() -> None:
    routes = Archive(wide=as_json([{"PatientName": NAME}], DICOM_JSON)).routes()
    assert ask(routes).surface(KIND).proof is Rung.ADMITS


def test_another_status_of_success_is_read_as_well() -> None:
    archive = Archive()
    seen = ask({**archive.routes(), "/dicom-web/studies": lambda request: replace(archive.search(request), status=203)})
    assert seen.surface(KIND).proof is Rung.RETRIEVABLE
