"""Findings as the checks would give them, enough of them to see every shape in a report."""

from leadglass.model.finding import Finding, Fix, Reference, Remedy
from leadglass.model.words import Outcome, Severity

HIPAA = Reference(id="HIPAA 164.312(d)", title="Person or entity authentication", source="45 CFR 164.312(d)")
GDPR = Reference(id="GDPR Art. 32", title="Security of processing", source="Regulation (EU) 2016/679, Article 32")
PS315 = Reference(id="PS3.15 B.1", title="BCP 195 secure transport profile", source="DICOM PS3.15 2025c, B.9")
CWE306 = Reference(
    id="CWE-306",
    title="Missing authentication for critical function",
    source="https://cwe.mitre.org/data/definitions/306.html",
)
CWE319 = Reference(
    id="CWE-319",
    title="Cleartext transmission of sensitive information",
    source="https://cwe.mitre.org/data/definitions/319.html",
)

_KNOWN_CALLERS = Fix(
    summary="Answer only callers that you know, and put the server where only they reach it.",
    remedies=(
        Remedy(
            product="Orthanc",
            steps=(
                'Set "DicomAlwaysAllowFind", "DicomAlwaysAllowGet" and "DicomAlwaysAllowMove" to false.',
                'Set "DicomCheckCalledAet" to true, and list each scanner and viewer under "DicomModalities".',
                "Restart Orthanc, then check again.",
            ),
            tried=True,
        ),
        Remedy(
            product="DCMTK dcmqrscp",
            steps=("Replace ANY in the AETable of dcmqrscp.cfg by the host table of your callers.",),
            tried=True,
        ),
        Remedy(
            product="any other server",
            steps=(
                "Allow the DICOM port in the firewall only from the machines that need it.",
                "Look in the manual for a list of known AE titles, and turn on that unknown ones are refused.",
            ),
            tried=False,
        ),
    ),
)
_TLS = Fix(
    summary="Encrypt the connection, and ask each caller for a certificate.",
    remedies=(
        Remedy(
            product="Orthanc",
            steps=('Set "DicomTlsEnabled" to true with a key, and "DicomTlsRemoteCertificateRequired" to true.',),
            tried=False,
        ),
        Remedy(product="any other server", steps=("Put a TLS proxy in front of the port.",), tried=False),
    ),
)
_LOGIN = Fix(
    summary="Ask for a login before anything is shown.",
    remedies=(
        Remedy(
            product="Orthanc",
            steps=('Set "AuthenticationEnabled" to true and name users under "RegisteredUsers".',),
            tried=True,
        ),
    ),
)


def finding(
    check: str, title: str, outcome: Outcome, severity: Severity, *, seen: str, why: str = "", fix: Fix = _KNOWN_CALLERS
) -> Finding:
    """One finding with the usual references."""
    return Finding(
        check=check,
        outcome=outcome,
        severity=severity,
        title=title,
        seen=seen,
        why=why or "Whoever reaches the server sees who was examined, when and for what.",
        fix=fix,
        references=(CWE319, PS315, HIPAA) if fix is _TLS else (CWE306, HIPAA, GDPR),
    )


def findings_of_open_orthanc() -> tuple[Finding, ...]:
    """Most checks find something; two are in order, one is undecided, one does not apply."""
    bad, critical, high = Outcome.VULNERABLE, Severity.CRITICAL, Severity.HIGH
    return (
        finding("dimse-clear", "DICOM travels in clear", bad, Severity.MEDIUM, fix=_TLS,
                seen="Port 4242 speaks DICOM without encryption.",
                why="Anyone on the way between scanner and server can read along, and change what is sent."),
        finding("records-readable", "Records are readable by anyone", bad, critical,
                seen="A study-level question on port 4242 was answered with 3,310 records."),
        finding("images-retrievable", "Images are retrievable by anyone", bad, critical,
                seen="The server was ready to send 2 images to a caller it does not know; none was sent."),
        finding("worklist-readable", "The schedule is readable by anyone", bad, high,
                seen="A worklist question on port 4242 was answered with 14 records.",
                why="The schedule names patients who have not even come yet."),
        finding("management-open", "The management interface is open to anyone", bad, critical, fix=_LOGIN,
                seen="/system and /statistics on port 8042 were answered without a login.",
                why="Whoever reaches it can delete studies, send them elsewhere, and run scripts on the server."),
        finding("storing-open", "Storing is open to strangers", bad, Severity.INFO,
                seen="4 storage contexts were accepted (inferred; nothing was stored)."),
        finding("unlimited-query", "A question returned the whole archive", Outcome.UNKNOWN, Severity.LOW,
                seen="The count ended at the budget, so it is not known whether the server has a limit."),
        finding("tls-weak", "TLS is below today's practice", Outcome.NOT_APPLICABLE, Severity.MEDIUM,
                seen="No surface speaks TLS."),
        finding("web-login-clear", "A login travels in clear", Outcome.OK, high, seen="No login is asked for."),
        finding("certificate-expired", "The certificate has expired", Outcome.OK, Severity.LOW, seen="No certificate."),
    )  # fmt: skip


def findings_of_rejecting() -> tuple[Finding, ...]:
    """A server that turned the stranger away: nothing readable was seen, and not all could be decided."""
    return (
        finding("records-readable", "Records are readable by anyone", Outcome.OK, Severity.CRITICAL,
                seen="The association was rejected."),
        finding("dimse-clear", "DICOM travels in clear", Outcome.VULNERABLE, Severity.MEDIUM, fix=_TLS,
                seen="Port 104 speaks DICOM without encryption."),
        finding("storing-open", "Storing is open to strangers", Outcome.UNKNOWN, Severity.INFO,
                seen="No association came about, so nothing was negotiated."),
    )  # fmt: skip


def findings_of_nothing_found() -> tuple[Finding, ...]:
    """A server that lets a stranger in and shows nothing: the checks on reading stay undecided."""
    return (
        finding("records-readable", "Records are readable by anyone", Outcome.UNKNOWN, Severity.CRITICAL,
                seen="8 questions were answered with success and no record; the server may be empty."),
        finding("associations-open", "Associations are open to any caller", Outcome.VULNERABLE, Severity.MEDIUM,
                seen="The called AE title ANY-SCP was accepted from a caller it does not know."),
    )  # fmt: skip
