"""What TLS a server speaks is learnt by offering: one context for each question, and what the answers show."""

import ssl
import warnings

from leadglass.net.stream import Stream

# RFC 8446 4: the handshake message by which a server asks for a client's certificate.
_CERTIFICATE_REQUEST = 13
_CERTIFICATE = 11  # RFC 5246 7.4.2

# For those who ask but open no socket themselves, and so do not import ssl.
TlsVersion = ssl.TLSVersion
OFFER_FAILED = (ValueError, ssl.SSLError)  # the library cannot offer it, or the two did not agree
_LEGACY_SERVER = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: a server without RFC 5746 is looked at too


class Offer:
    """One way to offer TLS, and whether the server asked for a certificate of ours when it was taken up.

    Certificates are looked at, never trusted: a stranger's question is what a server shows to anybody.
    """

    def __init__(
        self,
        *,
        lowest: ssl.TLSVersion | None = None,
        highest: ssl.TLSVersion | None = None,
        ciphers: str | None = None,
    ) -> None:
        """None is as low, or as high, as the library goes."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        self.asked_for_certificate: bool | None = None
        self.shown_certificate: bytes | None = None
        """What the server showed in clear (DER), TLS 1.2 and below, though the handshake may have failed later."""
        with warnings.catch_warnings():  # offering an old version is the question here, not an oversight
            warnings.simplefilter("ignore", DeprecationWarning)
            # The library's own lowest is 1.2 since Python 3.10: an old server would look like none at all.
            self.context.minimum_version = lowest or ssl.TLSVersion.MINIMUM_SUPPORTED
            if highest is not None:
                self.context.maximum_version = highest
        self.context.options |= _LEGACY_SERVER
        self.context.set_ciphers(ciphers or "DEFAULT:@SECLEVEL=0")
        self._listen()

    def _listen(self) -> None:
        """Watches for a CertificateRequest; where the library has no such hook, the answer stays None."""
        if not hasattr(self.context, "_msg_callback"):
            return
        self.asked_for_certificate = False

        def message(_c: object, direction: str, version: object, _t: object, kind: object, data: bytes) -> None:
            if direction == "read" and kind == _CERTIFICATE_REQUEST:
                self.asked_for_certificate = True
            if direction == "read" and kind == _CERTIFICATE and version != ssl.TLSVersion.TLSv1_3:
                self.shown_certificate = first_certificate(data)

        self.context._msg_callback = message


def first_certificate(message: bytes) -> bytes | None:
    """The first certificate of a Certificate message (RFC 5246 7.4.2): after its type, its length and the list's."""
    end = 10 + int.from_bytes(message[7:10])
    return message[10:end] if 10 < end <= len(message) else None


def negotiated(stream: Stream) -> tuple[str, str] | None:
    """Version and cipher suite (OpenSSL's name) of a TLS stream."""
    tls = stream.tls_object()
    if tls is None:
        return None
    cipher = tls.cipher()
    return tls.version() or "", cipher[0] if cipher else ""


def peer_certificate(stream: Stream) -> bytes | None:
    """The server's certificate (DER), unverified."""
    tls = stream.tls_object()
    return tls.getpeercert(binary_form=True) if tls is not None else None
