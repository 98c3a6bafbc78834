"""One web port being asked: what a nonsense path answers is known before anything else is believed."""

import logging
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from types import TracebackType
from typing import Self

from leadglass.model.facts import Endpoint, SurfaceFacts, TlsFacts, WebFacts
from leadglass.model.text import clean
from leadglass.model.words import Status
from leadglass.net.errors import StepFailed
from leadglass.net.host import Host
from leadglass.net.tls import Offer
from leadglass.net.web import DEFAULT_MAX_BODY_BYTES, WebAnswer, WebClient

_log = logging.getLogger("leadglass.probe")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]{0,31})")
_BASIC = re.compile(r"(?:^|,)\s{0,8}(Basic)\b", re.IGNORECASE)
_REALM = re.compile(r"\brealm\s{0,8}=\s{0,8}(?:\"([^\"]*)\"|([^\s,\"]+))", re.IGNORECASE)
_NUMBER = re.compile(rb"[0-9]+")
_COMPARED = 4096
MAX_FAILED = 3  # in a row: a server that stops answering is left in peace
REFUSED = (401, 403)
_GONE = (Status.IO_TIMEOUT, Status.CONNECTION_TIMEOUT, Status.CONNECTION_REFUSED, Status.UNREACHABLE)


class _Alike:
    """What of an answer is compared: status, beginning without what it echoes and without numbers, login, type."""

    def __init__(self, answer: WebAnswer, path: str) -> None:
        # Answers are cut at different lengths, so that only the beginning of one can be compared.
        body = answer.body[:_COMPARED].replace(b"\\/", b"/")
        for echo in (path, path.partition("?")[0]):
            body = body.replace(echo.encode(), b"") if len(echo) > 1 else body
        self._key = (answer.status_code, sha256(_NUMBER.sub(b"", body)[: _COMPARED // 4]).digest())
        self._page = (answer.status_code, answer.media_type == "text/html")
        self._refused = answer.status_code in REFUSED
        self._realm = login_of(answer)["realm"]

    def same(self, other: "_Alike") -> bool:
        if self._refused and other._refused:
            return other._realm is None or self._realm == other._realm
        # A page that answers everything may carry anything that changes: any page of that status is that page.
        return self._key == other._key or (self._page == other._page and self._page[1])


class WebSession:
    """Asks, remembers what was asked in templates, and knows an answer that means nothing.

    `endpoints` are those since `begin`. A question that failed gives None. Where the budget is spent, or the server has
    stopped answering, that is `ended`, and all further questions give None without being asked.
    """

    def __init__(self, host: Host, port: int, *, tls: TlsFacts | None, contact: str) -> None:
        """`tls` is None for http. Opens nothing."""
        self.host = host
        self.port = port
        self.tls = tls
        self._client = WebClient(host, port, None if tls is None else Offer().context, contact)
        self._nonsense: list[_Alike] = []
        self._learned: set[str] = set()
        self._failed = 0
        self.endpoints: list[Endpoint] = []
        self._services: set[bytes] = set()
        self.ended: StepFailed | None = None
        self.other_names = 0
        self._salt = secrets.token_bytes(16)
        self.common: dict[str, str | bool | None] = {}

    async def __aenter__(self) -> Self:
        """The session itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Closes the connection."""
        await self._client.__aexit__(kind, value, traceback)

    def begin(self) -> None:
        """A new surface: its endpoints are noted from here on."""
        self.endpoints = []

    async def learn_nonsense(self) -> WebAnswer:
        """Asks a path that nobody serves. Raises StepFailed where the port does not answer as the web does."""
        path = f"/{_nobodys()}"
        answer = await self._client.ask(path)
        self._nonsense = [_Alike(answer, path)]
        everything = answer.status_code < 400 or answer.status_code in REFUSED
        self.common = {**login_of(answer), "server": _shown(answer.headers.get("server")), "catch_all": everything}
        return answer

    async def learn_under(self, base: str) -> None:
        """Asks a path that nobody serves under `base` too, once: there everything may be answered alike."""
        if base not in self._learned:
            self._learned.add(base)
            path = f"{base}/{_nobodys()}"
            answer = await self.ask(path, template=f"{base}/{{nonsense}}")
            self._nonsense += [_Alike(answer, path)] if answer is not None else []

    def note(self, sign: str) -> None:
        """A service gave this sign.

        A sign may hold a UID: only its digest is kept, under a salt of this session.
        """
        self._services.add(self._digest(sign))

    def is_known(self, sign: str) -> bool:
        """Whether a service gave this sign before, under another name."""
        return self._digest(sign) in self._services

    def _digest(self, sign: str) -> bytes:
        return sha256(self._salt + sign.encode()).digest()

    async def ask(
        self,
        path: str,
        *,
        template: str | None = None,
        method: str = "GET",
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_body_bytes: int = DEFAULT_MAX_BODY_BYTES,
    ) -> WebAnswer | None:
        """The answer, None where none came. `template` stands for the path in the facts where it has identifiers."""
        if self.ended is not None:
            return None
        shown = template or path.partition("?")[0]
        try:
            answer = await self._client.ask(
                path, method=method, accept=accept, headers=headers, max_body_bytes=max_body_bytes
            )
        except StepFailed as failure:
            self.endpoints.append(Endpoint(method=method, path=shown, status_code=None, means=failure.detail))
            self._failed = self._failed + 1 if failure.status in _GONE else 0
            if failure.status is Status.BUDGET_SPENT or self._failed == MAX_FAILED:
                self.ended = failure
            return None
        self._failed = 0
        _log.debug("%s %s answered %d", method, shown, answer.status_code)
        means = "as a path that nobody serves" if self.is_nonsense(answer, path) else answer_in_words(answer)
        self.endpoints.append(Endpoint(method=method, path=shown, status_code=answer.status_code, means=means))
        return answer

    def is_nonsense(self, answer: WebAnswer, path: str) -> bool:
        """Whether a path that nobody serves is answered alike."""
        alike = _Alike(answer, path)
        return any(nonsense.same(alike) for nonsense in self._nonsense)

    def served(self, answer: WebAnswer | None, path: str) -> bool:
        """Whether `answer` is a success that means something."""
        return answer is not None and 200 <= answer.status_code < 300 and not self.is_nonsense(answer, path)

    def refused(self, answer: WebAnswer | None, path: str) -> bool:
        """Whether this very path, and not every path, is behind a login."""
        return answer is not None and answer.status_code in REFUSED and not self.is_nonsense(answer, path)

    def facts(self, base: str, **more: object) -> SurfaceFacts:
        """The facts of a surface, with what holds for the whole port."""
        values = {**self.common, "base": base, "endpoints": tuple(self.endpoints), **more}
        return SurfaceFacts(web=WebFacts(**values), tls=self.tls)  # type: ignore[arg-type]  # checked by its tests


def login_of(answer: WebAnswer) -> dict[str, str | bool | None]:
    """Challenge and realm of an answer that asks for a login (RFC 9110 11.6.1)."""
    header = answer.headers.get("www-authenticate")
    header = header[:1000] if header and answer.status_code == 401 else ""
    # Of several ways to log in, the one that sends a password as it is says most.
    scheme, realm = _BASIC.search(header) or _SCHEME.match(header), _REALM.search(header)
    return {
        "challenge": clean(scheme[1]) if scheme else None,
        "realm": _shown(realm[1] or realm[2]) if scheme and realm else None,
    }


def answer_in_words(answer: WebAnswer) -> str:
    """What a status says of a path, without a word of the body."""
    if answer.status_code in REFUSED:
        return "behind a login"
    if 200 <= answer.status_code < 300:
        return "served to a stranger"
    if 300 <= answer.status_code < 400:
        return "leads elsewhere"
    return "not served" if answer.status_code < 500 else "the server failed"


def _nobodys() -> str:
    """A name that no server has."""
    return f"leadglass-{secrets.token_hex(8)}"


def _shown(value: str | None) -> str | None:
    return clean(value) if value else None
