"""A certificate that is out of its time, or that names somebody else, is found here."""

from datetime import datetime, timedelta

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import ALL_KINDS, WEB_KINDS, Opinion, combine, ok, over, unheard, unknown, vulnerable
from leadglass.knowledge import clauses
from leadglass.knowledge.remedies import ASK_MAKER, ORTHANC_RESTART, fix
from leadglass.model.assessment import Probed, Surface
from leadglass.model.facts import TlsFacts
from leadglass.model.target import literal_address
from leadglass.model.words import Severity

SOON = timedelta(days=30)  # time enough to order and install another


def judge(probed: Probed) -> Verdict:
    """Vulnerable where the certificate is expired, not yet valid, or names another host than the one asked for."""

    def opinion(surface: Surface) -> Opinion | None:
        return _opinion(surface, probed)

    opinions = over(probed, ALL_KINDS, opinion)
    return combine(probed, opinions, "No service over TLS answered, so there is no certificate to judge.")


def _opinion(surface: Surface, probed: Probed) -> Opinion | None:
    tls = surface.facts.tls
    shown = tls.certificate if tls else None
    if tls is None or shown is None or shown.not_after is None or shown.not_before is None:
        return unknown(surface, "its certificate was not seen") if surface.tls or tls else unheard(surface)
    issued = " (self-signed)" if shown.self_signed else ""
    if shown.not_after < probed.at:
        return vulnerable(
            surface, f"shows a certificate{issued} that expired on {_day(shown.not_after)}", Severity.MEDIUM
        )
    if shown.not_before > probed.at:
        words = f"shows a certificate{issued} that is not valid before {_day(shown.not_before)}"
        return vulnerable(surface, words, Severity.MEDIUM)
    return _in_its_time(surface, probed, tls, shown.not_after)


def _in_its_time(surface: Surface, probed: Probed, tls: TlsFacts, until: datetime) -> Opinion:
    self_signed = tls.certificate is not None and tls.certificate.self_signed
    issued = " (self-signed)" if self_signed else ""
    # A certificate names hosts: that it does not name an address says little.
    is_address = literal_address(probed.host) is not None
    if tls.name_matches is False and not is_address:
        return vulnerable(surface, f"shows a certificate{issued} that does not name this target", Severity.LOW)
    if self_signed and surface.kind in WEB_KINDS:
        words = "shows a self-signed certificate: browsers warn, and people learn to click the warning away"
        return vulnerable(surface, words, Severity.LOW)
    if tls.name_matches is False:
        return vulnerable(surface, f"shows a certificate{issued} that does not name this address", Severity.INFO)
    return ok(surface, _valid_words(until, self_signed, tls.name_matches, probed.at))


def _valid_words(not_after: datetime, self_signed: bool | None, name_matches: bool | None, at: datetime) -> str:
    words = f"shows a certificate that is valid until {_day(not_after)}"
    if not_after - at <= SOON:
        words += ", which is soon"
    if self_signed:
        words += "; it is self-signed, which DICOM devices may use where each holds the other's certificate"
    if name_matches is None:
        words += "; its names could not be compared"
    return words


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


_RENEW = "Order a new certificate from your own or a public authority, and note its last day in a calendar."
_ACME = "Where the host has a public name, let an ACME client (certbot, Caddy) renew it by itself."

CHECK = Check(
    title="The certificate is not valid",
    severity=Severity.MEDIUM,
    asks="Is a TLS certificate expired, not yet valid, or made out to another name?",
    why=(
        "Who meets an invalid certificate either cannot connect or learns to ignore the warning, and then would not "
        "notice somebody in between."
    ),
    severities="low for another name or a self-signed web page; info where the target is an address",
    fix=fix(
        "Install a certificate that is valid and names the host, and renew it in time.",
        orthanc=(
            _RENEW,
            'Put it into the files that "SslCertificate" (web), "DicomTlsCertificate" and "DicomTlsPrivateKey" name.',
            ORTHANC_RESTART,
        ),
        dcm4chee=(_RENEW, "Replace the key store of the device and of WildFly, which are shipped with test keys."),
        dcmtk=(_RENEW, "Give the new files to the program or tunnel that ends TLS (option +tls), and restart it."),
        conquest=(_RENEW, "Install it in the tunnel or web server that ends TLS before Conquest."),
        other=(_RENEW, _ACME, ASK_MAKER),
    ),
    references=(
        clauses.CWE_EXPIRED_KEY,
        clauses.RFC_5280_VALIDITY,
        clauses.HIPAA_AUTHENTICATION,
        clauses.HIPAA_TRANSMISSION,
        clauses.GDPR_SECURITY,
        clauses.PS315_TLS,
    ),
    judge=judge,
)
