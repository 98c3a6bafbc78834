"""An offer of old TLS that meets silence was not refused: how low the server goes stays unknown then."""

import asyncio
import ssl
from pathlib import Path

import pytest

from leadglass.model.facts import TlsFacts
from leadglass.model.scope import Budget, Timing
from leadglass.net.gate import Gate
from leadglass.net.host import open_host
from leadglass.probe.tls import learn_tls
from tests.fakes.certificates import server_context

# The order in which offers are made: the first handshake, then TLS 1.0, 1.1 and 1.2 alone, then weak suites alone.
USUAL, OLDEST, OLD, TWELVE, WEAK = range(5)


def learned(context: ssl.SSLContext, *silent: int) -> TlsFacts:
    """The TLS of a server that does not answer the offers numbered `silent`."""
    offers = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal offers
        number, offers = offers, offers + 1
        try:
            if number not in silent:
                await writer.start_tls(context)
            await reader.read()
        except OSError:
            pass
        finally:
            writer.close()

    async def run() -> TlsFacts:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            host = await open_host("127.0.0.1", Gate(None), Budget(), Timing(connect_s=2.0, reply_s=0.5))
            return (await learn_tls(host, server.sockets[0].getsockname()[1])).facts

    return asyncio.run(run())


@pytest.fixture
def context(tmp_path: Path) -> ssl.SSLContext:
    """A server of TLS 1.2 and 1.3."""
    made = server_context(tmp_path)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


@pytest.mark.parametrize(
    ("silent", "tried", "suites"),
    [
        ((), "TLSv1", ()),
        ((OLDEST,), "TLSv1.1", ()),
        ((OLD,), "TLSv1.2", ()),
        ((WEAK,), "TLSv1", None),
    ],
)
def test_silence_is_no_refusal(
    context: ssl.SSLContext, silent: tuple[int, ...], tried: str, suites: tuple[str, ...] | None
) -> None:
    facts = learned(context, *silent)
    assert (facts.version, facts.lowest_version) == ("TLSv1.3", "TLSv1.2")
    assert (facts.lowest_tried, facts.weak_suites) == (tried, suites)


def test_a_server_of_the_newest_version_alone(context: ssl.SSLContext) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    facts = learned(context)
    assert (facts.lowest_version, facts.lowest_tried, facts.weak_suites) == ("TLSv1.3", "TLSv1", ())


@pytest.mark.parametrize("highest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    ("mode", "said", "floor"),
    [
        (ssl.CERT_OPTIONAL, "asked", "TLSv1"),
        (ssl.CERT_REQUIRED, "required", None),
        (ssl.CERT_NONE, "not-asked", "TLSv1"),
    ],
)
def test_a_certificate_that_is_asked_for_is_not_always_needed(
    context: ssl.SSLContext, tmp_path: Path, highest: ssl.TLSVersion, mode: ssl.VerifyMode, said: str, floor: str | None
) -> None:
    """Where none is needed, how low the server goes is learnt as from any other."""
    context.maximum_version = highest
    context.load_verify_locations(tmp_path / "server.pem")
    context.verify_mode = mode
    facts = learned(context)
    assert (facts.client_certificate, facts.lowest_tried) == (said, floor)
