"""A stranger who reads patients' records is found here, on every surface but the worklist, which has its own check."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import WORKLIST_KINDS, Opinion, combine, over, reading, vulnerable
from leadglass.checks.words import figures
from leadglass.knowledge import clauses
from leadglass.knowledge.products import DCMTK, ORTHANC
from leadglass.knowledge.remedies import (
    ASK_MAKER,
    DCM4CHEE_CALLERS,
    DCM4CHEE_SECURE,
    DCMQRSCP_PEERS,
    DCMQRSCP_RESTART,
    FIREWALL,
    FIREWALL_WEB,
    ORTHANC_CONFIG,
    ORTHANC_MODALITIES,
    ORTHANC_RESTART,
    fix,
)
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import Rung, Severity, SurfaceKind

_KINDS = tuple(kind for kind in SurfaceKind if kind not in (*WORKLIST_KINDS, SurfaceKind.UNKNOWN))


def judge(probed: Probed) -> Verdict:
    """Vulnerable where any surface gave a record to a caller without a name or password."""

    def opinion(surface: Surface) -> Opinion | None:
        if surface.proof.at_least(Rung.READABLE):
            counted = figures(surface.exposure)
            return vulnerable(surface, "gives a stranger patients' records" + (f" ({counted})" if counted else ""))
        return reading(surface, probed)

    return combine(probed, over(probed, _KINDS, opinion), "No service that holds patients' records answered.")


CHECK = Check(
    title="Patients' records can be read by anyone",
    severity=Severity.HIGH,
    asks="Does any service give a patient's record to a caller that it does not know?",
    why=(
        "Whoever reaches this server reads names, dates of birth and examinations without a password. "
        "In most countries that is a reportable breach, for every patient that it lists."
    ),
    fix=fix(
        "Answer queries from known devices and people only, and keep the server off the internet.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "DicomAlwaysAllowFind" to false.',
            'Set "AuthenticationEnabled" to true and give people and programs a login each in "RegisteredUsers".',
            ORTHANC_MODALITIES,
            ORTHANC_RESTART,
        ),
        dcm4chee=(DCM4CHEE_CALLERS, DCM4CHEE_SECURE, FIREWALL),
        dcmtk=(DCMQRSCP_PEERS, DCMQRSCP_RESTART),
        conquest=(FIREWALL, FIREWALL_WEB),
        other=(
            FIREWALL,
            "Turn on the list of known devices for queries, and a login for every web page and web service.",
            ASK_MAKER,
        ),
        tried=(ORTHANC, DCMTK),
    ),
    references=(
        clauses.CWE_MISSING_AUTHENTICATION,
        clauses.CWE_EXPOSURE,
        clauses.HIPAA_ACCESS_CONTROL,
        clauses.HIPAA_AUTHENTICATION,
        clauses.GDPR_SECURITY,
        clauses.GDPR_NOTIFY_AUTHORITY,
        clauses.GDPR_NOTIFY_PERSONS,
        clauses.PS315_TLS,
        clauses.PS315_AUDIT_QUERY,
        clauses.NIST_PACS,
    ),
    judge=judge,
)
