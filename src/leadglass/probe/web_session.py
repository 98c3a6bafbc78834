"""One web port's questions pass through here: failures become values, and every surface is billed what it cost.

Cost: one request for a nonsense path, and one more for each form of a control under a nonsense root.
"""

import logging
import secrets
from collections.abc import Mapping

from leadglass.knowledge.web_roots import DCM4CHEE_PREFIX
from leadglass.model.assessment import Ledger
from leadglass.model.facts import Endpoint, TlsFacts
from leadglass.model.text import clean
from leadglass.model.words import NoRecord, Permission, Status, Step
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.web import DEFAULT_MAX_BODY_BYTES, WebAnswer, WebClient
from leadglass.probe.catch_all import LOGIN_STATUSES, Manner, alike, answers_everything, manner
from leadglass.probe.dicom_json import DICOM_JSON

MAX_FAILURES_IN_A_ROW = 3  # a server that stopped answering is left alone
_NO_USE_GOING_ON = (Status.BUDGET_SPENT, Status.TLS_ERROR, Status.OUT_OF_SCOPE, Status.CONNECTION_REFUSED)
_HOLDING = (200, 207)  # what is packed in any other answer says nothing that we want
_NOT_IMPLEMENTED = 501  # the one of a server's own errors that says that nothing is there (RFC 9110 15.6.2)
_NOT_NOW = (408, 425, 429)  # RFC 9110 15.5.9, RFC 8470 5.2, RFC 6585 4: not for want of anything of ours
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
        self.left: list[Endpoint] = []  # where a question without a surface of its own stayed open
        self.leads_to: list[str] = []  # origins to which paths of DICOM led, and which are not followed
        self.roots_led_to: list[str] = []  # roots of this server to which others led
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
        elif answer.status_code in _NOT_NOW or (answer.status_code >= 500 and answer.status_code != _NOT_IMPLEMENTED):
            self.undecided(f"it answered with HTTP status {answer.status_code}, which tells nothing of what is there")
        if self.server is None and "server" in answer.headers:
            self.server = clean(answer.headers["server"])
        _log.debug("%s %s: %d", method, template, answer.status_code)
        return answer

    def undecided(self, why: str) -> None:
        """A question was answered in a way that tells nothing of what is there."""
        self.last_failure = StepFailed(Status.NOT_ANSWERED, Step.REQUEST, why)
        self.unanswered += 1

    async def ask_nonsense(self, within_s: float | None = None) -> WebAnswer | None:
        """Learns how a path that nobody serves is answered; the wait for this first answer may be bounded narrowly."""
        path = f"/leadglass-{secrets.token_hex(8)}"
        answer = await self.ask(path, "/{nonsense}", max_body_bytes=65_536, within_s=within_s)
        if answer is not None:
            self.nonsense, self.nonsense_answer = manner(answer, path), answer
        return answer

    async def like_nonsense(self, answer: WebAnswer, path: str, control: str = "", accept: str = DICOM_JSON) -> bool:
        """Whether a path was answered as nonsense is.

        `control` is what follows the root: asked under no root, once with and once without a slash at its path's end,
        and once for each type that is accepted.
        """
        shown = manner(answer, path)
        if self.nonsense is not None and alike(shown, self.nonsense):
            return True
        if not control:
            return False
        form = (control.partition("?")[0].endswith("/"), accept)
        if form not in self._controls:
            place = f"/leadglass-{secrets.token_hex(8)}{control}"
            nothing = await self.ask(place, "/{nonsense}/studies", accept=accept)
            self._controls[form] = None if nothing is None else manner(nothing, place)
        known = self._controls[form]
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
