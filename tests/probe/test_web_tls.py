"""A web service over TLS is asked like one in clear, and its TLS stands beside every surface."""

import ssl
from pathlib import Path

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Rung, SurfaceKind
from tests.fakes.asking import ask
from tests.fakes.certificates import server_context
from tests.fakes.dicomweb import Archive


def test_over_tls(tmp_path: Path) -> None:
    (probe,) = ask(Archive().routes(), tls=server_context(tmp_path)).probes
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
        (probe,) = ask(Archive().routes(), tls=context).probes
        assert probe.surface.facts.tls is not None
        assert probe.surface.facts.tls.client_certificate == "required"
        assert (probe.surface.kind, probe.surface.proof) == (SurfaceKind.UNKNOWN, Rung.OTHER)
