"""A QIDO-RS that wants a key with every query, or knows plain JSON alone, is found as open as it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from leadglass.model.exposure import Count
from leadglass.model.scope import Budget
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import Archive, studies
from tests.fakes.web_server import (
    DICOM_JSON,
    JSON,
    NOT_FOUND,
    After,
    Answer,
    Reply,
    Request,
    as_json,
    changed,
    login,
    text,
)

KIND = SurfaceKind.DICOMWEB
DATES = "StudyDate=19000101-21001231"


def wanting(key: str, refusal: Reply, archive: Archive | None = None) -> dict[str, Answer]:
    """An archive that refuses every search without `key`, be it for one study's UID."""
    served = archive or Archive(studies(3))

    def search(request: Request) -> Reply:
        return served.search(request) if key in request.query else refusal

    return {**served.routes(), f"{served.base}/studies": search}


def searched(requests: list[Request]) -> list[dict[str, str]]:
    """The keys of each search for studies under the archive's root, without the limit."""
    found = [one.query for one in requests if one.path == "/dicom-web/studies"]
    return [{key: value for key, value in query.items() if key != "limit"} for query in found]


@pytest.mark.parametrize("status", [400, 403, 413, 422])
def test_a_server_that_answers_with_a_date_alone_is_read(status: int) -> None:
    seen = ask(wanting("StudyDate", text("StudyDate is required", status)))
    probe = seen.probe(KIND)
    assert (probe.surface.proof, probe.surface.status) == (Rung.RETRIEVABLE, Status.SUCCESS)
    keys = searched(seen.requests)
    assert {"StudyDate": "18000101"} in keys, "a key is tried with an impossible value first"
    assert keys.index({"StudyDate": "18000101"}) < keys.index({"StudyDate": "19000101-21001231"})
    assert len(keys) <= 4
    assert probe.surface.records_received == 4


@pytest.mark.parametrize("refusal", [text("no", 403), text("no", 400), text("too many", 413)])
def test_a_server_that_refuses_the_bare_query_alone_is_read(refusal: Reply) -> None:
    seen = ask(Archive().routes() | {"/dicom-web/studies?limit=1": refusal})
    assert seen.surface(KIND).proof is Rung.RETRIEVABLE
    assert {"StudyDate": "18000101"} in searched(seen.requests)


@pytest.mark.parametrize("status", [400, 403])
def test_a_server_that_wants_a_patient_is_asked_for_any(status: int) -> None:
    archive = Archive(studies(3))

    def search(request: Request) -> Reply:
        patient = request.query.get("PatientID")
        if patient is None:
            return Reply(status=status)
        return archive.search(request) if patient == "*" else as_json([], DICOM_JSON)

    seen = ask({**archive.routes(), "/dicom-web/studies": search})
    assert seen.surface(KIND).proof is Rung.RETRIEVABLE
    keys = searched(seen.requests)
    assert keys[-2]["PatientID"].startswith("NOBODY")
    assert keys[-1] == {"PatientID": "*"}


def test_a_key_that_is_ignored_is_said_and_not_asked_for_all() -> None:
    everything = Archive(obeys_keys=False)
    seen = ask(wanting("StudyDate", Reply(status=400), everything))
    assert seen.surface(KIND).proof is Rung.RETRIEVABLE
    assert "StudyDate" in seen.web(KIND).ignored_keys
    assert {"StudyDate": "19000101-21001231"} not in searched(seen.requests)


def test_a_door_that_no_key_opens_stays_what_it_is() -> None:
    for refusal, proof in ((Reply(status=403), Rung.SPEAKS), (login("x"), Rung.SPEAKS)):
        seen = ask({"/dicom-web/studies": refusal})
        assert seen.surface(KIND).proof is proof
        assert len(searched(seen.requests)) <= 3
    assert len(searched(ask({"/dicom-web/studies": login("x")}).requests)) == 1, "a login is not argued with"


def test_an_archive_that_is_empty_by_its_key_admits() -> None:
    surface = ask(wanting("StudyDate", Reply(status=400), Archive(studies=[]))).surface(KIND)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_no_key_is_tried_without_permission_or_budget() -> None:
    routes = wanting("StudyDate", Reply(status=400))
    for seen in (ask(routes, permits=(Permission.CONNECT,)), ask(routes, budget=Budget(max_records=0))):
        assert all(set(query) == {"StudyInstanceUID"} for query in searched(seen.requests))
        assert seen.surface(SurfaceKind.WEB).status is not Status.SUCCESS


def test_what_only_a_key_opens_is_counted_with_it_and_at_least() -> None:
    seen = ask(wanting("StudyDate", Reply(status=400), Archive(studies(703))), measure=True)
    exposure = seen.measured[KIND].exposure
    assert exposure is not None
    assert exposure.studies == Count.at_least(703)
    assert any("without a value of StudyDate" in limit for limit in exposure.limits)
    assert seen.measured[KIND].whole_archive is None


def accepting(kind: str, archive: Archive) -> dict[str, Answer]:
    """An archive that answers 406 to whoever takes another type than `kind`."""

    def only(answer: Answer) -> Callable[[Request], Reply | None]:
        def reply(request: Request) -> Reply | None:
            if request.headers["accept"] != kind:
                return Reply(status=406)
            return answer if isinstance(answer, Reply) else answer(request)

        return reply

    return {path: only(answer) for path, answer in archive.routes().items()}


def test_a_server_of_plain_json_alone_is_read_and_counted() -> None:
    seen = ask(accepting(JSON, Archive(studies(703), kind=JSON)), measure=True)
    surface = seen.surface(KIND)
    assert (surface.proof, surface.retrieval) == (Rung.RETRIEVABLE, Retrieval.PROVED)
    exposure = seen.measured[KIND].exposure
    assert exposure is not None
    assert exposure.studies == Count.exact(703)
    refused = [one for one in seen.requests if one.path == "/dicom-web/studies" and one.headers["accept"] != JSON]
    assert len(refused) == 1, "DICOM's type is refused once"


def test_a_server_that_gives_any_json_an_empty_list_is_no_dicomweb() -> None:
    def every_search(request: Request) -> Reply:
        if not request.path.endswith("/studies"):
            return NOT_FOUND
        return as_json([]) if request.headers["accept"] == JSON else Reply(status=406)

    assert KIND not in ask({}, every_search).kinds


CLOSING: dict[str, Any] = {"headers": {"Connection": "close"}, "after": After.CLOSE}


@pytest.mark.parametrize("connections", range(1, 45, 3))
@pytest.mark.parametrize("kind", [DICOM_JSON, JSON])
def test_other_forms_stay_within_every_budget(connections: int, kind: str) -> None:
    served = accepting(kind, Archive(studies(703), kind=kind))
    keyed = wanting("StudyDate", Reply(status=400), Archive(studies(703)))
    for routes in (served, keyed):
        budget = Budget(max_connections=connections, max_records=300, max_bytes=150_000)
        seen = ask(changed(routes, **CLOSING), replace(NOT_FOUND, **CLOSING), budget=budget, measure=True)
        assert seen.web_server.connections <= connections
        assert seen.cost.records_received <= 5
        readable = any(probe.surface.proof.at_least(Rung.READABLE) for probe in seen.probes)
        assert readable == (seen.cost.records_received > 0)
        for measured in seen.measured.values():
            assert measured.exposure is not None
            assert measured.exposure.studies is not None
            assert measured.exposure.studies.count <= 703
            assert measured.exposure.studies.kind == "at-least" or measured.exposure.studies.count == 703
