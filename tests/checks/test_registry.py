"""Every check gives exactly one finding for every target, in order, and a check that fails says nothing but that."""

import itertools

import pytest

from leadglass.checks.check import Check, CheckError, Verdict, validate
from leadglass.checks.registry import REMEDY_PRODUCTS, all_checks, judge_all, judge_one
from leadglass.model.assessment import Probed, Product
from leadglass.model.finding import Fix, Remedy
from leadglass.model.words import Outcome, Rung, Severity, Status
from tests.checks.samples import TYPICAL, probed, readable, silent

IDS = (
    "associations-open",
    "certificate-invalid",
    "dimse-clear",
    "images-retrievable",
    "management-api-open",
    "records-readable",
    "storage-open",
    "tls-below-bcp195",
    "unlimited-query",
    "web-clear",
    "worklist-readable",
)
SECRET = "DOE^JANE 19700101"


def test_ids_are_the_files_names() -> None:
    """An id is permanent: renaming a file is a break that this list shows."""
    assert tuple(all_checks()) == IDS


@pytest.mark.parametrize("name", TYPICAL)
def test_one_finding_a_check(name: str) -> None:
    """Whatever was probed, each check speaks once, and none of ours fails."""
    findings = judge_all(TYPICAL[name])
    assert sorted(finding.check for finding in findings) == list(IDS)
    assert not [finding.seen for finding in findings if "Leadglass itself failed" in finding.seen]
    assert all(finding.seen and finding.seen.endswith(".") for finding in findings)


def test_one_finding_a_check_for_every_pair_of_surfaces() -> None:
    """Two targets' surfaces on one target: still one finding a check, and an open door stays open."""
    for one, two in itertools.combinations(TYPICAL.values(), 2):
        both = probed(*one.surfaces, *two.surfaces, products=one.products)
        findings = {finding.check: finding for finding in judge_all(both)}
        assert sorted(findings) == list(IDS)
        for single in judge_all(probed(*one.surfaces, products=one.products)):
            if single.outcome is Outcome.VULNERABLE and single.check != "storage-open":
                assert findings[single.check].outcome is Outcome.VULNERABLE, single.check


def test_a_target_that_was_not_reached_is_never_ok() -> None:
    """Nothing is known about a target without an answer."""
    for name in ("not resolved", "out of scope", "our own failure", "all silent", "all refused"):
        assert {finding.outcome for finding in judge_all(TYPICAL[name])} == {Outcome.UNKNOWN}, name


def test_a_silent_port_beside_a_closed_one_leaves_the_question_open() -> None:
    """A port that does not answer in time is no closed door, whatever else was closed."""
    beside = probed(*TYPICAL["calling title"].surfaces, silent())
    outcomes = {finding.check: finding.outcome for finding in judge_all(beside)}
    assert outcomes["records-readable"] is Outcome.UNKNOWN
    refused = probed(*TYPICAL["calling title"].surfaces, silent(Status.CONNECTION_REFUSED))
    outcomes = {finding.check: finding.outcome for finding in judge_all(refused)}
    assert outcomes["records-readable"] is Outcome.OK


def test_order() -> None:
    """The worst is read first."""
    order = [Outcome.VULNERABLE, Outcome.UNKNOWN, Outcome.OK, Outcome.NOT_APPLICABLE]
    for target in TYPICAL.values():
        findings = judge_all(target)
        keys = [(order.index(finding.outcome), finding.severity.rank) for finding in findings]
        assert keys == sorted(keys)


def _failing(target: Probed) -> Verdict:
    raise ValueError(f"{SECRET} in {target.host}")


def test_a_failing_check_is_unknown_and_tells_no_message() -> None:
    """A message may carry what it failed on; the type of an error cannot."""
    check = all_checks()["records-readable"]
    broken = Check(
        title=check.title,
        severity=check.severity,
        asks=check.asks,
        why=check.why,
        fix=check.fix,
        references=check.references,
        judge=_failing,
    )
    finding = judge_one("records-readable", broken, probed(readable()))
    assert finding.outcome is Outcome.UNKNOWN
    assert "ValueError" in finding.seen
    assert SECRET not in str(finding)


def test_severity_is_the_checks_own_unless_vulnerable() -> None:
    """A severity that the facts changed belongs to the open door alone."""
    for target in TYPICAL.values():
        for finding in judge_all(target):
            if finding.outcome is not Outcome.VULNERABLE:
                assert finding.severity is all_checks()[finding.check].severity


def test_a_severity_of_an_outcome_that_is_not_vulnerable_is_dropped() -> None:
    """Whatever a check says."""
    verdict = Verdict(outcome=Outcome.OK, seen="Closed.", severity=Severity.CRITICAL)
    check = _with(all_checks()["dimse-clear"], judge=lambda _: verdict)
    assert judge_one("dimse-clear", check, probed(readable())).severity is Severity.MEDIUM


def test_remedies_of_identified_products_come_first() -> None:
    """A toolkit stands for the products that are built on it."""
    orders = {
        "Orthanc": ["Orthanc"],
        "DCMTK toolkit (also Orthanc)": ["Orthanc", "DCMTK"],
        "dcm4che toolkit (also dcm4chee-arc and Dicoogle)": ["dcm4chee-arc"],
        "Conquest": ["Conquest"],
    }
    for name, first in orders.items():
        target = probed(readable(), products=(Product(name=name, version=None, basis="a test"),))
        for finding in judge_all(target):
            if finding.outcome in (Outcome.OK, Outcome.NOT_APPLICABLE):
                assert finding.fix.remedies == (), "there is nothing to close"
                continue
            shown = [remedy.product for remedy in finding.fix.remedies]
            assert shown[: len(first)] == first
            assert sorted(shown) == sorted(REMEDY_PRODUCTS)


def test_remedies_stand_where_there_may_be_something_to_close() -> None:
    """The sentence stands everywhere; the steps neither for what is in order nor for a target that was not reached."""
    for target in (*TYPICAL.values(), probed()):
        reached = any(surface.proof is not Rung.SILENT for surface in target.surfaces)
        for finding in judge_all(target):
            undecided = finding.outcome is Outcome.UNKNOWN and reached
            assert bool(finding.fix.remedies) is (finding.outcome is Outcome.VULNERABLE or undecided)
            assert finding.fix.summary


def _with(check: Check, **fields: object) -> Check:
    given = {name: getattr(check, name) for name in check.__struct_fields__}
    return Check(**{**given, **fields})


def test_a_check_without_its_parts_is_refused_while_loading() -> None:
    """Metadata is looked at when a check is loaded, and not when somebody reads an empty finding."""
    check = all_checks()["records-readable"]
    assert validate("x", check) is check
    twice = Fix(summary=check.fix.summary, remedies=(check.fix.remedies[0], check.fix.remedies[0]))
    empty = Fix(summary=check.fix.summary, remedies=(Remedy(product="Orthanc", steps=(), tried=False),))
    hipaa = tuple(r for r in check.references if not r.id.startswith("45 CFR"))
    for broken in (
        None,
        "a string",
        _with(check, title=""),
        _with(check, why="Bad."),
        _with(check, references=()),
        _with(check, references=hipaa),
        _with(check, fix=twice),
        _with(check, fix=empty),
        _with(check, judge=None),
    ):
        with pytest.raises(CheckError):
            validate("x", broken)


def test_severities() -> None:
    """The severities that `--fail-on` works with."""
    assert {name: check.severity for name, check in all_checks().items()} == {
        "associations-open": Severity.LOW,
        "certificate-invalid": Severity.MEDIUM,
        "dimse-clear": Severity.MEDIUM,
        "images-retrievable": Severity.CRITICAL,
        "management-api-open": Severity.HIGH,
        "records-readable": Severity.HIGH,
        "storage-open": Severity.MEDIUM,
        "tls-below-bcp195": Severity.MEDIUM,
        "unlimited-query": Severity.LOW,
        "web-clear": Severity.MEDIUM,
        "worklist-readable": Severity.HIGH,
    }
