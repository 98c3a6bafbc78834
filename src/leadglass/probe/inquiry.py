"""One web surface while it is being learnt about: answers go in, and what they prove, mark and cost becomes its value.

Cost: none of its own.
"""

from collections.abc import Mapping

from leadglass.model.facts import Endpoint, SurfaceFacts, WebFacts
from leadglass.model.text import clean
from leadglass.model.ways import Way
from leadglass.model.words import NoRecord, Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.errors import StepFailed
from leadglass.net.web import DEFAULT_MAX_BODY_BYTES, WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES, challenge_of
from leadglass.probe.outcome import Probe, make_surface
from leadglass.probe.web_session import WebSession


class Inquiry:
    """What is being learnt about one surface; `probe` makes the value of it."""

    def __init__(self, session: WebSession, kind: SurfaceKind, base: str = "", shown: str | None = None) -> None:
        """Nothing is proved yet. `shown` stands for a `base` that the peer chose: it may hold anything."""
        self.session = session
        self.kind = kind
        self.base = base
        self._shown = base if shown is None else shown
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
        """What questions without a surface of their own left open on this port is told on this one."""
        session = self.session
        self.failure = session.last_failure if session.unanswered else None
        if self.failure is None and session.leads_to:
            words = f"paths of DICOM lead on to {', '.join(session.leads_to)}, which is not followed"
            self.failure = StepFailed(Status.NOT_ANSWERED, Step.REQUEST, words)
        self.leads_to = tuple(session.leads_to)
        self._endpoints += session.left
        self._unanswered = session.unanswered

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
        unanswered, self._unanswered = self._unanswered, 0
        session.unanswered -= unanswered
        if self.proof is Rung.ADMITS and self.no_record is NoRecord.NOT_ASKED:
            spent = session.spent()
            failure = failure or spent
            self.no_record = NoRecord.UNDECIDED if spent is not None else NoRecord.NOT_ASKED
        web = WebFacts(
            base=clean(self._shown),
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
            unanswered=unanswered,
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
