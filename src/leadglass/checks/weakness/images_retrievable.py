"""A server that would hand its images to a stranger is found here, from the proof that moves no image."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import (
    NOT_PERMITTED,
    WORKLIST_KINDS,
    Opinion,
    combine,
    ok,
    over,
    reading,
    unknown,
    vulnerable,
)
from leadglass.checks.words import figures
from leadglass.knowledge import clauses
from leadglass.knowledge.products import DCMTK, ORTHANC
from leadglass.knowledge.remedies import (
    ASK_MAKER,
    DCM4CHEE_CALLERS,
    DCM4CHEE_SECURE,
    DCMQRSCP_PEERS,
    DCMQRSCP_RESTART,
    FIREWALL,
    FIREWALL_WEB,
    ORTHANC_CONFIG,
    ORTHANC_MODALITIES,
    ORTHANC_RESTART,
    fix,
)
from leadglass.model.assessment import Probed, Surface
from leadglass.model.words import Outcome, Permission, Retrieval, Rung, Severity, SurfaceKind

# Study Root and Patient Root Query/Retrieve - MOVE (PS3.4 C.6).
_MOVES = ("1.2.840.10008.5.1.4.1.2.2.2", "1.2.840.10008.5.1.4.1.2.1.2")
_KINDS = tuple(kind for kind in SurfaceKind if kind not in (*WORKLIST_KINDS, SurfaceKind.UNKNOWN))


def judge(probed: Probed) -> Verdict:
    """Vulnerable where retrieval was proved; a refusal is `ok`, and an undetermined answer stays `unknown`."""

    def opinion(surface: Surface) -> Opinion | None:
        if surface.retrieval is Retrieval.PROVED or surface.proof is Rung.RETRIEVABLE:
            counted = figures(surface.exposure)
            words = "was ready to hand a stranger the images; none was moved to show it"
            return vulnerable(surface, words + (f" ({counted})" if counted else ""))
        if surface.retrieval is Retrieval.REFUSED and _may_move(surface):
            return unknown(surface, "refuses C-GET; C-MOVE was accepted, and is never tried: it would really send")
        if surface.retrieval is Retrieval.REFUSED:
            return ok(surface, "refuses to hand a stranger the images")
        if surface.retrieval is Retrieval.UNDETERMINED:
            return unknown(surface, "its answer does not tell whether it would hand out images")
        return _not_asked(surface, probed)

    return combine(probed, over(probed, _KINDS, opinion), "No service that holds images answered.")


def _may_move(surface: Surface) -> bool:
    """Whether the other way to images was left open in negotiation."""
    contexts = surface.facts.dimse.contexts if surface.facts.dimse else ()
    return any(context.accepted and context.sop_class_uid in _MOVES for context in contexts)


def _not_asked(surface: Surface, probed: Probed) -> Opinion | None:
    if surface.proof is Rung.READABLE:
        permitted = Permission.REQUEST_IMAGES in probed.permits
        return unknown(surface, "images were not asked for" if permitted else NOT_PERMITTED)
    told = reading(surface, probed)
    if told is not None and told.outcome is Outcome.OK and surface.proof is Rung.ADMITS:
        return unknown(surface, "gives a stranger no record, so there was no image to ask for by name")
    return told


CHECK = Check(
    title="Images can be retrieved by anyone",
    severity=Severity.CRITICAL,
    asks="Is any service ready to hand images to a caller that it does not know?",
    why=(
        "Whoever reaches this server can copy the images of every patient, with the data that is written in them. "
        "Such copies cannot be called back."
    ),
    fix=fix(
        "Hand out images to known devices and people only, and keep the server off the internet.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "DicomAlwaysAllowGet" and "DicomAlwaysAllowMove" to false, and '
            '"DicomAlwaysAllowFind" too.',
            'Set "AuthenticationEnabled" to true and give people and programs a login each in "RegisteredUsers".',
            ORTHANC_MODALITIES,
            ORTHANC_RESTART,
        ),
        dcm4chee=(DCM4CHEE_CALLERS, DCM4CHEE_SECURE, FIREWALL),
        dcmtk=(DCMQRSCP_PEERS, DCMQRSCP_RESTART),
        conquest=(FIREWALL, FIREWALL_WEB),
        other=(
            FIREWALL,
            "Turn on the list of known devices for retrieval (C-GET and C-MOVE), and a login for every web service.",
            ASK_MAKER,
        ),
        tried=(ORTHANC, DCMTK),
    ),
    references=(
        clauses.CWE_MISSING_AUTHENTICATION,
        clauses.CWE_MISSING_AUTHORIZATION,
        clauses.HIPAA_ACCESS_CONTROL,
        clauses.HIPAA_AUTHENTICATION,
        clauses.GDPR_SECURITY,
        clauses.GDPR_NOTIFY_AUTHORITY,
        clauses.GDPR_NOTIFY_PERSONS,
        clauses.PS315_TLS,
        clauses.PS315_AUDIT_TRANSFERRED,
        clauses.NIST_PACS,
    ),
    judge=judge,
)
