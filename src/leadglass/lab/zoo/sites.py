"""Web servers whose answers are proper HTTP and lead astray: redirects, pages for everything, hostile words."""

import json
from collections.abc import Iterator

from leadglass.lab.http import Request
from leadglass.lab.zoo.animal import web
from leadglass.lab.zoo.web import DICOM_JSON, HTML, JSON, reply

OUTSIDE = "192.0.2.7"  # TEST-NET-1 (RFC 5737): nobody's, and in no scope of loopback
NEST_DEPTH = 100_000
ESCAPES = "\x1b]0;owned\x07\x1b[31m\x9b31m"
MARKUP = "<script>alert(1)</script>"
BACKWARDS = "\N{RIGHT-TO-LEFT OVERRIDE}evil\N{LINE SEPARATOR}"
_ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))


def page(title: str, body: str = "") -> bytes:
    """A page of HTML."""
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def redirect(location: str) -> bytes:
    """A redirect to wherever."""
    return reply(status=302, Location=location)


@web()
def redirect_outside(request: Request) -> Iterator[bytes]:
    """Redirects everything to an address outside every scope."""
    yield redirect(f"http://{OUTSIDE}{request.path}")


@web()
def redirect_to_a_neighbour(request: Request) -> Iterator[bytes]:
    """Redirects everything to another port of the caller's own machine."""
    yield redirect("http://127.0.0.1:1/")


@web()
def redirect_to_a_file(request: Request) -> Iterator[bytes]:
    """Redirects everything to a file of the caller's."""
    yield redirect("file:///etc/passwd")


@web()
def redirect_to_a_script(request: Request) -> Iterator[bytes]:
    """Redirects everything to a script."""
    yield redirect("javascript:alert('owned')")


@web()
def redirect_for_ever(request: Request) -> Iterator[bytes]:
    """Redirects everything to itself, one step deeper each time."""
    yield redirect(f"{request.path.rstrip('/')}/a")


@web()
def redirect_to_nowhere(request: Request) -> Iterator[bytes]:
    """Redirects everything to what is no address."""
    yield redirect("http://[::1\udc9b31m")


@web()
def the_same_page_for_everything(request: Request) -> Iterator[bytes]:
    """Answers every path by the same start page, with 200."""
    yield reply(page("OHIF Viewer", "<div id=root></div>"))


@web()
def the_same_list_for_everything(request: Request) -> Iterator[bytes]:
    """Answers every path by an empty list of JSON, with 200."""
    yield reply(b"[]", DICOM_JSON if "/studies" in request.path else JSON)


@web()
def login_page_that_answers_200(request: Request) -> Iterator[bytes]:
    """Answers every path by a login page, with 200."""
    form = '<form method="post"><input name="user"><input type="password" name="password"></form>'
    yield reply(page("Sign in", form), Server="nginx")


@web()
def nested_json(request: Request) -> Iterator[bytes]:
    """Answers everything by JSON that is nested 100,000 deep."""
    yield reply(b"[" * NEST_DEPTH + b"]" * NEST_DEPTH, DICOM_JSON if "/studies" in request.path else JSON)


@web()
def nested_objects(request: Request) -> Iterator[bytes]:
    """Answers everything by objects of JSON that are nested 100,000 deep and never end."""
    yield reply(b'{"a":' * NEST_DEPTH, DICOM_JSON if "/studies" in request.path else JSON)


@web()
def absurd_numbers(request: Request) -> Iterator[bytes]:
    """Counts 1e400 studies, minus five patients, and images in words."""
    body = b'{"CountStudies": 1e400, "CountPatients": -5, "CountInstances": "many", "count": 99999999999999999999999}'
    yield reply(body, JSON)


@web()
def absurd_types(request: Request) -> Iterator[bytes]:
    """Answers everything by records in which no value has the type that it should have."""
    records = [{"0020000D": 7}, 5, None, {"0020000D": {"vr": [], "Value": {"a": []}}}, {"00100010": "x"}, [[]]]
    yield reply(json.dumps(records).encode(), DICOM_JSON)


@web()
def entities_in_entities(request: Request) -> Iterator[bytes]:
    """Answers PROPFIND by XML whose entities multiply to gigabytes."""
    if request.method != "PROPFIND":
        yield reply(status=404)
        return
    document = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{_ENTITIES}]>'
    body = f'{document}<D:multistatus xmlns:D="DAV:"><D:response><D:href>&e9;</D:href></D:response></D:multistatus>'
    yield reply(body.encode(), "application/xml", 207)


def _shouted(request: Request, text: str) -> Iterator[bytes]:
    """A site with `text` in its title, its realm, its names and its records."""
    # A header holds no bell and no escape that h11 lets through: there the text stands without them.
    word = "".join(c for c in text if c.isprintable() or c == "\x9b")
    match request.path:
        case "/":
            yield reply(page(text, text), Server=word)
        case "/system":
            body = {"ApiVersion": 1, "Version": text, "DicomAet": text, "Name": text}
            yield reply(json.dumps(body).encode(), JSON, Server=word)
        case "/dcm4chee-arc/aets":
            yield reply(json.dumps([{"dicomAETitle": text[:16]}]).encode(), JSON)
        case path if path.endswith("/studies"):
            record = {"0020000D": {"vr": "UI", "Value": [text]}, "00100010": {"vr": "PN", "Value": [text]}}
            yield reply(json.dumps([record]).encode(), DICOM_JSON, Server=word)
        case _:
            yield reply(status=401, kind=f"{HTML}; {word}", Server=word, WWW_Authenticate=f'Basic realm="{word}"')


@web()
def escapes_on_a_site(request: Request) -> Iterator[bytes]:
    """Puts terminal escapes into its title, realm, names and records."""
    yield from _shouted(request, ESCAPES)


@web()
def markup_on_a_site(request: Request) -> Iterator[bytes]:
    """Puts HTML into its title, realm, names and records."""
    yield from _shouted(request, MARKUP)


@web()
def backwards_on_a_site(request: Request) -> Iterator[bytes]:
    """Puts a turn of the writing direction into its title, realm, names and records."""
    yield from _shouted(request, BACKWARDS)


@web()
def headers_of_any_bytes(request: Request) -> Iterator[bytes]:
    """Puts bytes of no character set into its headers, and 3,000 letters."""
    words = b"\xff\x1b[31m<script>" + b"A" * 3000
    yield b"HTTP/1.1 401 X\r\nContent-Length: 0\r\nServer: " + words + b"\r\nWWW-Authenticate: " + words + b"\r\n\r\n"
