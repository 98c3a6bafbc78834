"""A query that gave the whole archive without a limit is found here, from what was seen: it is not asked again."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import Opinion, combine, ok, over, reading, unknown, vulnerable
from leadglass.checks.words import figures
from leadglass.knowledge import clauses
from leadglass.knowledge.products import ORTHANC
from leadglass.knowledge.remedies import ASK_MAKER, FIREWALL, ORTHANC_CONFIG, ORTHANC_RESTART, fix
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import CountKind, Outcome, Rung, Severity, SurfaceKind

_KINDS = (SurfaceKind.DIMSE, SurfaceKind.WORKLIST, SurfaceKind.DICOMWEB, SurfaceKind.ORTHANC_REST)


def judge(probed: Probed) -> Verdict:
    """Vulnerable where one query returned everything, and no limit showed."""

    def opinion(surface: Surface) -> Opinion | None:
        return _opinion(surface, probed)

    return combine(probed, over(probed, _KINDS, opinion), "No service gave a stranger the answer to a query.")


def _opinion(surface: Surface, probed: Probed) -> Opinion | None:
    dimse, web = surface.facts.dimse, surface.facts.web
    cap = dimse.cap if dimse else None
    if cap is not None and cap.shown:
        return ok(surface, f"ends an answer at about {cap.records:,} records")
    if cap is not None:
        return unknown(surface, f"its answer had {cap.records:,} records, {cap.sign}; whether it is one did not show")
    whole = (dimse.whole_archive if dimse else None) or (web.whole_archive if web else None)
    if whole:
        counted = figures(surface.exposure)
        return vulnerable(surface, _given(surface) + (f" ({counted})" if counted else ""))
    if surface.proof.at_least(Rung.READABLE):
        return unknown(surface, _ASKED_IN_PARTS if web or _sampled(surface) else _NOT_ENDED)
    told = reading(surface, probed)
    # Where nobody gets an answer there is no answer to limit.
    return None if told is not None and told.outcome is Outcome.OK else told


_ASKED_IN_PARTS = (
    "asked for a part at a time, or counted by its own figures, so whether it limits an answer did not show"
)
_NOT_ENDED = "no answer was read to its end, so a limit neither showed nor failed to"


def _sampled(surface: Surface) -> bool:
    studies = surface.exposure.studies if surface.exposure else None
    return studies is not None and studies.kind is CountKind.ESTIMATE


def _given(surface: Surface) -> str:
    counts = (surface.exposure.studies, surface.exposure.worklist_items) if surface.exposure else ()
    if any(count is not None and count.kind is CountKind.AT_LEAST for count in counts):
        return "answered one query until our own budget ended it, and no limit showed"
    return "gave its whole archive to one query"


CHECK = Check(
    title="One query returns the whole archive",
    severity=Severity.LOW,
    asks="Did a single query return everything, without a limit?",
    why=(
        "Without a limit one question lists every patient, and keeps the server busy while it answers. "
        "A limit slows a thief down and spares the server; it does not keep anybody out."
    ),
    fix=fix(
        "Limit how many matches one query may return, after the door itself is closed.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "LimitFindResults" and "LimitFindInstances" to a number that your work needs, '
            "for example 500; 0 means no limit.",
            ORTHANC_RESTART,
        ),
        dcm4chee=("Set a maximum number of query results on the archive's AEs; test it, as larger answers then fail.",),
        dcmtk=("dcmqrscp has no such limit: let only known devices ask (Peers in the AETable).",),
        conquest=(FIREWALL,),
        other=("Set a maximum number of matches a query.", ASK_MAKER),
        tried=(ORTHANC,),
    ),
    references=(
        clauses.CWE_NO_LIMITS,
        clauses.HIPAA_RISK_ANALYSIS,
        clauses.HIPAA_AUDIT,
        clauses.GDPR_SECURITY,
        clauses.PS315_AUDIT_QUERY,
    ),
    judge=judge,
)
