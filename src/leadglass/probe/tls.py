"""What TLS a port speaks, learnt by handshakes alone: version, suite, certificate, and how low the server goes.

Cost: up to five connections, each ended after its handshake. What the library cannot offer stays unknown.
"""

import warnings
from collections.abc import Callable
from functools import partial

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from leadglass.model.facts import Certificate, TlsFacts
from leadglass.model.record import Record
from leadglass.model.target import literal_address
from leadglass.model.text import clean
from leadglass.model.words import Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.stream import Stream
from leadglass.net.tls import OFFER_FAILED, Offer, TlsVersion, negotiated, peer_certificate

# Statuses that mean that nothing listens, so that there is no TLS to learn.
UNCONNECTED = (Status.CONNECTION_REFUSED, Status.CONNECTION_TIMEOUT, Status.UNREACHABLE)
MAX_NAMES = 200  # a shared host has a hundred; more are not looked at
AFTER_HANDSHAKE_S = 1.0  # in which a server that needs a certificate has turned us away
WANTS_CERTIFICATE = "TLS asks for a client's certificate, and a caller without one is turned away"
# RFC 9325 4.1: what no server should agree to; offered alone, so that taking it up proves it. DHE without a
# named group and CBC with SHA-1 are left out: the first cannot be judged from a name, the second is only discouraged.
WEAK_SUITES = "kRSA:eNULL:aNULL:3DES:RC4:DES:EXPORT:!PSK:!SRP"
_ENDED = (Status.TLS_ERROR, Status.CONNECTION_CLOSED, Status.CONNECTION_RESET)
_LOWEST_FIRST = (TlsVersion.TLSv1, TlsVersion.TLSv1_1, TlsVersion.TLSv1_2)


class TlsLearned(Record):
    """Whether a handshake succeeded, what was learnt, and why it failed where it did."""

    speaks_tls: bool
    facts: TlsFacts
    status: Status = Status.SUCCESS
    detail: str = ""


async def learn_tls(host: Host, port: int) -> TlsLearned:
    """The TLS of a port. Never raises for what the peer does; StepFailed only where the budget is spent."""
    offer = Offer()
    try:
        stream = await host.dial_tls(port, offer.context)
    except StepFailed as failure:
        if failure.status is Status.BUDGET_SPENT:
            raise
        # An alert is an answer in TLS; a certificate that was asked for and not given ends the handshake so.
        # With TLS 1.2 the alert may be overtaken by the reset that follows it.
        speaks = failure.status in _ENDED and offer.asked_for_certificate is True
        shown = read_certificate(offer.shown_certificate) if speaks and offer.shown_certificate else None
        facts = TlsFacts(
            client_certificate="required" if speaks else "unknown",
            certificate=shown,
            name_matches=_name_matches(host.name, shown),
            detail=failure.detail,
        )
        detail = WANTS_CERTIFICATE if speaks else failure.detail
        return TlsLearned(speaks_tls=speaks, facts=facts, status=failure.status, detail=detail)
    chosen, der = negotiated(stream), peer_certificate(stream)
    version, suite = chosen or ("", "")
    asked = {True: "asked", False: "not-asked", None: "unknown"}[offer.asked_for_certificate]
    if asked == "asked" and version == "TLSv1.3" and await _ends(host, stream):
        asked = "required"
    stream.abort()  # a closing alert would be waited for, and Orthanc takes no other call meanwhile (measured)
    certificate = read_certificate(der) if der else None
    # Where a certificate is needed, an offer may fail for want of it: then nothing is learnt of versions or suites.
    can_tell = asked != "required"
    lowest, tried = await _lowest_version(host, port, version) if can_tell else (None, None)
    return TlsLearned(
        speaks_tls=True,
        facts=TlsFacts(
            version=version or None,
            cipher_suite=suite or None,
            certificate=certificate,
            client_certificate=asked,
            lowest_version=lowest,
            lowest_tried=tried,
            weak_suites=await _weak_suites(host, port) if can_tell else None,
            name_matches=_name_matches(host.name, certificate),
        ),
        status=Status.TLS_ERROR if asked == "required" else Status.SUCCESS,
        detail=WANTS_CERTIFICATE if asked == "required" else "",
    )


async def _ends(host: Host, stream: Stream) -> bool:
    """Whether the server ends a TLS 1.3 connection on which nothing was asked yet.

    It judges the missing certificate after our side of the handshake is over (RFC 8446 4.4.2.4); nothing else that we
    said can have displeased it.
    """
    try:
        return not await stream.read(host.clock() + min(AFTER_HANDSHAKE_S, host.timing.reply_s), Step.TLS)
    except StepFailed as failure:
        return failure.status in _ENDED


def requires_certificate(facts: TlsFacts, status: Status, step: Step | None) -> bool:
    """Whether a failure after the handshake says that a client's certificate is needed (RFC 8446 4.4.2.4).

    Only an alert does: a server that hangs up may dislike anything else.
    """
    return facts.client_certificate == "asked" and step is not Step.TLS and status is Status.TLS_ERROR


def read_certificate(der: bytes) -> Certificate:
    """What a certificate says; a malformed one gives the reason instead (a peer's bytes are hostile)."""
    try:
        with warnings.catch_warnings():  # the library warns of a peer's oddities (an absurd subject) on our stderr
            warnings.simplefilter("ignore")
            return _said(x509.load_der_x509_certificate(der))
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension):
        return Certificate(detail="the certificate cannot be read")


def _said(parsed: x509.Certificate) -> Certificate:
    """Raises what the library raises for what it cannot read."""
    subject, issuer = parsed.subject.rfc4514_string(), parsed.issuer.rfc4514_string()
    return Certificate(
        subject=clean(subject),
        issuer=clean(issuer),
        names=_names(parsed),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
        self_signed=subject == issuer,
        key=_key(parsed),
    )


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = [str(entry.value) for entry in extension.value if isinstance(entry, x509.DNSName | x509.IPAddress)]
    return tuple(clean(name) for name in names[:MAX_NAMES])


def _key(parsed: x509.Certificate) -> str:
    key = parsed.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.key_size}"
    return type(key).__name__.removesuffix("PublicKey").strip("_")


def _name_matches(asked: str, certificate: Certificate | None) -> bool | None:
    """RFC 9525 6.3, 6.5: whether a name of the certificate covers the name, or an address is the one, asked for."""
    if certificate is None:
        return None
    address = literal_address(asked)
    if address is not None:
        return any(literal_address(shown) == address for shown in certificate.names)
    name = asked.lower().rstrip(".")
    wildcard = "*." + name.partition(".")[2]
    return any(shown.lower() in (name, wildcard) for shown in certificate.names)


async def _lowest_version(host: Host, port: int, preferred: str) -> tuple[str | None, str | None]:
    """The lowest version that is agreed to, and the lowest from which on every offer was answered."""
    answered: str | None = None
    for version in _LOWEST_FIRST:
        answer = await _offered(host, port, partial(Offer, lowest=version, highest=version))
        if answer.agreed is not None:
            return answer.agreed[0], answered or answer.agreed[0]
        answered = (answered or version.name.replace("_", ".")) if answer.refused else None
    return preferred or None, answered or preferred or None


async def _weak_suites(host: Host, port: int) -> tuple[str, ...] | None:
    answer = await _offered(host, port, lambda: Offer(highest=TlsVersion.TLSv1_2, ciphers=f"{WEAK_SUITES}:@SECLEVEL=0"))
    if answer.agreed is not None:
        return (answer.agreed[1],)
    return () if answer.refused else None


class _Answer(Record):
    """What became of one offer: version and suite where it was agreed to; neither, where nothing was answered."""

    agreed: tuple[str, str] | None = None
    refused: bool = False


async def _offered(host: Host, port: int, make: Callable[[], Offer]) -> _Answer:
    """The answer to one offer. What the library cannot offer, or the server met with silence, was not refused."""
    try:
        stream = await host.dial_tls(port, make().context)
    except StepFailed as failure:
        if failure.status is Status.BUDGET_SPENT:
            raise
        return _Answer(refused=failure.step is Step.TLS and failure.status in _ENDED and not _ours(failure))
    except OFFER_FAILED:
        return _Answer()
    chosen = negotiated(stream)
    stream.abort()  # a closing alert would be waited for, and Orthanc takes no other call meanwhile (measured)
    return _Answer(agreed=chosen)


def _ours(failure: StepFailed) -> bool:
    """Whether our own library would not make the offer, as some systems' policies forbid (OpenSSL's reasons)."""
    return any(words in failure.detail for words in ("no protocols available", "no ciphers available"))
