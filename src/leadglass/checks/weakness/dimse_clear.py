"""DICOM that travels unencrypted is found here."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import DIMSE_KINDS, Opinion, combine, ok, over, unheard, vulnerable
from leadglass.knowledge import clauses
from leadglass.knowledge.products import ORTHANC
from leadglass.knowledge.remedies import ASK_MAKER, ORTHANC_CONFIG, ORTHANC_RESTART, TLS_TUNNEL, fix
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import Rung, Severity


def judge(probed: Probed) -> Verdict:
    """Vulnerable where a DIMSE service answered without TLS."""
    return combine(probed, over(probed, DIMSE_KINDS, _opinion), "No DIMSE service answered.")


def _opinion(surface: Surface) -> Opinion | None:
    if not surface.proof.at_least(Rung.SPEAKS):
        return unheard(surface)
    if surface.tls:
        return ok(surface, "is encrypted")
    severity = Severity.HIGH if surface.proof.at_least(Rung.READABLE) else Severity.MEDIUM
    return vulnerable(surface, "speaks DICOM without encryption", severity)


CHECK = Check(
    title="DICOM is spoken in clear",
    severity=Severity.MEDIUM,
    asks="Does a DIMSE service speak without TLS?",
    why=(
        "Names, images and reports cross the network readable by anybody on the way, and can be changed there. "
        "Without certificates neither side knows who the other is."
    ),
    severities="high where the service also gives patients' records",
    fix=fix(
        "Speak DICOM over TLS, with client certificates, and close the port in clear.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "DicomTlsEnabled" to true (since 1.9.0), name the files in "DicomTlsCertificate", '
            '"DicomTlsPrivateKey" and "DicomTlsTrustedCertificates", and leave "DicomTlsRemoteCertificateRequired" '
            "true.",
            "Set up TLS on each device that connects: the port then speaks TLS only.",
            ORTHANC_RESTART,
        ),
        dcm4chee=(
            "dcm4chee-arc speaks TLS on port 2762: move the devices there, then take the Network Connection in clear "
            "(port 11112) out of its AEs, or close that port in the firewall.",
            "Change the cipher suites of the TLS connection first: those shipped are below BCP 195.",
        ),
        dcmtk=("dcmqrscp 3.6.7 speaks no TLS.", TLS_TUNNEL),
        conquest=(TLS_TUNNEL,),
        other=("Turn on DICOM TLS by a profile of PS3.15 B.12, with client certificates.", TLS_TUNNEL, ASK_MAKER),
        tried=(ORTHANC,),
    ),
    references=(
        clauses.CWE_CLEARTEXT,
        clauses.HIPAA_TRANSMISSION,
        clauses.HIPAA_ENCRYPTION,
        clauses.GDPR_SECURITY,
        clauses.PS315_TLS,
        clauses.PS315_TLS_MODIFIED,
        clauses.NIST_PACS,
    ),
    judge=judge,
)
