"""The lab's TLS: a certificate that is made anew for each run, trusted by nobody, and gone with it."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

VALID = timedelta(days=365)


def server_context(common_name: str = "lab.example", *, mutual: bool = False) -> ssl.SSLContext:
    """TLS 1.2 and 1.3 with a self-signed certificate; `mutual` turns away who shows no certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return context_of(private + certificate.public_bytes(serialization.Encoding.PEM), mutual=mutual)


def context_of(key_and_certificate: bytes, *, mutual: bool = False) -> ssl.SSLContext:
    """TLS 1.2 and 1.3 with a key and a certificate in PEM, whatever it says; `mutual` as above."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "lab.pem")
        file.write_bytes(key_and_certificate)
        context.load_cert_chain(file)
        if mutual:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(file)
    return context
