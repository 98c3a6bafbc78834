"""What is true about a server follows from its posture: the rung of each surface, and how the questions end."""

import json

import msgspec
import pytest

from leadglass.lab.catalogue import load
from leadglass.lab.habits import Capping, Habits
from leadglass.lab.identities import IDENTITIES
from leadglass.lab.population import Server
from leadglass.lab.posture import Door, Posture, Presence, Tls, WebKind, WebPosture
from leadglass.lab.spec import EMPTY, ArchiveSpec
from leadglass.lab.surfaces import SurfaceTruth, surfaces_of
from leadglass.lab.totals import add_up, meet
from leadglass.lab.truth import address_truth, truth_json
from leadglass.model.scope import Budget
from leadglass.model.words import CountKind, NoRecord, Retrieval, Rung, Status, SurfaceKind

SERVER = Server(
    address="127.16.0.1",
    country="DE",
    owner="Practice",
    group="group",
    identity=IDENTITIES["orthanc"],
    archive=ArchiveSpec(seed=1, studies=100, patients=40, images=2000),
)
WEB_ONLY = msgspec.structs.replace(SERVER, dimse_port=None, web_port=8080)


def with_(server: Server = SERVER, **changes: object) -> Server:
    """A server with something changed."""
    return msgspec.structs.replace(server, **changes)


def one(server: Server, *, title_given: bool = False) -> SurfaceTruth:
    """The only surface of a server."""
    [surface] = surfaces_of(server, title_given=title_given)
    return surface


def rungs(server: Server) -> dict[str, str]:
    """The rung of each kind of surface."""
    return {surface.kind.value: surface.rung.value for surface in surfaces_of(server, title_given=False)}


@pytest.mark.parametrize(
    ("presence", "status", "rung"),
    [
        (Presence.REFUSES, Status.CONNECTION_REFUSED, Rung.SILENT),
        (Presence.SILENT, Status.CONNECTION_TIMEOUT, Rung.SILENT),
        (Presence.OTHER, Status.SUCCESS, Rung.OTHER),
        (Presence.LISTENS, Status.SUCCESS, Rung.RETRIEVABLE),
    ],
)
def test_refused_and_no_answer_are_different_truths(presence: Presence, status: Status, rung: Rung) -> None:
    truth = address_truth(with_(presence=presence))
    assert (truth.status, truth.rung) == (status, rung)
    assert (truth.patients, truth.studies, truth.images) == (40, 100, 2000)
    assert bool(truth.surfaces) is (rung is not Rung.SILENT)


@pytest.mark.parametrize(
    ("posture", "rung", "retrieval", "none"),
    [
        (Posture(), Rung.RETRIEVABLE, Retrieval.PROVED, None),
        (Posture(images=Door.REFUSED), Rung.READABLE, Retrieval.REFUSED, None),
        (Posture(images=Door.ABORTED), Rung.READABLE, Retrieval.REFUSED, None),
        (Posture(images=Door.ABSENT), Rung.READABLE, Retrieval.UNDETERMINED, None),
        (Posture(queries=Door.REFUSED), Rung.ADMITS, Retrieval.NOT_ASKED, NoRecord.REFUSED),
        (Posture(queries=Door.ABORTED), Rung.ADMITS, Retrieval.NOT_ASKED, NoRecord.REFUSED),
        (Posture(queries=Door.ABSENT), Rung.ADMITS, Retrieval.NOT_ASKED, NoRecord.REFUSED),
    ],
)
def test_each_door_has_its_rung(posture: Posture, rung: Rung, retrieval: Retrieval, none: NoRecord | None) -> None:
    surface = one(with_(dimse=posture))
    assert (surface.rung, surface.retrieval, surface.no_record) == (rung, retrieval, none)
    assert surface.status is Status.SUCCESS
    assert (surface.counts is None) is (none is not None)


def test_an_empty_archive_proves_nothing() -> None:
    surface = one(with_(archive=EMPTY))
    assert (surface.rung, surface.no_record) == (Rung.ADMITS, NoRecord.NOTHING_FOUND)


def test_a_called_title_is_no_password() -> None:
    """Turned away without it, and all doors open with it."""
    server = with_(dimse=Posture(called_ae_title="DCM4CHEE"))
    assert (one(server).rung, one(server).status) == (Rung.SPEAKS, Status.REJECTED)
    assert one(server, title_given=True).rung is Rung.RETRIEVABLE
    truth = address_truth(server)
    assert (truth.called_ae_title, truth.rung, len(truth.surfaces_with_title)) == ("DCM4CHEE", Rung.SPEAKS, 1)
    assert one(with_(dimse=Posture(called_ae_title="ANY-SCP"))).rung is Rung.RETRIEVABLE


def test_who_knows_its_callers_turns_us_away_under_any_title() -> None:
    server = with_(dimse=Posture(calling_ae_title="CTROOM1"))
    assert one(server).status is one(server, title_given=True).status is Status.REJECTED
    assert address_truth(server).called_ae_title is None
    assert one(with_(dimse=Posture(calling_ae_title="LEADGLASS"))).rung is Rung.RETRIEVABLE


def test_the_worklist_is_a_door_of_its_own() -> None:
    shut = Posture(queries=Door.ABORTED, images=Door.ABORTED)
    assert rungs(with_(dimse=shut)) == {"dimse": "admits"}
    for door, rung in ((Door.OPEN, "readable"), (Door.ABORTED, "admits"), (Door.REFUSED, "admits")):
        server = with_(dimse=msgspec.structs.replace(shut, worklist=door))
        assert rungs(server) == {"dimse": "admits", "worklist": rung}
    met = meet(with_(dimse=msgspec.structs.replace(shut, worklist=Door.OPEN)), newer_probe=True)
    assert (met.readable, met.exposed, add_up([met]).studies) == (True, False, 0)


def test_tls_is_another_way_in_and_a_certificate_shuts_it() -> None:
    server = with_(dimse=Posture(tls=Tls.SERVER))
    assert (one(server).tls, one(server).rung) == (True, Rung.RETRIEVABLE)
    shut = one(with_(dimse=Posture(tls=Tls.MUTUAL)))
    assert (shut.kind, shut.rung, shut.status) == (SurfaceKind.UNKNOWN, Rung.OTHER, Status.TLS_ERROR)
    web = one(with_(WEB_ONLY, web=WebPosture(kind=WebKind.ORTHANC, tls=Tls.MUTUAL)))
    assert (web.kind, web.rung, web.status) == (SurfaceKind.UNKNOWN, Rung.OTHER, Status.TLS_ERROR)


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        (WebPosture(kind=WebKind.DICOMWEB), {"dicomweb": "retrievable"}),
        (WebPosture(kind=WebKind.DICOMWEB, images=False), {"dicomweb": "readable"}),
        (WebPosture(kind=WebKind.DICOMWEB, login=True), {"web": "other"}),
        (
            WebPosture(kind=WebKind.ORTHANC),
            {"viewer": "admits", "orthanc-rest": "retrievable", "dicomweb": "retrievable"},
        ),
        (
            WebPosture(kind=WebKind.ORTHANC, images=False),
            {"viewer": "admits", "orthanc-rest": "readable", "dicomweb": "readable"},
        ),
        (WebPosture(kind=WebKind.ORTHANC, login=True), {"orthanc-rest": "speaks"}),
        (WebPosture(kind=WebKind.DCM4CHEE), {"dcm4chee-rest": "admits", "dicomweb": "retrievable"}),
        (WebPosture(kind=WebKind.DCM4CHEE, login=True), {"dcm4chee-rest": "speaks"}),
        (WebPosture(kind=WebKind.VIEWER), {"viewer": "admits"}),
        (WebPosture(kind=WebKind.VIEWER, login=True), {"viewer": "speaks"}),
    ],
)
def test_each_web_service_has_its_surfaces(web: WebPosture, expected: dict[str, str]) -> None:
    assert rungs(with_(WEB_ONLY, web=web)) == expected


def test_counters_are_exact_where_records_are_more_than_a_budget() -> None:
    many = ArchiveSpec(seed=1, studies=60_000, patients=20_000, images=900_000)
    server = with_(WEB_ONLY, web=WebPosture(kind=WebKind.ORTHANC), archive=many)
    kinds = {s.kind: s.counts.kind for s in surfaces_of(server, title_given=False) if s.counts}
    assert kinds == {SurfaceKind.ORTHANC_REST: CountKind.EXACT, SurfaceKind.DICOMWEB: CountKind.AT_LEAST}
    large = Budget(max_records=60_000)
    assert all(
        s.counts.kind is CountKind.EXACT for s in surfaces_of(server, title_given=False, budget=large) if s.counts
    )


@pytest.mark.parametrize(
    ("habits", "kind", "images_kind"),
    [
        (Habits(), CountKind.EXACT, CountKind.EXACT),
        (Habits(limit=100), CountKind.EXACT, CountKind.EXACT),
        (Habits(limit=99), CountKind.AT_LEAST, CountKind.AT_LEAST),
        (Habits(limit=99, capping=Capping.PENDING_ENDED), CountKind.AT_LEAST, CountKind.AT_LEAST),
        (Habits(limit=99, capping=Capping.NOTHING), CountKind.AT_LEAST, CountKind.AT_LEAST),
        (Habits(drops_after=50), CountKind.AT_LEAST, CountKind.AT_LEAST),
        (Habits(counts=False), CountKind.EXACT, CountKind.EXACT),
    ],
)
def test_a_limit_makes_a_count_at_least(habits: Habits, kind: CountKind, images_kind: CountKind) -> None:
    counts = one(with_(habits=habits)).counts
    assert counts is not None
    assert (counts.kind, counts.images_kind) == (kind, images_kind)
    assert (counts.patients, counts.studies, counts.images) == (40, 100, 2000)


def test_images_that_must_be_looked_for_one_by_one_may_be_too_many() -> None:
    many = ArchiveSpec(seed=1, studies=100, patients=40, images=60_000)
    counts = one(with_(habits=Habits(counts=False), archive=many)).counts
    assert counts is not None
    assert (counts.kind, counts.images_kind) == (CountKind.EXACT, CountKind.AT_LEAST)


def test_a_limit_that_no_date_gets_below_leaves_it_undecided() -> None:
    surface = one(with_(habits=Habits(limit=99, capping=Capping.NOTHING, ignores=("StudyDate",))))
    assert (surface.rung, surface.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)


def test_the_same_page_stands_on_each_of_its_ports() -> None:
    found = surfaces_of(with_(same_page_ports=(8000, 9200)), title_given=False)
    assert [(s.kind.value, s.port) for s in found] == [("dimse", 11112), ("web", 8000), ("web", 9200)]


def test_the_clinic_has_one_of_each() -> None:
    truth = json.loads(truth_json(load("clinic")))
    assert [address["group"] for address in truth["addresses"]] == [
        "refuses-connections",
        "does-not-answer",
        "another-service",
        "wants-its-own-title",
        "knows-its-callers",
        "aborts-queries",
        "worklist-open",
        "gives-records",
        "gives-images",
        "dicomweb",
        "tls",
        "tls-with-client-certificate",
    ]
    assert [address["rung"] for address in truth["addresses"]] == [
        "silent",
        "silent",
        "other",
        "speaks",
        "speaks",
        "retrievable",
        "readable",
        "readable",
        "retrievable",
        "retrievable",
        "retrievable",
        "other",
    ]
