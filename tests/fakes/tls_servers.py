"""TLS contexts for fake servers, with certificates that are made anew for each run."""

import ssl
import tempfile
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

HOSTILE_SUBJECT = "pacs\x1b[31m<b>\u202e.example"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(subject: str = "pacs.example", *, days: int = 30) -> bytes:
    """A self-signed certificate with its key, in PEM; one of negative `days` has expired."""
    key, now = _key(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=90))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    return builder.public_bytes(serialization.Encoding.PEM) + secret


def server(
    subject: str = "pacs.example",
    *,
    days: int = 30,
    client_required: bool = False,
    version: ssl.TLSVersion | None = None,
    ciphers: str | None = None,
) -> ssl.SSLContext:
    """A server's context, at one TLS version where one is given."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        path = Path(file.name)
        path.write_bytes(certificate(subject, days=days))
        context.load_cert_chain(path)
        if client_required:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(path)
    with warnings.catch_warnings():  # an old version is what is tested here
        warnings.simplefilter("ignore", DeprecationWarning)
        if version is not None:
            context.minimum_version = context.maximum_version = version
    if ciphers is not None:
        context.set_ciphers(ciphers)
    return context
