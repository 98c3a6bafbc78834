"""An answer counts only where it differs from the answer to nonsense: login walls and one-page apps mislead nobody.

Cost: none of its own; it compares answers that others asked for. Bodies are compared as digests.
"""

import hashlib
import html
import re
from urllib.parse import unquote

from leadglass.model.record import Record
from leadglass.model.text import clean
from leadglass.net.web import WebAnswer

LOGIN_STATUSES = (401, 403)
_REALM = re.compile(r"\brealm\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|([^\s,\"]+))", re.IGNORECASE)
_BASIC = re.compile(r"(?:\A|,)\s{0,9}Basic\b", re.IGNORECASE)
# Counters, times and tokens that an answer to everything may carry.
_CHANGING = re.compile(rb"[0-9a-fA-F]{8,}|[0-9]+")
_PAGES = ("text/html", "application/xhtml+xml")


class Manner(Record):
    """How a path was answered, without the echo of the path itself."""

    status_code: int
    media_type: str
    realm: str | None
    digest: str


def manner(answer: WebAnswer, path: str) -> Manner:
    """The manner of an answer to `path` (with its query)."""
    return Manner(
        status_code=answer.status_code,
        media_type=answer.media_type,
        realm=challenge_of(answer)[1],
        digest=hashlib.sha256(_CHANGING.sub(b"0", without_echo(answer.body, path))).hexdigest(),
    )


def without_echo(body: bytes, path: str) -> bytes:
    """`body` without the path and the query that were asked for: error pages repeat them."""
    place, _, query = path.partition("?")
    echoes = {form for part in (path, place, query) for form in (part, unquote(part), html.escape(part)) if part != "/"}
    for echo in sorted(echoes, key=len, reverse=True):
        if echo:
            body = body.replace(echo.encode(), b"")
    return body


def alike(one: Manner, other: Manner) -> bool:
    """Whether two paths were answered in the same manner.

    Pages and logins carry tokens that change from answer to answer, so their bodies are not compared.
    """
    if one.status_code != other.status_code:
        return False
    if one.status_code in LOGIN_STATUSES:
        return one.realm == other.realm
    if 300 <= one.status_code < 400:
        return True
    if one.media_type != other.media_type:
        return False
    return one.digest == other.digest or (one.status_code == 200 and one.media_type in _PAGES)


def answers_everything(nonsense: Manner) -> bool:
    """Whether a nonsense path is met as if it existed: by a page, a login or a redirect."""
    return nonsense.status_code < 400 or nonsense.status_code in LOGIN_STATUSES


def challenge_of(answer: WebAnswer) -> tuple[str | None, str | None]:
    """Scheme and realm of WWW-Authenticate (RFC 9110 11.6.1), made harmless; None where there is none."""
    field = answer.headers.get("www-authenticate", "").strip()
    if not field:
        return None, None
    found = _REALM.search(field[:2000])
    # Of several ways to log in, the one that sends a password as it is says most.
    scheme = "Basic" if _BASIC.search(field[:2000]) else field.partition(" ")[0].rstrip(",")
    return clean(scheme, 40), clean(found.group(1) or found.group(2) or "") if found else None
