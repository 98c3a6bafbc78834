"""A check is a frozen record: what it is called, why it matters, how it is closed, and a pure function that judges."""

from collections.abc import Callable

from leadglass.model.assessment import Probed
from leadglass.model.finding import Fix, Reference
from leadglass.model.record import Record
from leadglass.model.words import Outcome, Severity


class Verdict(Record):
    """What a check made of a target. `severity` replaces the check's own where the facts make it better or worse."""

    outcome: Outcome
    seen: str
    severity: Severity | None = None


class Check(Record):
    """One weakness. `asks` is its question in words; `judge` reads facts alone.

    `severities` says in words when the facts lead to another severity than `severity`.
    """

    title: str
    severity: Severity
    asks: str
    why: str
    fix: Fix
    references: tuple[Reference, ...]
    judge: Callable[[Probed], Verdict]
    severities: str = ""


class CheckError(Exception):
    """A check's module is not what a check must be: raised while loading, never while judging."""


_NEEDED_PREFIXES = ("CWE-", "45 CFR ", "GDPR ", "PS3.15 ")
MIN_WORDS = 4  # a sentence for the owner of a practice has more


def validate(check_id: str, check: object) -> Check:
    """`check` where it is complete. Raises CheckError with what is missing."""
    if not isinstance(check, Check):
        raise CheckError(f"{check_id}: its module has no CHECK")
    texts = {"title": check.title, "asks": check.asks, "why": check.why, "fix.summary": check.fix.summary}
    for field, text in texts.items():
        least = 1 if field == "title" else MIN_WORDS
        if len(text.split()) < least:
            raise CheckError(f"{check_id}: {field} says too little")
    for prefix in _NEEDED_PREFIXES:
        if not any(reference.id.startswith(prefix) for reference in check.references):
            raise CheckError(f"{check_id}: it cites no clause of {prefix.strip()}")
    products = [remedy.product for remedy in check.fix.remedies]
    if len(products) != len(set(products)):
        raise CheckError(f"{check_id}: a product has two remedies")
    if not all(remedy.steps for remedy in check.fix.remedies):
        raise CheckError(f"{check_id}: a remedy has no steps")
    if not callable(check.judge):
        raise CheckError(f"{check_id}: it cannot judge")
    return check
