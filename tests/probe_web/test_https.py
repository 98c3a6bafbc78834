"""What TLS a web port speaks is learnt, whatever it asks of a caller, and whoever speaks which side of it."""

import asyncio
import ssl

import pytest

from leadglass.model.facts import TlsFacts
from leadglass.model.words import Rung, Status, Step, SurfaceKind
from tests.fakes import tls_servers
from tests.fakes.asking import HASTY, Came, ask
from tests.fakes.scripted_web import FakeServer
from tests.fakes.web_products import Qido


def tls_of(came: Came) -> TlsFacts:
    """The TLS facts of the one surface."""
    assert came.only.facts.tls is not None
    return came.only.facts.tls


def test_an_open_service_over_tls() -> None:
    came = ask(FakeServer(Qido(studies=2).routes(), tls=tls_servers.server()))
    assert (came.only.proof, came.only.tls) == (Rung.RETRIEVABLE, True)
    facts = tls_of(came)
    assert (facts.version, facts.client_certificate, facts.weak_suites) == ("TLSv1.3", "not-asked", ())
    assert facts.lowest_version == "TLSv1.2"
    assert facts.certificate is not None
    assert (facts.certificate.self_signed, facts.certificate.names) == (True, ("127.0.0.1",))
    exposure = came.measured[SurfaceKind.DICOMWEB].exposure
    assert exposure is not None
    assert came.only.connections == came.probing.connections <= 7


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate_that_is_required(version: ssl.TLSVersion) -> None:
    came = ask(FakeServer(Qido().routes(), tls=tls_servers.server(client_required=True, version=version)))
    assert tls_of(came).client_certificate == "required"
    assert (came.only.kind, came.only.proof, came.only.tls) == (SurfaceKind.UNKNOWN, Rung.OTHER, True)
    assert came.only.status in (Status.TLS_ERROR, Status.CONNECTION_CLOSED, Status.CONNECTION_RESET)
    assert came.requests == ()


@pytest.mark.skipif(not ssl.HAS_TLSv1, reason="this OpenSSL speaks no TLS 1.0")
def test_a_server_of_tls_1_0_alone_is_asked_all_the_same() -> None:
    old = tls_servers.server(version=ssl.TLSVersion.TLSv1, ciphers="ALL:@SECLEVEL=0")
    came = ask(FakeServer(Qido().routes(), tls=old))
    assert came.only.proof is Rung.RETRIEVABLE
    assert (tls_of(came).version, tls_of(came).lowest_version) == ("TLSv1", "TLSv1")


def test_a_weak_suite_is_found() -> None:
    weak = tls_servers.server(version=ssl.TLSVersion.TLSv1_2, ciphers="AES128-SHA:@SECLEVEL=0")
    assert tls_of(ask(FakeServer(tls=weak))).weak_suites == ("AES128-SHA",)


def test_a_certificate_that_expired_or_lies_is_read() -> None:
    came = ask(FakeServer(tls=tls_servers.server(tls_servers.HOSTILE_SUBJECT, days=-1)))
    shown = tls_of(came).certificate
    assert shown is not None
    assert shown.not_after is not None
    assert shown.subject.startswith("CN=pacs")
    assert not any(ord(c) < 32 or c == "\u202e" for c in came.said())


def test_a_plain_server_asked_for_tls_is_no_tls() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    came = ask(FakeServer(talk=plain), secure=True)
    assert (came.only.proof, came.only.tls) == (Rung.OTHER, False)
    assert (came.only.status, came.only.step) == (Status.TLS_ERROR, Step.TLS)
    assert came.probes[0].try_other


def test_a_server_that_says_nothing_to_a_handshake_is_silent() -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    came = ask(FakeServer(talk=mute), secure=True, timing=HASTY)
    assert (came.only.proof, came.only.status) == (Rung.SILENT, Status.IO_TIMEOUT)


def test_tls_asked_in_clear_is_not_the_web() -> None:
    came = ask(FakeServer(Qido().routes(), tls=tls_servers.server()), secure=False)
    assert (came.only.kind, came.only.proof) == (SurfaceKind.UNKNOWN, Rung.OTHER)
    assert came.probes[0].try_other


def test_nothing_listens() -> None:
    for secure in (False, True):

        async def gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        came = ask(FakeServer(talk=gone), secure=secure)
        assert (came.only.proof, came.only.tls) == (Rung.OTHER, False)
        assert came.only.status in (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)
