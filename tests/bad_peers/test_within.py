"""Whatever happens within an association ends in a typed status with the facts so far; memory stays bounded."""

import tracemalloc

import pytest

import leadglass.net.dialogue
from leadglass.lab.zoo import before, contents, framing, releasing, retrieving, within
from leadglass.lab.zoo.polite import Polite
from leadglass.lab.zoo.serving import listening
from leadglass.model.assessment import TargetResult
from leadglass.model.scope import Budget, Timing
from leadglass.model.words import NoRecord, Retrieval, Rung, Status
from tests.bad_peers.asking import assess, beside_a_polite_one, finish, said

DICOM = "dicom://127.0.0.1:{port}"
SMALL = Budget(max_records=200, max_busy_s=1.5, max_bytes=8 * 1024 * 1024)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a real server may take after a cancel is more than these tests want to wait."""
    monkeypatch.setattr(leadglass.net.dialogue, "MAX_AFTER_CANCEL_S", 0.1)


def ask(server: Polite, budget: Budget | None = None) -> TargetResult:
    """The result for `server`; another target beside it must be none the worse."""
    result, neighbour = finish(beside_a_polite_one(server.serve, DICOM, budget))
    assert neighbour.proof is Rung.RETRIEVABLE, said(neighbour)
    statuses = [surface.status for surface in result.surfaces]
    assert Status.INTERNAL_ERROR not in statuses, said(result)
    return result


UNREAD: tuple[tuple[Polite, Status, str], ...] = (
    (within.ClosingOnAQuery(), Status.CONNECTION_CLOSED, "closed the connection instead of answering"),
    (within.SilentOnAQuery(), Status.IO_TIMEOUT, "did not answer in time"),
    (within.AbortingAQuery(), Status.ABORTED, "aborted the association"),
    (within.HalfAResponse(), Status.CONNECTION_CLOSED, "closed the connection"),
    (within.ReleasingWithinAResponse(), Status.CONNECTION_CLOSED, "released the association instead"),
    (within.ReleasingInsteadOfAnAnswer(), Status.CONNECTION_CLOSED, "released the association instead"),
    (within.OtherMessage(), Status.PROTOCOL_ERROR, "answers nothing we asked"),
    (within.OtherContext(), Status.PROTOCOL_ERROR, "context that was not accepted"),
    (within.FourGib(), Status.PROTOCOL_ERROR, "announces 4294967295 bytes"),
    (within.DrippingAResponse(), Status.IO_TIMEOUT, "did not answer in time"),
    (framing.AskingBack(), Status.PROTOCOL_ERROR, "answers nothing we asked"),
    (framing.DataBeforeItsCommand(), Status.PROTOCOL_ERROR, "broke the protocol"),
    (framing.LyingFragment(), Status.PROTOCOL_ERROR, "a data value whose length lies"),
    (framing.EmptyPdu(), Status.PROTOCOL_ERROR, "without a data value"),
    (framing.GarbageCommand(), Status.PROTOCOL_ERROR, "broke the protocol"),
)


@pytest.mark.parametrize(("server", "status", "words"), UNREAD, ids=lambda value: type(value).__name__)
def test_a_query_that_is_answered_badly_keeps_the_facts(server: Polite, status: Status, words: str) -> None:
    result = ask(server, Budget(max_busy_s=3.0))
    dimse = result.surfaces[0]
    assert (result.status, dimse.proof, dimse.exposure) == (Status.SUCCESS, Rung.ADMITS, None), said(result)
    facts = dimse.facts.dimse
    assert facts is not None
    assert (facts.echo, facts.implementation_version_name) == ("0000", "POLITE")
    assert status in {query.status for query in facts.queries}, said(result)
    assert words in said(result)
    refused = isinstance(server, within.AbortingAQuery)
    assert dimse.facts.no_record is (NoRecord.REFUSED if refused else NoRecord.UNDECIDED)


def test_fragments_without_end_are_left() -> None:
    """At their bound, or where their time is up on a machine that is too slow to get there."""
    result = ask(within.EndlessFragments(), Budget(max_busy_s=1.0))
    assert result.proof is Rung.ADMITS
    assert any(words in said(result) for words in ("too many fragments", "still sending")), said(result)


def test_a_record_that_is_cut_short_was_a_record_and_is_not_one_to_count() -> None:
    result = ask(within.CutShort())
    assert "malformed record" in said(result)
    assert result.surfaces[0].records_received >= 1


def test_a_response_that_says_nothing_of_anybody_is_no_record() -> None:
    """Some servers send one where nothing matches."""
    result = ask(contents.EmptyRecord())
    assert result.proof is Rung.ADMITS, said(result)
    for surface in result.surfaces:
        assert surface.exposure is None
        assert surface.records_received >= 1
        assert surface.facts.no_record is NoRecord.NOTHING_FOUND


@pytest.mark.parametrize("server", [within.EchoingWrongly(), within.AbortingAnEcho()], ids=lambda s: type(s).__name__)
def test_a_bad_echo_ends_nothing_else(server: Polite) -> None:
    result = ask(server)
    assert result.proof is Rung.RETRIEVABLE
    assert "echo protocol-error" in said(result) or "echo aborted" in said(result)


@pytest.mark.parametrize(
    "server", [within.ReleasingAtOnce(), within.ClosingAfterAcceptance()], ids=["release", "close"]
)
def test_an_acceptance_that_is_taken_back_admits(server: Polite) -> None:
    result = ask(server)
    assert result.proof is Rung.ADMITS, said(result)


def test_endless_responses_end_by_the_budget_and_stay_small() -> None:
    tracemalloc.start()
    try:
        result = ask(within.Endless(), SMALL)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.surfaces[0].proof.at_least(Rung.READABLE), said(result)
    assert "budget" in said(result)
    assert result.cost.bytes_received <= SMALL.max_bytes + 1_048_576
    assert peak < 24_000_000, f"{peak:,} bytes"


def test_a_record_now_and_then_ends_by_the_busy_budget() -> None:
    result = ask(within.OneRecordNowAndThen(), SMALL)
    assert result.surfaces[0].proof.at_least(Rung.READABLE), said(result)
    assert result.cost.busy_s < SMALL.max_busy_s + 1.5


@pytest.mark.parametrize(
    ("server", "retrieval"),
    [
        (retrieving.CompletedWithoutSending(), Retrieval.UNDETERMINED),
        (retrieving.FailedWithNone(), Retrieval.UNDETERMINED),
        (retrieving.WithoutCounts(), Retrieval.UNDETERMINED),
        (retrieving.CountingWhatIsNowhere(), Retrieval.UNDETERMINED),
        (retrieving.ClosingOnARetrieval(), Retrieval.UNDETERMINED),
        (retrieving.SilentOnARetrieval(), Retrieval.UNDETERMINED),
        (retrieving.SuccessWithFailures(), Retrieval.UNDETERMINED),
        (retrieving.UnknownStatus(), Retrieval.UNDETERMINED),
        (retrieving.StoringUninvited(), Retrieval.UNDETERMINED),
        (retrieving.PendingForEver(), Retrieval.PROVED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_retrieval_that_is_answered_badly_is_no_proof(server: Polite, retrieval: Retrieval) -> None:
    result = ask(server)
    proved = retrieval is Retrieval.PROVED
    assert result.surfaces[0].retrieval is retrieval, said(result)
    assert result.proof is (Rung.RETRIEVABLE if proved else Rung.READABLE)


def test_a_retrieval_that_goes_on_after_its_cancel_is_left_at_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leadglass.net.dialogue, "MAX_AFTER_CANCEL_S", 60.0)
    result = ask(retrieving.MoreThanThereAre(), Budget(max_busy_s=1.0))
    assert result.surfaces[0].retrieval is Retrieval.PROVED, said(result)
    assert result.cost.busy_s < 2.0


def test_images_under_a_status_that_says_nothing_of_sending_them_are_told_so() -> None:
    """Numbers that contradict their status are not called none."""
    assert "under a status that says nothing of sending" in said(ask(retrieving.SuccessWithFailures()))


@pytest.mark.parametrize(
    "server",
    [framing.TwoPdusInOneSegment(), framing.OneAnswerInFortySegments(), before.ItemsOutOfOrder()],
    ids=lambda value: type(value).__name__,
)
def test_what_is_odd_and_allowed_changes_no_verdict(server: Polite) -> None:
    async def work() -> TargetResult:
        async with listening(server.serve) as port:
            [result] = await assess(DICOM.format(port=port), timing=Timing(connect_s=5.0, reply_s=5.0))
            return result

    result = finish(work())
    assert result.proof is Rung.RETRIEVABLE, said(result)


@pytest.mark.parametrize(
    "server",
    [releasing.ClosingOnRelease(), releasing.SilentOnRelease(), releasing.Colliding(), releasing.TalkingOnRelease()],
    ids=lambda value: type(value).__name__,
)
def test_a_release_that_goes_wrong_changes_no_verdict(server: Polite) -> None:
    result = ask(server)
    assert result.proof is Rung.RETRIEVABLE, said(result)
