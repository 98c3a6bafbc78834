"""A page is known by its title and its login form; redirects are followed within the same origin and no further.

Cost: 1 to 4 requests for a start page. Only the name of a known viewer is kept, never a page's own title.
"""

import html
import re
from urllib.parse import SplitResult, urljoin, urlsplit

from leadglass.knowledge.web_marks import viewer_by_title
from leadglass.model.text import clean
from leadglass.model.words import Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.web_path import safe_path
from leadglass.probe.web_session import Inquiry, WebSession

MAX_PAGE_BYTES = 65_536
MAX_REDIRECTS = 3
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,200})</title", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^>]{0,500}\btype\s{0,9}=\s{0,9}[\"']?password\b", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}")
_DEFAULT_PORTS = {"http": 80, "https": 443}


async def look_at_page(session: WebSession, path: str) -> Inquiry:
    """The page at `path`: of kind viewer where its title is known, else web (which may be nothing of ours)."""
    inquiry = Inquiry(session, SurfaceKind.WEB)
    answer: WebAnswer | None = None
    shown = path
    for _ in range(MAX_REDIRECTS + 1):
        answer = await inquiry.ask(path, shown, accept="text/html, */*;q=0.1", max_body_bytes=MAX_PAGE_BYTES)
        onward = _redirect(inquiry, path, answer)
        if onward is None:
            break
        inquiry.note(shown, answer, "leads on within the server")
        path, shown = onward, "/{redirected}"  # the peer chose it, and may have put anything there
    if answer is None:
        inquiry.note(shown, None, "")
        return inquiry
    if 300 <= answer.status_code < 400:
        words = "leads elsewhere" if inquiry.redirects_to else "leads on without end"
        inquiry.note(shown, answer, words)
        return inquiry
    inquiry.landed = path
    text = answer.body.decode("utf-8", "replace")
    title = _TITLE.search(text)
    name = viewer_by_title(html.unescape(title.group(1))) if title else None
    if answer.status_code == 200:
        inquiry.login_form = _PASSWORD.search(text) is not None
    if name is None or answer.status_code != 200:
        inquiry.note(shown, answer, _in_words(inquiry, answer))
        return inquiry
    inquiry.kind = SurfaceKind.VIEWER
    inquiry.products = (name,)
    inquiry.mark("the title of its page")
    inquiry.proof = Rung.SPEAKS if inquiry.login_form else Rung.ADMITS
    inquiry.no_record = session.unread()
    inquiry.note(shown, answer, f"the page of {name}{', with a login form' if inquiry.login_form else ''}")
    return inquiry


def _in_words(inquiry: Inquiry, answer: WebAnswer) -> str:
    if answer.status_code in (401, 403):
        return "a login is asked for"
    if answer.status_code == 200:
        return "a login form of no known product" if inquiry.login_form else "a page of no known product"
    return "no page"


def _redirect(inquiry: Inquiry, path: str, answer: WebAnswer | None) -> str | None:
    """Where a redirect leads on this very server; elsewhere only its scheme and host are remembered."""
    if answer is None or answer.status_code not in (301, 302, 303, 307, 308):
        return None
    location = answer.headers.get("location", "")[:2000]
    session = inquiry.session
    scheme = "https" if session.client.secure else "http"
    name = session.host.name
    here = f"{scheme}://{f'[{name}]' if ':' in name else name}:{session.port}{path}"
    try:
        to = urlsplit(urljoin(here, location))
        port = to.port or _DEFAULT_PORTS.get(to.scheme)
    except ValueError:
        inquiry.redirects_to = "an address that cannot be read"
        return None
    if (to.scheme, to.hostname, port) == (scheme, name.lower(), session.port) and to.username is None:
        return safe_path(to.path or "/") + (f"?{safe_path(to.query)}" if to.query else "")
    inquiry.redirects_to = _origin(to, port)
    return None


def _origin(to: SplitResult, port: int | None) -> str:
    """Scheme and host alone: what follows may name a patient."""
    scheme = to.scheme if _SCHEME.fullmatch(to.scheme) else "unknown"
    host = clean(to.hostname or "", 100)
    if not host:
        return f"{scheme}:"
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}" + ("" if port in (None, _DEFAULT_PORTS.get(scheme)) else f":{port}")
