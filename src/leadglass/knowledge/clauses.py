"""Every clause that a finding may cite stands here once, under its exact title and with where to read it."""

from leadglass.model.finding import Reference

DICOM_EDITION = "DICOM PS3.15 2024e"


def _hipaa(section: str, title: str) -> Reference:
    page = section.partition("(")[0]
    return Reference(id=f"45 CFR {section}", title=title, source=f"https://www.law.cornell.edu/cfr/text/45/{page}")


def _gdpr(article: int, title: str) -> Reference:
    return Reference(id=f"GDPR Art. {article}", title=title, source="Regulation (EU) 2016/679")


def _ps315(section: str, title: str) -> Reference:
    return Reference(id=f"PS3.15 {section}", title=title, source=DICOM_EDITION)


def _cwe(number: int, title: str) -> Reference:
    return Reference(id=f"CWE-{number}", title=title, source=f"https://cwe.mitre.org/data/definitions/{number}.html")


HIPAA_RISK_ANALYSIS = _hipaa("164.308(a)(1)(ii)(A)", "Risk analysis (Required)")
HIPAA_ACCESS_CONTROL = _hipaa("164.312(a)(1)", "Standard: Access control")
HIPAA_UNIQUE_USER = _hipaa("164.312(a)(2)(i)", "Unique user identification (Required)")
HIPAA_AUDIT = _hipaa("164.312(b)", "Standard: Audit controls")
HIPAA_INTEGRITY = _hipaa("164.312(c)(1)", "Standard: Integrity")
HIPAA_AUTHENTICATION = _hipaa("164.312(d)", "Standard: Person or entity authentication")
HIPAA_TRANSMISSION = _hipaa("164.312(e)(1)", "Standard: Transmission security")
HIPAA_ENCRYPTION = _hipaa("164.312(e)(2)(ii)", "Encryption (Addressable)")

GDPR_SECURITY = _gdpr(32, "Security of processing")
GDPR_NOTIFY_AUTHORITY = _gdpr(33, "Notification of a personal data breach to the supervisory authority")
GDPR_NOTIFY_PERSONS = _gdpr(34, "Communication of a personal data breach to the data subject")

PS315_AUDIT_ACCESSED = _ps315("A.5.3.6", "DICOM Instances Accessed")
PS315_AUDIT_TRANSFERRED = _ps315("A.5.3.7", "DICOM Instances Transferred")
PS315_AUDIT_NETWORK_ENTRY = _ps315("A.5.3.9", "Network Entry")
PS315_AUDIT_QUERY = _ps315("A.5.3.10", "Query")
PS315_TLS = _ps315("B.12", "BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile")
PS315_TLS_MODIFIED = _ps315("B.13", "Modified BCP 195 RFC 8996, 9325 TLS Secure Transport Connection Profile")

NIST_PACS = Reference(
    id="NIST SP 1800-24",
    title="Securing Picture Archiving and Communication System (PACS): Cybersecurity for the Healthcare Sector",
    source="https://doi.org/10.6028/NIST.SP.1800-24",
)
RFC_9325 = Reference(
    id="RFC 9325",
    title="Recommendations for Secure Use of Transport Layer Security (TLS) and "
    "Datagram Transport Layer Security (DTLS)",
    source="https://www.rfc-editor.org/info/rfc9325",
)
RFC_5280_VALIDITY = Reference(id="RFC 5280 4.1.2.5", title="Validity", source="https://www.rfc-editor.org/info/rfc5280")

CWE_CLEARTEXT = _cwe(319, "Cleartext Transmission of Sensitive Information")
CWE_CREDENTIALS = _cwe(522, "Insufficiently Protected Credentials")
CWE_EXPIRED_KEY = _cwe(324, "Use of a Key Past its Expiration Date")
CWE_EXPOSURE = _cwe(200, "Exposure of Sensitive Information to an Unauthorized Actor")
CWE_MISSING_AUTHENTICATION = _cwe(306, "Missing Authentication for Critical Function")
CWE_MISSING_AUTHORIZATION = _cwe(862, "Missing Authorization")
CWE_NO_LIMITS = _cwe(770, "Allocation of Resources Without Limits or Throttling")
CWE_RISKY_CRYPTOGRAPHY = _cwe(327, "Use of a Broken or Risky Cryptographic Algorithm")
CWE_SPOOFING = _cwe(290, "Authentication Bypass by Spoofing")
CWE_WEAK_ENCRYPTION = _cwe(326, "Inadequate Encryption Strength")

ALL_CLAUSES = tuple(value for value in list(globals().values()) if isinstance(value, Reference))
