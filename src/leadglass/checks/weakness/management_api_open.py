"""A product's management API that answers without a login is found here."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import NOT_PERMITTED, Opinion, combine, ok, over, reading, unheard, unknown, vulnerable
from leadglass.knowledge import clauses
from leadglass.knowledge.products import ORTHANC
from leadglass.knowledge.remedies import (
    ASK_MAKER,
    DCM4CHEE_SECURE,
    FIREWALL_WEB,
    ORTHANC_CONFIG,
    ORTHANC_RESTART,
    fix,
)
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import Rung, Severity, SurfaceKind

_KINDS = (SurfaceKind.ORTHANC_REST, SurfaceKind.DCM4CHEE_REST, SurfaceKind.DICOOGLE_REST)


def judge(probed: Probed) -> Verdict:
    """Vulnerable where the API answered a stranger, be it with counters alone."""

    def opinion(surface: Surface) -> Opinion | None:
        if surface.proof.at_least(Rung.READABLE):
            return vulnerable(surface, "answers without a login, patients' records included", Severity.CRITICAL)
        if surface.proof is Rung.ADMITS:
            return vulnerable(surface, "answers without a login", Severity.HIGH)
        if surface.proof is Rung.SPEAKS:
            return _closed(surface, probed)
        return unheard(surface)

    return combine(probed, over(probed, _KINDS, opinion), "No management API that Leadglass knows answered.")


def _closed(surface: Surface, probed: Probed) -> Opinion | None:
    """The API is asked by its counters and status, which need no leave to read records."""
    told = reading(surface, probed)
    if told is not None and told.words == unknown(surface, NOT_PERMITTED).words:
        return ok(surface, "asks for a login before it answers")
    return told


CHECK = Check(
    title="The management API is open to anyone",
    severity=Severity.HIGH,
    asks="Does a product's own API answer a caller without a login?",
    why=(
        "Such an API is made to run the server: with it a stranger may delete or change examinations, add false ones, "
        "or send them elsewhere. Leadglass only read; whether this API also obeys was not tried."
    ),
    severities="critical where the API also gave patients' records",
    fix=fix(
        "Ask for a login on the API, and let only your own network reach it.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "AuthenticationEnabled" to true and give people and programs a login each in '
            '"RegisteredUsers"; take out any default user.',
            ORTHANC_RESTART,
        ),
        dcm4chee=(DCM4CHEE_SECURE, FIREWALL_WEB),
        dcmtk=(
            "DCMTK has no web API; if one answers here it belongs to another program on this machine.",
            FIREWALL_WEB,
        ),
        conquest=("Let the web server before Conquest ask for a login on every path.", FIREWALL_WEB),
        other=("Turn on the login of the API, with a name for each person and program.", FIREWALL_WEB, ASK_MAKER),
        tried=(ORTHANC,),
    ),
    references=(
        clauses.CWE_MISSING_AUTHENTICATION,
        clauses.CWE_MISSING_AUTHORIZATION,
        clauses.HIPAA_ACCESS_CONTROL,
        clauses.HIPAA_UNIQUE_USER,
        clauses.HIPAA_INTEGRITY,
        clauses.GDPR_SECURITY,
        clauses.PS315_AUDIT_ACCESSED,
        clauses.NIST_PACS,
    ),
    judge=judge,
)
