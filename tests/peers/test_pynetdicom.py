"""pynetdicom as a third implementation: plain, TLS, client certificates, refusals that are no proof, and caps."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset

from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count
from leadglass.model.words import CountKind, NoRecord, Outcome, Retrieval, Rung, Status
from tests.peers import archive, certificates
from tests.peers.pynetdicom_scp import (
    BOTH_ROOTS,
    PENDING,
    Handler,
    find_all,
    get_aborting,
    get_nothing,
    get_with,
    matching,
    record,
    serving,
)
from tests.peers.running import check, outcome, surface

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with its key."""
    return certificates.certificate(tmp_path_factory.mktemp("tls"))[0]


def is_counted(result: TargetResult) -> bool:
    """Whether the figures are the archive's, exactly."""
    exposure = result.exposure
    return (
        exposure is not None
        and exposure.studies == Count.exact(archive.STUDIES)
        and exposure.images == Count.exact(archive.IMAGES)
        and exposure.patients == Count.exact(archive.PATIENTS)
    )


def test_plain_without_image_counts() -> None:
    with serving() as served:
        ran = check(f"127.0.0.1:{served.port}")
    result = ran.result()
    assert (ran.code, result.proof, surface(result).retrieval) == (1, Rung.RETRIEVABLE, Retrieval.PROVED)
    assert is_counted(result)
    assert len(served.gets) == 2 + archive.STUDIES, "one question and its control; an image of each study"
    assert all(asked.QueryRetrieveLevel == "IMAGE" for asked in served.gets)
    assert any(str(asked.SOPInstanceUID).startswith("2.25.") for asked in served.gets)


@pytest.mark.parametrize("named", ["dicoms://", "", "dicom://"])
def test_tls_is_found_and_described(pem: Path, named: str) -> None:
    """With a scheme or without: a reset before the first byte is followed by TLS."""
    with serving(tls=certificates.server(pem)) as served:
        ran = check(f"{named}127.0.0.1:{served.port}")
    result = ran.result()
    found = surface(result)
    assert (ran.code, result.proof, found.tls) == (1, Rung.RETRIEVABLE, True)
    assert is_counted(result)
    facts = found.facts.tls
    assert facts is not None
    assert facts.certificate is not None
    assert (facts.version, facts.client_certificate) == ("TLSv1.3", "not-asked")
    assert (facts.certificate.subject, facts.certificate.self_signed) == ("CN=localhost", True)
    assert outcome(result, "dimse-clear") is Outcome.OK


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
@pytest.mark.parametrize("named", ["dicoms://", ""])
def test_a_client_certificate_that_is_required_keeps_a_stranger_out(pem: Path, version: str, named: str) -> None:
    """With TLS 1.3 that shows only after the handshake."""
    import ssl  # noqa: PLC0415 - one name of it

    context = certificates.server(pem, client_required=True, highest=ssl.TLSVersion[version])
    with serving(tls=context) as served:
        ran = check(f"{named}127.0.0.1:{served.port}")
    result = ran.result()
    [found] = result.surfaces
    facts = found.facts.tls
    assert facts is not None
    assert (facts.client_certificate, found.retrieval) == ("required", Retrieval.NOT_ASKED)
    assert not result.proof.at_least(Rung.ADMITS)
    assert "certificate" in found.detail
    assert not served.finds
    assert outcome(result, "associations-open") is Outcome.OK


@pytest.mark.parametrize(
    ("get", "retrieval"),
    [
        pytest.param(get_with(0xA701), Retrieval.UNDETERMINED, id="A701H"),
        pytest.param(get_with(0xA701, anything=True), Retrieval.UNDETERMINED, id="A701H for anything"),
        pytest.param(get_with(0xA900), Retrieval.UNDETERMINED, id="A900H"),
        pytest.param(get_with(0x0122), Retrieval.REFUSED, id="0122H"),
        pytest.param(get_with(0x0122, anything=True), Retrieval.REFUSED, id="0122H for anything"),
        pytest.param(get_with(0x0124), Retrieval.REFUSED, id="0124H"),
        pytest.param(get_aborting, Retrieval.REFUSED, id="abort"),
        pytest.param(get_nothing, Retrieval.UNDETERMINED, id="success-and-nothing"),
    ],
)
def test_what_is_no_proof_of_retrieval(get: Handler, retrieval: Retrieval) -> None:
    with serving(get=get) as served:
        result = check(f"127.0.0.1:{served.port}", "--no-count").result()
    assert (result.proof, surface(result).retrieval) == (Rung.READABLE, retrieval)
    expected = Outcome.OK if retrieval is Retrieval.REFUSED else Outcome.UNKNOWN
    assert outcome(result, "images-retrievable") is expected


def test_a_server_that_counts_images_that_exist_nowhere_proves_nothing() -> None:
    with serving(get=get_with(0xA702, anything=True)) as served:
        result = check(f"127.0.0.1:{served.port}", "--no-count").result()
    assert (result.proof, surface(result).retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)


def test_without_the_get_context_retrieval_stays_undetermined() -> None:
    with serving(contexts=BOTH_ROOTS[:1]) as served:
        result = check(f"127.0.0.1:{served.port}", "--no-count").result()
    assert (result.proof, surface(result).retrieval) == (Rung.READABLE, Retrieval.UNDETERMINED)


def many(count: int) -> list[Dataset]:
    """`count` studies of one image, one a day up to yesterday, of `count` patients."""
    items = []
    for number in range(count):
        item = archive.image(0, 1)
        item.StudyInstanceUID, item.PatientID = f"1.2.3.{number + 1}", f"MANY{number}"
        item.StudyDate = (TODAY - timedelta(1 + number)).strftime("%Y%m%d")
        item.NumberOfStudyRelatedInstances = "1"
        items.append(item)
    return items


def find_among(items: list[Dataset], limit: int, status: int | None = None, *, empty: bool = False) -> Handler:
    """Above `limit` matches: the first `limit` (or none, where `empty`), then `status`."""

    def handler(event: Any) -> Iterator[Any]:
        found = matching(event.identifier, items)
        if len(found) > limit:
            yield from ((PENDING, record(item, event.identifier)) for item in ([] if empty else found[:limit]))
            if status is not None:
                yield status, None
            return
        yield from ((PENDING, record(item, event.identifier)) for item in found)

    return handler


def exposed(result: TargetResult) -> tuple[CountKind, int]:
    """Kind and number of the studies."""
    exposure = surface(result).exposure
    assert exposure is not None
    assert exposure.studies is not None
    return exposure.studies.kind, exposure.studies.count


def test_an_answer_ended_with_fe00_unasked_is_a_cap() -> None:
    with serving(find_among(many(40), 30, 0xFE00)) as served:
        result = check(f"127.0.0.1:{served.port}").result()
    facts = surface(result).facts.dimse
    assert facts is not None
    assert facts.cap is not None
    assert (exposed(result), facts.whole_archive) == ((CountKind.AT_LEAST, 30), False)
    assert outcome(result, "unlimited-query") is Outcome.OK


def test_a_failure_without_records_above_a_limit_looks_closed_and_is_open() -> None:
    """One product answers C000H and nothing to whatever exceeds its limit: single days are given."""
    with serving(find_among(many(12), 3, 0xC000, empty=True)) as served:
        result = check(f"127.0.0.1:{served.port}").result()
    assert result.proof.at_least(Rung.READABLE)
    assert exposed(result)[0] is CountKind.AT_LEAST


def test_a_round_number_of_answers_is_a_cap() -> None:
    with serving(find_among(many(260), 250)) as served:
        result = check(f"127.0.0.1:{served.port}").result()
    assert exposed(result) == (CountKind.AT_LEAST, 250)


def test_a_round_number_that_is_the_truth_is_exact() -> None:
    """Two halves, each below the suspected limit, add up to it."""
    with serving(find_among(many(250), 1000)) as served:
        result = check(f"127.0.0.1:{served.port}").result()
    assert exposed(result) == (CountKind.EXACT, 250)
    facts = surface(result).facts.dimse
    assert facts is not None
    assert facts.cap is None


def test_our_own_budget_ends_a_count_and_says_so() -> None:
    with serving(find_among(many(60), 1000)) as served:
        result = check(f"127.0.0.1:{served.port}", "--max-records", "20").result()
    kind, count = exposed(result)
    assert kind is CountKind.AT_LEAST
    assert 0 < count <= 60
    exposure = surface(result).exposure
    assert exposure is not None
    assert "our own budget ended the count: the budget of 20 records (--max-records) is spent" in exposure.limits


def test_an_empty_archive_admits_and_says_nothing_about_reading() -> None:
    with serving(find_among([], 10)) as served:
        ran = check(f"127.0.0.1:{served.port}")
    result = ran.result()
    assert (ran.code, result.proof, surface(result).facts.no_record) == (4, Rung.ADMITS, NoRecord.NOTHING_FOUND)
    assert outcome(result, "records-readable") is Outcome.UNKNOWN


def test_patient_root_alone_is_read_and_counted() -> None:
    with serving(contexts=BOTH_ROOTS[2:]) as served:
        result = check(f"127.0.0.1:{served.port}").result()
    assert result.proof is Rung.RETRIEVABLE
    assert is_counted(result)


def test_connect_only_asks_no_question_that_gives_a_record(tmp_path: Path) -> None:
    scope = tmp_path / "scope.toml"
    scope.write_text('authority = "me"\ncontact = "me@example.org"\nopt_out = []\ntargets = ["127.0.0.1"]\n')
    with serving(find_all) as served:
        ran = check(f"127.0.0.1:{served.port}", "--scope", str(scope))
    result = ran.result()
    assert (ran.code, result.proof) == (4, Rung.ADMITS)
    assert (served.finds, served.gets) == ([], [])
    assert surface(result).facts.no_record is NoRecord.NOT_ASKED
    assert result.status is Status.SUCCESS
