"""A start page is known by its title; redirects are followed only where they stay at the same door.

Cost: one request, and one a redirect, three at most. Of a title only the product that it names is kept.
"""

import re
from urllib.parse import urljoin, urlsplit

from leadglass.knowledge.web_marks import viewer_by_title
from leadglass.model.text import clean
from leadglass.net.web import WebAnswer
from leadglass.probe.web_session import WebSession, login_of

MAX_REDIRECTS = 3
# Every repeat is bounded: a page is made by whoever answers, and could otherwise keep us matching for hours.
_TITLE = re.compile(rb"<title(?:\s[^>]{0,200})?>([^<]{1,300})", re.IGNORECASE)
_PASSWORD = re.compile(rb"<input\s[^>]{0,300}?\btype\s{0,4}=\s{0,4}[\"']?password", re.IGNORECASE)


class Page:
    """What the start page came to."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.viewer: str | None = None
        self.login_form: bool | None = None
        self.redirects_to: str | None = None
        self.login: dict[str, str | bool | None] = {}
        self.status_code: int | None = None


async def read_page(session: WebSession, path: str) -> Page:
    """The page under `path`."""
    page, asked = Page(), path or "/"
    for _ in range(MAX_REDIRECTS + 1):
        # Where a redirect leads is the server's own text, and is followed but not kept.
        template = None if asked == (path or "/") else "/{redirect}"
        answer = await session.ask(asked, template=template, accept="text/html,*/*;q=0.5")
        if answer is None:
            return page
        page.status_code = answer.status_code
        location = answer.headers.get("location", "")
        if not (300 <= answer.status_code < 400 and location):
            _read(page, answer)
            return page
        following, elsewhere = _led(session, asked, location)
        if following is None:
            page.redirects_to = elsewhere
            return page
        asked = following
    return page


def _read(page: Page, answer: WebAnswer) -> None:
    page.login = login_of(answer)
    if answer.media_type not in ("text/html", "application/xhtml+xml", ""):
        return
    title = _TITLE.search(answer.body)
    page.viewer = viewer_by_title(title[1].decode("utf-8", "replace")) if title else None
    page.login_form = bool(_PASSWORD.search(answer.body))


def _led(session: WebSession, asked: str, location: str) -> tuple[str | None, str]:
    """The path that a redirect leads to at the same scheme, host and port, None where it leads elsewhere; and where."""
    scheme = "https" if session.tls is not None else "http"
    name = f"[{session.host.name}]" if ":" in session.host.name else session.host.name
    here = f"{scheme}://{name}:{session.port}"
    try:
        there = urlsplit(urljoin(here + asked, location[:2000]))
        usual = 443 if there.scheme == "https" else 80
        port = there.port or usual
        same = (there.scheme, there.hostname, port) == (scheme, session.host.name.lower(), session.port)
    except ValueError:
        return None, "an unreadable address"
    host = f"[{there.hostname}]" if ":" in (there.hostname or "") else there.hostname or ""
    elsewhere = clean(f"{there.scheme}://{host}" + (f":{port}" if port != usual else ""))
    path = there.path or "/"
    legal = path.isascii() and path.isprintable() and " " not in path and path.startswith("/")
    # A query could carry anything back to the server: the path alone is followed.
    return (path if same and legal and there.username is None else None), elsewhere
