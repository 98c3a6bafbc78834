"""What a port costs is told surface by surface, and a budget ends everything but what was proved before."""

from dataclasses import replace
from typing import Any

import pytest

from leadglass.model.scope import Budget
from leadglass.model.words import Rung, Status, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.dicomweb import CANARIES, Archive
from tests.fakes.web_products import webdav
from tests.fakes.web_server import HANG, NOT_FOUND, After, Reply, changed, page


def test_a_spent_budget_keeps_what_was_proved_before() -> None:
    seen = ask(Archive(series=HANG).routes(), budget=Budget(max_busy_s=0.6))
    assert seen.surface(SurfaceKind.DICOMWEB).proof is Rung.READABLE
    assert any(probe.surface.status is not Status.SUCCESS for probe in seen.probes)


@pytest.mark.parametrize("connections", range(1, 40))
def test_whatever_ends_the_budget_a_record_that_came_is_told(connections: int) -> None:
    closing: dict[str, Any] = {"headers": {"Connection": "close"}, "after": After.CLOSE}
    routes = changed(Archive().routes(), **closing)
    seen = ask(routes, replace(NOT_FOUND, **closing), budget=Budget(max_connections=connections))
    received = sum(probe.surface.records_received for probe in seen.probes)
    readable = any(probe.surface.proof.at_least(Rung.READABLE) for probe in seen.probes)
    assert readable == (received > 0)
    if connections < 15:  # far fewer than all questions need
        assert any(probe.surface.status is Status.BUDGET_SPENT for probe in seen.probes)


def test_the_budget_ends_everything() -> None:
    small = Budget(max_bytes=20_000)
    found = ask({}, page("x", "y" * 9000), budget=small)
    assert found.surface(SurfaceKind.WEB).status is Status.BUDGET_SPENT
    closing = {"Connection": "close"}
    found = ask({}, Reply(status=404, headers=closing), budget=Budget(max_connections=5))
    assert found.surface(SurfaceKind.WEB).status is Status.BUDGET_SPENT
    assert found.surface(SurfaceKind.WEB).connections == 5


def test_the_sum_of_the_surfaces_is_what_the_port_cost() -> None:
    found = ask(Archive().routes() | {"/": page("OHIF Viewer")})
    surfaces = [probe.surface for probe in found.probes]
    assert sum(s.connections for s in surfaces) == found.cost.connections
    assert sum(s.bytes_received for s in surfaces) == found.cost.bytes_received
    assert sum(s.records_received for s in surfaces) == found.cost.records_received
    assert abs(sum(s.busy_s for s in surfaces) - found.cost.busy_s) < 1e-3


def test_every_question_for_a_record_is_bounded() -> None:
    """QIDO-RS asks for one of what it asks for, and PROPFIND for one folder without what lies below it."""
    asked = ask(Archive().routes() | webdav()).requests
    beside = ("/metadata", "/workitems")
    searches = [one for one in asked if one.path.startswith(Archive().base) and not one.path.endswith(beside)]
    assert {one.path.rpartition("/")[2] for one in searches} == {"studies", "series", "instances"}
    assert all(one.query.get("limit") == "1" for one in searches)
    folders = [one for one in asked if one.method == "PROPFIND"]
    assert folders
    assert all(one.headers.get("depth") == "1" for one in folders)


def test_every_log_at_debug_holds_templates_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ask(Archive().routes(), Reply(status=404, headers={"Location": "/CANARY"}))
    told = [entry.getMessage() for entry in caplog.records]
    assert any("{study}" in line for line in told)
    assert not any(secret in line for line in told for secret in ("CANARY", *CANARIES, "2.25."))
