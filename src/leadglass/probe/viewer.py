"""A page is known by its title and its login form; redirects are followed within the same origin and no further.

Cost: 1 to 4 requests for a start page. Only the name of a known viewer is kept, never a page's own title.
"""

import html
import re

from leadglass.knowledge.web_marks import viewer_by_title
from leadglass.model.words import Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.redirects import read_redirect
from leadglass.probe.web_session import WebSession

MAX_PAGE_BYTES = 65_536
MAX_REDIRECTS = 3
_TELLS_NOTHING = (400, 406, 421, 426)  # RFC 9110 15.5: this question was not liked, whatever is there
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,200})</title", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^>]{0,500}\btype\s{0,9}=\s{0,9}[\"']?password\b", re.IGNORECASE)


async def look_at_page(session: WebSession, path: str) -> Inquiry:
    """The page at `path`: of kind viewer where its title is known, else web (which may be nothing of ours)."""
    inquiry = Inquiry(session, SurfaceKind.WEB)
    answer: WebAnswer | None = None
    shown = path
    for _ in range(MAX_REDIRECTS + 1):
        answer = await inquiry.ask(path, shown, accept="text/html, */*;q=0.1", max_body_bytes=MAX_PAGE_BYTES)
        redirect = read_redirect(session, path, answer)
        onward = redirect.path if redirect is not None else None
        if onward is None:
            inquiry.redirects_to = redirect.elsewhere if redirect is not None else None
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
    if answer.status_code in _TELLS_NOTHING:
        session.undecided(f"its start page answers with HTTP status {answer.status_code}, which tells nothing")
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
