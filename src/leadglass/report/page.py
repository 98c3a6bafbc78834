"""One self-contained page shows the person in charge how far a stranger gets; it loads nothing and runs no script."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from leadglass.model.assessment import Assessment, Surface, TargetResult
from leadglass.model.exposure import Count, Exposure
from leadglass.model.words import CountKind, Outcome, Rung
from leadglass.report import arrange, figures, kinds
from leadglass.report.details import cost, details
from leadglass.report.harmless import harmless
from leadglass.report.verdict import most_open, verdict
from leadglass.report.words import label, meaning

FIRST_YEAR = 1990  # the axis of years begins here at the latest: digital archives are hardly older
MAX_BARS = 8  # more kinds than this are summed up as "other"


def render(assessment: Assessment) -> str:
    """`assessment` as one HTML document."""
    assessment = harmless(assessment)
    environment = Environment(
        loader=PackageLoader("leadglass", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        label=label, meaning=meaning, plural=figures.plural, details=details, surface_words=arrange.surface_words
    )
    targets = [_target(target, assessment) for target in assessment.targets]
    finished = assessment.finished
    at = f"{finished.day} {finished:%B %Y, %H:%M} UTC"  # strftime has no portable day without a zero
    return environment.get_template("page.html.j2").render(
        assessment=assessment, targets=targets, rungs=tuple(Rung), lead=targets[0] if targets else None, at=at
    )


def _target(target: TargetResult, assessment: Assessment) -> dict[str, Any]:
    """Everything that the template shows of one target, already chosen, ordered and counted."""
    closings = arrange.closings(target)
    spent = target.cost
    return {
        "result": target,
        "verdict": verdict(target),
        "top": most_open(target),
        "figures": _figures(target.exposure),
        "retrievable": figures.of_retrievable(target.exposure) if target.exposure else "",
        "five_hundred": figures.five_hundred(target.five_hundred),
        "about": target.exposure is not None and _is_estimate(target.exposure.studies),
        "years": _years(target.exposure, assessment.finished.year),
        "bars": _bars(target.exposure),
        "kinds": _kinds(target.exposure),
        "surfaces": arrange.answering(target),
        "silent": arrange.silent_ports(target),
        "tally": arrange.tally(target),
        "vulnerable": arrange.vulnerable(target),
        "undecided": arrange.undecided(target),
        "in_order": arrange.others(target, Outcome.OK),
        "not_applicable": arrange.others(target, Outcome.NOT_APPLICABLE),
        "closings": closings,
        "closing_number": {closing.summary: number for number, closing in enumerate(closings, start=1)},
        "cost": cost(spent.records_received, spent.connections, spent.busy_s, spent.bytes_received),
        "reached": _is_reached(target.surfaces),
    }


def _is_reached(surfaces: tuple[Surface, ...]) -> bool:
    return any(surface.proof is not Rung.SILENT for surface in surfaces)


def _figures(exposure: Exposure | None) -> list[dict[str, str]]:
    """The big numbers, each with what it is worth above it."""
    return [
        {
            "number": f"{count.count:,}",
            "noun": noun if count.count == 1 else figures.many(noun),
            "worth": label(count.kind),
            "interval": figures.interval(count),
            "counted": "yes" if count.kind is CountKind.EXACT else "no",
        }
        for noun, count in figures.figures(exposure or Exposure())
    ]


def _is_estimate(count: Count | None) -> bool:
    return count is not None and count.kind is CountKind.ESTIMATE


def _years(exposure: Exposure | None, this_year: int) -> dict[str, Any] | None:
    """Where the span of years lies on an axis that ends this year, in percent."""
    if exposure is None or exposure.years is None:
        return None
    first, last = exposure.years
    start, end = min(FIRST_YEAR, first), max(this_year, last)
    scale = 100 / (end - start + 1)
    return {
        "words": figures.years(exposure),
        "left": round((first - start) * scale, 2),
        "width": round((last - first + 1) * scale, 2),
        "start": start,
        "end": end,
    }


def _kinds(exposure: Exposure | None) -> dict[str, Any] | None:
    """The kinds of data: those that were seen as bars of their share, and the rest in words."""
    if exposure is None or exposure.kinds is None:
        return None
    found = exposure.kinds
    widths = {label(share.kind): round(100 * share.share, 1) for share in found.shares}
    seen = [{"name": name, "words": words, "width": widths[name]} for name, words in kinds.shares(found)]
    return {"bars": seen, "rest": kinds.rest(found), "note": kinds.looked_at(found)}


def _bars(exposure: Exposure | None) -> list[dict[str, Any]]:
    """Studies by kind, as bars relative to the longest."""
    named = figures.kinds(exposure or Exposure())
    if len(named) > MAX_BARS:
        rest = sum(count for _, count in named[MAX_BARS - 1 :])
        named = [*named[: MAX_BARS - 1], ("other", rest)]
    longest = max((count for _, count in named), default=1) or 1
    return [{"name": name, "count": f"{count:,}", "width": round(100 * count / longest, 1)} for name, count in named]
