"""What a surface's answers allow a check to conclude is decided here, once, so that no silence is taken for safety.

Each check forms one opinion a surface, or none where there is nothing to judge, and `combine` makes one verdict of
them: one open door is enough for `vulnerable`, one open question for `unknown`, and only answers make `ok`.
"""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from leadglass.checks.check import Verdict
from leadglass.checks.words import where
from leadglass.model.assessment import Probed, Surface
from leadglass.model.facts import Rejection
from leadglass.model.record import Record
from leadglass.model.words import NoRecord, Outcome, Permission, Rung, Severity, Status, SurfaceKind

DIMSE_KINDS = (SurfaceKind.DIMSE, SurfaceKind.WORKLIST)
WORKLIST_KINDS = (SurfaceKind.WORKLIST, SurfaceKind.UPS_RS)
ALL_KINDS = tuple(SurfaceKind)
WEB_KINDS = tuple(k for k in SurfaceKind if k not in (*DIMSE_KINDS, SurfaceKind.UNKNOWN))
NOT_PERMITTED = "not asked: the scope does not permit it"
NAIVE_TITLE = "ANY-SCP"  # the called AE title that a probe uses where the owner gave none

# The questions were cut short, so what they did not show is not known.
_UNFINISHED = (
    Status.BUDGET_SPENT,
    Status.INTERNAL_ERROR,
    Status.INTERRUPTED,
    Status.IO_TIMEOUT,
    Status.CONNECTION_TIMEOUT,
)

# Protocols whose first words leave no doubt that neither DICOM nor the web is spoken there.
TELLING = ("SSH", "RDP or another TPKT protocol", "FTP or SMTP", "VNC")
_HUNG_UP = "hung up without an answer, as a server does that turns callers away by address"
_UNHEARD_WORDS = {
    Status.TLS_ERROR: "TLS could not be set up, so nothing could be asked inside it",
    Status.CONNECTION_RESET: _HUNG_UP,
    Status.CONNECTION_CLOSED: _HUNG_UP,
    Status.PROTOCOL_ERROR: "answered in a way that no protocol of ours allows, so nothing could be asked",
}


class Opinion(Record):
    """What one surface says about one question."""

    outcome: Outcome
    words: str
    severity: Severity | None = None


def vulnerable(surface: Surface, words: str, severity: Severity | None = None) -> Opinion:
    """An open door on this surface."""
    return Opinion(outcome=Outcome.VULNERABLE, words=f"{where(surface)} {words}", severity=severity)


def unknown(surface: Surface, words: str) -> Opinion:
    """An open question on this surface."""
    return Opinion(outcome=Outcome.UNKNOWN, words=f"{where(surface)}: {words}")


def ok(surface: Surface, words: str) -> Opinion:
    """An answer that shows the door closed."""
    return Opinion(outcome=Outcome.OK, words=f"{where(surface)} {words}")


def unheard(surface: Surface) -> Opinion | None:
    """The opinion on a surface below `speaks`: unknown where its silence tells nothing, None where nothing is there."""
    if surface.proof is Rung.SILENT:
        if surface.status is Status.CONNECTION_REFUSED:
            return None
        return unknown(surface, f"no answer ({surface.status}), which is not proof of a closed door")
    if wants_certificate(surface):
        return ok(surface, "turns away a caller without a client certificate")
    if surface.status in _UNFINISHED:
        return unknown(surface, f"the questions ended early ({surface.status})")
    if surface.status is Status.PROTOCOL_ERROR and surface.facts.detail in TELLING:
        return None  # another protocol introduced itself
    spoke_http = surface.status is Status.PROTOCOL_ERROR and surface.kind is SurfaceKind.WEB
    words = _unread(surface) if spoke_http else _UNHEARD_WORDS.get(surface.status)
    return unknown(surface, words) if words else None


def _unread(surface: Surface) -> str:
    """What is to be said of a web server that spoke HTTP, and left a question without an answer that tells anything."""
    seen = f"{surface.status}: {surface.detail}" if surface.detail else surface.status
    return f"some questions got no answer that tells anything ({seen})"


def left_open(surface: Surface, probed: Probed) -> Opinion | None:
    """The opinion on a web server as such: unknown where it left a question unanswered, None where it left none."""
    if surface.kind is not SurfaceKind.WEB or surface.proof is not Rung.OTHER:
        return None
    web = surface.facts.web
    led = () if web is None else web.leads_to
    if surface.status is not Status.SUCCESS and (web is None or web.unanswered or not led):
        return unknown(surface, _unread(surface))
    left = next((origin for origin in led if not _assessed(origin, probed)), None)
    if left is not None:
        return unknown(surface, f"leads paths of DICOM on to {left}, which is not followed; check that address too")
    to = web.redirects_to if web is not None else None
    if to is None or _assessed(to, probed):
        return None
    elsewhere = to if "//" in to else "HTTPS elsewhere"
    return unknown(surface, f"sends callers on to {elsewhere}, which is not followed; check that address too")


def _assessed(origin: str, probed: Probed) -> bool:
    """Whether an origin is this target's own, on a port that was asked by the same scheme."""
    try:
        to = urlsplit(origin)
        host, port = to.hostname, to.port or (443 if to.scheme == "https" else 80)
    except ValueError:
        return False
    secure = to.scheme == "https"
    asked = {one.port for one in probed.surfaces if one.tls is secure and one.proof.at_least(Rung.OTHER)}
    return host == probed.host.lower() and port in asked


def wants_certificate(surface: Surface) -> bool:
    """Whether the surface turned us away for want of a client certificate."""
    tls = surface.facts.tls
    return tls is not None and tls.client_certificate == "required" and not surface.proof.at_least(Rung.ADMITS)


def turned_away(surface: Surface) -> Opinion:
    """The opinion on a DIMSE surface that opened no association (PS3.8 Table 9-21).

    Where the owner gave titles, what those met counts: that a made-up one was refused says nothing then.
    """
    attempts = surface.facts.dimse.attempts if surface.facts.dimse else ()
    given = tuple(attempt for attempt in attempts if attempt.called_ae_title != NAIVE_TITLE)
    tried = given or attempts
    unanswered = next((one for one in tried if one.status is not Status.REJECTED), None)
    if unanswered is not None:
        return unknown(
            surface, _UNANSWERED.get(unanswered.status, f"no answer that can be judged ({unanswered.status})")
        )
    rejections = [attempt.rejection for attempt in tried if attempt.rejection is not None]
    open_question = _open_question(rejections)
    if open_question is not None:
        return unknown(surface, open_question)
    if surface.status in _UNFINISHED:
        return unknown(surface, f"the questions ended early ({surface.status})")
    if rejections and all(_is(rejection, 1, 1, 3) for rejection in rejections):
        return ok(
            surface,
            "turned the unknown caller away by name (calling AE title not recognized); an AE title is a name that "
            "anybody can use, not an identity",
        )
    if given:
        return ok(surface, "turned the caller away under the called AE title that was given")
    return unknown(
        surface,
        "turned away without a reason, perhaps for the called AE title only; give the title as "
        "dicom://AET@host:port to know",
    )


_UNANSWERED = {
    Status.ABORTED: "aborted an association request, as a server may for what is in it, and not for who calls",
    Status.PROTOCOL_ERROR: "answered an association request in a way that breaks the standard; nothing could be asked",
    Status.CONNECTION_CLOSED: "hung up on an association request without an answer",
    Status.CONNECTION_RESET: "hung up on an association request without an answer",
}


def _open_question(rejections: list[Rejection]) -> str | None:
    """Why these rejections do not tell whether a stranger would get in; None where they may."""
    if any(rejection.result == 2 or rejection.source == 3 for rejection in rejections):
        return "turned away for the moment only (transient rejection); try again later"
    if any(_is(rejection, 1, 1, 7) for rejection in rejections):
        return (
            "turned away for its called AE title only, which is no password; give the title as "
            "dicom://AET@host:port to know"
        )
    if any(not _is(rejection, 1, 1, 1) and not _is(rejection, 1, 1, 3) for rejection in rejections):
        return "turned away for a reason that has nothing to do with who called"
    return None


def _is(rejection: Rejection, result: int, source: int, reason: int) -> bool:
    return (rejection.result, rejection.source, rejection.reason) == (result, source, reason)


def reading(surface: Surface, probed: Probed) -> Opinion | None:
    """Whether a stranger reads a patient's record on this surface; None where there is nothing to read."""
    if surface.proof.at_least(Rung.READABLE):
        return vulnerable(surface, "gives a stranger patients' records")
    if wants_certificate(surface):
        return ok(surface, "turns away a caller without a client certificate")
    if not surface.proof.at_least(Rung.SPEAKS):
        return unheard(surface) or left_open(surface, probed)
    if surface.proof is Rung.ADMITS:
        return _admitted(surface, probed)
    if surface.kind in DIMSE_KINDS:
        return turned_away(surface)
    return _web_refusal(surface, probed)


def _web_refusal(surface: Surface, probed: Probed) -> Opinion:
    if surface.status in _UNFINISHED:
        return unknown(surface, f"the questions ended early ({surface.status})")
    web = surface.facts.web
    everywhere = web is not None and bool(web.catch_all)
    if surface.kind is SurfaceKind.VIEWER:
        return unknown(surface, "shows a page with a login form; what it shows without one could not be told")
    # Where only counters and pages may be asked, a 401 there says nothing about the paths that give records.
    if Permission.READ_RECORD not in probed.permits and not everywhere:
        return unknown(surface, NOT_PERMITTED)
    return ok(surface, "asks for a login, or refuses, before it shows anything")


def _admitted(surface: Surface, probed: Probed) -> Opinion:
    reason = surface.facts.no_record
    if reason is NoRecord.NOT_ASKED or Permission.READ_RECORD not in probed.permits:
        permitted = Permission.READ_RECORD in probed.permits
        return unknown(surface, "records were not asked for" if permitted else NOT_PERMITTED)
    if surface.status in _UNFINISHED:
        return unknown(surface, f"the questions ended early ({surface.status})")
    if reason is NoRecord.REFUSED:
        asked = surface.facts.dimse is None or surface.facts.dimse.queries
        why = "refuses to give records" if asked else "offers no query of studies or patients"
        return ok(surface, f"lets a stranger in, and {why}")
    if reason is NoRecord.NOTHING_FOUND:
        return unknown(
            surface, "the query was accepted and matched nothing, which is not proof: the archive may be empty"
        )
    failures = _failures(surface)
    if failures:
        return unknown(surface, f"failed over the query ({failures}), as servers do that find more than their limit")
    return unknown(surface, "lets a stranger in, and whether it gives records could not be decided")


def _failures(surface: Surface) -> str:
    """The failures that queries were answered with (PS3.4 Table C.4-1: A7xxH, A9xxH, CxxxH)."""
    asked = surface.facts.dimse.queries if surface.facts.dimse else ()
    shown = (query.dimse_status for query in asked if query.dimse_status)
    return ", ".join(sorted({f"{status}H" for status in shown if status.startswith(("A7", "A9", "C"))}))


def combine(probed: Probed, opinions: Iterable[Opinion | None], absent: str) -> Verdict:
    """One verdict of the opinions on all surfaces; `absent` says in words what was not there to judge."""
    if not probed.surfaces:
        return Verdict(outcome=Outcome.UNKNOWN, seen=f"The target was not reached ({probed.status}).")
    formed = [opinion for opinion in opinions if opinion is not None]
    for outcome in (Outcome.VULNERABLE, Outcome.UNKNOWN, Outcome.OK):
        same = [opinion for opinion in formed if opinion.outcome is outcome]
        if same:
            words = "; ".join(dict.fromkeys(opinion.words for opinion in same))
            severities = [opinion.severity for opinion in same if opinion.severity is not None]
            # A check that grades does so for every open door; one that does not leaves it to its own severity.
            worst = min(severities, key=lambda severity: severity.rank) if severities else None
            return Verdict(outcome=outcome, seen=f"{words}.", severity=worst)
    if probed.status is not Status.SUCCESS and not any(s.proof.at_least(Rung.OTHER) for s in probed.surfaces):
        return Verdict(outcome=Outcome.UNKNOWN, seen=f"Nothing answered at this target ({probed.status}).")
    return Verdict(outcome=Outcome.NOT_APPLICABLE, seen=absent)


def over(
    probed: Probed, kinds: tuple[SurfaceKind, ...], opinion: Callable[[Surface], Opinion | None]
) -> list[Opinion | None]:
    """`opinion` on each surface of these kinds, and whether each silence elsewhere leaves the question open.

    A surface whose kind nobody could tell counts for every question: it may be one of these. A web server as such
    counts for every question on the web: what it left unanswered may have been one of these.
    """
    family = [kind for kinship in (DIMSE_KINDS, WEB_KINDS) if set(kinship) & set(kinds) for kind in kinship]
    opinions: list[Opinion | None] = []
    for surface in probed.surfaces:
        if surface.kind in kinds:
            opinions.append(opinion(surface))
        elif surface.kind is SurfaceKind.UNKNOWN or (surface.kind in family and surface.proof is Rung.SILENT):
            opinions.append(unheard(surface))
        elif surface.kind is SurfaceKind.WEB and surface.kind in family:
            opinions.append(unheard(surface) or left_open(surface, probed))
    return opinions
