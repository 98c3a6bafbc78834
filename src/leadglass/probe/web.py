"""One web port assessed: a nonsense path, the start page, products' own APIs, then DICOMweb under its usual roots.

Cost: at most 100 requests over one connection at a time, with TLS also what `tls` states; sub-probes state their own.
"""

from urllib.parse import quote

import msgspec

from leadglass.knowledge.web_roots import DICOMWEB_ROOTS, WADO_URI_PATHS, archive_root
from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import SurfaceFacts, TlsFacts
from leadglass.model.words import NoRecord, Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.probe.dcm4chee_rest import MAX_TITLES, probe_dcm4chee
from leadglass.probe.dicomweb import probe_dicomweb
from leadglass.probe.dicoogle_rest import probe_dicoogle
from leadglass.probe.orthanc_rest import probe_orthanc
from leadglass.probe.orthanc_webdav import probe_webdav
from leadglass.probe.outcome import Probe
from leadglass.probe.tls import UNCONNECTED, learn_tls, requires_certificate
from leadglass.probe.ups_rs import probe_ups
from leadglass.probe.wado_uri import probe_wado
from leadglass.probe.web_page import Page, read_page
from leadglass.probe.web_session import WebSession
from leadglass.probe.web_surface import unread, web_probe


async def probe_web(
    host: Host,
    port: int,
    *,
    secure: bool,
    path: str = "",
    contact: str,
    called_ae_titles: tuple[str, ...] = (),
) -> tuple[Probe, ...]:
    """The surfaces of one port. Never raises for what the peer does; `path` is what the user gave."""
    before = host.meter.ledger()
    path = quote(path, safe="/%:@!$&'()*+,;=~")
    tls: TlsFacts | None = None
    try:
        if secure:
            learned = await learn_tls(host, port)
            tls = learned.facts
            if not learned.speaks_tls or tls.client_certificate == "required":
                step = Step.CONNECT if learned.status in UNCONNECTED else Step.TLS
                failure = StepFailed(learned.status, step, learned.detail or "TLS asks for a client's certificate")
                return (_not_web(host, port, tls if learned.speaks_tls else None, failure, before),)
        async with WebSession(host, port, tls=tls, contact=contact) as session:
            return await _ask(session, path, called_ae_titles, before)
    except StepFailed as failure:
        if tls is not None and requires_certificate(tls, failure.status, failure.step):
            tls = msgspec.structs.replace(tls, client_certificate="required")
        return (_not_web(host, port, tls, failure, before),)


async def _ask(session: WebSession, path: str, titles: tuple[str, ...], before: Ledger) -> tuple[Probe, ...]:
    """All questions to a port. Raises StepFailed where the first is not answered as the web does."""
    nonsense = await session.learn_nonsense()
    session.begin()
    page = await read_page(session, path or "/")
    page_facts = _page_facts(session, page)
    orthanc = await probe_orthanc(session, nonsense)
    archive, listed = await probe_dcm4chee(session)
    named = (orthanc, archive, await probe_dicoogle(session), await probe_webdav(session))
    probes = [probe for probe in named if probe is not None]
    probes += await _dicomweb(session, path, tuple(dict.fromkeys((*titles, *listed))))
    probes += _start_page(session, page, page_facts, probes, before)
    return _settled(session.host.meter.since(before), probes)


async def _dicomweb(session: WebSession, path: str, titles: tuple[str, ...]) -> list[Probe]:
    """DICOMweb, UPS-RS and WADO-URI."""
    archives = (archive_root(title) for title in titles[:MAX_TITLES])
    roots = dict.fromkeys((*((path,) if path else ()), *DICOMWEB_ROOTS, *archives))
    probes, found = [], []
    for root in roots:
        probe = await probe_dicomweb(session, root, root or "/")
        if probe is not None:
            probes.append(probe)
            found.append(root)
    for root in found:
        probe = await probe_ups(session, root)
        probes += [probe] if probe else []
    for wado in WADO_URI_PATHS:
        probe = await probe_wado(session, wado)
        probes += [probe] if probe else []
    return probes


def _page_facts(session: WebSession, page: Page) -> SurfaceFacts:
    login = {name: value for name, value in page.login.items() if value is not None}
    return session.facts(
        "/",
        **login,
        login_form=page.login_form,
        redirects_to=page.redirects_to,
        products=(page.viewer,) if page.viewer else (),
        marks=("the title of its page",) if page.viewer else (),
    )


def _start_page(
    session: WebSession, page: Page, facts: SurfaceFacts, probes: list[Probe], before: Ledger
) -> list[Probe]:
    """The page as a surface: a viewer by its title, else a web service that is none of ours, else nothing."""
    told = session.ended is None or any(probe.surface.status is session.ended.status for probe in probes)
    if page.viewer is None and probes and told:
        return []
    served = page.status_code is not None and 200 <= page.status_code < 300
    kind, proof = SurfaceKind.WEB, Rung.OTHER
    if page.viewer is not None:
        kind = SurfaceKind.VIEWER
        proof = Rung.ADMITS if served and not page.login_form else Rung.SPEAKS
    refused = proof is Rung.SPEAKS
    no_record = NoRecord.REFUSED if refused else unread(session.host) if proof is Rung.ADMITS else None
    start = before if not probes else session.host.meter.ledger()
    return [web_probe(session, kind, proof, facts, start, no_record=no_record)]


def _settled(cost: Ledger, probes: list[Probe]) -> tuple[Probe, ...]:
    """Questions that served all surfaces, or found nothing, are charged to the first, so that sums are the cost."""
    first, *rest = probes
    shares = [probe.surface for probe in rest]
    surface = msgspec.structs.replace(
        first.surface,
        records_received=cost.records_received - sum(s.records_received for s in shares),
        connections=cost.connections - sum(s.connections for s in shares),
        busy_s=round(cost.busy_s - sum(s.busy_s for s in shares), 6),
        bytes_received=cost.bytes_received - sum(s.bytes_received for s in shares),
    )
    return (msgspec.structs.replace(first, surface=surface), *rest)


def _not_web(host: Host, port: int, tls: TlsFacts | None, failure: StepFailed, before: Ledger) -> Probe:
    """A port that does not answer as the web does."""
    unheard = failure.step in (Step.CONNECT, Step.SCOPE) or failure.status in (Status.IO_TIMEOUT, Status.BUDGET_SPENT)
    cost = host.meter.since(before)
    if failure.step is Step.CONNECT:
        tls = None  # nothing listens: there is no TLS to judge
    surface = Surface(
        kind=SurfaceKind.UNKNOWN,
        port=port,
        tls=tls is not None,
        status=failure.status,
        proof=Rung.SILENT if unheard else Rung.OTHER,
        retrieval=Retrieval.NOT_ASKED,
        facts=SurfaceFacts(tls=tls),
        step=failure.step,
        detail=failure.detail,
        records_received=cost.records_received,
        connections=cost.connections,
        busy_s=cost.busy_s,
        bytes_received=cost.bytes_received,
    )
    return Probe(
        surface=surface, try_other=failure.step is not Step.CONNECT and failure.status is not Status.BUDGET_SPENT
    )
