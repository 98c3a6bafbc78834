"""Servers whose certificates say absurd things; behind each stands a polite archive, or a page."""

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from ssl import SSLContext

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from leadglass.lab.zoo.animal import After, dressed, talk_of, web_talk
from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.sites import BACKWARDS, ESCAPES, MARKUP, the_same_page_for_everything
from leadglass.net.server_tls import context_of

_ARCHIVE, _PAGE = talk_of(Polite), web_talk(the_same_page_for_everything, After.NEXT)
_FIRST, _LAST = datetime(1950, 1, 2, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
MANY_NAMES = 2_000
LONG_NAME = 8_000


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    """One key for all: they lie about everything else."""
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    words: Sequence[str] = ("zoo.example",),
    names: Sequence[str] = (),
    first: datetime | None = None,
    last: datetime | None = None,
) -> x509.Certificate:
    """A self-signed certificate: `words` in its subject, `names` beside it, valid from `first` to `last`."""
    now = datetime.now(UTC)
    # The library would refuse, or warn of, a name that is too long or holds what no name holds.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, word, _validate=False) for word in words])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(_key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first or now - timedelta(days=1))
        .not_valid_after(last or now + timedelta(days=30))
    )
    if names:
        shown = [x509.DNSName(name) for name in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(shown), critical=False)
    return builder.sign(_key(), hashes.SHA256())


def dress(shown: x509.Certificate, *, mutual: bool = False) -> SSLContext:
    """What a listener shows; `mutual` turns away who shows no certificate of its own."""
    private = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return context_of(private + shown.public_bytes(serialization.Encoding.PEM), mutual=mutual)


@dressed(_ARCHIVE)
def expired_certificate() -> SSLContext:
    """Shows a certificate that ended in 1970."""
    return dress(certificate(first=_FIRST, last=datetime(1970, 1, 1, tzinfo=UTC)))


@dressed(_ARCHIVE)
def certificate_of_the_future() -> SSLContext:
    """Shows a certificate that will be valid in the year 9998."""
    return dress(certificate(first=datetime(9998, 1, 1, tzinfo=UTC), last=_LAST))


@dressed(_PAGE, "https://{at}")
def certificate_for_ever() -> SSLContext:
    """Shows a certificate that is valid for 8,000 years."""
    return dress(certificate(first=_FIRST, last=_LAST))


@dressed(_ARCHIVE)
def escapes_in_the_subject() -> SSLContext:
    """Shows a certificate with terminal escapes in its subject."""
    return dress(certificate([ESCAPES, f"zoo{BACKWARDS}\r\nOPEN"]))


@dressed(_PAGE, "https://{at}")
def markup_in_the_subject() -> SSLContext:
    """Shows a certificate with HTML in its subject and its names."""
    return dress(certificate([MARKUP, "'\"><img src=x onerror=alert(1)>"], [MARKUP, "<marquee>zoo</marquee>.example"]))


@dressed(_ARCHIVE)
def escapes_in_the_names() -> SSLContext:
    """Shows a certificate with terminal escapes in its names."""
    return dress(certificate(names=["\x1b[31mzoo.example", "\x07\x00.example", "*"]))


@dressed(_ARCHIVE)
def long_subject() -> SSLContext:
    """Shows a certificate whose subject has 8,000 letters."""
    return dress(certificate(["A" * LONG_NAME]))


@dressed(_ARCHIVE)
def many_names() -> SSLContext:
    """Shows a certificate for 2,000 names."""
    return dress(certificate(names=[f"pacs-{number}.example" for number in range(MANY_NAMES)]))


@dressed(_ARCHIVE)
def nobodys_certificate() -> SSLContext:
    """Shows a certificate whose subject is empty."""
    return dress(certificate(()))


@dressed(_ARCHIVE)
def wanting_a_certificate() -> SSLContext:
    """Turns away who shows no certificate of its own."""
    return dress(certificate(), mutual=True)
