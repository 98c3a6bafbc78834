"""BCP 195 as rules: what is forbidden, what is advised against, and what is neither."""

import pytest

from leadglass.knowledge.bcp195 import key_weakness, suite_forbidden, suite_rules, suite_weakness, version_below

MUST_NOT = {
    "NULL-SHA256": "NULL",
    "TLS_RSA_WITH_NULL_SHA": "NULL",
    "ECDHE-RSA-NULL-SHA": "NULL",
    "RC4-MD5": "RC4",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA": "RC4",
    "EXP-RC2-CBC-MD5": "112 bits",
    "DES-CBC-SHA": "112 bits",
    "EDH-RSA-DES-CBC-SHA": "112 bits",
    "TLS_RSA_WITH_DES_CBC_SHA": "112 bits",
    "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA": "112 bits",
    "ADH-AES128-GCM-SHA256": "anonymous",
    "AECDH-AES256-SHA": "anonymous",
    "TLS_DH_anon_WITH_AES_128_CBC_SHA": "anonymous",
}
SHOULD_NOT = {
    "DES-CBC3-SHA": "3DES",
    "ECDHE-RSA-DES-CBC3-SHA": "3DES",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA": "3DES",
    "AES128-SHA": "static RSA",
    "AES256-GCM-SHA384": "static RSA",
    "CAMELLIA128-SHA": "static RSA",
    "TLS_RSA_WITH_AES_128_CBC_SHA": "static RSA",
    "ECDH-RSA-AES128-SHA": "static Diffie-Hellman",
    "TLS_DH_RSA_WITH_AES_128_CBC_SHA": "static Diffie-Hellman",
    "DHE-RSA-AES256-GCM-SHA384": "finite-field",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256": "finite-field",
}
ALLOWED = (
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-AES128-SHA",  # CBC with forward secrecy: not recommended in 4.2, and not ruled out in 4.1
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "",
)


@pytest.mark.parametrize(("suite", "reason"), MUST_NOT.items())
def test_forbidden(suite: str, reason: str) -> None:
    """MUST NOT."""
    assert suite_forbidden(suite)
    assert reason in str(suite_weakness(suite))


@pytest.mark.parametrize(("suite", "reason"), SHOULD_NOT.items())
def test_advised_against(suite: str, reason: str) -> None:
    """SHOULD NOT, and no MUST NOT."""
    assert not suite_forbidden(suite)
    assert reason in str(suite_weakness(suite))
    assert "SHOULD NOT" in str(suite_weakness(suite))


@pytest.mark.parametrize("suite", ALLOWED)
def test_allowed(suite: str) -> None:
    """Neither."""
    assert suite_weakness(suite) is None
    assert suite_rules(suite) == ()


def test_versions() -> None:
    """RFC 8996: nothing below TLS 1.2."""
    assert [v for v in ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3") if version_below(v)] == [
        "SSLv3",
        "TLSv1",
        "TLSv1.1",
    ]
    assert not version_below("something new")


def test_keys() -> None:
    """RFC 9325 4.5, at both bounds; what is of no known kind or size is not called weak."""
    assert [key for key in ("RSA 512", "RSA 2047", "RSA 2048", "EC 192", "EC 223", "EC 224") if key_weakness(key)] == [
        "RSA 512",
        "RSA 2047",
        "EC 192",
        "EC 223",
    ]
    assert not any(map(key_weakness, ("", "RSA", "RSA x", "Ed25519", "DSA 1024")))
