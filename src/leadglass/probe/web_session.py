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
_CHALLENGE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)(?:.*?\brealm\s*=\s*\"([^\"]*)\")?", re.IGNORECASE | re.DOTALL)
REFUSED = (401, 403)


class _Alike:
    """What of an answer is compared: status, type, and the body without the path that it may echo."""

    def __init__(self, answer: WebAnswer, path: str) -> None:
        body = answer.body.replace(path.partition("?")[0].encode(), b"")
        self._key = (answer.status_code, answer.media_type, sha256(body).digest())
        self._page = (answer.status_code, answer.media_type == "text/html")

    def same(self, other: "_Alike") -> bool:
        # A page that answers everything may carry a number that changes: any page of that status is that page.
        return self._key == other._key or (self._page == other._page and self._page[1])


class WebSession:
    """Asks, remembers what was asked in templates, and knows an answer that means nothing.

    `endpoints` are those since `begin`. A question that failed gives None; only a spent budget raises StepFailed.
    """

    def __init__(self, host: Host, port: int, *, tls: TlsFacts | None, contact: str) -> None:
        """`tls` is None for http. Opens nothing."""
        self.host = host
        self.port = port
        self.tls = tls
        self._client = WebClient(host, port, None if tls is None else Offer().context, contact)
        self._nonsense: _Alike | None = None
        self.endpoints: list[Endpoint] = []
        self.last_failure: StepFailed | None = None
        self.common: dict[str, str | bool | None] = {}
        self.products: tuple[str, ...] = ()

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
        path = f"/leadglass-{secrets.token_hex(8)}"
        answer = await self._client.ask(path)
        self._nonsense = _Alike(answer, path)
        everything = answer.status_code < 400 or answer.status_code in REFUSED
        self.common = {**login_of(answer), "server": _shown(answer.headers.get("server")), "catch_all": everything}
        return answer

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
        shown = template or path.partition("?")[0]
        try:
            answer = await self._client.ask(
                path, method=method, accept=accept, headers=headers, max_body_bytes=max_body_bytes
            )
        except StepFailed as failure:
            self.last_failure = failure
            self.endpoints.append(Endpoint(method=method, path=shown, status_code=None, means=failure.detail))
            if failure.status is Status.BUDGET_SPENT:
                raise
            return None
        _log.debug("%s %s answered %d", method, shown, answer.status_code)
        means = "as a path that nobody serves" if self.is_nonsense(answer, path) else answer_in_words(answer)
        self.endpoints.append(Endpoint(method=method, path=shown, status_code=answer.status_code, means=means))
        return answer

    def is_nonsense(self, answer: WebAnswer, path: str) -> bool:
        """Whether a path that nobody serves is answered alike."""
        return self._nonsense is not None and self._nonsense.same(_Alike(answer, path))

    def served(self, answer: WebAnswer | None, path: str) -> bool:
        """Whether `answer` is a success that means something."""
        return answer is not None and 200 <= answer.status_code < 300 and not self.is_nonsense(answer, path)

    def refused(self, answer: WebAnswer | None, path: str) -> bool:
        """Whether this very path, and not every path, is behind a login."""
        return answer is not None and answer.status_code in REFUSED and not self.is_nonsense(answer, path)

    def facts(self, base: str, **more: object) -> SurfaceFacts:
        """The facts of a surface, with what holds for the whole port."""
        values = {**self.common, "base": base, "endpoints": tuple(self.endpoints), "products": self.products, **more}
        return SurfaceFacts(web=WebFacts(**values), tls=self.tls)  # type: ignore[arg-type]  # checked by its tests


def login_of(answer: WebAnswer) -> dict[str, str | bool | None]:
    """Challenge and realm of an answer that asks for a login (RFC 9110 11.6.1)."""
    header = answer.headers.get("www-authenticate")
    found = _CHALLENGE.match(header[:1000]) if header and answer.status_code == 401 else None
    if found is None:
        return {"challenge": None, "realm": None}
    return {"challenge": clean(found[1]), "realm": _shown(found[2])}


def answer_in_words(answer: WebAnswer) -> str:
    """What a status says of a path, without a word of the body."""
    if answer.status_code in REFUSED:
        return "behind a login"
    if 200 <= answer.status_code < 300:
        return "served to a stranger"
    if 300 <= answer.status_code < 400:
        return "leads elsewhere"
    return "not served" if answer.status_code < 500 else "the server failed"


def _shown(value: str | None) -> str | None:
    return clean(value) if value else None
