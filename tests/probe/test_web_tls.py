"""A web service over TLS is asked like one in clear, and its TLS stands beside every surface."""

import ssl
from pathlib import Path

import pytest

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Rung, SurfaceKind
from leadglass.net.tls import first_certificate
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
        shown = probe.surface.facts.tls.certificate
        assert shown is not None, "TLS 1.2 shows it before it asks for ours"
        assert shown.subject == "CN=pacs.example"
        assert (probe.surface.kind, probe.surface.proof) == (SurfaceKind.UNKNOWN, Rung.OTHER)


@pytest.mark.parametrize(("named", "matches"), [("", False), ("127.0.0.1", True), ("127.0.0.2", False), ("::1", False)])
def test_an_address_is_compared_with_those_of_the_certificate(named: str, matches: bool, tmp_path: Path) -> None:
    (probe,) = ask(Archive().routes(), tls=server_context(tmp_path, address=named)).probes
    assert probe.surface.facts.tls is not None
    assert probe.surface.facts.tls.name_matches is matches


@pytest.mark.parametrize(
    "message", [b"", b"\x0b", b"\x0b\0\0\x06\0\0\x03\0\0\0", b"\x0b" + b"\xff" * 9, b"\x0b" + b"\xff" * 40]
)
def test_a_message_without_a_certificate_shows_none(message: bytes) -> None:
    assert first_certificate(message) is None
