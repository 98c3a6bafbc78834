"""One web port's questions pass through here: failures become values, and every surface is billed what it cost.

Cost: one request for a nonsense path, and at most one more for a control under a nonsense root.
"""

import logging
import secrets
from collections.abc import Mapping

from leadglass.knowledge.web_roots import DCM4CHEE_PREFIX
from leadglass.model.assessment import Ledger
from leadglass.model.facts import Endpoint, SurfaceFacts, TlsFacts, WebFacts
from leadglass.model.text import clean
from leadglass.model.ways import Way
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.web import DEFAULT_MAX_BODY_BYTES, WebAnswer, WebClient
from leadglass.probe.catch_all import LOGIN_STATUSES, Manner, alike, answers_everything, challenge_of, manner
from leadglass.probe.outcome import Probe, make_surface

MAX_FAILURES_IN_A_ROW = 3  # a server that stopped answering is left alone
_NO_USE_GOING_ON = (Status.BUDGET_SPENT, Status.TLS_ERROR, Status.OUT_OF_SCOPE, Status.CONNECTION_REFUSED)
_HOLDING = (200, 207)  # what is packed in any other answer says nothing that we want
_ITS_OWN_ERRORS = (429, 500, 502, 503, 504)  # RFC 6585 4, RFC 9110 15.6: not now, or not for want of anything of ours
_log = logging.getLogger("leadglass.probe")


class WebSession:
    """One port of one host while it is asked; `nonsense` is how it answers a path that nobody serves."""

    def __init__(self, host: Host, port: int, client: WebClient, tls: TlsFacts | None, before: Ledger) -> None:
        """`before` is what the host had cost when its port's probe began."""
        self.host = host
        self.port = port
        self.client = client
        self.tls = tls
        self.server: str | None = None
        self.nonsense: Manner | None = None
        self.nonsense_answer: WebAnswer | None = None
        self.last_failure: StepFailed | None = None
        self.unanswered = 0  # questions without an answer that can be read, as far as no surface tells of them
        self.leads_to: list[str] = []  # origins to which paths of DICOM lead, and which nobody followed
        self.roots_led_to: list[str] = []  # roots of this server to which others lead
        self.left: list[Endpoint] = []  # what was seen where a question stayed open
        self.left_failure: StepFailed | None = None
        self._controls: dict[tuple[bool, str], Manner | None] = {}
        self._failures = 0
        self._dead = False
        self._billed = before

    async def ask(
        self,
        path: str,
        template: str,
        *,
        method: str = "GET",
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
        within_s: float | None = None,
    ) -> WebAnswer | None:
        """The answer, None where there was none: then `last_failure` says why. Only `template` is logged."""
        if self._dead:
            self.unanswered += 1
            return None

        try:
            answer = await self.client.ask(
                path,
                method=method,
                accept=accept,
                headers=headers,
                max_body_bytes=max_body_bytes,
                within_s=within_s,
            )
        except StepFailed as failure:
            self.last_failure = failure
            self.unanswered += 1
            self._failures += 1
            self._dead = failure.status in _NO_USE_GOING_ON or self._failures >= MAX_FAILURES_IN_A_ROW
            _log.debug("%s %s: %s", method, template, failure.status.value)
            return None
        self._failures = 0
        if answer.packed and answer.status_code in _HOLDING:
            self.last_failure = StepFailed(
                Status.PROTOCOL_ERROR, Step.REQUEST, "its answer is packed, against our wish"
            )
            self.unanswered += 1
        elif answer.status_code in _ITS_OWN_ERRORS:
            words = f"it answered with HTTP status {answer.status_code}, which tells nothing of what is there"
            self.last_failure = StepFailed(Status.PROTOCOL_ERROR, Step.REQUEST, words)
            self.unanswered += 1
        if self.server is None and "server" in answer.headers:
            self.server = clean(answer.headers["server"])
        _log.debug("%s %s: %d", method, template, answer.status_code)
        return answer

    async def ask_nonsense(self, within_s: float | None = None) -> WebAnswer | None:
        """Learns how a path that nobody serves is answered; the wait for this first answer may be bounded narrowly."""
        path = f"/leadglass-{secrets.token_hex(8)}"
        answer = await self.ask(path, "/{nonsense}", max_body_bytes=65_536, within_s=within_s)
        if answer is not None:
            self.nonsense, self.nonsense_answer = manner(answer, path), answer
        return answer

    def leave_open(self, template: str, answer: WebAnswer, words: str) -> None:
        """A question without a surface of its own stays open; `words` say what was seen, in words of ours."""
        self.left.append(
            Endpoint(method="GET", path=clean(template), status_code=answer.status_code, means=f"left open: {words}")
        )
        self.left_failure = self.left_failure or StepFailed(Status.PROTOCOL_ERROR, Step.REQUEST, words)
        self.unanswered += 1

    def lead_elsewhere(self, template: str, answer: WebAnswer, origin: str) -> None:
        """A path of DICOM leads to another server, or to this one by another door: what stands there is not known."""
        means = f"leads to {origin}, which is not followed"
        self.left.append(Endpoint(method="GET", path=clean(template), status_code=answer.status_code, means=means))
        if origin not in self.leads_to:
            self.leads_to.append(origin)

    async def like_nonsense(
        self, answer: WebAnswer, path: str, control: str = "", accept: str = "application/dicom+json"
    ) -> bool:
        """Whether a path was answered as nonsense is.

        `control` is what follows the root: asked under no root, once with and once without a slash at its path's end.
        """
        shown = manner(answer, path)
        if self.nonsense is not None and alike(shown, self.nonsense):
            return True
        if not control:
            return False
        slashed = control.partition("?")[0].endswith("/")
        kind = (slashed, accept)
        if kind not in self._controls:
            place = f"/leadglass-{secrets.token_hex(8)}{control}"
            nothing = await self.ask(place, "/{nonsense}/studies", accept=accept)
            self._controls[kind] = None if nothing is None else manner(nothing, place)
        known = self._controls[kind]
        return known is not None and alike(shown, known)

    async def walls_beside(self, root: str) -> bool:
        """Whether a login also stands before a path that nobody serves beside `root`: then it tells nothing of `root`.

        What lies under dcm4chee-arc's own prefix is its own, whatever else there asks for a login.
        """
        above = root.rpartition("/")[0]
        if not above or above.startswith(DCM4CHEE_PREFIX):
            return False
        answer = await self.ask(f"{above}/leadglass-{secrets.token_hex(8)}", f"{above}/{{nonsense}}", max_body_bytes=0)
        return answer is not None and answer.status_code in LOGIN_STATUSES

    @property
    def catch_all(self) -> bool | None:
        """Whether a nonsense path is answered as if it existed."""
        return None if self.nonsense is None else answers_everything(self.nonsense)

    def may(self, permission: Permission) -> bool:
        """Whether the scope permits it, and the budget has room for the records that it would bring."""
        return self.host.may(permission) and not self._spent(permission)

    def _spent(self, permission: Permission) -> bool:
        return permission is not Permission.CONNECT and not self.host.meter.records_left

    def spent(self) -> StepFailed | None:
        """The failure of a question for a record that was permitted, and not asked for want of budget."""
        if not (self.host.may(Permission.READ_RECORD) and self._spent(Permission.READ_RECORD)):
            return None
        return self.host.meter.out_of_records(Step.REQUEST)

    def unread(self) -> NoRecord:
        """Why a surface on which no record can be asked for gave none: not permitted, or not to be known there."""
        return NoRecord.UNDECIDED if self.host.may(Permission.READ_RECORD) else NoRecord.NOT_ASKED

    def received(self, records: int) -> None:
        """Counts patients' records that came."""
        self.host.meter.records += records

    def bill(self) -> Ledger:
        """What was spent since the last bill."""
        cost = self.host.meter.since(self._billed)
        self._billed = self.host.meter.ledger()
        return cost


class Inquiry:
    """What is being learnt about one surface; `probe` makes the value of it."""

    def __init__(self, session: WebSession, kind: SurfaceKind, base: str = "") -> None:
        """Nothing is proved yet."""
        self.session = session
        self.kind = kind
        self.base = base
        self.proof = Rung.OTHER
        self.no_record: NoRecord | None = None
        self.retrieval = Retrieval.NOT_ASKED
        self.way: Way | None = None
        self.products: tuple[str, ...] = ()
        self.version: str | None = None
        self.marks: list[str] = []
        self.ignored_keys: list[str] = []
        self.login_form: bool | None = None
        self.redirects_to: str | None = None
        self.landed = ""  # the path that redirects led to; never shown, the peer chose it
        self.challenge: str | None = None
        self.realm: str | None = None
        self.failure: StepFailed | None = None
        self.leads_to: tuple[str, ...] = ()
        self._endpoints: list[Endpoint] = []
        self._unanswered = 0

    async def ask(
        self,
        path: str,
        template: str,
        *,
        method: str = "GET",
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
    ) -> WebAnswer | None:
        """The session's answer; a failure is remembered for this surface."""
        before = self.session.unanswered
        answer = await self.session.ask(
            path, template, method=method, accept=accept, headers=headers, max_body_bytes=max_body_bytes
        )
        missed = self.session.unanswered - before
        if missed:
            self.failure = self.session.last_failure
            self._unanswered += missed
        if answer is not None and answer.status_code in LOGIN_STATUSES:
            scheme, realm = challenge_of(answer)
            self.challenge, self.realm = scheme or self.challenge, realm or self.realm
        return answer

    def note(self, template: str, answer: WebAnswer | None, means: str, method: str = "GET") -> None:
        """Remembers what an answer means; no answer means that there was none."""
        status = None if answer is None else answer.status_code
        words = means if answer is not None else "no answer"
        self._endpoints.append(Endpoint(method=method, path=clean(template), status_code=status, means=words))

    def take_over(self) -> None:
        """What was left open on this port by questions without a surface of their own is told on this one."""
        self.leads_to = tuple(self.session.leads_to)
        self._endpoints += self.session.left

    def mark(self, words: str) -> None:
        """Remembers by what the surface was recognised, in our own words."""
        if words not in self.marks:
            self.marks.append(words)

    def ignores(self, key: str) -> None:
        """Remembers a key that the server did not heed."""
        if key not in self.ignored_keys:
            self.ignored_keys.append(key)

    def probe(self, *, try_scheme: bool = False) -> Probe:
        """The surface with its way, billed for what was spent since the last one."""
        session, failure = self.session, self.failure
        session.unanswered -= self._unanswered
        self._unanswered = 0
        if self.proof is Rung.ADMITS and self.no_record is NoRecord.NOT_ASKED:
            spent = session.spent()
            failure = failure or spent
            self.no_record = NoRecord.UNDECIDED if spent is not None else NoRecord.NOT_ASKED
        web = WebFacts(
            base=clean(self.base),
            endpoints=tuple(self._endpoints),
            server=session.server,
            challenge=self.challenge,
            realm=self.realm,
            login_form=self.login_form,
            catch_all=session.catch_all,
            products=self.products,
            version=self.version,
            marks=tuple(self.marks),
            redirects_to=self.redirects_to,
            leads_to=self.leads_to,
            ignored_keys=tuple(self.ignored_keys),
        )
        facts = SurfaceFacts(
            web=web,
            tls=session.tls,
            no_record=self.no_record if self.proof is Rung.ADMITS else None,
            retrieval=self.retrieval,
        )
        surface = make_surface(
            self.kind,
            session.port,
            tls=session.client.secure,
            proof=self.proof,
            facts=facts,
            cost=session.bill(),
            failure=failure,
        )
        return Probe(surface=surface, way=self.way, try_scheme=try_scheme)
