"""What was observed on a surface, as labelled lines for the person who runs it; no patient's data is in them."""

from leadglass.model.assessment import Surface
from leadglass.model.facts import (
    Attempt,
    Cap,
    Context,
    DimseFacts,
    Query,
    RetrievalProof,
    RetrievalSample,
    TlsFacts,
    WebFacts,
)
from leadglass.report.arrange import ended
from leadglass.report.figures import duration, plural, size

Detail = tuple[str, str]


def details(surface: Surface) -> list[Detail]:
    """The facts of `surface` by name; a fact that was not observed is left out."""
    facts = surface.facts
    lines: list[tuple[str, str | None]] = [("note", facts.detail)]
    if facts.dimse is not None:
        lines += _dimse(facts.dimse)
    if facts.tls is not None:
        lines += _tls(facts.tls)
    if facts.web is not None:
        lines += _web(facts.web)
    lines.append(("cost", cost(surface.records_received, surface.connections, surface.busy_s, surface.bytes_received)))
    return [(name, words) for name, words in lines if words]


def cost(records: int, connections: int, busy_s: float, received_bytes: int) -> str:
    """What the questions cost a server, in one sentence."""
    sent = f"{plural(records, 'record')} sent to us (counted, none kept)" if records else "no record sent to us"
    received = f"{size(received_bytes)} received"
    return f"{plural(connections, 'connection')}, {sent}, busy for {duration(busy_s)}, {received}"


def _dimse(facts: DimseFacts) -> list[tuple[str, str | None]]:
    accepted = [context for context in facts.contexts if context.accepted]
    refused = [context for context in facts.contexts if not context.accepted]
    version = ", ".join(part for part in (facts.implementation_version_name, facts.implementation_class_uid) if part)
    return [
        *(("association", _attempt(attempt)) for attempt in facts.attempts),
        ("implementation", version),
        ("accepts", _contexts(accepted)),
        ("refuses", _contexts(refused)),
        ("C-ECHO", facts.echo and f"status {facts.echo}"),
        *(("C-FIND", _query(query)) for query in facts.queries),
        ("ignores keys", ", ".join(facts.ignored_keys)),
        ("C-GET proof", _proof(facts.retrieval_proof) if facts.retrieval_proof else None),
        ("C-GET sample", _retrieval_sample(facts.retrieval_sample) if facts.retrieval_sample else None),
        ("storing", _contexts(facts.storage_contexts) and f"{_contexts(facts.storage_contexts)} (nothing was stored)"),
        ("cap", _cap(facts.cap) if facts.cap else None),
    ]  # fmt: skip


def _attempt(attempt: Attempt) -> str:
    detail = attempt.rejection.words if attempt.rejection else attempt.detail
    return f"as {attempt.called_ae_title}: {ended(attempt.status, None, detail)}"


def _cap(cap: Cap) -> str:
    return f"answers seem to end at {plural(cap.records, 'record')} ({cap.sign})"


def _contexts(contexts: list[Context] | tuple[Context, ...]) -> str:
    return ", ".join(context.name or context.sop_class_uid for context in contexts)


def _query(query: Query) -> str:
    status = f", status {query.dimse_status}" if query.dimse_status else ""
    asked = f"{query.model}, {query.level} level, keys {query.keys}"
    return f"{asked}: {plural(query.records, 'record')}{status}, {ended(query.status, None, query.detail)}"


def _proof(proof: RetrievalProof) -> str:
    words = (
        f"{proof.level} level: status {proof.dimse_status or 'none'}, shown {_shown(proof.shown)}; "
        f"control: status {proof.control_dimse_status or 'none'}, shown {_shown(proof.control_shown)}"
    )
    return f"{words} ({proof.detail})" if proof.detail else words


def _retrieval_sample(sample: RetrievalSample) -> str:
    words = f"{plural(sample.asked, 'study')} of those counted asked for at {sample.level} level, one image each"
    ends = ((sample.handed, "handed over"), (sample.withheld, "not"), (sample.unanswered, "without an answer"))
    return f"{words}: {', '.join(f'{count} {end}' for count, end in ends if count)}"


def _shown(count: int | None) -> str:
    return "no counts" if count is None else str(count)


def _tls(facts: TlsFacts) -> list[tuple[str, str | None]]:
    lines: list[tuple[str, str | None]] = [
        ("TLS", ", ".join(part for part in (facts.version, facts.cipher_suite, facts.detail) if part)),
        ("lowest TLS", facts.lowest_version and f"{facts.lowest_version} (tried down to {facts.lowest_tried or '?'})"),
        ("weak suites", ", ".join(facts.weak_suites or ())),
        ("client certificate", facts.client_certificate.replace("-", " ")),
    ]
    shown = facts.certificate
    if shown is None:
        return lines
    valid = [f"{name} {at:%Y-%m-%d}" for name, at in (("from", shown.not_before), ("to", shown.not_after)) if at]
    return [
        *lines,
        ("certificate", ", ".join(part for part in (shown.subject, shown.key, shown.detail) if part)),
        ("issued by", f"{shown.issuer} (by itself)" if shown.self_signed else shown.issuer),
        ("names", ", ".join(shown.names)),
        ("valid", " ".join(valid)),
    ]


def _web(facts: WebFacts) -> list[tuple[str, str | None]]:
    login = ", ".join(part for part in (facts.challenge, facts.realm) if part)
    return [
        ("server", facts.server),
        ("products", " ".join(part for part in (", ".join(facts.products), facts.version) if part)),
        ("known by", ", ".join(facts.marks)),
        ("login", login),
        *((endpoint.method, f"{endpoint.path}: {endpoint.status_code or 'no answer'}, {endpoint.means}")
          for endpoint in facts.endpoints),
        ("redirects to", facts.redirects_to),
        ("ignores keys", ", ".join(facts.ignored_keys)),
    ]  # fmt: skip
