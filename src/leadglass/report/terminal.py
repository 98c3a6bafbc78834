"""A person reads the verdict first, then what is open, then how to close it, at 80 columns and without colour."""

from leadglass.model.assessment import Assessment, TargetResult
from leadglass.model.words import Outcome, Rung
from leadglass.report import arrange
from leadglass.report.details import cost, details
from leadglass.report.figures import (
    by_kind,
    figures,
    five_hundred,
    in_short,
    interval,
    many,
    of_retrievable,
    plural,
    years,
)
from leadglass.report.harmless import harmless
from leadglass.report.kinds import looked_at, rest, shares
from leadglass.report.paper import Paper
from leadglass.report.verdict import most_open, verdict
from leadglass.report.words import RUNGS, label

MAX_PROSE_WIDTH = 100  # longer lines are hard to read, however wide the window
MIN_WIDTH = 40
_MARK_WIDTH = 13
_NAME_WIDTH = 24
_KIND_WIDTH = 30

_TONES = {"open": "bold white on red", "ajar": "bold black on yellow", "shut": "bold white on blue", "quiet": "reverse"}
_SEVERITIES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "note": "dim"}


def render(assessment: Assessment, *, width: int, color: bool, verbose: bool = False) -> str:
    """`assessment` for a terminal of `width` columns; without `color` no escape sequence is in it."""
    assessment = harmless(assessment)
    paper = Paper(width=max(MIN_WIDTH, min(width, MAX_PROSE_WIDTH)), color=color)
    _head(paper, assessment)
    for target in assessment.targets:
        _verdict(paper, target)
    for target in assessment.targets:
        _target(paper, target, titled=len(assessment.targets) > 1, verbose=verbose)
    return paper.text()


def _head(paper: Paper, assessment: Assessment) -> None:
    tool = assessment.tool
    at = f"{assessment.finished:%Y-%m-%d %H:%M} UTC"
    paper.line(f"{tool.name} {tool.version} · {at} · {plural(len(assessment.targets), 'target')}", style="dim")
    if assessment.authority:
        contact = f" ({assessment.contact})" if assessment.contact else ""
        paper.line(f"On the authority of {assessment.authority}{contact}", style="dim")
    paper.gap()


def _verdict(paper: Paper, target: TargetResult) -> None:
    """The first thing anyone reads: where, how far, and what that does not mean."""
    said = verdict(target)
    where = target.target
    if target.address and target.address not in where:
        where = f"{where} ({target.address})"
    paper.pieces((f" {said.badge} ", _TONES[said.tone]), ("  ", ""), (where, "bold"))
    paper.line(said.sentence, indent=2, style="bold")
    for note in said.notes:
        paper.line(note, indent=2)
    paper.gap()


def _target(paper: Paper, target: TargetResult, *, titled: bool, verbose: bool) -> None:
    if titled:
        paper.rule(target.target)
    if target.proof is not Rung.SILENT:
        _ladder(paper, target.proof)
    _exposure(paper, target)
    _kinds(paper, target)
    _cost(paper, target)
    _ways_in(paper, target, verbose=verbose)
    _findings(paper, target, verbose=verbose)
    _closings(paper, target, verbose=verbose)
    _not_asked(paper, target)


def _ladder(paper: Paper, proof: Rung) -> None:
    """Six steps on one line; this target's stands in brackets and capitals."""
    paper.heading("How far a stranger gets")
    steps: list[tuple[str, str]] = []
    for rung in Rung:
        words = RUNGS[rung].label
        steps.append((f"[{words.upper()}]", "bold") if rung is proof else (words, "dim"))
        steps.append((" › ", "dim"))
    paper.pieces(*steps[:-1], indent=2)
    paper.gap()


def _exposure(paper: Paper, target: TargetResult) -> None:
    exposure = target.exposure
    if exposure is None or not in_short(exposure):
        return
    top = most_open(target)
    paper.heading(f"How much is given away{f' by {label(top.kind)} on port {top.port}' if top else ''}")
    rows = [(many(noun), f"{label(count.kind)} {count.count:,} {interval(count)}") for noun, count in figures(exposure)]
    rows.append(("years", years(exposure)))
    rows.append(("studies by kind", by_kind(exposure)))
    for name, words in rows:
        if words:
            paper.marked((f"  {name}", ""), words, indent=_NAME_WIDTH)
    for limit in exposure.limits:
        paper.line(f"Note: {limit}.", indent=2)
    for words in (of_retrievable(exposure), five_hundred(target.five_hundred)):
        if words:
            paper.line(words, indent=2)
    paper.gap()


def _kinds(paper: Paper, target: TargetResult) -> None:
    found = target.exposure.kinds if target.exposure else None
    if found is None:
        return
    paper.heading("Which kinds of personal data are shown")
    for name, words in (*shares(found), *rest(found)):
        paper.marked((f"  {name}", ""), words, indent=_KIND_WIDTH)
    paper.line(looked_at(found), indent=2)
    paper.gap()


def _cost(paper: Paper, target: TargetResult) -> None:
    spent = target.cost
    if spent.connections:
        paper.heading("What asking cost the server")
        paper.line(f"{cost(spent.records_received, spent.connections, spent.busy_s, spent.bytes_received)}.", indent=2)
        paper.gap()


def _ways_in(paper: Paper, target: TargetResult, *, verbose: bool) -> None:
    if not target.surfaces:
        return
    paper.heading("Ways in")
    for surface in arrange.answering(target):
        name = f"{label(surface.kind)}{' over TLS' if surface.tls else ''}"
        paper.row(f"{surface.port}", name, arrange.surface_words(surface))
        if verbose:
            for fact, words in details(surface):
                paper.line(f"{fact}: {words}", indent=8, style="dim")
    for reason, ports in arrange.silent_ports(target):
        paper.line(f"{reason.capitalize()}: {', '.join(map(str, ports))}", indent=2, style="dim")
    for product in target.products:
        version = f" {product.version}" if product.version else ""
        paper.line(f"It looks like {product.name}{version} ({product.basis}).", indent=2)
    paper.gap()


def _findings(paper: Paper, target: TargetResult, *, verbose: bool) -> None:
    if not target.findings:
        return
    counts = ", ".join(f"{count} {words}" for words, count in arrange.tally(target)) or "none that applies"
    paper.heading(f"Findings: {counts}")
    for finding in arrange.vulnerable(target):
        words = label(finding.severity)
        paper.marked((f"  {words.upper()}", _SEVERITIES[words]), finding.title, style="bold", indent=_MARK_WIDTH)
        paper.line(finding.seen, indent=_MARK_WIDTH)
        paper.line(finding.why, indent=_MARK_WIDTH, style="dim")
        if verbose:
            ids = " · ".join(reference.id for reference in finding.references)
            paper.line(f"{finding.check} · {ids}", indent=_MARK_WIDTH, style="dim")
    for reason, unknown in arrange.undecided(target):
        names = " ".join(f"{finding.title}?" for finding in unknown)
        paper.marked(("  UNDECIDED", "bold magenta"), names, style="bold", indent=_MARK_WIDTH)
        paper.line(reason, indent=_MARK_WIDTH)
    for outcome, said in ((Outcome.OK, "Looked for and not there"), (Outcome.NOT_APPLICABLE, "Does not apply")):
        checks = ", ".join(finding.check for finding in arrange.others(target, outcome))
        if checks and (verbose or outcome is Outcome.OK):
            paper.line(f"{said}: {checks}", indent=2)
    paper.gap()


def _closings(paper: Paper, target: TargetResult, *, verbose: bool) -> None:
    closings = arrange.closings(target)
    if not closings:
        return
    paper.heading("How to close it")
    elsewhere: list[str] = []
    for number, closing in enumerate(closings, start=1):
        paper.marked((f"{number:>3}.", "bold"), closing.summary, style="bold", indent=5)
        paper.line(f"closes: {'; '.join(closing.closes)}", indent=5, style="dim")
        for remedy in closing.fitting + (closing.others if verbose else ()):
            untried = "" if remedy.tried else " (these steps were not tried on the product)"
            paper.line(f"{remedy.product}{untried}:", indent=5)
            for step in remedy.steps:
                paper.item(step, indent=7)
        elsewhere += [r.product for r in closing.others if r.product not in elsewhere]
    if elsewhere and not verbose:
        paper.line(f"Steps for {', '.join(elsewhere)}: --verbose or --format html.", indent=2, style="dim")
    paper.gap()


def _not_asked(paper: Paper, target: TargetResult) -> None:
    if not target.not_asked:
        return
    paper.heading("Not asked, because the scope does not permit it")
    for question in target.not_asked:
        paper.item(question, indent=2)
    paper.gap()
