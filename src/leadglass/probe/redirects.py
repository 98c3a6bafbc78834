"""A redirect is read here: a path on this very server, or scheme and host of another, which nobody follows.

Cost: none of its own.
"""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

from leadglass.model.record import Record
from leadglass.model.text import clean
from leadglass.net.web import WebAnswer
from leadglass.probe.web_path import safe_path
from leadglass.probe.web_session import WebSession

_REDIRECTS = (301, 302, 303, 307, 308)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,20}")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Redirect(Record):
    """Where an answer leads: `path` on the same origin, or else `elsewhere` in words that may be shown."""

    path: str | None = None
    elsewhere: str | None = None


def read_redirect(session: WebSession, path: str, answer: WebAnswer | None) -> Redirect | None:
    """The redirect that answered `path`, None where it was none."""
    if answer is None or answer.status_code not in _REDIRECTS:
        return None
    location = answer.headers.get("location", "")[:2000]
    scheme = "https" if session.client.secure else "http"
    name = session.host.name
    here = f"{scheme}://{f'[{name}]' if ':' in name else name}:{session.port}{path}"
    try:
        to = urlsplit(urljoin(here, location))
        port = to.port or _DEFAULT_PORTS.get(to.scheme)
    except ValueError:
        return Redirect(elsewhere="an address that cannot be read")
    if (to.scheme, to.hostname, port) == (scheme, name.lower(), session.port) and to.username is None:
        return Redirect(path=safe_path(to.path or "/") + (f"?{safe_path(to.query)}" if to.query else ""))
    return Redirect(elsewhere=_origin(to, port))


def _origin(to: SplitResult, port: int | None) -> str:
    """Scheme and host alone: what follows may name a patient."""
    scheme = to.scheme if _SCHEME.fullmatch(to.scheme) else "unknown"
    host = clean(to.hostname or "", 100)
    if not host:
        return f"{scheme}:"
    place = f"[{host}]" if ":" in host else host
    return f"{scheme}://{place}" + ("" if port in (None, _DEFAULT_PORTS.get(scheme)) else f":{port}")
