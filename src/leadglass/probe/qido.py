"""QIDO-RS is asked in the way that a server wants: as DICOM's JSON or plain, with a slash at its end or without.

Cost: one request a question; the first that meets 406 or a slash is asked once more, and the later ones are not.
"""

from leadglass.model.ways import DicomwebWay
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.dicom_json import DICOM_JSON, JSON, Matches, read_matches
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.redirects import read_redirect

MAX_PAGE_BYTES = 65_536  # one study's record is about 2 KiB; a server that ignores `limit` is cut off here
_NOT_ACCEPTABLE = 406


class Qido:
    """The questions to one root; what a server wanted once, it is given from then on."""

    def __init__(self, inquiry: Inquiry, template: str) -> None:
        """`template` is the root as it may be shown."""
        self.inquiry = inquiry
        self.template = template
        self.accept = DICOM_JSON
        self.slash = ""

    async def ask(self, tail: str, shown: str, max_body_bytes: int = MAX_PAGE_BYTES) -> WebAnswer | None:
        """The answer to `tail` below the root, in the way that it is given; `shown` stands for it in the facts."""
        answer = await self._once(tail, shown, max_body_bytes)
        if not self.slash and self._leads_to_slash(tail, answer):
            self.slash = "/"
            answer = await self._once(tail, shown, max_body_bytes)
        nonsense = self.inquiry.session.nonsense
        picky = answer is not None and answer.status_code == _NOT_ACCEPTABLE
        if picky and self.accept != JSON and (nonsense is None or nonsense.status_code != _NOT_ACCEPTABLE):
            self.accept = JSON
            answer = await self._once(tail, shown, max_body_bytes)
        return answer

    async def query(self, tail: str, shown: str, key: str) -> tuple[Matches | None, WebAnswer | None]:
        """One query for one match, `key` being the UID of its level; what came is counted and noted."""
        answer = await self.ask(tail, self.template + shown)
        matches = None if answer is None else read_matches(answer, key)
        if matches is not None:
            self.inquiry.session.received(matches.objects)
            if matches.objects > 1:
                self.inquiry.ignores("limit")
        self.inquiry.note(self.template + shown, answer, query_in_words(answer, matches))
        return matches, answer

    def placed(self, tail: str) -> str:
        """`tail` as it is asked for below the root."""
        place, mark, query = tail.partition("?")
        return f"{place}{self.slash}{mark}{query}"

    def way(self, *, dates: str | None) -> DicomwebWay:
        """How this root is counted; `dates` is the range of study dates that it wants with every query."""
        session = self.inquiry.session
        return DicomwebWay(
            port=session.port,
            secure=session.client.secure,
            base=self.inquiry.base,
            accept=self.accept,
            slash=self.slash,
            date_range=dates,
        )

    async def _once(self, tail: str, shown: str, max_body_bytes: int) -> WebAnswer | None:
        path = self.inquiry.base + self.placed(tail)
        return await self.inquiry.ask(path, shown, accept=self.accept, max_body_bytes=max_body_bytes)

    def _leads_to_slash(self, tail: str, answer: WebAnswer | None) -> bool:
        path = self.inquiry.base + tail
        redirect = read_redirect(self.inquiry.session, path, answer)
        return redirect is not None and (redirect.path or "").partition("?")[0] == f"{path.partition('?')[0]}/"


def query_in_words(answer: WebAnswer | None, matches: Matches | None) -> str:
    """What the answer to a query means."""
    if matches is not None:
        return "a record" if matches.objects == 1 else "no match" if not matches.objects else "more than the one asked"
    if answer is not None and answer.status_code in LOGIN_STATUSES:
        return "refused without a login"
    return "no answer to the question"
