"""Every file in `checks/weakness/` is a check, and every check gives exactly one finding for every target."""

import pkgutil
from functools import cache
from importlib import import_module

from leadglass.checks import weakness
from leadglass.checks.check import Check, CheckError, Verdict, validate
from leadglass.knowledge.products import ANY_OTHER, CONQUEST, DCM4CHEE, DCMTK, ORTHANC, remedy_families
from leadglass.model.assessment import Probed
from leadglass.model.finding import Finding, Fix, Remedy
from leadglass.model.words import Outcome, Rung

REMEDY_PRODUCTS = (ORTHANC, DCM4CHEE, DCMTK, CONQUEST, ANY_OTHER)
_ORDER = (Outcome.VULNERABLE, Outcome.UNKNOWN, Outcome.OK, Outcome.NOT_APPLICABLE)


@cache
def all_checks() -> dict[str, Check]:
    """Every check by its id, in alphabetical order. Raises CheckError where a module is not a whole check."""
    checks: dict[str, Check] = {}
    for info in sorted(pkgutil.iter_modules(weakness.__path__), key=lambda info: info.name):
        module = import_module(f"{weakness.__name__}.{info.name}")
        check_id = info.name.replace("_", "-")
        check = validate(check_id, getattr(module, "CHECK", None))
        missing = set(REMEDY_PRODUCTS) - {remedy.product for remedy in check.fix.remedies}
        if missing:
            raise CheckError(f"{check_id}: no remedy for {', '.join(sorted(missing))}")
        checks[check_id] = check
    return checks


def judge_all(probed: Probed) -> tuple[Finding, ...]:
    """One finding a check: what is vulnerable first, the worst before the rest, then unknown, ok, not-applicable."""
    findings = [judge_one(check_id, check, probed) for check_id, check in all_checks().items()]
    return tuple(sorted(findings, key=lambda f: (_ORDER.index(f.outcome), f.severity.rank, f.check)))


def judge_one(check_id: str, check: Check, probed: Probed) -> Finding:
    """The finding of one check. A check that fails gives `unknown`: our own bug is never a clean bill."""
    try:
        verdict = check.judge(probed)
    except Exception as error:  # noqa: BLE001 - the wall around one check; a message could carry facts, a type cannot
        words = f"Leadglass itself failed in this check ({type(error).__name__}), so the question stays open."
        verdict = Verdict(outcome=Outcome.UNKNOWN, seen=words)
    override = verdict.severity if verdict.outcome is Outcome.VULNERABLE else None
    return Finding(
        check=check_id,
        outcome=verdict.outcome,
        severity=override or check.severity,
        title=check.title,
        seen=verdict.seen,
        why=check.why,
        fix=Fix(summary=check.fix.summary, remedies=_remedies(check, verdict, probed)),
        references=check.references,
    )


def _remedies(check: Check, verdict: Verdict, probed: Probed) -> tuple[Remedy, ...]:
    """The remedies of what is open, and of what may be where something was reached; `docs/checks.md` has them all."""
    reached = any(surface.proof.at_least(Rung.OTHER) for surface in probed.surfaces)
    if verdict.outcome is Outcome.VULNERABLE or (verdict.outcome is Outcome.UNKNOWN and reached):
        return _fitting_first(check.fix.remedies, probed)
    return ()


def _fitting_first(remedies: tuple[Remedy, ...], probed: Probed) -> tuple[Remedy, ...]:
    """The remedies of the products that were identified, in their order, then the others as they stand."""
    families = [family for product in probed.products for family in remedy_families(product.name)]
    return tuple(sorted(remedies, key=lambda r: families.index(r.product) if r.product in families else len(families)))
