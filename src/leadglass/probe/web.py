"""One web port assessed: what a stranger is shown on each of its surfaces, proved by answers that nonsense never gets.

Cost: a handshake or five over TLS; about 38 requests where nothing of ours is found, and what each module beside this
one states where something is. DICOMweb roots are tried until one gives everything, or 3 are open: a server with many
names is not worn out. A root that leads to another on the same server is followed there, for at most 2 of them.
"""

import re

import msgspec

from leadglass.knowledge.web_roots import DCM4CHEE_PREFIX, DCM4CHEE_TITLE, DICOMWEB_ROOTS, ORTHANC_BASES, WADO_URI_PATHS
from leadglass.model.assessment import Ledger, Surface
from leadglass.model.facts import SurfaceFacts, TlsFacts
from leadglass.model.words import Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.net.web import ANSWERS_IN_TLS, WebClient
from leadglass.probe.dcm4chee_rest import as_titles, probe_dcm4chee, rs_root
from leadglass.probe.dicomweb import probe_root
from leadglass.probe.dicoogle_rest import probe_dicoogle
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.orthanc_rest import probe_orthanc
from leadglass.probe.outcome import Probe, make_surface
from leadglass.probe.tls import learn_tls, requires_certificate
from leadglass.probe.ups_rs import probe_workitems
from leadglass.probe.viewer import look_at_page
from leadglass.probe.wado_uri import probe_wado
from leadglass.probe.web_path import as_base, base_behind, bases_of
from leadglass.probe.web_session import WebSession
from leadglass.probe.webdav import probe_webdav

MAX_OPEN_ROOTS = 3
# What nginx, Apache, Go and Tomcat say to a request in clear on their TLS port.
_WANTS_TLS = re.compile(
    rb"plain HTTP request|speaking plain HTTP|HTTP request to an HTTPS server|port requires TLS", re.IGNORECASE
)
_HUNG_UP = (Status.CONNECTION_RESET, Status.CONNECTION_CLOSED)
_NOBODY_THERE = (
    Status.CONNECTION_REFUSED,
    Status.CONNECTION_TIMEOUT,
    Status.UNREACHABLE,
    Status.OUT_OF_SCOPE,
    Status.BUDGET_SPENT,
)


async def probe_web(
    host: Host,
    port: int,
    *,
    secure: bool,
    path: str = "",
    contact: str,
    called_ae_titles: tuple[str, ...] = (),
    hello_s: float | None = None,
    told: list[Probe] | None = None,
    touch: bool = False,
) -> tuple[Probe, ...]:
    """The surfaces of one web port. `path` is what the user gave; the titles are those that the user or scope gave.

    `hello_s` bounds the wait for the first answer in HTTP more narrowly; `told` gets each surface as soon as it is
    finished, so that it outlives what may become of the next. `touch` looks at the start page alone. Never raises for
    what the peer does.
    """
    found: list[Probe] = [] if told is None else told
    before = host.meter.ledger()
    tls: TlsFacts | None = None
    if secure:
        try:
            learned = await learn_tls(host, port)
        except StepFailed as failure:
            return (_no_http(host, port, None, failure, before, secure=True),)
        tls = learned.facts
        if not learned.speaks_tls or tls.client_certificate == "required":
            step = Step.CONNECT if learned.status in _NOBODY_THERE else Step.TLS
            return (_no_http(host, port, tls, StepFailed(learned.status, step, learned.detail), before, secure=True),)
    async with WebClient(host, port, Offer().context if secure else None, contact) as client:
        session = WebSession(host, port, client, tls, before)
        if await session.ask_nonsense(hello_s) is None and session.last_failure is not None:
            return (_no_http(host, port, tls, session.last_failure, before, secure=secure),)
        if touch:
            page = await look_at_page(session, "/")
            found.append(page.probe() if page.kind is SurfaceKind.VIEWER else _as_such(page))
            return _with_the_rest(tuple(found), session.bill())
        await _surfaces(session, as_base(path), as_titles(called_ae_titles), found)
        return _with_the_rest(tuple(found), session.bill())


async def _surfaces(session: WebSession, given: str, titles: tuple[str, ...], found: list[Probe]) -> None:
    def keep(inquiry: Inquiry | None) -> bool:
        if inquiry is not None:
            found.append(inquiry.probe())
        return inquiry is not None

    page = await look_at_page(session, "/")
    if page.kind is SurfaceKind.WEB and given:
        other = await look_at_page(session, given)
        page = other if other.kind is SurfaceKind.VIEWER else page
    if page.kind is SurfaceKind.VIEWER:
        keep(page)
    behind = base_behind(page.landed)
    bases = tuple(dict.fromkeys((*bases_of(given), *ORTHANC_BASES, *behind)))
    await _orthanc(session, bases, found)
    for base in bases:
        if keep(await probe_webdav(session, base)):
            break
    arc, listed = await probe_dcm4chee(session)
    keep(arc)
    await _dicomweb(session, _roots(given, behind, as_titles((*titles, *listed, DCM4CHEE_TITLE))), found)
    keep(await probe_dicoogle(session))
    for wado in dict.fromkeys((*WADO_URI_PATHS, *_wado_paths(found))):
        if keep(await probe_wado(session, wado, wado)):
            break
    await _see_that_it_still_answers(session)
    elsewhere = page.redirects_to is not None
    if page.kind is SurfaceKind.WEB and (not found or page.login_form or elsewhere):
        found.append(_as_such(page))
    elif session.unanswered or session.leads_to:
        found.append(_as_such(Inquiry(session, SurfaceKind.WEB)))


async def _see_that_it_still_answers(session: WebSession) -> None:
    """A server that meets nonsense otherwise than at the beginning may have turned us away in between."""
    before, answered = session.nonsense, session.nonsense_answer
    if before is None or answered is None:
        return
    answer = await session.ask_nonsense()
    after = session.nonsense
    session.nonsense, session.nonsense_answer = before, answered
    if answer is None or after is None:
        return
    if (after.status_code, after.media_type) != (before.status_code, before.media_type):
        session.undecided("it met a path that nobody serves otherwise at the end than at the beginning")


async def _orthanc(session: WebSession, bases: tuple[str, ...], found: list[Probe]) -> None:
    """The first Orthanc that is open, and the first that asks for a login: one at `/` does not close another's door."""
    closed = False
    for base in bases:
        inquiry = await probe_orthanc(session, base)
        if inquiry is None:
            continue
        admits = inquiry.proof.at_least(Rung.ADMITS)
        if admits or not closed:
            found.append(inquiry.probe())
        if admits:
            return
        closed = True


async def _dicomweb(session: WebSession, roots: tuple[str, ...], found: list[Probe]) -> None:
    """Each root that is DICOMweb, with the worklist beside it, until enough were open.

    A worklist is a door of its own: that the archive beside it asks for a login, or is not there, does not close it.
    """
    open_roots = 0
    waiting = list(roots)
    for place, root in enumerate(waiting):  # a root that one leads to is the next
        shown = root if root in roots else "/{redirected}"  # the peer chose it, and may have put anything there
        inquiry = await probe_root(session, root, shown)
        waiting[place + 1 : place + 1] = [to for to in session.roots_led_to if to not in waiting]
        if inquiry is not None:
            found.append(inquiry.probe())
        admitted = inquiry is not None and inquiry.proof.at_least(Rung.ADMITS)
        # Each of dcm4chee-arc's titles is a root: those that nobody answers under are not worth another question.
        asked = admitted or not root.startswith(DCM4CHEE_PREFIX)
        worklist = await probe_workitems(session, root, shown) if asked else None
        if worklist is not None:
            found.append(worklist.probe())
        open_roots += any(one is not None and one.proof.at_least(Rung.READABLE) for one in (inquiry, worklist))
        # Another root beside one that gives everything is mostly another name of it, and costs as much; what
        # dcm4chee-arc shows depends on the AE title.
        everything = inquiry is not None and inquiry.proof is Rung.RETRIEVABLE
        if (everything and not root.startswith(DCM4CHEE_PREFIX)) or open_roots >= MAX_OPEN_ROOTS:
            return


def _roots(given: str, behind: tuple[str, ...], titles: tuple[str, ...]) -> tuple[str, ...]:
    """The roots to try, the user's first: as it is, and as the front of a usual one; `behind` as a front alone."""
    usual = [row.path for row in DICOMWEB_ROOTS]
    own = [root for base in bases_of(given) for root in (base, f"{base}/dicom-web")]
    own += [f"{base}/dicom-web" for base in behind]
    return tuple(dict.fromkeys([*own, *usual, *(rs_root(title) for title in titles)]))


def _wado_paths(found: list[Probe]) -> tuple[str, ...]:
    """Where WADO-URI stands beside dcm4chee-arc's DICOMweb roots."""
    bases = (probe.surface.facts.web.base for probe in found if probe.surface.facts.web is not None)
    return tuple(f"{b.removesuffix('/rs')}/wado" for b in bases if b.startswith(DCM4CHEE_PREFIX) and b.endswith("/rs"))


def _as_such(page: Inquiry) -> Probe:
    """The web server as such, with the way that it meets nonsense.

    A question that got no answer, and has no surface of its own, shows here: what it would have found is not known,
    which is not "nothing there".
    """
    session = page.session
    page.proof = Rung.OTHER
    page.take_over()
    if session.nonsense_answer is not None:
        page.note("/{nonsense}", session.nonsense_answer, "a path that nobody serves")
        if session.nonsense_answer.status_code == 400 and not session.client.secure:
            if _WANTS_TLS.search(session.nonsense_answer.body):
                page.mark("says that it speaks HTTPS")
                wants_tls = StepFailed(Status.PROTOCOL_ERROR, Step.REQUEST, "it wants HTTPS on this port")
                page.failure = wants_tls
            return page.probe(try_scheme=True)
    return page.probe()


def _no_http(
    host: Host, port: int, tls: TlsFacts | None, failure: StepFailed, before: Ledger, *, secure: bool
) -> Probe:
    """A port that gave no answer in HTTP."""
    if tls is not None and requires_certificate(tls, failure.status, failure.step):
        tls = msgspec.structs.replace(tls, client_certificate="required")
        failure = StepFailed(failure.status, failure.step, "TLS asks for a client's certificate")
    listens = failure.step is not Step.CONNECT and failure.status not in _NOBODY_THERE
    if failure.step is Step.CONNECT:
        tls, secure = None, False  # nothing listens: there is no TLS to judge
    cost = host.meter.since(before)
    # Who says something that never becomes an answer, as SSH's greeting does not, is no silence.
    unanswered = failure.status is Status.IO_TIMEOUT and not cost.bytes_received
    surface = make_surface(
        SurfaceKind.UNKNOWN,
        port,
        tls=secure,
        proof=Rung.OTHER if listens and not unanswered else Rung.SILENT,
        facts=SurfaceFacts(tls=tls),
        cost=cost,
        failure=failure,
    )
    return Probe(surface=surface, try_other=listens, try_scheme=listens and _other_scheme(failure, cost, tls))


def _other_scheme(failure: StepFailed, cost: Ledger, tls: TlsFacts | None) -> bool:
    """Whether a failure looks as where HTTP is asked in clear on a port of TLS, or over TLS on a port without it."""
    if tls is not None:
        return failure.step is Step.TLS and tls.client_certificate != "required"
    return failure.detail == ANSWERS_IN_TLS or (failure.status in _HUNG_UP and not cost.bytes_received)


def _with_the_rest(probes: tuple[Probe, ...], rest: Ledger) -> tuple[Probe, ...]:
    """The questions that found nothing are billed to the last surface, so that the sum is what the port cost."""
    last = probes[-1]
    surface: Surface = msgspec.structs.replace(
        last.surface,
        connections=last.surface.connections + rest.connections,
        busy_s=round(last.surface.busy_s + rest.busy_s, 6),
        bytes_received=last.surface.bytes_received + rest.bytes_received,
        records_received=last.surface.records_received + rest.records_received,
    )
    return (*probes[:-1], msgspec.structs.replace(last, surface=surface))
