"""Records, worklist, images and the management API: each answer leads to its outcome, and no silence to `ok`."""

import pytest

from leadglass.model.assessment import Probed, Surface
from leadglass.model.facts import Attempt, Context, DimseFacts, WebFacts
from leadglass.model.words import NoRecord, Outcome, Permission, Retrieval, Rung, Severity, Status, SurfaceKind
from tests.checks.samples import judged, probed, readable, rejected, silent, surface, tls

CONNECT = (Permission.CONNECT,)
MWL = "1.2.840.10008.5.1.4.31"
V, OK, NA, U = Outcome.VULNERABLE, Outcome.OK, Outcome.NOT_APPLICABLE, Outcome.UNKNOWN


def web(proof: Rung, kind: SurfaceKind = SurfaceKind.DICOMWEB, catch_all: bool = False, **fields: object) -> Surface:
    """A web surface."""
    return surface(kind, proof, port=8042, web=WebFacts(catch_all=catch_all), **fields)


WANTS_CERTIFICATE = surface(
    proof=Rung.OTHER, tls=True, status=Status.TLS_ERROR, tls_facts=tls(client_certificate="required")
)

RECORDS: list[tuple[str, Probed, Outcome, str]] = [
    ("open", probed(readable()), V, "120 patients, at least 7,000 studies, from 1999 to 2026"),
    ("open among closed", probed(rejected(1, 1, 3), readable()), V, "port 4242"),
    ("open among silent", probed(silent(), readable()), V, ""),
    ("refused", probed(surface(no_record=NoRecord.REFUSED)), OK, "refuses to give records"),
    ("aborted", probed(surface(no_record=NoRecord.REFUSED, status=Status.ABORTED)), OK, ""),
    ("nothing found", probed(surface(no_record=NoRecord.NOTHING_FOUND)), U, "not proof"),
    ("undecided", probed(surface(no_record=NoRecord.UNDECIDED)), U, "could not be decided"),
    ("no reason known", probed(surface()), U, "could not be decided"),
    ("budget", probed(surface(no_record=NoRecord.REFUSED, status=Status.BUDGET_SPENT)), U, "budget-spent"),
    ("stalled", probed(surface(no_record=NoRecord.REFUSED, status=Status.IO_TIMEOUT)), U, "io-timeout"),
    (
        "not permitted",
        probed(surface(no_record=NoRecord.NOT_ASKED), permits=CONNECT),
        U,
        "not asked: the scope does not permit it",
    ),
    ("not asked", probed(surface(no_record=NoRecord.NOT_ASKED)), U, "not asked for"),
    ("calling title", probed(rejected(1, 1, 3)), OK, "not an identity"),
    ("calling title, connect only", probed(rejected(1, 1, 3), permits=CONNECT), OK, ""),
    ("called title", probed(rejected(1, 1, 7)), U, "dicom://AET@host:port"),
    ("called title, one given", probed(rejected(1, 1, 7, "ITSAET")), U, "called AE title only"),
    ("no reason", probed(rejected(1, 1, 1)), U, "without a reason"),
    ("no reason, title given", probed(rejected(1, 1, 1, "ITSAET")), OK, "under the called AE title"),
    ("protocol version", probed(rejected(1, 2, 2)), U, "nothing to do with who called"),
    ("transient", probed(rejected(2, 1, 1)), U, "try again later"),
    ("congestion", probed(rejected(1, 3, 1)), U, "try again later"),
    ("certificate wanted", probed(WANTS_CERTIFICATE), OK, "client certificate"),
    ("TLS failed", probed(surface(proof=Rung.OTHER, tls=True, status=Status.TLS_ERROR)), U, "TLS"),
    ("timeout", probed(silent()), U, "connection-timeout"),
    ("unreachable", probed(silent(Status.UNREACHABLE)), U, "unreachable"),
    ("refused port", probed(silent(Status.CONNECTION_REFUSED)), NA, ""),
    ("noise", probed(surface(SurfaceKind.UNKNOWN, Rung.OTHER, status=Status.PROTOCOL_ERROR)), U, "no protocol of ours"),
    (
        "another service",
        probed(surface(SurfaceKind.UNKNOWN, Rung.OTHER, status=Status.PROTOCOL_ERROR, speaks="SSH")),
        NA,
        "",
    ),
    ("another, cut short", probed(surface(SurfaceKind.UNKNOWN, Rung.OTHER, status=Status.INTERRUPTED)), U, ""),
    ("unknown silent", probed(silent(kind=SurfaceKind.UNKNOWN)), U, ""),
    ("web open", probed(web(Rung.READABLE)), V, "DICOMweb on port 8042"),
    ("web login", probed(web(Rung.SPEAKS)), OK, "asks for a login"),
    ("web login, connect only", probed(web(Rung.SPEAKS), permits=CONNECT), U, "does not permit"),
    ("web login everywhere", probed(web(Rung.SPEAKS, catch_all=True), permits=CONNECT), OK, ""),
    ("web cut short", probed(web(Rung.SPEAKS, status=Status.IO_TIMEOUT)), U, "io-timeout"),
    ("viewer page with a login form", probed(web(Rung.SPEAKS, SurfaceKind.VIEWER)), U, "login form"),
    ("viewer page", probed(web(Rung.ADMITS, SurfaceKind.VIEWER)), U, "Viewer page"),
    ("worklist alone", probed(surface(SurfaceKind.WORKLIST, Rung.READABLE)), NA, ""),
    ("nothing tried", probed(), U, "not reached"),
]


@pytest.mark.parametrize(("name", "target", "outcome", "words"), RECORDS, ids=[row[0] for row in RECORDS])
def test_records_readable(name: str, target: Probed, outcome: Outcome, words: str) -> None:
    """Only an answer makes `ok`, and only a record makes `vulnerable`."""
    finding = judged("records-readable", target)
    assert finding.outcome is outcome, finding.seen
    assert words in finding.seen


def test_the_owners_title_counts_more_than_a_made_up_one() -> None:
    """ANY-SCP was refused as a title, the given one was recognised and the caller turned away."""
    surfaces = rejected(1, 1, 7), rejected(1, 1, 1, "ITSAET")
    attempts: list[Attempt] = []
    for one in surfaces:
        assert one.facts.dimse is not None
        attempts.extend(one.facts.dimse.attempts)
    both = surface(proof=Rung.SPEAKS, status=Status.REJECTED, dimse=DimseFacts(attempts=tuple(attempts)))
    assert judged("records-readable", probed(both)).outcome is OK


def _worklist(proof: Rung, **fields: object) -> Surface:
    return surface(SurfaceKind.WORKLIST, proof, **fields)


def _offer(accepted: bool | None) -> Surface:
    context = Context(sop_class_uid=MWL, name="Modality Worklist - FIND", accepted=bool(accepted), result=0)
    contexts = () if accepted is None else (context,)
    return surface(no_record=NoRecord.REFUSED, dimse=DimseFacts(contexts=contexts))


WORKLIST: list[tuple[str, Probed, Outcome]] = [
    ("open", probed(_worklist(Rung.READABLE)), V),
    ("open beside a closed archive", probed(_offer(True), _worklist(Rung.READABLE)), V),
    ("UPS-RS open", probed(web(Rung.READABLE, SurfaceKind.UPS_RS)), V),
    ("refused", probed(_offer(True), _worklist(Rung.ADMITS, no_record=NoRecord.REFUSED)), OK),
    ("empty", probed(_worklist(Rung.ADMITS, no_record=NoRecord.NOTHING_FOUND)), U),
    ("not permitted", probed(_worklist(Rung.ADMITS, no_record=NoRecord.NOT_ASKED), permits=CONNECT), U),
    ("not offered", probed(_offer(False)), NA),
    ("offered, not asked", probed(_offer(True)), U),
    ("nothing known", probed(_offer(None)), U),
    ("called title", probed(rejected(1, 1, 7)), U),
    ("calling title", probed(rejected(1, 1, 3)), OK),
    ("certificate wanted", probed(WANTS_CERTIFICATE), OK),
    ("silent", probed(silent()), U),
    ("web only", probed(web(Rung.READABLE)), NA),
    ("another service", probed(surface(SurfaceKind.UNKNOWN, Rung.OTHER)), NA),
]


@pytest.mark.parametrize(("name", "target", "outcome"), WORKLIST, ids=[row[0] for row in WORKLIST])
def test_worklist_readable(name: str, target: Probed, outcome: Outcome) -> None:
    """The worklist is a door of its own."""
    finding = judged("worklist-readable", target)
    assert finding.outcome is outcome, finding.seen


IMAGES: list[tuple[str, Probed, Outcome]] = [
    ("proved", probed(readable(retrieval=Retrieval.PROVED)), V),
    ("retrievable", probed(surface(proof=Rung.RETRIEVABLE, retrieval=Retrieval.PROVED)), V),
    ("refused", probed(readable(retrieval=Retrieval.REFUSED)), OK),
    ("undetermined", probed(readable(retrieval=Retrieval.UNDETERMINED)), U),
    ("not asked", probed(readable()), U),
    ("not permitted", probed(readable(), permits=(Permission.CONNECT, Permission.READ_RECORD)), U),
    ("no record", probed(surface(no_record=NoRecord.REFUSED)), U),
    ("nothing found", probed(surface(no_record=NoRecord.NOTHING_FOUND)), U),
    ("turned away", probed(rejected(1, 1, 3)), OK),
    ("called title", probed(rejected(1, 1, 7)), U),
    ("silent", probed(silent()), U),
    ("nothing there", probed(silent(Status.CONNECTION_REFUSED)), NA),
    ("worklist alone", probed(_worklist(Rung.READABLE)), NA),
]


@pytest.mark.parametrize(("name", "target", "outcome"), IMAGES, ids=[row[0] for row in IMAGES])
def test_images_retrievable(name: str, target: Probed, outcome: Outcome) -> None:
    """Proved is critical, undetermined is never `ok`."""
    finding = judged("images-retrievable", target)
    assert finding.outcome is outcome, finding.seen
    assert finding.severity is Severity.CRITICAL


def test_images_undetermined_says_so() -> None:
    """An answer that tells nothing is not the same as no question."""
    target = probed(surface(no_record=NoRecord.REFUSED, retrieval=Retrieval.UNDETERMINED))
    finding = judged("images-retrievable", target)
    assert finding.outcome is U
    assert "does not tell" in finding.seen


def test_images_not_permitted_says_so() -> None:
    """Permission to read is not permission to ask for images."""
    target = probed(readable(), permits=(Permission.CONNECT, Permission.READ_RECORD))
    assert "the scope does not permit it" in judged("images-retrievable", target).seen


REST = SurfaceKind.ORTHANC_REST
API: list[tuple[str, Probed, Outcome, Severity]] = [
    ("records", probed(web(Rung.READABLE, REST)), V, Severity.CRITICAL),
    ("counters", probed(web(Rung.ADMITS, SurfaceKind.DCM4CHEE_REST), permits=CONNECT), V, Severity.HIGH),
    ("login", probed(web(Rung.SPEAKS, REST)), OK, Severity.HIGH),
    ("login, connect only", probed(web(Rung.SPEAKS, REST), permits=CONNECT), OK, Severity.HIGH),
    ("cut short", probed(web(Rung.SPEAKS, REST, status=Status.INTERRUPTED)), U, Severity.HIGH),
    ("silent web", probed(silent(kind=SurfaceKind.WEB)), U, Severity.HIGH),
    ("silent DIMSE", probed(silent(), web(Rung.READABLE)), NA, Severity.HIGH),
    ("DICOMweb alone", probed(web(Rung.READABLE)), NA, Severity.HIGH),
    ("DIMSE alone", probed(readable()), NA, Severity.HIGH),
]


@pytest.mark.parametrize(("name", "target", "outcome", "severity"), API, ids=[row[0] for row in API])
def test_management_api_open(name: str, target: Probed, outcome: Outcome, severity: Severity) -> None:
    """Counters without a login are enough; records make it worse."""
    finding = judged("management-api-open", target)
    assert (finding.outcome, finding.severity) == (outcome, severity), finding.seen


def test_a_server_that_offers_no_query_is_not_said_to_refuse_one() -> None:
    storing = surface(no_record=NoRecord.REFUSED, dimse=DimseFacts())
    finding = judged("records-readable", probed(storing))
    assert finding.outcome is OK
    assert "offers no query of studies or patients" in finding.seen
