"""What is shown, in which order and once each: the choices that the terminal and the page share."""

from leadglass.model.assessment import Product, Surface, TargetResult
from leadglass.model.finding import Finding, Remedy
from leadglass.model.record import Record
from leadglass.model.words import Outcome, Retrieval, Rung, Severity, Status, Step
from leadglass.report.figures import in_short
from leadglass.report.words import label

_NOTHING_THERE = (
    Status.CONNECTION_REFUSED,
    Status.CONNECTION_TIMEOUT,
    Status.UNREACHABLE,
    Status.INTERRUPTED,
)

_STEP_IS_CLEAR = (  # the words for these already say at which step it was
    *_NOTHING_THERE,
    Status.UNREADABLE_TARGET,
    Status.NAME_NOT_RESOLVED,
    Status.OUT_OF_SCOPE,
    Status.TLS_ERROR,
)
_TURNED_AWAY = (Status.SUCCESS, Status.REJECTED, Status.ABORTED)


class Closing(Record):
    """One way to close something, and the findings that it closes.

    `fitting` are the remedies for the products that were identified (the general ones where none was);
    `others` are those for other products.
    """

    summary: str
    closes: tuple[str, ...]
    fitting: tuple[Remedy, ...]
    others: tuple[Remedy, ...]


def answering(target: TargetResult) -> list[Surface]:
    """The surfaces worth a line of their own, the most open first."""
    shown = [surface for surface in target.surfaces if not _is_nothing(surface)]
    return sorted(shown, key=lambda surface: (-surface.proof.height, surface.port, surface.kind))


def silent_ports(target: TargetResult) -> list[tuple[str, list[int]]]:
    """Ports where nothing answered, by the reason."""
    by_reason: dict[str, set[int]] = {}
    for surface in target.surfaces:
        if _is_nothing(surface):
            by_reason.setdefault(label(surface.status), set()).add(surface.port)
    return [(reason, sorted(ports)) for reason, ports in sorted(by_reason.items())]


def _is_nothing(surface: Surface) -> bool:
    return surface.proof is Rung.SILENT and surface.status in _NOTHING_THERE


def surface_words(surface: Surface) -> str:
    """How far a stranger got on one surface, on one line."""
    return "; ".join(part for part in (_outcome(surface), _how_much(surface), _trouble(surface)) if part)


def _outcome(surface: Surface) -> str:
    if surface.proof is Rung.ADMITS:
        reason = surface.facts.no_record
        return f"lets a stranger in, but gave no record{f': {label(reason)}' if reason else ''}"
    words = {
        Rung.SILENT: "no answer",
        Rung.OTHER: "answers, but is no medical-imaging service",
        Rung.SPEAKS: "turned the stranger away",
        Rung.READABLE: "gives records to anyone",
        Rung.RETRIEVABLE: "gives records and images to anyone",
    }[surface.proof]
    if surface.proof is Rung.READABLE and surface.retrieval is not Retrieval.NOT_ASKED:
        words = f"{words} ({label(surface.retrieval)})"
    return words


def _how_much(surface: Surface) -> str:
    return in_short(surface.exposure) if surface.exposure else ""


def _trouble(surface: Surface) -> str:
    """Why a surface ended otherwise than by an answer; what a peer said about it comes last."""
    if surface.status is Status.SUCCESS or (surface.proof is Rung.SPEAKS and surface.status in _TURNED_AWAY):
        return surface.detail
    return ended(surface.status, surface.step, surface.detail)


def ended(status: Status, step: Step | None, detail: str) -> str:
    """How something ended, in words: `the server hung up during the question for records (after 3 of them)`."""
    words = label(status)
    if step is not None and status not in _STEP_IS_CLEAR:
        words = f"{words} {label(step)}"
    return f"{words} ({detail})" if detail else words


def vulnerable(target: TargetResult) -> list[Finding]:
    """What is to be closed, worst first."""
    found = [finding for finding in target.findings if finding.outcome is Outcome.VULNERABLE]
    return sorted(found, key=lambda finding: (finding.severity.rank, finding.check))


def others(target: TargetResult, outcome: Outcome) -> list[Finding]:
    """The findings of another outcome, by name."""
    return sorted((f for f in target.findings if f.outcome is outcome), key=lambda finding: finding.check)


def undecided(target: TargetResult) -> list[tuple[str, list[Finding]]]:
    """The undecided findings by their reason, since one cause often leaves many questions open."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in others(target, Outcome.UNKNOWN):
        by_reason.setdefault(finding.seen, []).append(finding)
    return list(by_reason.items())


def tally(target: TargetResult) -> list[tuple[str, int]]:
    """How many findings there are, worst first: `critical` 2, `undecided` 1, `in order` 4."""
    counts = [(label(s), sum(f.severity is s for f in vulnerable(target))) for s in Severity]
    counts += [(label(o), len(others(target, o))) for o in (Outcome.UNKNOWN, Outcome.OK)]
    return [(words, count) for words, count in counts if count]


def closings(target: TargetResult) -> list[Closing]:
    """How to close what was found: once for each way to close it, in the order of the findings."""
    by_summary: dict[str, list[Finding]] = {}
    for finding in vulnerable(target):
        by_summary.setdefault(finding.fix.summary, []).append(finding)
    return [_closing(summary, found, target.products) for summary, found in by_summary.items()]


def _closing(summary: str, found: list[Finding], products: tuple[Product, ...]) -> Closing:
    remedies: list[Remedy] = []
    for finding in found:
        remedies += [remedy for remedy in finding.fix.remedies if remedy not in remedies]
    fitting = [r for r in remedies if any(_fits(r, product) for product in products)]
    fitting = fitting or [r for r in remedies if "other" in r.product.casefold()] or remedies[-1:]
    return Closing(
        summary=summary,
        closes=tuple(finding.title for finding in found),
        fitting=tuple(fitting),
        others=tuple(remedy for remedy in remedies if remedy not in fitting),
    )


def _fits(remedy: Remedy, product: Product) -> bool:
    """Whether one name holds the other: `DCMTK` fits `DCMTK dcmqrscp`."""
    theirs, ours = product.name.casefold(), remedy.product.casefold()
    return bool(theirs) and bool(ours) and (ours in theirs or theirs in ours)
