"""Which TLS versions, cipher suites and keys are below BCP 195 is decided here, rule by rule, as RFC 9325 says.

BCP 195 is RFC 8996 and RFC 9325. A suite of forward secrecy in CBC mode is not among the recommended ones (RFC 9325
4.2), but no rule of 4.1 names it: it is not called weak here. Names are taken as OpenSSL or as IANA writes them.
"""

from collections.abc import Callable
from enum import StrEnum

from leadglass.model.record import Record

# As Python's ssl names them, oldest first. RFC 8996, RFC 9325 3.1.1: the first four MUST NOT be negotiated.
VERSIONS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
LOWEST_ALLOWED_VERSION = "TLSv1.2"
LOWEST_STILL_MET = "TLSv1"  # a server that refuses this one and TLSv1.1 is taken to refuse SSL too


class Level(StrEnum):
    """How strongly the RFC speaks (RFC 2119)."""

    MUST_NOT = "MUST NOT"
    SHOULD_NOT = "SHOULD NOT"


class SuiteRule(Record):
    """One rule on cipher suites: `name` in a few words, and where it stands."""

    name: str
    level: Level
    source: str


def version_below(version: str) -> bool:
    """Whether BCP 195 forbids this version. An unknown name is not called below."""
    if version not in VERSIONS:
        return False
    return VERSIONS.index(version) < VERSIONS.index(LOWEST_ALLOWED_VERSION)


# RFC 9325 4.5: RSA keys below 2048 bits and curves below 224 bits MUST NOT be used.
LOWEST_KEY_BITS = {"RSA": 2048, "EC": 224}


def key_weakness(key: str) -> str | None:
    """Why a certificate's key, such as `RSA 1024`, is below BCP 195; None where it is not, or of another kind."""
    kind, _, bits = key.partition(" ")
    least = LOWEST_KEY_BITS.get(kind)
    if least is None or not bits.isdecimal() or int(bits) >= least:
        return None
    return f"less than {least} bits ({Level.MUST_NOT}, RFC 9325 4.5)"


def _is_null(words: frozenset[str]) -> bool:
    return "NULL" in words


def _is_rc4(words: frozenset[str]) -> bool:
    return "RC4" in words


def _is_short(words: frozenset[str]) -> bool:
    export = words & {"EXP", "EXP1024", "EXPORT", "EXPORT1024", "DES40", "RC2"}
    single_des = "DES" in words and not words & {"CBC3", "3DES", "EDE"}
    return bool(export) or single_des


def _is_anonymous(words: frozenset[str]) -> bool:
    return bool(words & {"ADH", "AECDH", "ANON"})


def _is_triple_des(words: frozenset[str]) -> bool:
    return "3DES" in words or "CBC3" in words


_OTHER_KEY_EXCHANGES = frozenset(
    {"ECDHE", "EECDH", "DHE", "EDH", "ECDH", "DH", "ADH", "AECDH", "PSK", "SRP", "KRB5", "ECCPWD"}
    | {"GOST2001", "GOST2012", "GOSTR341112"}
)


def _is_static_rsa(words: frozenset[str]) -> bool:
    return not words & _OTHER_KEY_EXCHANGES


def _is_static_dh(words: frozenset[str]) -> bool:
    return bool(words & {"DH", "ECDH"}) and "ANON" not in words


def _is_finite_field_dhe(words: frozenset[str]) -> bool:
    return bool(words & {"DHE", "EDH"})


def _rule(name: str, level: Level, source: str = "RFC 9325 4.1") -> SuiteRule:
    return SuiteRule(name=name, level=level, source=source)


SUITE_RULES: tuple[tuple[SuiteRule, Callable[[frozenset[str]], bool]], ...] = (
    (_rule("no encryption (NULL)", Level.MUST_NOT), _is_null),
    (_rule("RC4", Level.MUST_NOT), _is_rc4),
    (_rule("less than 112 bits", Level.MUST_NOT), _is_short),
    (_rule("no authentication of the server (anonymous)", Level.MUST_NOT, "RFC 5246 A.5"), _is_anonymous),
    (_rule("less than 128 bits (3DES)", Level.SHOULD_NOT), _is_triple_des),
    (_rule("static RSA, no forward secrecy", Level.SHOULD_NOT), _is_static_rsa),
    (_rule("static Diffie-Hellman, no forward secrecy", Level.SHOULD_NOT), _is_static_dh),
    (_rule("finite-field ephemeral Diffie-Hellman in TLS 1.2", Level.SHOULD_NOT), _is_finite_field_dhe),
)


def _words(suite: str) -> frozenset[str] | None:
    """The parts of a suite's name, None for a suite of TLS 1.3, which names no key exchange."""
    plain = suite.strip().upper().replace("-", "_")
    if plain.startswith("TLS_") and "_WITH_" not in plain:
        return None
    return frozenset(plain.removeprefix("TLS_").split("_")) - {""}


def suite_rules(suite: str) -> tuple[SuiteRule, ...]:
    """The rules that a suite breaks, the strongest first; empty for a suite that BCP 195 allows."""
    words = _words(suite)
    if not words:
        return ()
    return tuple(rule for rule, broken in SUITE_RULES if broken(words))


def suite_weakness(suite: str) -> str | None:
    """Why a suite is below BCP 195, in words with the level and the clause; None where it is not."""
    rules = suite_rules(suite)
    if not rules:
        return None
    return "; ".join(f"{rule.name} ({rule.level}, {rule.source})" for rule in rules)


def suite_forbidden(suite: str) -> bool:
    """Whether a rule says MUST NOT, and not only SHOULD NOT."""
    return any(rule.level is Level.MUST_NOT for rule in suite_rules(suite))
