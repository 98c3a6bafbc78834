"""Orthanc's WebDAV, on by default: a folder that a stranger may list names patients.

Cost: one request where nothing is there; at most four down one year and one month to an entry. No file is asked for.
"""

import re

from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.probe.outcome import Probe
from leadglass.probe.web_session import REFUSED, WebSession
from leadglass.probe.web_surface import web_probe

_RESPONSE = re.compile(rb"<(?:[A-Za-z]+:)?response[\s>]")
_YEAR = re.compile(rb"/webdav/by-dates/([0-9]{4})/?<")
_MONTH = re.compile(rb"/webdav/by-dates/[0-9]{4}/([0-9]{4}-[0-9]{2})/?<")
MAX_LISTING_BYTES = 65_536  # a hundred years, or the first of a month's studies


async def probe_webdav(session: WebSession) -> Probe | None:
    """The WebDAV surface, None where there is none."""
    session.begin()
    before, host = session.host.meter.ledger(), session.host
    code, body = await _list(session, "/webdav/", "/webdav/")
    # A refusal says nothing: many servers turn PROPFIND away everywhere, and /webdav is anybody's name for a folder.
    if code != 207 or b"/webdav/by-" not in body:
        return None
    no_record = await _read(session) if host.may(Permission.READ_RECORD) else NoRecord.NOT_ASKED
    readable = no_record is None
    asked = readable and host.may(Permission.REQUEST_IMAGES)
    return web_probe(
        session,
        SurfaceKind.ORTHANC_WEBDAV,
        Rung.READABLE if readable else Rung.ADMITS,
        session.facts("/webdav", marks=("/webdav/by-dates",)),
        before,
        no_record=no_record,
        # A listing names files and hands out none: what a stranger would get is not asked for.
        retrieval=Retrieval.UNDETERMINED if asked else Retrieval.NOT_ASKED,
    )


async def _read(session: WebSession) -> NoRecord | None:
    """None where an entry of a month's folder is listed, else why not."""
    root = "/webdav/by-dates/"
    code, body = await _list(session, root, root)
    year = _YEAR.search(body)
    if year is None:
        return _why(code)
    path = f"{root}{year[1].decode()}/"
    code, body = await _list(session, path, f"{root}{{year}}/")
    month = _MONTH.search(body)
    if month is None:
        return _why(code)
    code, body = await _list(session, f"{path}{month[1].decode()}/", f"{root}{{year}}/{{month}}/")
    entries = len(_RESPONSE.findall(body)) - 1 if code == 207 else 0  # the first is the folder itself
    if entries < 1:
        return _why(code)
    session.host.meter.records += entries
    return None


def _why(code: int | None) -> NoRecord:
    if code in REFUSED:
        return NoRecord.REFUSED
    return NoRecord.NOTHING_FOUND if code == 207 else NoRecord.UNDECIDED


async def _list(session: WebSession, path: str, template: str) -> tuple[int | None, bytes]:
    answer = await session.ask(
        path, template=template, method="PROPFIND", headers={"Depth": "1"}, max_body_bytes=MAX_LISTING_BYTES
    )
    return (None, b"") if answer is None else (answer.status_code, answer.body)
