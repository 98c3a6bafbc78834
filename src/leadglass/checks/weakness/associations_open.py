"""A server that opens an association for any caller is found here; that is a weakness, and not yet an exposure."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import (
    DIMSE_KINDS,
    Opinion,
    combine,
    ok,
    over,
    turned_away,
    unheard,
    vulnerable,
    wants_certificate,
)
from leadglass.knowledge import clauses
from leadglass.knowledge.products import DCMTK, ORTHANC
from leadglass.knowledge.remedies import (
    ASK_MAKER,
    DCM4CHEE_CALLERS,
    DCMQRSCP_PEERS,
    DCMQRSCP_RESTART,
    FIREWALL,
    ORTHANC_CONFIG,
    ORTHANC_MODALITIES,
    ORTHANC_RESTART,
    fix,
)
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import Rung, Severity


def judge(probed: Probed) -> Verdict:
    """Vulnerable where an association was accepted from a calling AE title that nobody there can know."""
    return combine(probed, over(probed, DIMSE_KINDS, _opinion), "No DIMSE service answered.")


def _opinion(surface: Surface) -> Opinion | None:
    if surface.proof.at_least(Rung.ADMITS):
        readable = surface.proof.at_least(Rung.READABLE)
        title = surface.facts.dimse.called_ae_title if surface.facts.dimse else None
        under = f' under the called AE title "{title}"' if title else ""
        note = "" if readable else "; by itself that gives no data away"
        severity = Severity.MEDIUM if readable else Severity.LOW
        return vulnerable(surface, f"opened an association for an unknown caller{under}{note}", severity)
    if wants_certificate(surface):
        return ok(surface, "turns away a caller without a client certificate")
    if surface.proof is Rung.SPEAKS:
        return turned_away(surface)
    return unheard(surface)


CHECK = Check(
    title="Any caller may open an association",
    severity=Severity.LOW,
    asks="Does the server open a DICOM association for a calling AE title that it does not know?",
    why=(
        "An open association is not yet access to data, but each one lets a stranger try every service behind it, "
        "and flaws in DICOM software are reached the same way."
    ),
    severities="medium where the same service also gives patients' records",
    fix=fix(
        "Accept associations from known devices only. An AE title is a name and no password: add addresses or TLS "
        "with client certificates.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set all of "DicomAlwaysAllowEcho", "DicomAlwaysAllowStore", "DicomAlwaysAllowFind", '
            '"DicomAlwaysAllowFindWorklist", "DicomAlwaysAllowGet" and "DicomAlwaysAllowMove" to false: only then '
            "does Orthanc reject unknown callers.",
            ORTHANC_MODALITIES,
            ORTHANC_RESTART,
        ),
        dcm4chee=(DCM4CHEE_CALLERS, FIREWALL),
        dcmtk=(DCMQRSCP_PEERS, DCMQRSCP_RESTART),
        conquest=(FIREWALL,),
        other=(FIREWALL, "Turn on the list of known calling AE titles, each with its address.", ASK_MAKER),
        tried=(ORTHANC, DCMTK),
    ),
    references=(
        clauses.CWE_MISSING_AUTHENTICATION,
        clauses.CWE_SPOOFING,
        clauses.HIPAA_AUTHENTICATION,
        clauses.GDPR_SECURITY,
        clauses.PS315_TLS,
        clauses.PS315_AUDIT_NETWORK_ENTRY,
    ),
    judge=judge,
)
