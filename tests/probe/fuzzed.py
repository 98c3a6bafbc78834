"""The parsers of `probe`: a peer's certificate is read or said to be unreadable; nothing is raised."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leadglass.probe.tls import read_certificate
from tests.wire.feeding import Parser


def _certificate() -> bytes:
    key = ec.derive_private_key(7, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pacs.example")])
    names = x509.SubjectAlternativeName([x509.DNSName("pacs.example"), x509.DNSName("*.pacs.example")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(names, critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


class _Never(Exception):  # noqa: N818 - nothing raises it: this parser reports what is wrong as a value
    """No error may come out."""


FUZZED = {
    "leadglass.probe.tls.read_certificate": Parser(read=read_certificate, samples=(_certificate(),), error=_Never),
}
