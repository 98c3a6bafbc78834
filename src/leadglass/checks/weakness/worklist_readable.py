"""A worklist that strangers can read is found here: real servers leave it open when the archive is closed."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import (
    WORKLIST_KINDS,
    Opinion,
    combine,
    over,
    reading,
    turned_away,
    unheard,
    unknown,
    vulnerable,
    wants_certificate,
)
from leadglass.checks.words import figures
from leadglass.knowledge import clauses
from leadglass.knowledge.products import ORTHANC
from leadglass.knowledge.remedies import (
    ASK_MAKER,
    DCM4CHEE_CALLERS,
    FIREWALL,
    ORTHANC_CONFIG,
    ORTHANC_MODALITIES,
    ORTHANC_RESTART,
    fix,
)
from leadglass.knowledge.sop_classes import MODALITY_WORKLIST_FIND
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import Rung, Severity, SurfaceKind


def judge(probed: Probed) -> Verdict:
    """Vulnerable where a worklist gave an item to a caller that it does not know."""
    asked = {surface.port for surface in probed.surfaces if surface.kind is SurfaceKind.WORKLIST}

    def opinion(surface: Surface) -> Opinion | None:
        if surface.kind is SurfaceKind.DIMSE:
            return None if surface.port in asked else _without_worklist(surface, probed)
        if surface.proof.at_least(Rung.READABLE):
            counted = figures(surface.exposure)
            words = "gives a stranger the scheduled examinations with their patients"
            return vulnerable(surface, words + (f" ({counted})" if counted else ""))
        return reading(surface, probed)

    kinds = (*WORKLIST_KINDS, SurfaceKind.DIMSE)
    return combine(probed, over(probed, kinds, opinion), "No worklist is offered here.")


def _without_worklist(surface: Surface, probed: Probed) -> Opinion | None:
    """A DIMSE service on which no worklist was asked: shut to every question, without a worklist, or not known."""
    if wants_certificate(surface):
        return reading(surface, probed)
    if not surface.proof.at_least(Rung.SPEAKS):
        return unheard(surface)
    if surface.proof is Rung.SPEAKS:
        return turned_away(surface)
    contexts = surface.facts.dimse.contexts if surface.facts.dimse else ()
    answers = [context.accepted for context in contexts if context.sop_class_uid == MODALITY_WORKLIST_FIND]
    if answers and not any(answers):
        return None
    return unknown(surface, "the worklist was not asked for")


CHECK = Check(
    title="The worklist can be read by anyone",
    severity=Severity.HIGH,
    asks="Does the worklist give scheduled examinations to a caller that it does not know?",
    why=(
        "A worklist names the patients who are expected, with dates of birth and the reason for the visit. "
        "Servers often leave it open when everything else is closed."
    ),
    fix=fix(
        "Answer worklist queries from your own devices only.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "DicomAlwaysAllowFindWorklist" to false (a setting since 1.10.0).',
            ORTHANC_MODALITIES,
            ORTHANC_RESTART,
        ),
        dcm4chee=(DCM4CHEE_CALLERS, FIREWALL),
        dcmtk=("dcmqrscp serves no worklist. wlmscpfs cannot tell callers apart.", FIREWALL),
        conquest=(FIREWALL,),
        other=(
            FIREWALL,
            "Turn on the list of known devices for the worklist too; it often has a switch of its own.",
            ASK_MAKER,
        ),
        tried=(ORTHANC,),
    ),
    references=(
        clauses.CWE_MISSING_AUTHENTICATION,
        clauses.CWE_EXPOSURE,
        clauses.HIPAA_ACCESS_CONTROL,
        clauses.HIPAA_AUTHENTICATION,
        clauses.GDPR_SECURITY,
        clauses.GDPR_NOTIFY_AUTHORITY,
        clauses.PS315_TLS,
        clauses.PS315_AUDIT_QUERY,
    ),
    judge=judge,
)
