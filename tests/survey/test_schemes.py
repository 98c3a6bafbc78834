"""A web port whose scheme nobody named is asked in clear and over TLS before it is taken for shut."""

import asyncio
import ssl
from datetime import date
from pathlib import Path

import pytest

from leadglass.model.assessment import Surface
from leadglass.model.scope import Timing
from leadglass.model.target import parse_target
from leadglass.model.words import Rung, Status, SurfaceKind
from leadglass.probe.manner import Manner
from leadglass.survey import probing
from leadglass.survey.options import Options
from leadglass.survey.plan import Attempt
from tests.fakes.asking import CONTACT, host_of
from tests.fakes.certificates import server_context
from tests.fakes.dicomweb import Archive
from tests.fakes.fronts import ALERT, ANY_400, END, NGINX, RESET, TOMCAT, front
from tests.fakes.web_server import HANG, NOT_FOUND, Answer, FakeWeb, said

TIMING = Timing(connect_s=5.0, reply_s=1.0)


async def _surfaces(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> tuple[Surface, ...]:
    monkeypatch.setattr(probing, "plan", lambda target: (attempt,))
    options = Options(manner=Manner(today=date(2026, 1, 1)), contact=CONTACT, timing=TIMING, measure=False)
    target = parse_target(f"127.0.0.1:{attempt.port}")
    asked = probing.Probing(target, await host_of(timing=TIMING), options)
    await asked.run()
    return asked.surfaces()


def _behind_tls(attempt: Attempt, otherwise: bytes, tls: ssl.SSLContext, patch: pytest.MonkeyPatch) -> Surface:
    async def run() -> Surface:
        async with FakeWeb(Archive().routes(), tls=tls) as server, front(server.port, otherwise) as port:
            surfaces = await _surfaces(Attempt(port=port, web=attempt.web, only=attempt.only, tls=attempt.tls), patch)
            return surfaces[0]

    return asyncio.run(run())


@pytest.mark.parametrize("otherwise", [ALERT, NGINX, TOMCAT, ANY_400, END, RESET])
def test_what_was_asked_in_clear_is_asked_over_tls(
    otherwise: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    surface = _behind_tls(Attempt(port=0, web=True, tls=False), otherwise, server_context(tmp_path), monkeypatch)
    assert (surface.kind, surface.tls, surface.proof) == (SurfaceKind.DICOMWEB, True, Rung.RETRIEVABLE)


@pytest.mark.parametrize("otherwise", [ALERT, NGINX, TOMCAT, ANY_400])
def test_so_it_is_where_dimse_comes_first(otherwise: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    surface = _behind_tls(Attempt(port=0, web=False), otherwise, server_context(tmp_path), monkeypatch)
    assert (surface.kind, surface.tls, surface.proof) == (SurfaceKind.DICOMWEB, True, Rung.RETRIEVABLE)


@pytest.mark.parametrize("otherwise", [ALERT, NGINX, END, RESET])
def test_a_scheme_that_was_named_is_kept_and_nothing_is_called_finished(
    otherwise: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = Attempt(port=0, web=True, only=True, tls=False)
    surface = _behind_tls(named, otherwise, server_context(tmp_path), monkeypatch)
    assert (surface.tls, surface.proof) == (False, Rung.OTHER)
    assert surface.status in (Status.PROTOCOL_ERROR, Status.CONNECTION_CLOSED, Status.CONNECTION_RESET)


def test_a_server_that_wants_a_certificate_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for attempt in (Attempt(port=0, web=True, tls=False), Attempt(port=0, web=False)):
        surface = _behind_tls(attempt, NGINX, server_context(tmp_path, wants_client=True), monkeypatch)
        assert surface.facts.tls is not None
        assert surface.facts.tls.client_certificate == "required"


@pytest.mark.parametrize("only", [False, True])
def test_what_was_asked_over_tls_is_asked_in_clear(only: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> Surface:
        async with FakeWeb(Archive().routes()) as server:
            return (await _surfaces(Attempt(port=server.port, web=True, only=only, tls=True), monkeypatch))[0]

    surface = asyncio.run(run())
    if only:
        assert surface.tls
        assert surface.status is not Status.SUCCESS
    else:
        assert (surface.kind, surface.proof, surface.tls) == (SurfaceKind.DICOMWEB, Rung.RETRIEVABLE, False)


@pytest.mark.parametrize("otherwise", [HANG, said(b"SSH-2.0-x\r\n")])
def test_what_speaks_neither_stays_open(otherwise: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[Surface, ...]:
        async with FakeWeb({}, otherwise) as server:
            return await _surfaces(Attempt(port=server.port, web=True, tls=False), monkeypatch)

    (surface,) = asyncio.run(run())
    assert surface.kind is SurfaceKind.UNKNOWN
    assert surface.status is not Status.SUCCESS


def test_a_tls_port_that_refuses_every_offer_is_not_judged_by_its_page_in_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> tuple[Surface, ...]:
        async with FakeWeb({}, NOT_FOUND) as server, front(server.port, NGINX) as port:
            return await _surfaces(Attempt(port=port, web=True, tls=True), monkeypatch)

    (surface,) = asyncio.run(run())
    assert surface.status is not Status.SUCCESS
    assert surface.tls
