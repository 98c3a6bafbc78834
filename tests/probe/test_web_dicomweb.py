"""A rung of DICOMweb is what an answer proved: a record, an image, or the reason why there was none."""

import json

import msgspec
import pytest

from leadglass.model.encode import to_json
from leadglass.model.scope import ALL_PERMISSIONS
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask, web_of
from tests.fakes.dicomweb import (
    CANARIES,
    INSTANCE,
    NAME,
    SERIES,
    STUDY,
    UID,
    Archive,
    an_instance,
    studies,
    study,
)
from tests.fakes.web_server import DICOM_JSON, JSON, NOT_FOUND, Reply, as_json, login

KIND = SurfaceKind.DICOMWEB


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


def test_the_users_path_comes_first_and_may_hold_anything() -> None:
    found = ask(Archive(base="/my%20pacs/x").routes(), path="/my pacs/x/studies?limit=5")
    assert found.web(SurfaceKind.DICOMWEB).base == "/my%20pacs/x"
    assert ask({}, path="/a\r\nX-Y: z/\x00\u2028é").kinds == [SurfaceKind.WEB]


def test_an_open_archive_is_retrievable_by_its_metadata() -> None:
    seen = ask(Archive([study(1), study(2)]).routes())
    surface = seen.surface(KIND)
    assert (surface.proof, surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    assert seen.web(KIND).base == "/dicom-web"
    assert not any(canary in to_json(surface).decode() + seen.shown() for canary in CANARIES)


def test_no_object_is_ever_asked_for() -> None:
    seen = ask(Archive([study(1)]).routes())
    assert {one.method for one in seen.requests} <= {"GET", "PROPFIND"}
    assert not any(one.path.rpartition("/")[2].startswith((UID, "2.25.")) for one in seen.requests)
    assert all("image" not in one.headers["accept"] for one in seen.requests)


@pytest.mark.parametrize(
    ("status", "proof", "retrieval"),
    [
        (200, Rung.RETRIEVABLE, Retrieval.PROVED),
        (401, Rung.READABLE, Retrieval.REFUSED),
        (403, Rung.READABLE, Retrieval.REFUSED),
        (404, Rung.READABLE, Retrieval.UNDETERMINED),
        (500, Rung.READABLE, Retrieval.UNDETERMINED),
    ],
)
def test_metadata_decides_retrieval(status: int, proof: Rung, retrieval: Retrieval) -> None:
    surface = ask(Archive([study(1)], metadata=an_instance(status)).routes()).surface(KIND)
    assert (surface.proof, surface.retrieval) == (proof, retrieval)


def test_an_empty_archive_admits() -> None:
    surface = ask(Archive([]).routes()).surface(KIND)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_permission_to_connect_asks_for_no_record() -> None:
    seen = ask(Archive([study(1)]).routes(), permits=(Permission.CONNECT,))
    surface = seen.surface(KIND)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)
    assert (surface.retrieval, surface.records_received) == (Retrieval.NOT_ASKED, 0)
    queries = [one for one in seen.requests if one.path.endswith("/studies")]
    assert queries
    assert all(one.query["StudyInstanceUID"].startswith("2.25.") for one in queries)
    assert not any("/series" in one.path or "metadata" in one.path for one in seen.requests)


def test_permission_to_read_asks_for_no_instance() -> None:
    seen = ask(Archive([study(1)]).routes(), permits=(Permission.CONNECT, Permission.READ_RECORD))
    surface = seen.surface(KIND)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)
    assert surface.records_received == 1
    assert not any("/series" in one.path for one in seen.requests)


def test_an_ignored_limit_is_told_and_every_record_counted() -> None:
    archive = Archive(studies(7), obeys_limit=False)
    seen = ask(archive.routes(), permits=(Permission.CONNECT, Permission.READ_RECORD))
    assert seen.web(KIND).ignored_keys == ("limit",)
    assert seen.surface(KIND).records_received == 7


def test_an_answer_cut_by_our_own_bound_is_counted_too() -> None:
    surface = ask(Archive(studies(1499), obeys_limit=False).routes()).surface(KIND)
    assert surface.proof.at_least(Rung.READABLE)
    # The answer is cut at 64 kB.
    assert surface.records_received > 60_000 // len(json.dumps(study(1)))


def test_an_ignored_key_is_told() -> None:
    seen = ask(Archive([study(1)], obeys_keys=False).routes())
    assert "StudyInstanceUID" in seen.web(KIND).ignored_keys


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


def test_the_path_that_the_user_gave_is_a_root() -> None:
    seen = ask(Archive([study(1)], base="/imaging/qido").routes(), path="/imaging/qido", permits=ALL_PERMISSIONS)
    assert seen.web(KIND).base == "/imaging/qido"


def test_what_a_json_type_hides_is_judged_by_shape() -> None:
    routes = Archive(wide=as_json([{"PatientName": NAME}], DICOM_JSON)).routes()
    assert ask(routes).surface(SurfaceKind.DICOMWEB).proof is Rung.ADMITS
