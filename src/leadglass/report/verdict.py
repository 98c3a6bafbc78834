"""One sentence says how far a stranger gets at a target, and never sounds safer than what was proved."""

from typing import NamedTuple

from leadglass.model.assessment import Surface, TargetResult
from leadglass.model.exposure import Exposure
from leadglass.model.words import NoRecord, Outcome, Retrieval, Rung, Status, SurfaceKind
from leadglass.report.figures import counted, listed, plural
from leadglass.report.words import label, meaning


class Verdict(NamedTuple):
    """`badge` in capitals, `sentence` after it, and `notes` that keep the reader from reading too much into it.

    `tone` is `open`, `ajar`, `shut` or `quiet`; there is none for "safe", since no answer proves that.
    """

    badge: str
    sentence: str
    notes: tuple[str, ...]
    tone: str


_BADGES = {
    Rung.OTHER: ("NO DICOM", "quiet"),
    Rung.SPEAKS: ("TURNED AWAY", "shut"),
    Rung.ADMITS: ("HALF OPEN", "ajar"),
    Rung.READABLE: ("OPEN", "open"),
    Rung.RETRIEVABLE: ("OPEN", "open"),
}
_SILENT_BADGES = {
    Status.SUCCESS: "NO ANSWER",
    Status.CONNECTION_REFUSED: "NO ANSWER",
    Status.UNREADABLE_TARGET: "NOT ASKED",
    Status.OUT_OF_SCOPE: "NOT ASKED",
    Status.BUDGET_SPENT: "NOT FINISHED",
    Status.INTERNAL_ERROR: "NOT FINISHED",
    Status.INTERRUPTED: "NOT FINISHED",
}
# How a conversation ends that shows nothing of what is at its other end.
_UNTOLD = (
    Status.CONNECTION_CLOSED,
    Status.CONNECTION_RESET,
    Status.IO_TIMEOUT,
    Status.TLS_ERROR,
    Status.BUDGET_SPENT,
    Status.INTERNAL_ERROR,
    Status.INTERRUPTED,
)
_SAYS_LEAST = (NoRecord.REFUSED, NoRecord.NOT_ASKED, NoRecord.NOTHING_FOUND, NoRecord.UNDECIDED, None)


def verdict(target: TargetResult) -> Verdict:
    """The verdict on `target`."""
    top = most_open(target)
    notes = [
        *_name_needed(top),
        *_retrieval(target, top),
        *_schedule(target, top),
        *_ended(target),
        *_undecided(target),
        *_seen_from(target),
    ]
    if target.proof is Rung.SILENT:
        badge, tone = _SILENT_BADGES.get(target.status, "NOT REACHED"), "quiet"
    elif target.proof is Rung.OTHER:
        badge, tone = _other_badge(target)
    else:
        badge, tone = _BADGES[target.proof]
    return Verdict(badge, _sentence(target, top), tuple(notes), tone)


def most_open(target: TargetResult) -> Surface | None:
    """The surface that the verdict rests on: the highest rung, with the target's exposure.

    Among equals the one that exposes more, then the one whose lack of records is least explained.
    """
    reached = [surface for surface in target.surfaces if surface.proof is target.proof]
    return max(reached, key=lambda surface: (surface.exposure == target.exposure, *_openness(surface)), default=None)


def _openness(surface: Surface) -> tuple[tuple[int, int, int], int, int]:
    exposure = surface.exposure or Exposure()
    scheduled = exposure.worklist_items.count if exposure.worklist_items else 0
    return exposure.weight, scheduled, _SAYS_LEAST.index(surface.facts.no_record)


def _sentence(target: TargetResult, top: Surface | None) -> str:
    if target.proof is Rung.SILENT:
        return _silent(target)
    if target.proof is Rung.OTHER:
        return _other(target)
    if target.proof is Rung.SPEAKS:
        return "It is a medical-imaging server, and it turned this stranger away."
    if target.proof is Rung.ADMITS:
        reason = top.facts.no_record if top and top.facts.no_record else NoRecord.UNDECIDED
        dimse = top.facts.dimse if top else None
        unasked = reason is NoRecord.REFUSED and dimse is not None and not dimse.queries
        why = "the server offers no query of studies or patients" if unasked else label(reason)
        return f"A stranger's call is accepted, but no record was given: {why}."
    images = " and fetch their images" if target.proof is Rung.RETRIEVABLE else ""
    return f"Anyone who reaches this server can read {_given_away(target.exposure, top)}{images}."


def _other_badge(target: TargetResult) -> tuple[str, str]:
    listening = [surface for surface in target.surfaces if surface.proof is Rung.OTHER]
    if any(_wants_certificate(surface) for surface in listening):
        return _BADGES[Rung.SPEAKS]
    return ("NOT TOLD", "quiet") if any(s.status in _UNTOLD for s in listening) else _BADGES[Rung.OTHER]


def _other(target: TargetResult) -> str:
    """What listens below `speaks`: only an answer shows that it is no medical-imaging service."""
    listening = [surface for surface in target.surfaces if surface.proof is Rung.OTHER]
    guarded = next((surface for surface in listening if _wants_certificate(surface)), None)
    if guarded is not None:
        return (
            f"Port {guarded.port} asks every caller for a certificate and turned this stranger away, who has none. "
            "What is behind it was not seen."
        )
    untold = next((surface for surface in listening if surface.status in _UNTOLD), None)
    if untold is not None:
        return f"Something listens on port {untold.port}, but what it is could not be told: {label(untold.status)}."
    return "Something answers, but nothing that Leadglass knows as a medical-imaging service."


def _wants_certificate(surface: Surface) -> bool:
    return surface.facts.tls is not None and surface.facts.tls.client_certificate == "required"


def _silent(target: TargetResult) -> str:
    if target.status in (Status.SUCCESS, Status.CONNECTION_REFUSED):
        return "Nothing answered on the ports that were asked."
    detail = f" ({target.detail})" if target.detail else ""
    words = label(target.status)
    return f"{words[0].upper()}{words[1:]}{detail}. Nothing is known about this target."


def _given_away(exposure: Exposure | None, top: Surface | None) -> str:
    exposure = exposure or Exposure()
    if exposure.patients and exposure.patients.count:
        return f"the records of {counted(exposure.patients, 'patient')}"
    if top and top.kind is SurfaceKind.WORKLIST:
        items = exposure.worklist_items
        many = f" of {counted(items, 'planned examination')}" if items and items.count else ""
        return f"its schedule{many}, with the patients' details"
    if exposure.studies and exposure.studies.count:
        return f"the patients' records of {counted(exposure.studies, 'study')}"
    return "patients' records (how many was not counted)"


def _name_needed(top: Surface | None) -> list[str]:
    """An AE title that had to be given is part of "anyone", and still no password."""
    dimse = top.facts.dimse if top else None
    if dimse is None or dimse.called_ae_title is None:
        return []
    turned_away = any(attempt.rejection is not None for attempt in dimse.attempts)
    if not turned_away:
        return []
    return [f'A caller must name the server\'s AE title, "{dimse.called_ae_title}". Such a name is no password.']


def _retrieval(target: TargetResult, top: Surface | None) -> list[str]:
    """What a reader would ask next where records are open and the images were not proved to be."""
    if target.proof is not Rung.READABLE or top is None or top.kind is SurfaceKind.WORKLIST:
        return []
    says = {
        Retrieval.REFUSED: "It refused to hand over images.",
        Retrieval.NOT_ASKED: "Whether it hands over images too was not asked.",
    }
    return [says.get(top.retrieval, "Whether it hands over images too could not be told from its answers.")]


def _schedule(target: TargetResult, top: Surface | None) -> list[str]:
    """An open worklist is easily overlooked beside an open archive."""
    for surface in target.surfaces:
        if surface.kind is SurfaceKind.WORKLIST and surface is not top and surface.proof.at_least(Rung.READABLE):
            items = surface.exposure.worklist_items if surface.exposure else None
            many = f" ({counted(items, 'planned examination')})" if items else ""
            return [f"Its schedule is open as well{many}."]
    return []


def _ended(target: TargetResult) -> list[str]:
    if target.proof is Rung.SILENT or target.status is Status.SUCCESS:
        return []
    return [f"Not everything was asked: {label(target.status)}."]


def _undecided(target: TargetResult) -> list[str]:
    """No verdict below OPEN may be taken for a clean bill."""
    if target.proof.at_least(Rung.READABLE):
        return []
    found = sum(finding.outcome is Outcome.VULNERABLE for finding in target.findings)
    unknown = sum(finding.outcome is Outcome.UNKNOWN for finding in target.findings)
    parts = []
    if found:
        parts.append(f"{plural(found, 'weakness')} found")
    if unknown:
        parts.append(f"{plural(unknown, 'question')} left undecided")
    if parts:
        return [f"This is not a clean bill: {listed(parts)}."]
    if target.proof.at_least(Rung.SPEAKS) or any(_wants_certificate(surface) for surface in target.surfaces):
        return ["A caller who knows more, or has a certificate, may get further."]
    if target.proof is Rung.OTHER and target.status is Status.SUCCESS:
        return ["Nothing was left undecided either."]
    return ["This is not a clean bill: nothing was proved."]


def _seen_from(target: TargetResult) -> list[str]:
    if target.vantage is None:
        return []
    if target.proof is Rung.SILENT:
        return [f"Asked {label(target.vantage)}."]
    if target.proof.at_least(Rung.READABLE):
        return [f"Seen {label(target.vantage)}. {meaning(target.vantage)}"]
    return [f"Seen {label(target.vantage)}. From elsewhere it may answer differently, which was not tested."]
