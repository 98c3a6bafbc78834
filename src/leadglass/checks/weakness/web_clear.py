"""Web services in clear are found here, and above all logins and records that cross the network unencrypted."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import WEB_KINDS, Opinion, combine, ok, over, unheard, vulnerable
from leadglass.knowledge import clauses
from leadglass.knowledge.remedies import ASK_MAKER, FIREWALL_WEB, ORTHANC_RESTART, PROXY, fix
from leadglass.model.assessment import Probed, Surface
from leadglass.model.facts import WebFacts
from leadglass.model.words import Rung, Severity

_ABSENT = "No web service with patients' data, and no login, answered in clear."


def judge(probed: Probed) -> Verdict:
    """Vulnerable where a web service answered without TLS, the worse the more passes over it."""
    return combine(probed, over(probed, WEB_KINDS, _opinion), _ABSENT)


def _opinion(surface: Surface) -> Opinion | None:
    login = _login(surface.facts.web)
    if surface.proof is Rung.SILENT or (surface.proof is Rung.OTHER and not login):
        return unheard(surface)
    if surface.tls:
        return ok(surface, "is encrypted")
    if surface.proof.at_least(Rung.READABLE):
        return vulnerable(surface, "gives patients' records without encryption", Severity.HIGH)
    if login:
        return vulnerable(surface, f"asks for {login} without encryption", Severity.MEDIUM)
    if _leaves_for_https(surface.facts.web) and surface.proof is Rung.SPEAKS:
        return ok(surface, "sends callers on to HTTPS")
    return vulnerable(surface, "answers without encryption", Severity.LOW)


def _login(web: WebFacts | None) -> str | None:
    """The login that would cross the network readable. Digest and bearer logins are not passwords in clear."""
    if web is None:
        return None
    if web.challenge is not None and web.challenge.strip().casefold() == "basic":
        return "a name and password (Basic)"
    return "a name and password in a form" if web.login_form else None


def _leaves_for_https(web: WebFacts | None) -> bool:
    return web is not None and web.redirects_to is not None and web.redirects_to.casefold().startswith("https://")


CHECK = Check(
    title="The web service is in clear, or asks for a login in clear",
    severity=Severity.MEDIUM,
    asks="Does a web service answer, or ask for a login, over HTTP without TLS?",
    why=(
        "Over plain HTTP passwords and patients' data can be read and changed by anybody on the way. "
        "A password that was seen once opens the server from then on."
    ),
    severities="high where patients' records pass; low where neither a login nor a record was seen",
    fix=fix(
        "Serve the web pages and web services over HTTPS only.",
        orthanc=(
            f'{PROXY} With "RemoteAccessAllowed" false, Orthanc then answers the proxy on the same machine only.',
            'Or set "SslEnabled" to true with a PEM file of certificate and key in "SslCertificate", and try it before '
            "you rely on it: Orthanc 1.10.1 as packaged in Debian 12 crashed at its first HTTPS request.",
            ORTHANC_RESTART,
        ),
        dcm4chee=("Use port 8443 with a certificate of your own, and close port 8080 in the firewall.", FIREWALL_WEB),
        dcmtk=("DCMTK has no web service; what answers here belongs to another program on this machine.", PROXY),
        conquest=("Turn on HTTPS in the web server that serves Conquest's pages, and turn HTTP off.", FIREWALL_WEB),
        other=("Turn on HTTPS and turn HTTP off, or send it on to HTTPS.", PROXY, ASK_MAKER),
    ),
    references=(
        clauses.CWE_CLEARTEXT,
        clauses.CWE_CREDENTIALS,
        clauses.HIPAA_TRANSMISSION,
        clauses.HIPAA_ENCRYPTION,
        clauses.GDPR_SECURITY,
        clauses.PS315_TLS,
    ),
    judge=judge,
)
