"""A path that a person or a peer gave is safe to put into a request line: percent-encoded, bounded, one line."""

from urllib.parse import quote

MAX_PATH_LENGTH = 1000


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
