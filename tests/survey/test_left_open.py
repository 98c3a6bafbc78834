"""What a path of DICOMweb answers neither with records nor with a refusal is `unknown` in the end, never in order."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from leadglass.cli.exits import Exit, exit_code
from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count
from leadglass.model.finding import Finding
from leadglass.model.target import parse_target
from leadglass.model.words import Outcome, Rung, Severity, Status, SurfaceKind
from leadglass.probe.manner import Manner
from leadglass.survey.conclude import conclude
from leadglass.survey.options import Options
from leadglass.survey.probing import Probing
from tests.fakes.asking import CONTACT, host_of
from tests.fakes.dicomweb import Archive, studies
from tests.fakes.web_products import orthanc
from tests.fakes.web_server import NOT_FOUND, Answer, FakeWeb, Reply, Request, Routes, login, redirect, text

QIDO = "/dicom-web/studies"


def assessed(routes: Routes, otherwise: Answer = NOT_FOUND, path: str = "") -> TargetResult:
    """The result of a target on loopback that answers so."""

    async def run() -> TargetResult:
        async with FakeWeb(routes, otherwise) as server:
            target = parse_target(f"http://127.0.0.1:{server.port}{path}")
            probing = Probing(target, await host_of(), Options(manner=Manner(today=date(2026, 1, 1)), contact=CONTACT))
            await probing.run()
            return conclude(target, probing.host, probing.surfaces(), datetime(2026, 1, 1, tzinfo=UTC))

    return asyncio.run(run())


def finding_of(result: TargetResult, check: str) -> Finding:
    """The finding of one check."""
    (found,) = [finding for finding in result.findings if finding.check == check]
    return found


def reading(result: TargetResult) -> Finding:
    """The finding on reading."""
    return finding_of(result, "records-readable")


@pytest.mark.parametrize("status", [400, 406, 413, 418, 422, 429, 500, 502, 503, 504])
def test_an_error_that_nonsense_does_not_meet_leaves_reading_unknown(status: int) -> None:
    result = assessed({QIDO: text("not so", status)})
    finding = reading(result)
    assert finding.outcome is Outcome.UNKNOWN
    assert str(status) in finding.seen
    assert exit_code([result], Severity.HIGH) is Exit.UNDECIDED
    assert not any(surface.proof.at_least(Rung.SPEAKS) for surface in result.surfaces)


@pytest.mark.parametrize("path", ["/system", "/search", "/rs/studies", "/dicom-web/workitems"])
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 520, 599])
def test_a_servers_own_error_tells_nothing_under_any_path(path: str, status: int) -> None:
    result = assessed({path: Reply(status=status)})
    assert reading(result).outcome is Outcome.UNKNOWN
    assert exit_code([result], Severity.HIGH) is Exit.UNDECIDED


@pytest.mark.parametrize("status", [400, 503])
def test_so_it_is_beside_a_door_that_is_closed(status: int) -> None:
    result = assessed({"/system": login("Orthanc Secure Area"), QIDO: Reply(status=status)})
    assert {surface.kind for surface in result.surfaces} == {SurfaceKind.ORTHANC_REST, SurfaceKind.WEB}
    assert reading(result).outcome is Outcome.UNKNOWN
    assert exit_code([result], Severity.HIGH) is Exit.UNDECIDED


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_what_is_not_there_leaves_nothing_open(status: int) -> None:
    result = assessed({QIDO: text("not so", status)})
    assert reading(result).outcome is Outcome.NOT_APPLICABLE
    assert exit_code([result], Severity.HIGH) is Exit.CLOSED


def test_an_error_that_nonsense_meets_too_leaves_nothing_open() -> None:
    def every_search(request: Request) -> Reply:
        return text("bad request", 400) if "?" in request.target else NOT_FOUND

    for otherwise in (text("bad request", 400), every_search):
        assert reading(assessed({"/": text("hello")}, otherwise)).outcome is Outcome.NOT_APPLICABLE


def test_an_error_for_the_bare_query_alone_is_seen_too() -> None:
    result = assessed({QIDO: NOT_FOUND, f"{QIDO}?limit=1": text("overloaded", 400)})
    assert reading(result).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("location", "seen"),
    [
        ("https://127.0.0.1:8443/dicom-web/studies?CANARY=1", "https://127.0.0.1:8443"),
        ("https://pacs.example/login?CANARY", "https://pacs.example"),
        ("http://127.0.0.1:1/dicom-web/studies", "http://127.0.0.1:1"),
    ],
)
def test_a_redirect_to_another_door_is_unknown_with_what_was_seen(location: str, seen: str) -> None:
    result = assessed({QIDO: redirect(location)})
    assert (reading(result).outcome, result.proof) == (Outcome.UNKNOWN, Rung.OTHER)
    assert seen in reading(result).seen
    assert exit_code([result], Severity.HIGH) is Exit.UNDECIDED
    assert "CANARY" not in repr(result)


def test_a_redirect_beside_what_is_closed_is_unknown_too() -> None:
    result = assessed({"/system": login("Orthanc Secure Area"), QIDO: redirect("https://pacs.example/")})
    assert reading(result).outcome is Outcome.UNKNOWN


def test_a_redirect_of_everything_is_the_servers_manner() -> None:
    result = assessed({}, redirect("http://portal.example/"))
    assert not any(surface.facts.web and surface.facts.web.leads_to for surface in result.surfaces)


def test_a_redirect_within_the_server_to_another_root_is_followed() -> None:
    def lead_on(request: Request) -> Reply:
        return redirect(f"/imaging/store/studies?{request.target.partition('?')[2]}")

    result = assessed({**Archive(studies(5), base="/imaging/store").routes(), QIDO: lead_on})
    (surface,) = [one for one in result.surfaces if one.kind is SurfaceKind.DICOMWEB]
    assert surface.proof is Rung.RETRIEVABLE
    assert surface.exposure is not None
    assert surface.exposure.studies == Count.exact(5)


def test_a_redirect_within_the_server_to_anything_else_is_unknown() -> None:
    for location in ("/account/CANARYlogin", "/patients/CANARY%20DOE/studies"):
        result = assessed({QIDO: redirect(location)})
        assert reading(result).outcome is Outcome.UNKNOWN
        assert "CANARY" not in repr(result)


def test_roots_that_lead_to_ever_more_roots_end() -> None:
    def onward(request: Request) -> Reply:
        if not request.path.endswith("/studies") or request.path.startswith("/leadglass"):
            return NOT_FOUND
        return redirect(f"/dicom{'x' * len(request.path)}/studies")

    result = assessed({}, onward)
    assert result.cost.connections < 5
    assert reading(result).outcome is Outcome.UNKNOWN


def slashed(archive: Archive) -> dict[str, Answer]:
    """Its routes behind a slash each; without it they lead on to it."""

    def lead_on(request: Request) -> Reply:
        return redirect(f"{request.path}/?{request.target.partition('?')[2]}")

    routes = archive.routes()
    return {f"{path}/": answer for path, answer in routes.items()} | dict.fromkeys(routes, lead_on)


def test_what_is_reached_behind_a_slash_is_counted() -> None:
    (surface, *_) = assessed(slashed(Archive(studies(703)))).surfaces
    assert (surface.kind, surface.proof, surface.status) == (SurfaceKind.DICOMWEB, Rung.RETRIEVABLE, Status.SUCCESS)
    assert surface.exposure is not None
    assert surface.exposure.studies == Count.exact(703)


def test_what_was_found_open_is_vulnerable_whatever_is_left_open_beside_it() -> None:
    assert reading(assessed({**orthanc(), QIDO: Reply(status=503)})).outcome is Outcome.VULNERABLE


@pytest.mark.parametrize("status", [400, 406, 413])
def test_a_worklist_that_answers_by_an_error_of_its_own_is_not_known(status: int) -> None:
    result = assessed({**Archive().routes(), "/dicom-web/workitems": text("not so", status)})
    finding = finding_of(result, "worklist-readable")
    assert finding.outcome is Outcome.UNKNOWN
    assert f"/dicom-web/workitems answers with HTTP status {status}" in finding.seen
    assert reading(result).outcome is Outcome.VULNERABLE


def test_an_error_that_all_beside_the_worklist_meets_tells_nothing_of_one() -> None:
    def below(request: Request) -> Reply:
        return text("no such resource", 400) if request.path.startswith("/dicom-web/") else NOT_FOUND

    result = assessed(Archive().routes(), below)
    assert finding_of(result, "worklist-readable").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("status", [401, 403, 404, 405, 410, 501])
def test_a_worklist_that_is_not_there_or_closed_leaves_nothing_open(status: int) -> None:
    result = assessed({**Archive().routes(), "/dicom-web/workitems": text("not so", status)})
    assert finding_of(result, "worklist-readable").outcome is Outcome.NOT_APPLICABLE


def test_a_root_that_one_leads_to_is_dicoms_too() -> None:
    def lead_on(request: Request) -> Reply:
        return redirect(f"/imaging/store/studies?{request.target.partition('?')[2]}")

    closed = assessed({QIDO: lead_on, "/imaging/store/studies": login("x")})
    assert closed.proof is Rung.SPEAKS
    odd = assessed({QIDO: lead_on, "/imaging/store/studies": text("not so", 400)})
    assert reading(odd).outcome is Outcome.UNKNOWN
