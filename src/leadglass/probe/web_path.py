"""A path that a person or a peer gave is safe to put into a request line, and leads to the roots that it stands for."""

import re
from urllib.parse import quote

MAX_PATH_LENGTH = 1000
_PAGE = re.compile(r"/[^/]*\.(?:html?|jsp|php|aspx?)\Z", re.IGNORECASE)
# Where Orthanc's own pages stand below its root: /app/explorer.html, and /ui/app/ of Orthanc Explorer 2.
_APP = re.compile(r"(?:/ui)?/app\Z")
# A root that a peer chose is shown with what is found there: words of a server's own, and nothing like a number.
_PLAIN = re.compile(r"(?:/[A-Za-z][A-Za-z_-]{0,30}[0-9]{0,2}){1,3}")


def safe_path(path: str) -> str:
    """`path` with everything but RFC 3986's own characters percent-encoded; encoded ones stay as they are."""
    return quote(path[:MAX_PATH_LENGTH], safe="/%-._~!$&'()*+,;=:@?")


def as_base(path: str) -> str:
    """The root that a given path stands for: no query, no trailing slash, no `/studies` at its end."""
    place = path.partition("?")[0].partition("#")[0].rstrip("/")
    place = place.removesuffix("/studies").rstrip("/")
    if not place:
        return ""
    return safe_path(place if place.startswith("/") else f"/{place}")


def bases_of(path: str) -> tuple[str, ...]:
    """The roots that a page's path stands for, the likeliest first; a path without a page stands for itself first."""
    given = as_base(path)
    folder = _PAGE.sub("", given)
    root = _APP.sub("", folder)
    order = (folder, root) if folder == given else (root, folder)
    return tuple(base for base in dict.fromkeys(order) if base)


def plain_root(path: str) -> str | None:
    """The DICOMweb root of a path to which a peer led, None where it ends in no `studies` or is not fit to be shown."""
    place = path.partition("?")[0].rstrip("/")
    root = place.removesuffix("/studies")
    return root if root != place and _PLAIN.fullmatch(root) else None


def base_behind(path: str) -> tuple[str, ...]:
    """The root of Orthanc's page that a peer led to, where its path is one, and plain enough to be shown."""
    folder = _PAGE.sub("", as_base(path))
    root = _APP.sub("", folder)
    return (root,) if root != folder and _PLAIN.fullmatch(root) else ()
