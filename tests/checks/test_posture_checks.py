"""Associations, storing, encryption, certificates and limits: each set of facts leads to its outcome and severity."""

from datetime import UTC, datetime

import msgspec
import pytest

from leadglass.model.assessment import Probed, Surface
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import Cap, DimseFacts, TlsFacts, WebFacts
from leadglass.model.words import CountKind, NoRecord, Outcome, Rung, Severity, Status, SurfaceKind
from tests.checks.samples import (
    ORTHANC,
    answering,
    certificate,
    judged,
    offering,
    probed,
    readable,
    rejected,
    silent,
    surface,
    tls,
)

V, OK, NA, U = Outcome.VULNERABLE, Outcome.OK, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN
HIGH, MEDIUM, LOW, INFO = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO
ADMITS = surface(no_record=NoRecord.REFUSED, dimse=offering())
NOTHING = silent(Status.CONNECTION_REFUSED)
WEB_ONLY = surface(SurfaceKind.DICOMWEB, Rung.READABLE, web=WebFacts(), port=8042)


def over_tls(**fields: object) -> Surface:
    """A DIMSE service over TLS with these facts."""
    return surface(tls=True, tls_facts=tls(**fields), port=2762, no_record=NoRecord.REFUSED)


def web(
    proof: Rung = Rung.SPEAKS, encrypted: bool = False, tls_facts: TlsFacts | None = None, **facts: object
) -> Surface:
    """A web service with these facts."""
    given = WebFacts(**facts)  # type: ignore[arg-type]
    return surface(SurfaceKind.DICOMWEB, proof, port=8080, tls=encrypted, tls_facts=tls_facts, web=given)


def dimse(**facts: object) -> Surface:
    """A readable DIMSE service with these facts."""
    return readable(dimse=DimseFacts(**facts))  # type: ignore[arg-type]


SAMPLED = msgspec.structs.replace(
    dimse(),
    exposure=Exposure(studies=Count(count=9, kind=CountKind.ESTIMATE, low=8, high=10, confidence=0.95)),
)
EXPIRED = certificate(not_after=datetime(2026, 10, 31, tzinfo=UTC))
EARLY = certificate(not_before=datetime(2026, 12, 1, tzinfo=UTC))
SOON = certificate(not_after=datetime(2026, 11, 20, tzinfo=UTC))
SELF = certificate(self_signed=True)

Case = tuple[str, str, Probed, Outcome, Severity | None, str]
CASES: list[Case] = [
    ("associations-open", "admits", probed(ADMITS), V, LOW, '"ANY-SCP"; by itself that gives no data away'),
    ("associations-open", "readable", probed(readable()), V, MEDIUM, "unknown caller"),
    ("associations-open", "both", probed(ADMITS, readable()), V, MEDIUM, ""),
    ("associations-open", "calling title", probed(rejected(1, 1, 3)), OK, None, ""),
    ("associations-open", "called title", probed(rejected(1, 1, 7)), U, None, ""),
    ("associations-open", "transient", probed(rejected(2, 3, 2)), U, None, ""),
    ("associations-open", "certificate", probed(over_tls()), V, LOW, "over TLS"),
    ("associations-open", "silent", probed(silent()), U, None, ""),
    ("associations-open", "web only", probed(WEB_ONLY), NA, None, ""),
    ("storage-open", "accepted", probed(surface(dimse=offering(True, False))), V, MEDIUM, "inferred, never tried"),
    ("storage-open", "refused", probed(surface(dimse=offering(False)), products=(ORTHANC,)), OK, None, "all 1"),
    ("storage-open", "other syntaxes", probed(surface(dimse=answering(3, 4))), U, None, "knows 1 of 2"),
    ("storage-open", "no reason", probed(surface(dimse=answering(3, 2))), U, None, "without a reason"),
    ("storage-open", "by the user", probed(surface(dimse=answering(1, 3))), OK, None, "all 2"),
    ("storage-open", "as shipped", probed(ADMITS, products=(ORTHANC,)), V, MEDIUM, "inferred, never tried"),
    ("storage-open", "not proposed", probed(ADMITS), U, None, ""),
    ("storage-open", "turned away", probed(rejected(1, 1, 3), products=(ORTHANC,)), OK, None, ""),
    ("storage-open", "called title", probed(rejected(1, 1, 7), products=(ORTHANC,)), U, None, ""),
    ("storage-open", "nothing there", probed(NOTHING), NA, None, ""),
    ("dimse-clear", "readable", probed(readable()), V, HIGH, "without encryption"),
    ("dimse-clear", "turned away", probed(rejected(1, 1, 3)), V, MEDIUM, ""),
    ("dimse-clear", "both ways", probed(over_tls(), ADMITS), V, MEDIUM, "port 4242"),
    ("dimse-clear", "encrypted", probed(over_tls()), OK, None, "is encrypted"),
    ("dimse-clear", "silent", probed(silent()), U, None, ""),
    ("dimse-clear", "silent beside encrypted", probed(over_tls(), silent()), U, None, ""),
    ("dimse-clear", "web only", probed(WEB_ONLY, NOTHING), NA, None, ""),
    ("web-clear", "records", probed(web(Rung.READABLE)), V, HIGH, "without encryption"),
    ("web-clear", "basic", probed(web(challenge="basic")), V, MEDIUM, "Basic"),
    ("web-clear", "form", probed(web(login_form=True)), V, MEDIUM, "form"),
    ("web-clear", "form of another service", probed(web(Rung.OTHER, login_form=True)), V, MEDIUM, ""),
    ("web-clear", "another service", probed(web(Rung.OTHER)), NA, None, ""),
    ("web-clear", "bearer", probed(web(challenge="Bearer")), V, LOW, ""),
    ("web-clear", "counters", probed(web(Rung.ADMITS)), V, LOW, ""),
    ("web-clear", "to HTTPS", probed(web(redirects_to="https://pacs.example/")), OK, None, "HTTPS"),
    ("web-clear", "to HTTPS, and an answer", probed(web(Rung.ADMITS, redirects_to="https://a/")), V, LOW, ""),
    ("web-clear", "to HTTP", probed(web(redirects_to="http://pacs.example/ui")), V, LOW, ""),
    ("web-clear", "to HTTPS after a login", probed(web(redirects_to="https://a/", challenge="Basic")), V, MEDIUM, ""),
    ("web-clear", "encrypted", probed(web(Rung.READABLE, True, challenge="Basic")), OK, None, ""),
    ("web-clear", "silent", probed(silent(kind=SurfaceKind.WEB)), U, None, ""),
    ("web-clear", "DIMSE only", probed(ADMITS), NA, None, ""),
    ("tls-below-bcp195", "good", probed(over_tls()), OK, None, "TLSv1.3"),
    ("tls-below-bcp195", "old", probed(over_tls(lowest_version="TLSv1.1")), V, MEDIUM, "TLSv1.1"),
    (
        "tls-below-bcp195",
        "dcm4chee as shipped",
        probed(over_tls(version="TLSv1.2", cipher_suite="AES128-SHA")),
        V,
        LOW,
        "static RSA",
    ),
    ("tls-below-bcp195", "3DES", probed(over_tls(weak_suites=("DES-CBC3-SHA",))), V, LOW, "SHOULD NOT"),
    ("tls-below-bcp195", "RC4", probed(over_tls(weak_suites=("ECDHE-RSA-RC4-SHA",))), V, MEDIUM, "MUST NOT"),
    ("tls-below-bcp195", "not low enough", probed(over_tls(lowest_tried="TLSv1.2")), U, None, "could not be asked"),
    ("tls-below-bcp195", "suites", probed(over_tls(weak_suites=None)), U, None, "gave no answer"),
    ("tls-below-bcp195", "not tried", probed(over_tls(lowest_tried=None, lowest_version=None)), U, None, ""),
    ("tls-below-bcp195", "no facts", probed(surface(tls=True)), U, None, ""),
    (
        "tls-below-bcp195",
        "short key",
        probed(over_tls(certificate=certificate(key="RSA 1024"))),
        V,
        MEDIUM,
        "the key RSA 1024: less than 2048 bits (MUST NOT, RFC 9325 4.5)",
    ),
    ("tls-below-bcp195", "good key", probed(over_tls(certificate=certificate(key="RSA 2048"))), OK, None, ""),
    ("tls-below-bcp195", "in clear", probed(ADMITS), NA, None, ""),
    ("tls-below-bcp195", "silent", probed(silent()), U, None, ""),
    ("certificate-invalid", "good", probed(over_tls()), OK, None, "valid until 2027-01-01"),
    ("certificate-invalid", "expired", probed(over_tls(certificate=EXPIRED)), V, MEDIUM, "expired on 2026-10-31"),
    ("certificate-invalid", "early", probed(over_tls(certificate=EARLY)), V, MEDIUM, "not valid before"),
    ("certificate-invalid", "soon", probed(over_tls(certificate=SOON)), OK, None, "soon"),
    ("certificate-invalid", "other name", probed(over_tls(name_matches=False)), V, LOW, "does not name"),
    (
        "certificate-invalid",
        "other name, address",
        probed(over_tls(name_matches=False), host="127.0.0.1"),
        V,
        INFO,
        "does not name",
    ),
    ("certificate-invalid", "address", probed(over_tls(name_matches=None)), OK, None, "could not be compared"),
    (
        "certificate-invalid",
        "self-signed web, address",
        probed(web(encrypted=True, tls_facts=tls(certificate=SELF, name_matches=False)), host="127.0.0.1"),
        V,
        LOW,
        "click",
    ),
    ("certificate-invalid", "self-signed", probed(over_tls(certificate=SELF)), OK, None, "self-signed"),
    (
        "certificate-invalid",
        "self-signed web",
        probed(web(encrypted=True, tls_facts=tls(certificate=SELF))),
        V,
        LOW,
        "",
    ),
    ("certificate-invalid", "not seen", probed(over_tls(certificate=None)), U, None, "not seen"),
    ("certificate-invalid", "in clear", probed(ADMITS), NA, None, ""),
    ("unlimited-query", "all", probed(dimse(whole_archive=True)), V, LOW, "120 patients"),
    ("unlimited-query", "web", probed(web(Rung.READABLE, whole_archive=True)), V, LOW, ""),
    ("unlimited-query", "suspected", probed(dimse(cap=Cap(records=500, sign="round"))), U, None, "did not show"),
    ("unlimited-query", "cap", probed(dimse(cap=Cap(records=500, sign="FE00H", shown=True))), OK, None, "500"),
    (
        "unlimited-query",
        "cap and all",
        probed(dimse(cap=Cap(records=500, sign="FE00H", shown=True), whole_archive=True)),
        OK,
        None,
        "",
    ),
    ("unlimited-query", "sampled", probed(SAMPLED), U, None, "a part at a time"),
    ("unlimited-query", "ended by us", probed(dimse(whole_archive=False)), U, None, ""),
    ("unlimited-query", "refused", probed(ADMITS), NA, None, ""),
    ("unlimited-query", "turned away", probed(rejected(1, 1, 3)), NA, None, ""),
    ("unlimited-query", "silent", probed(silent()), U, None, ""),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{row[0]}: {row[1]}" for row in CASES])
def test_outcomes(case: Case) -> None:
    """The outcome, the severity of an open door, and what is said of it."""
    check, _, target, outcome, severity, words = case
    finding = judged(check, target)
    assert finding.outcome is outcome, finding.seen
    assert severity is None or finding.severity is severity
    assert words in finding.seen


def test_every_check_has_each_outcome_that_it_can_give() -> None:
    """A check that could never be vulnerable, or never ok, would be no check."""
    for check in {row[0] for row in CASES}:
        given = {row[3] for row in CASES if row[0] == check}
        assert given == {V, OK, NA, U}, check
