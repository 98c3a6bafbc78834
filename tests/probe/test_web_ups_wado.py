"""A worklist and WADO-URI beside DICOMweb are proved by their own answers; an echo of the question is none."""

import pytest

from leadglass.model.words import NoRecord, Permission, Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import INSTANCE, Archive, record, study
from tests.fakes.web_server import DICOM_JSON, Reply, Request, Routes, as_json, login, text

CONNECT = (Permission.CONNECT,)


def test_a_worklist_beside_the_service() -> None:
    routes = Archive().routes() | {"/dicom-web/workitems?limit=1": as_json([record(instance=INSTANCE)], DICOM_JSON)}
    routes["/dicom-web/workitems"] = Reply(status=204, kind=None)
    found = ask(routes).surface(SurfaceKind.UPS_RS)
    assert (found.proof, found.records_received) == (Rung.READABLE, 1)
    closed = ask(routes, permits=(Permission.CONNECT,)).surface(SurfaceKind.UPS_RS)
    assert (closed.proof, closed.facts.no_record) == (Rung.ADMITS, NoRecord.NOT_ASKED)


def test_wado_uri_is_known_by_its_own_words_only() -> None:
    own = {"/wado": text("No object for the given objectUID", 404)}
    surface = ask(own).surface(SurfaceKind.WADO_URI)
    assert (surface.proof, surface.facts.no_record) == (Rung.ADMITS, NoRecord.UNDECIDED)
    assert ask({"/wado": login("x")}).surface(SurfaceKind.WADO_URI).proof is Rung.SPEAKS

    def echo(request: Request) -> Reply:
        return Reply(status=404, body=f"no {request.target} here".encode())

    assert ask({}, echo).kinds == [SurfaceKind.WEB]
    assert ask({"/wado": text("Cannot GET /wado", 404)}).kinds == [SurfaceKind.WEB]


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


@pytest.mark.parametrize("beside", [login("archive"), Reply(status=403), Reply(status=404)])
@pytest.mark.parametrize("root", ["/dicom-web", "/rs", "/own"])
def test_a_worklist_beside_a_closed_archive_is_a_door_of_its_own(root: str, beside: Reply) -> None:
    def workitems(request: Request) -> Reply:
        keyed = "SOPInstanceUID" in request.query
        return as_json([] if keyed else [record(instance=INSTANCE)], DICOM_JSON)

    routes: Routes = {f"{root}/studies": beside, f"{root}/workitems": workitems}
    seen = ask(routes, path="/own")
    surface = seen.surface(SurfaceKind.UPS_RS)
    assert (surface.proof, surface.records_received) == (Rung.READABLE, 1)
    assert surface.facts.web is not None
    assert surface.facts.web.base == root
    assert len(seen.requests) < 52


def test_a_worklist_is_not_looked_for_under_titles_that_nobody_answers() -> None:
    assert not ask(titles=("A", "B")).asked_for("/dcm4chee-arc/aets/A/rs/workitems")
