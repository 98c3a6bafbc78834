"""Dicoogle's search is recognised by its answer to an impossible query, and read by one for a single result.

Cost: 1 request where nothing is, 2 or 3 where it is. As far as is known of its API (GET /search with query, keyword,
psize and offset; an object with `results`), from its source (SearchServlet), not measured: older releases ignore
`psize`, so the first question that may find something is bounded by a month; they leave `results` out where there is
none, and give one alone without a list around it.
"""

import re
from typing import Any
from urllib.parse import quote

from leadglass.model.words import NoRecord, Permission, Retrieval, Rung, SurfaceKind
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.json_shapes import is_count, json_object
from leadglass.probe.qido import MAX_PAGE_BYTES, impossible_uid
from leadglass.probe.web_session import WebSession

_QUERIES = ("StudyDate:[20240101 TO 20240131]", "StudyDate:[19000101 TO 21001231]")
_CUT = re.compile(rb'\s*\{\s*"results"\s*:\s*\[\s*\{')


async def probe_dicoogle(session: WebSession) -> Inquiry | None:
    """Dicoogle's search, None where it is not. A login under /search proves nothing: any server may have one."""
    inquiry = Inquiry(session, SurfaceKind.DICOOGLE_REST)
    shown = "/search?query=StudyInstanceUID:{impossible}&psize=1"
    path = f"/search?query=StudyInstanceUID:{impossible_uid()}&keyword=true&psize=1&offset=0"
    answer = await inquiry.ask(path, shown, max_body_bytes=MAX_PAGE_BYTES)
    if answer is None or not _is_search(answer) or await session.like_nonsense(answer, path):
        return None
    found = _results(answer)
    if found is None:
        return None
    inquiry.products = ("Dicoogle",)
    inquiry.proof = Rung.ADMITS
    inquiry.no_record = NoRecord.NOT_ASKED
    inquiry.mark("/search answers in the form of Dicoogle's")
    if found:
        inquiry.note(shown, answer, "a record, though the key fits none")
        inquiry.ignores("StudyInstanceUID")
        session.received(found)
        inquiry.proof = Rung.READABLE
        return inquiry
    inquiry.note(shown, answer, "no match, as it should be")
    if session.may(Permission.READ_RECORD):
        await _read(inquiry)
    if inquiry.proof is Rung.READABLE and session.may(Permission.REQUEST_IMAGES):
        inquiry.retrieval = Retrieval.UNDETERMINED  # only fetching a file would prove it, and none is fetched
    return inquiry


async def _read(inquiry: Inquiry) -> None:
    for query in _QUERIES:
        shown = f"/search?query={query}&psize=1"
        path = f"/search?query={quote(query, safe=':')}&keyword=true&psize=1&offset=0"
        answer = await inquiry.ask(path, shown, max_body_bytes=MAX_PAGE_BYTES)
        found = None if answer is None else _results(answer)
        if found:
            inquiry.session.received(found)
            inquiry.proof = Rung.READABLE
            inquiry.note(shown, answer, "a record" if found == 1 else "more than the one asked")
            if found > 1:
                inquiry.ignores("psize")
            return
        refused = answer is not None and answer.status_code in LOGIN_STATUSES
        inquiry.no_record = NoRecord.NOTHING_FOUND if found == 0 else NoRecord.UNDECIDED
        if refused:
            inquiry.no_record = NoRecord.REFUSED
        inquiry.note(shown, answer, "no match" if found == 0 else "refused without a login" if refused else "no answer")


def _is_search(answer: WebAnswer) -> bool:
    """Whether the form is Dicoogle's: `results` beside its own count or time."""
    value = json_object(answer)
    if not value:
        return answer.status_code == 200 and not answer.whole and _results(answer) is not None
    told = [is_count(value.get(key)) for key in ("numResults", "elapsedTime")]
    return any(told) if isinstance(value.get("results"), list) else all(told)


def _results(answer: WebAnswer) -> int | None:
    """How many results came, at least; None where the answer is no search's."""
    if answer.status_code != 200 or "content-encoding" in answer.headers:
        return None
    if not answer.whole:
        seen = len(re.findall(rb'"fields"\s*:\s*\{', answer.body))
        return seen if _CUT.match(answer.body) and seen else None
    value = json_object(answer)
    results = value.get("results")
    if "results" not in value and is_count(value.get("numResults")):
        return 0 if value["numResults"] == 0 else None
    if isinstance(results, dict):
        results = [results]
    if not isinstance(results, list):
        return None
    return len(results) if all(_is_result(result) for result in results) else None


def _is_result(result: Any) -> bool:
    return isinstance(result, dict) and ("uri" in result or isinstance(result.get("fields"), dict))
