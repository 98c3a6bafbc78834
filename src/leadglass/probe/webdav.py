"""Orthanc's WebDAV, on by default, lists patients as folders: one entry among them proves that it is read.

Cost: 1 request where nothing is; 2 to 5 where it is, along the first year and month, or the patients where no study has
a date, each cut at a small size. Names of
folders are looked at as far as they are dates, and never kept.
"""

import re
from urllib.parse import unquote

from leadglass.model.record import Record
from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.web_session import WebSession

MAX_LISTING_BYTES = 16_384  # about 40 entries; the first is enough
_RESPONSE = re.compile(rb"<(?:\w{1,20}:)?response[\s>]")
_HREF = re.compile(rb"<(?:\w{1,20}:)?href>\s*([^<]{1,1000}?)\s*</")
_DATES = (re.compile(r"\d{4}"), re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}"))
_LEVELS = ("{year}", "{month}", "{day}")


class _Listing(Record):
    """One folder: how many entries it shows beside itself, and the name of the first as its address gives it."""

    entries: int
    first: str | None


async def probe_webdav(session: WebSession, base: str) -> Inquiry | None:
    """Orthanc's WebDAV under `base`, None where it is not; another product's WebDAV is nothing of ours."""
    inquiry = Inquiry(session, SurfaceKind.ORTHANC_WEBDAV, f"{base}/webdav")
    folder = f"{base}/webdav/"
    answer = await _propfind(inquiry, folder, folder)
    if answer is None or answer.status_code != 207 or b"multistatus" not in answer.body:
        return None
    if not all(name in answer.body for name in (b"/by-dates", b"/by-studies", b"/by-patients")):
        return None
    inquiry.note(folder, answer, "its folders, without a login", "PROPFIND")
    inquiry.mark("the folders of Orthanc's WebDAV")
    inquiry.products = ("Orthanc",)
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = NoRecord.NOT_ASKED
    if session.may(Permission.READ_RECORD):
        await _walk(inquiry, f"{folder}by-dates/", f"{folder}by-dates/")
        if inquiry.no_record is NoRecord.NOTHING_FOUND and inquiry.proof is not Rung.READABLE:
            await _look(inquiry, f"{folder}by-patients/")  # studies without a date are under none (measured)
    if inquiry.proof is Rung.READABLE and session.may(Permission.REQUEST_IMAGES):
        inquiry.retrieval = Retrieval.UNDETERMINED  # only fetching a file would prove it, and none is fetched
    return inquiry


async def _walk(inquiry: Inquiry, folder: str, shown: str) -> None:
    """Down by the first entry while it is a date; the first that is none stands for a patient's study."""
    inquiry.no_record = NoRecord.UNDECIDED
    for depth in range(len(_LEVELS) + 1):
        answer = await _propfind(inquiry, folder, shown)
        listing = _read_listing(answer, folder)
        if listing is None:
            refused = answer is not None and answer.status_code in LOGIN_STATUSES
            inquiry.no_record = NoRecord.REFUSED if refused else NoRecord.UNDECIDED
            inquiry.note(shown, answer, "refused without a login" if refused else "no listing", "PROPFIND")
            return
        if not listing.entries:
            inquiry.no_record = NoRecord.NOTHING_FOUND
            inquiry.note(shown, answer, "an empty folder", "PROPFIND")
            return
        name = listing.first
        if depth < len(_LEVELS) and name is not None and _DATES[depth].fullmatch(name):
            inquiry.note(shown, answer, "folders by date", "PROPFIND")
            folder, shown = f"{folder}{name}/", f"{shown}{_LEVELS[depth]}/"
            continue
        if depth > 0 and name is not None:
            inquiry.session.received(listing.entries)
            inquiry.proof = Rung.READABLE
            inquiry.note(shown, answer, "patients' studies as folders", "PROPFIND")
        return


async def _look(inquiry: Inquiry, folder: str) -> None:
    """One folder whose entries are patients."""
    answer = await _propfind(inquiry, folder, folder)
    listing = _read_listing(answer, folder)
    if listing is not None and listing.entries:
        inquiry.session.received(listing.entries)
        inquiry.proof = Rung.READABLE
    inquiry.note(folder, answer, "patients as folders" if inquiry.proof is Rung.READABLE else "nobody", "PROPFIND")


async def _propfind(inquiry: Inquiry, folder: str, shown: str) -> WebAnswer | None:
    """The entries of one folder (RFC 4918 9.1)."""
    return await inquiry.ask(folder, shown, method="PROPFIND", headers={"Depth": "1"}, max_body_bytes=MAX_LISTING_BYTES)


def _read_listing(answer: WebAnswer | None, folder: str) -> _Listing | None:
    if answer is None or answer.status_code != 207 or b"multistatus" not in answer.body:
        return None
    if "content-encoding" in answer.headers:
        return None
    entries = max(0, len(_RESPONSE.findall(answer.body)) - 1)  # the folder itself is the first
    inside = []
    for found in _HREF.findall(answer.body):
        place = found.decode("latin-1")
        if place.startswith(folder) and place.rstrip("/") != folder.rstrip("/"):
            inside.append(unquote(place[len(folder) :].rstrip("/")))
    return _Listing(entries=min(entries, len(inside)), first=inside[0] if inside else None)
