"""Permission to connect is not permission to read; what was asked is charged to surfaces to the last byte."""

import pytest

from leadglass.model.assessment import Ledger
from leadglass.model.scope import Budget
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, SurfaceKind
from tests.fakes.asking import Came, ask
from tests.fakes.scripted_web import FakeServer, Reply
from tests.fakes.web_products import CANARIES, REFUSED, Qido, dcm4chee, dicoogle, listing, orthanc, page, webdav

EVERYTHING = orthanc() | webdav() | Qido().routes() | dcm4chee("DCM4CHEE") | dicoogle()
EVERYTHING |= {"/": page("Orthanc Explorer"), "/dicom-web/workitems": listing([])}
CONNECT, READ = Permission.CONNECT, Permission.READ_RECORD


def test_connecting_alone_asks_for_no_record() -> None:
    came = ask(FakeServer(EVERYTHING), permits=(CONNECT,))
    assert came.cost.records_received == 0
    for probe in came.probes:
        surface = probe.surface
        assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED), surface.kind
        assert surface.retrieval is Retrieval.NOT_ASKED
    for request in came.requests:
        assert request.path not in ("/studies/", "/instances", "/patients")
        assert "metadata" not in request.path
        assert "/series" not in request.path
        if request.path.endswith(("/studies", "/workitems", "/search")):
            keys = ("StudyInstanceUID", "SOPInstanceUID", "query")
            asked = next((value for key in keys if (value := request.value(key))), "")
            assert asked.removeprefix("StudyInstanceUID:").startswith("2.25."), request.target
        assert request.method == "GET" or request.path.endswith("/webdav/")
    assert set(came.measured) == {SurfaceKind.ORTHANC_REST, SurfaceKind.DCM4CHEE_REST}


def test_a_record_that_came_unasked_permits_no_more() -> None:
    came = ask(FakeServer(Qido(keys=False).routes()), permits=(CONNECT,))
    assert (came.only.proof, came.only.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)
    assert came.probes[0].way is None
    came = ask(FakeServer(Qido(keys=False).routes()), permits=(CONNECT, Permission.REQUEST_IMAGES))
    assert (came.only.proof, came.only.retrieval) == (Rung.READABLE, Retrieval.NOT_ASKED)


def test_reading_does_not_permit_asking_for_images() -> None:
    came = ask(FakeServer(EVERYTHING), permits=(CONNECT, READ))
    assert not any(word in r.path for r in came.requests for word in ("metadata", "attachments", "/series"))
    assert {p.surface.retrieval for p in came.probes} == {Retrieval.NOT_ASKED}
    assert came.surface(SurfaceKind.ORTHANC_REST).proof is Rung.READABLE
    closed = ask(FakeServer(Qido().routes() | {"/dicom-web/studies": REFUSED}), permits=(CONNECT, READ))
    assert closed.only.retrieval is Retrieval.NOT_ASKED


def together(came: Came) -> Ledger:
    """The sum over the surfaces."""
    surfaces = [probe.surface for probe in came.probes]
    return Ledger(
        records_received=sum(s.records_received for s in surfaces),
        connections=sum(s.connections for s in surfaces),
        busy_s=round(sum(s.busy_s for s in surfaces), 6),
        bytes_received=sum(s.bytes_received for s in surfaces),
    )


@pytest.mark.parametrize(
    "server",
    [
        FakeServer(EVERYTHING),
        FakeServer(),
        FakeServer(fallback=REFUSED),
        FakeServer(fallback=Reply(body=b"x", end=True)),
        FakeServer(EVERYTHING, fallback=Reply(status=404, end=True)),
        FakeServer(fallback=Reply(body=b"x", length=10, end=True)),
    ],
)
def test_what_surfaces_cost_is_what_was_spent(server: FakeServer) -> None:
    came = ask(server)
    assert together(came) == came.probing
    assert came.cost.connections == came.connections
    assert all(p.surface.connections >= 0 and p.surface.bytes_received >= 0 for p in came.probes)


def test_a_server_that_holds_no_connection_costs_one_a_question() -> None:
    came = ask(FakeServer(fallback=Reply(status=404, end=True)))
    assert came.connections == len(came.requests) < 30


def test_the_most_that_any_server_is_asked() -> None:
    """Everything open under every name, under nine names more, and work items under each of them."""
    titles = tuple(f"AE{n}" for n in range(30))
    routes = dict(EVERYTHING) | dcm4chee(*titles)
    for base in ("/dicomweb", "/wado-rs", "/rs", "/qido-rs", "/pacs/rs", "/api/dicomweb", ""):
        routes |= Qido(metadata=Reply(status=404)).routes(base) | {f"{base}/workitems": listing([])}
    server = FakeServer(routes)
    came = ask(server, titles=titles)
    assert len(came.requests) <= 100
    assert together(came) == came.probing


@pytest.mark.parametrize(
    "budget", [Budget(max_connections=0), Budget(max_busy_s=0), Budget(max_bytes=1), Budget(max_bytes=4000)]
)
def test_a_budget_that_ends_is_a_status(budget: Budget) -> None:
    came = ask(FakeServer(EVERYTHING), budget=budget)
    assert Status.BUDGET_SPENT in {probe.surface.status for probe in came.probes}
    assert not [word for word in CANARIES if word in came.said()]
    assert together(came) == came.probing


@pytest.mark.parametrize("allowed", range(2, 27, 3))
def test_wherever_the_budget_ends_the_sums_are_right(allowed: int) -> None:
    routes = {
        k: v if callable(v) else Reply(v.status, v.body, v.type, v.headers, end=True) for k, v in EVERYTHING.items()
    }
    came = ask(FakeServer(routes, fallback=Reply(status=404, end=True)), budget=Budget(max_connections=allowed))
    assert together(came) == came.probing
    assert Status.BUDGET_SPENT in {probe.surface.status for probe in came.probes}


def test_what_was_seen_before_the_budget_ended_is_told() -> None:
    routes = {k: Reply(v.status, v.body, v.type, end=True) for k, v in orthanc().items() if isinstance(v, Reply)}
    server = FakeServer(routes, fallback=Reply(status=404, end=True))
    came = ask(server, budget=Budget(max_connections=4))
    assert [request.path for request in came.requests][1:] == ["/", "/system", "/statistics"]
    assert (came.only.kind, came.only.proof) == (SurfaceKind.ORTHANC_REST, Rung.ADMITS)
    assert (came.only.status, came.only.facts.no_record) == (Status.BUDGET_SPENT, NoRecord.UNDECIDED)
