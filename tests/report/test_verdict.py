"""The verdict says what was proved, and never sounds like a clean bill where something stayed open."""

from itertools import product

import msgspec
import pytest

from leadglass.model.assessment import TargetResult
from leadglass.model.exposure import Count, Exposure
from leadglass.model.facts import Attempt, DimseFacts, Rejection, SurfaceFacts, TlsFacts
from leadglass.model.words import NoRecord, Outcome, Retrieval, Rung, Severity, Status, SurfaceKind, Vantage
from leadglass.report.verdict import verdict
from tests.report.sample_findings import finding
from tests.report.samples import budget_ended, nothing_found, open_orthanc

UNKNOWN = finding("c", "t", Outcome.UNKNOWN, Severity.HIGH, seen="s")


def test_open() -> None:
    """The sentence that a person in charge must not misread."""
    said = verdict(open_orthanc())
    assert (said.badge, said.tone) == ("OPEN", "open")
    assert said.sentence == (
        "Anyone who reaches this server can read the records of 1,204 patients and fetch their images."
    )
    assert "Its schedule is open as well (14 planned examinations)." in said.notes


@pytest.mark.parametrize(
    ("exposure", "words"),
    [
        (Exposure(patients=Count.exact(1)), "the records of 1 patient."),
        (Exposure(patients=Count.at_least(2000)), "the records of at least 2,000 patients."),
        (Exposure(studies=Count.exact(7)), "the patients' records of 7 studies."),
        (None, "patients' records (how many was not counted)."),
    ],
)
def test_open_says_how_much(exposure: Exposure | None, words: str) -> None:
    """Whichever figure is to be had, with what it is worth."""
    target = msgspec.structs.replace(budget_ended(), exposure=exposure)
    assert verdict(target).sentence.endswith(words)


def test_an_open_worklist_is_a_schedule() -> None:
    """A worklist holds planned examinations, not an archive."""
    surface = open_orthanc().surfaces[1]
    assert surface.kind is SurfaceKind.WORKLIST
    target = msgspec.structs.replace(
        open_orthanc(), surfaces=(surface,), exposure=surface.exposure, proof=Rung.READABLE
    )
    assert "its schedule of 14 planned examinations" in verdict(target).sentence


@pytest.mark.parametrize("retrieval", Retrieval)
def test_readable_says_what_is_known_about_images(retrieval: Retrieval) -> None:
    """Not asked, refused and undetermined are told apart."""
    target = budget_ended()
    surface = msgspec.structs.replace(target.surfaces[0], retrieval=retrieval)
    notes = verdict(msgspec.structs.replace(target, surfaces=(surface,))).notes
    assert any("images" in note for note in notes)


@pytest.mark.parametrize("reason", NoRecord)
def test_admits_says_why_there_was_no_record(reason: NoRecord) -> None:
    """Refused, nothing found, not asked and undecided each read differently."""
    target = nothing_found()
    surface = target.surfaces[0]
    surface = msgspec.structs.replace(surface, facts=msgspec.structs.replace(surface.facts, no_record=reason))
    sentences = verdict(msgspec.structs.replace(target, surfaces=(surface,))).sentence
    assert sentences.startswith("A stranger's call is accepted, but no record was given: ")


def _targets() -> list[TargetResult]:
    combinations = product(Rung, Status, (*Vantage, None), ((), (UNKNOWN,)))
    return [
        msgspec.structs.replace(
            open_orthanc(), surfaces=(), exposure=None, proof=proof, status=status, vantage=vantage, findings=findings
        )
        for proof, status, vantage, findings in combinations
    ]


def test_no_combination_reads_as_safe() -> None:
    """Below OPEN the reader is told that it is no clean bill, that more may be possible, or that nothing is open."""
    for target in _targets():
        said = verdict(target)
        notes = " ".join(said.notes)
        assert said.badge.isupper()
        assert said.sentence[0].isupper()
        assert said.sentence.endswith(".")
        if target.proof.at_least(Rung.READABLE):
            assert said.tone == "open"
        elif target.proof is Rung.OTHER and target.status is Status.SUCCESS and not target.findings:
            assert "Nothing was left undecided" in notes
        else:
            assert "not a clean bill" in notes or "may get further" in notes
        if target.findings and not target.proof.at_least(Rung.READABLE):
            assert "1 question left undecided" in notes
        assert not any(word in f"{said.badge} {said.sentence} {notes}".lower() for word in ("safe", "secure"))


def test_a_name_that_had_to_be_given_is_said() -> None:
    """Open only under its AE title: the reader learns the title, and that it protects nothing."""
    target = open_orthanc()
    top = next(s for s in target.surfaces if s.kind is SurfaceKind.DIMSE)
    refused = Rejection(result=1, source=1, reason=7, words="called AE title not recognized")
    attempts = (
        Attempt(called_ae_title="ANY-SCP", status=Status.REJECTED, rejection=refused),
        Attempt(called_ae_title="ARCHIVE", status=Status.SUCCESS),
    )
    facts = SurfaceFacts(dimse=DimseFacts(attempts=attempts, called_ae_title="ARCHIVE"))
    named = msgspec.structs.replace(target, surfaces=(msgspec.structs.replace(top, facts=facts),))
    said = [note for note in verdict(named).notes if "ARCHIVE" in note]
    assert said == ['A caller must name the server\'s AE title, "ARCHIVE". Such a name is no password.']
    assert not any("AE title" in note for note in verdict(target).notes)


def listening(status: Status, tls: TlsFacts | None = None) -> TargetResult:
    """Something answered on a port, and what it is was not shown."""
    target = budget_ended()
    surface = msgspec.structs.replace(
        target.surfaces[0],
        kind=SurfaceKind.UNKNOWN,
        proof=Rung.OTHER,
        status=status,
        facts=SurfaceFacts(tls=tls),
        exposure=None,
    )
    return msgspec.structs.replace(
        target, surfaces=(surface,), proof=Rung.OTHER, exposure=None, status=Status.SUCCESS, findings=()
    )


@pytest.mark.parametrize("status", [Status.CONNECTION_CLOSED, Status.CONNECTION_RESET, Status.TLS_ERROR])
def test_what_hung_up_is_not_said_to_be_no_medical_server(status: Status) -> None:
    said = verdict(listening(status))
    assert "could not be told" in said.sentence
    assert said.badge != "NO DICOM"


def test_what_answered_otherwise_is() -> None:
    said = verdict(listening(Status.SUCCESS))
    assert said.badge == "NO DICOM"


def test_a_certificate_that_is_asked_for_keeps_the_stranger_out_and_hides_what_is_behind() -> None:
    said = verdict(listening(Status.CONNECTION_CLOSED, TlsFacts(client_certificate="required")))
    assert (said.badge, said.tone) == ("TURNED AWAY", "shut")
    assert "asks every caller for a certificate" in said.sentence
    assert "may get further" in " ".join(said.notes)
