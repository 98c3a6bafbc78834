"""TLS that BCP 195 forbids or advises against is found here, in versions, cipher suites and keys."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import ALL_KINDS, Opinion, combine, ok, over, unheard, unknown, vulnerable
from leadglass.knowledge import clauses
from leadglass.knowledge.bcp195 import (
    LOWEST_STILL_MET,
    VERSIONS,
    key_weakness,
    suite_forbidden,
    suite_weakness,
    version_below,
)
from leadglass.knowledge.remedies import ASK_MAKER, ORTHANC_CONFIG, ORTHANC_RESTART, PROXY, TLS_TUNNEL, fix
from leadglass.model.assessment import Probed, Surface
from leadglass.model.facts import TlsFacts
from leadglass.model.words import Severity


def judge(probed: Probed) -> Verdict:
    """Vulnerable where a version, suite or key below BCP 195 was used; unknown where nobody could ask that low."""
    opinions = over(probed, ALL_KINDS, _opinion)
    return combine(probed, opinions, "No service over TLS answered; services in clear have checks of their own.")


def _opinion(surface: Surface) -> Opinion | None:
    tls = surface.facts.tls
    if tls is None or tls.version is None:
        return unknown(surface, "TLS was not looked at closely") if surface.tls else unheard(surface)
    low = [v for v in dict.fromkeys((tls.lowest_version, tls.version)) if v is not None and version_below(v)]
    agreed = dict.fromkeys((*(tls.weak_suites or ()), tls.cipher_suite))
    suites = [suite for suite in agreed if suite is not None and suite_weakness(suite)]
    key = tls.certificate.key if tls.certificate else ""
    short = key_weakness(key)
    if low or suites or short:
        bad = bool(low or short) or any(suite_forbidden(suite) for suite in suites)
        agreed_to = ", ".join((*low, *(f"{suite}: {suite_weakness(suite)}" for suite in suites)))
        seen = [f"agreed to {agreed_to}"] if agreed_to else []
        seen += [f"shows a certificate with the key {key}: {short}"] if short else []
        return vulnerable(surface, "; ".join(seen), Severity.MEDIUM if bad else Severity.LOW)
    if not _asked_low_enough(tls):
        return unknown(surface, f"it speaks {tls.version}; how low it goes could not be asked")
    if tls.weak_suites is None:
        return unknown(surface, f"it speaks {tls.version}; to an offer of weak suites alone it gave no answer")
    return ok(surface, f"speaks {tls.version} and refused what is older than {tls.lowest_version or tls.version}")


def _asked_low_enough(tls: TlsFacts) -> bool:
    """Whether the versions below BCP 195 were really offered: what could not be offered was not refused."""
    if tls.lowest_tried not in VERSIONS or tls.lowest_version is None:
        return False
    return VERSIONS.index(tls.lowest_tried) <= VERSIONS.index(LOWEST_STILL_MET)


CHECK = Check(
    title="TLS is below what BCP 195 asks for",
    severity=Severity.MEDIUM,
    asks=(
        "Does a TLS service agree to a version or cipher suite, or show a key, that BCP 195 (RFC 8996, RFC 9325) rules "
        "out?"
    ),
    why=(
        "Old versions, weak suites and short keys can be broken or forced upon a connection, so the encryption is "
        "there in name only. DICOM's own profiles ask for BCP 195."
    ),
    severities="low where the RFC says SHOULD NOT and never MUST NOT",
    fix=fix(
        "Allow TLS 1.2 and 1.3 only, with ECDHE and AES-GCM suites (RFC 9325 4.2), and keys of 2048 bits (RSA) "
        "or 224 bits (curves) at least (RFC 9325 4.5).",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "SslMinimumProtocolVersion" to 4 (TLS 1.2), and in "SslCiphersAccepted" name only '
            "suites that begin with ECDHE- and hold GCM.",
            f"For DICOM over TLS in Orthanc 1.10: {TLS_TUNNEL}",
            ORTHANC_RESTART,
        ),
        dcm4chee=(
            "In the TLS Network Connection of the device replace the cipher suites as shipped "
            "(TLS_RSA_WITH_AES_128_CBC_SHA and 3DES) by TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 and "
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, and the protocols by TLSv1.2 and TLSv1.3.",
        ),
        dcmtk=(
            "Start DCMTK's tools with the profile +py (non-downgrading BCP 195, the default in 3.6.7) or +pz "
            "(extended BCP 195), not with +px, +pa or +pn; dcmqrscp 3.6.7 itself speaks no TLS.",
        ),
        conquest=(f"Raise the lowest version in the tunnel or proxy before it. {TLS_TUNNEL}",),
        other=("Raise the lowest version to TLS 1.2, take out weak suites.", PROXY, ASK_MAKER),
    ),
    references=(
        clauses.CWE_WEAK_ENCRYPTION,
        clauses.CWE_RISKY_CRYPTOGRAPHY,
        clauses.RFC_9325,
        clauses.HIPAA_TRANSMISSION,
        clauses.HIPAA_ENCRYPTION,
        clauses.GDPR_SECURITY,
        clauses.PS315_TLS,
        clauses.PS315_TLS_MODIFIED,
    ),
    judge=judge,
)
