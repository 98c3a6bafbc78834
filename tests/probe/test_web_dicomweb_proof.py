"""DICOMweb is what answers as PS3.18 says, and a rung is what an answer proved; nothing else counts as either."""

import json

import pytest

from leadglass.model.encode import to_json
from leadglass.model.scope import ALL_PERMISSIONS
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import CANARIES, UID, Archive, an_instance, studies, study
from tests.fakes.web_server import DICOM_JSON, JSON, NOT_FOUND, Reply, as_json, login

KIND = SurfaceKind.DICOMWEB


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


def test_a_login_before_its_path_alone_speaks() -> None:
    seen = ask({}, lambda request: login("Archive") if request.path.startswith("/dicom-web") else NOT_FOUND)
    surface = seen.surface(KIND)
    assert surface.proof is Rung.SPEAKS


@pytest.mark.parametrize("prefix", ["/api", "/studies", "/pacs", "/app"])
def test_a_login_before_everything_around_it_proves_nothing(prefix: str) -> None:
    seen = ask({}, lambda request: login("Some app") if request.path.startswith(prefix) else NOT_FOUND, path="/app/x")
    assert KIND not in seen.kinds


@pytest.mark.parametrize("kind", [JSON, DICOM_JSON])
@pytest.mark.parametrize(
    "body",
    [
        {"results": []},
        [1, 2],
        ["00100010"],
        [{"name": "x"}],
        [{"0020000D": "x"}],
        [{"0020000D": {"Value": ["1"]}}],
        [{}],
        [[]],
        "text",
        0,
        None,
        True,
    ],
)
def test_other_json_is_no_dicomweb(body: object, kind: str) -> None:
    seen = ask({}, lambda request: as_json(body, kind) if request.path.endswith("/studies") else NOT_FOUND)
    assert seen.kinds == [SurfaceKind.WEB]


def test_an_empty_list_from_any_application_is_no_dicomweb() -> None:
    seen = ask({}, lambda request: as_json([]) if request.path == "/studies" else NOT_FOUND)
    assert seen.kinds == [SurfaceKind.WEB]


def test_json_by_its_general_name_is_read_but_proves_no_image() -> None:
    surface = ask(Archive([study(1)], kind="application/json;charset=utf-8").routes()).surface(KIND)
    assert (surface.proof, surface.retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)


def test_a_vague_root_is_found_by_its_type_or_its_record() -> None:
    assert ask(Archive([], base="/rs").routes()).surface(KIND).proof is Rung.ADMITS
    assert ask(Archive([study(1)], base="/rs", kind=JSON).routes()).surface(KIND).proof is Rung.READABLE
    assert KIND not in ask(Archive([], base="/rs", kind=JSON).routes()).kinds


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" + b"9" * 60_000 + b"]",
        b'[{"0020000D":{"vr":"UI","Value":[' + b"9" * 6_000 + b"]}}]",
        b'[{"0020000D":{"vr":"UI","Value":[NaN]}}]',
        b'[{"0020000D":{"vr":"UI","Value":"1.2"}}]',
        b'[{"0020000D":{"vr":"UI","Value":{"0":"1.2"}}}]',
        b'[{"0020000D":{"vr":"UI","Value":["../../x"]}}]',
        b'[{"0020000D":{"vr":"UI","Value":["\\u001b[31m"]}}]',
        b'[{"0020000D":{"vr":7}}]',
        b"\xff\xfe[",
        b'["\\ud800"]',
        b"",
    ],
)
def test_hostile_json_never_raises_and_never_leads_further(body: bytes) -> None:
    seen = ask(
        {},
        lambda request: Reply(body=body, kind=DICOM_JSON) if request.path.endswith("/studies") else NOT_FOUND,
        measure=True,
    )
    assert not any("/series" in one.path for one in seen.requests)
    assert all(probe.surface.proof.height <= Rung.READABLE.height for probe in seen.probes)


def test_titles_lead_to_their_own_roots() -> None:
    seen = ask(Archive([study(1)], base="/dcm4chee-arc/aets/RAD%201/rs").routes(), titles=("RAD 1", "A/../B"))
    assert seen.web(KIND).base == "/dcm4chee-arc/aets/RAD%201/rs"
    assert not any("/../" in one.target for one in seen.requests)


def test_the_path_that_the_user_gave_is_a_root() -> None:
    seen = ask(Archive([study(1)], base="/imaging/qido").routes(), path="/imaging/qido", permits=ALL_PERMISSIONS)
    assert seen.web(KIND).base == "/imaging/qido"
