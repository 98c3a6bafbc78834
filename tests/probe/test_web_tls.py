"""A web service over TLS is asked like one in clear, and its TLS stands beside every surface."""

import asyncio
import ssl
from pathlib import Path

from leadglass.model.scope import ALL_PERMISSIONS, Budget
from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Rung, SurfaceKind
from leadglass.net.host import Host
from leadglass.probe.outcome import Probe
from leadglass.probe.web import probe_web
from tests.fakes.certificates import server_context
from tests.fakes.http_server import serving
from tests.probe.web_run import QUICK, dicomweb, grant


def over(context: ssl.SSLContext) -> tuple[Probe, ...]:
    async def go() -> tuple[Probe, ...]:
        async with serving(dicomweb(), tls=context) as fake:
            host = Host("127.0.0.1", [grant(ALL_PERMISSIONS)], Budget(), QUICK)
            return await probe_web(host, fake.port, secure=True, contact="a@example.org")

    return asyncio.run(go())


def test_over_tls(tmp_path: Path) -> None:
    (probe,) = over(server_context(tmp_path))
    surface = probe.surface
    assert (surface.kind, surface.proof, surface.tls) == (SurfaceKind.DICOMWEB, Rung.RETRIEVABLE, True)
    assert surface.facts.tls is not None
    assert surface.facts.tls.certificate is not None
    assert isinstance(probe.way, DicomwebWay)
    assert probe.way.secure


def test_a_client_certificate_is_needed(tmp_path: Path) -> None:
    for highest in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
        context = server_context(tmp_path, wants_client=True)
        context.maximum_version = highest
        (probe,) = over(context)
        assert probe.surface.facts.tls is not None
        assert probe.surface.facts.tls.client_certificate == "required"
        assert (probe.surface.kind, probe.surface.proof) == (SurfaceKind.UNKNOWN, Rung.OTHER)
