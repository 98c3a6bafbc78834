"""A server that would keep what a stranger sends is inferred here; nothing is ever stored on it to see."""

from leadglass.checks.check import Check, Verdict
from leadglass.checks.evidence import (
    Opinion,
    combine,
    ok,
    over,
    turned_away,
    unheard,
    unknown,
    vulnerable,
    wants_certificate,
)
from leadglass.knowledge import clauses
from leadglass.knowledge.products import DCMTK, ORTHANC, strangers_may_store_by_default
from leadglass.knowledge.remedies import (
    ASK_MAKER,
    DCM4CHEE_CALLERS,
    DCMQRSCP_CONFIG,
    DCMQRSCP_PEERS,
    DCMQRSCP_RESTART,
    FIREWALL,
    ORTHANC_CONFIG,
    ORTHANC_MODALITIES,
    ORTHANC_RESTART,
    fix,
)
from leadglass.model.assessment import Probed, Surface
from leadglass.model.facts import Context
from leadglass.model.words import Rung, Severity, SurfaceKind

_REFUSED = (1, 3)  # PS3.8 Table 9-18: by the user, or as an abstract syntax that is not supported
_OTHER_SYNTAXES = 4  # the abstract syntax is supported
_INFERRED = "inferred, never tried"


def judge(probed: Probed) -> Verdict:
    """Vulnerable where storage contexts were accepted, or the product as shipped keeps what any caller sends."""
    shipped_open = [p.name for p in probed.products if strangers_may_store_by_default(p.name)]

    def opinion(surface: Surface) -> Opinion | None:
        if wants_certificate(surface):
            return ok(surface, "turns away a caller without a client certificate")
        if not surface.proof.at_least(Rung.SPEAKS):
            return unheard(surface)
        if surface.proof is Rung.SPEAKS:
            return turned_away(surface)
        return _admitted(surface, shipped_open)

    absent = "No DIMSE service that could store answered."
    return combine(probed, over(probed, (SurfaceKind.DIMSE,), opinion), absent)


def _admitted(surface: Surface, shipped_open: list[str]) -> Opinion:
    dimse = surface.facts.dimse
    contexts = dimse.storage_contexts if dimse else ()
    accepted = sum(context.accepted for context in contexts)
    if accepted:
        words = f"accepted {accepted} of {len(contexts)} storage contexts from an unknown caller ({_INFERRED})"
        return vulnerable(surface, words)
    if contexts:
        return _none_accepted(surface, contexts)
    if shipped_open:
        words = f"belongs to {shipped_open[0]}, which as shipped stores what any caller sends ({_INFERRED})"
        return vulnerable(surface, words)
    ended = dimse.storing if dimse else None
    if ended is None:
        return unknown(surface, "storage contexts were not proposed")
    return unknown(surface, f"the association that proposed storage contexts was not opened ({ended})")


def _none_accepted(surface: Surface, contexts: tuple[Context, ...]) -> Opinion:
    """Closed where each context was refused by a reason that tells of it."""
    known = sum(context.result == _OTHER_SYNTAXES for context in contexts)
    if known:
        words = f"it knows {known} of {len(contexts)} storage contexts, in transfer syntaxes that were not proposed"
        return unknown(surface, words)
    unsaid = sum(context.result not in _REFUSED for context in contexts)
    if unsaid:
        return unknown(surface, f"{unsaid} of {len(contexts)} storage contexts were refused without a reason")
    return ok(surface, f"refused all {len(contexts)} storage contexts that an unknown caller proposed")


CHECK = Check(
    title="Strangers may store on this server",
    severity=Severity.MEDIUM,
    asks="Would the server keep an object that a caller unknown to it sends? Inferred: nothing is ever sent.",
    why=(
        "A stranger who may store can put false images into a patient's record, or fill the disk. "
        "An accepted storage context shows readiness and not that an object would be kept."
    ),
    fix=fix(
        "Accept objects from your own devices only.",
        orthanc=(
            f'{ORTHANC_CONFIG}, set "DicomAlwaysAllowStore" to false; with all six "DicomAlwaysAllow" settings false '
            "(Echo, Store, Find, FindWorklist, Get, Move) unknown callers are rejected, and this finding closes.",
            ORTHANC_MODALITIES,
            ORTHANC_RESTART,
        ),
        dcm4chee=(DCM4CHEE_CALLERS, FIREWALL),
        dcmtk=(
            DCMQRSCP_PEERS,
            f"{DCMQRSCP_CONFIG}, give an AE that nobody stores to the access R in the place of RW.",
            DCMQRSCP_RESTART,
        ),
        conquest=(FIREWALL,),
        other=(FIREWALL, "Turn on the list of known devices for storing (C-STORE).", ASK_MAKER),
        tried=(ORTHANC, DCMTK),
    ),
    references=(
        clauses.CWE_MISSING_AUTHENTICATION,
        clauses.HIPAA_INTEGRITY,
        clauses.HIPAA_AUTHENTICATION,
        clauses.GDPR_SECURITY,
        clauses.PS315_TLS,
        clauses.PS315_AUDIT_TRANSFERRED,
    ),
    judge=judge,
)
