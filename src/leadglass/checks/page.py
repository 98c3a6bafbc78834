"""The documentation of the checks is written by the checks themselves, so that it cannot lag behind them."""

from leadglass.checks.check import Check
from leadglass.checks.registry import all_checks
from leadglass.model.finding import Reference, Remedy

_HEAD = """\
# Checks

Made by `python docs/generate.py` from `src/leadglass/checks/weakness/`: do not edit.

Each check gives exactly one finding for each target: `vulnerable`, `ok`, `not-applicable` or `unknown`.
A verdict holds from where Leadglass stood and no further. Silence, an empty answer, a rejection for the called
AE title alone, and whatever the scope did not permit are `unknown`, never `ok`. A port that refuses connections
holds nothing to judge; one that does not answer in time leaves the question open.

| check | severity | title |
|---|---|---|
"""


def checks_page() -> str:
    """The page `docs/checks.md` in Markdown."""
    checks = all_checks()
    rows = [f"| [`{name}`](#{name}) | {check.severity} | {check.title} |" for name, check in checks.items()]
    parts = [_section(name, check) for name, check in checks.items()]
    return _HEAD + "\n".join(rows) + "\n\n" + "\n".join(parts)


def _section(name: str, check: Check) -> str:
    severity = f"{check.severity}; {check.severities}" if check.severities else str(check.severity)
    remedies = "\n".join(_remedy(remedy) for remedy in check.fix.remedies)
    references = "\n".join(_reference(reference) for reference in check.references)
    return (
        f"## {name}\n\n**{check.title}.** {check.asks}\n\n"
        f"Severity: {severity}.\n\n{check.why}\n\n"
        f"**How to close it.** {check.fix.summary}\n\n{remedies}\n\n**References**\n\n{references}\n"
    )


def _remedy(remedy: Remedy) -> str:
    tried = "tried on the product" if remedy.tried else "not tried on the product"
    product = "Any other" if remedy.product == "any other" else remedy.product
    return f"- {product} ({tried}):\n" + "\n".join(f"  {n}. {step}" for n, step in enumerate(remedy.steps, 1))


def _reference(reference: Reference) -> str:
    return f"- {reference.id}: {reference.title} ({reference.source})"
