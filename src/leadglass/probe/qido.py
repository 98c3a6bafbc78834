"""A question of QIDO-RS is put in the form that a server takes: its media type, its slash, and the key that it wants.

Cost: 1 request a question; the first that meets 406 or a slash is asked once more, and the later ones are not. Keys
that a server may want with a query cost at most 4 questions, which bring one record at most: each key is tried with a
value that nobody has before it is asked for all.
"""

import secrets

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Permission
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.dicom_json import DICOM_JSON, JSON, STUDY_UID, Matches, read_matches
from leadglass.probe.inquiry import Inquiry
from leadglass.probe.redirects import Redirect, read_redirect

MAX_PAGE_BYTES = 65_536  # one study's record is about 2 KiB; a server that ignores `limit` is cut off here
ANY_STUDY = "/studies?limit=1"
_NOT_ACCEPTABLE = 406
_ALL_DATES = "19000101-21001231"
_Found = tuple[Matches | None, WebAnswer | None]


def impossible_uid() -> str:
    """A UID that no object has (PS3.5 B.2: 2.25 and a random number)."""
    return f"2.25.{secrets.randbits(120)}"


class Qido:
    """The questions to one root; what a server wanted once, it is given from then on."""

    def __init__(self, inquiry: Inquiry, template: str) -> None:
        """`template` is the root as it may be shown."""
        self.inquiry = inquiry
        self.template = template
        self.accept = DICOM_JSON
        self.slash = ""
        self.matching = ""  # the key that opens, with the value that fits all
        self.redirect: Redirect | None = None  # where the last question was led

    @property
    def way(self) -> DicomwebWay:
        """How to count by the questions that were answered."""
        session = self.inquiry.session
        return DicomwebWay(
            port=session.port,
            secure=session.client.secure,
            base=self.inquiry.base,
            accept=self.accept,
            slash=self.slash,
            matching=self.matching,
        )

    def placed(self, tail: str) -> str:
        """`tail` as it is asked for below the root."""
        place, mark, query = tail.partition("?")
        return f"{place}{self.slash}{mark}{query}"

    async def ask(self, tail: str, shown: str, max_body_bytes: int = MAX_PAGE_BYTES) -> WebAnswer | None:
        """The answer to `tail` below the root; `shown` stands for it in the facts."""
        answer = await self._at_its_end(tail, shown, max_body_bytes)
        nonsense = self.inquiry.session.nonsense
        picky = answer is not None and answer.status_code == _NOT_ACCEPTABLE
        if not picky or self.accept == JSON or (nonsense is not None and nonsense.status_code == _NOT_ACCEPTABLE):
            return answer
        self.accept = JSON
        other = await self._at_its_end(tail, shown, max_body_bytes)
        return answer if other is None else other

    async def query(self, tail: str, shown: str, key: str) -> _Found:
        """One query for one match, `key` being the UID of its level; what came is counted and noted."""
        answer = await self.ask(tail, self.template + shown)
        matches = None if answer is None else read_matches(answer, key)
        if matches is not None:
            self.inquiry.session.received(matches.objects)
            if matches.objects > 1:
                self.inquiry.ignores("limit")
        self.inquiry.note(self.template + shown, answer, query_in_words(answer, matches))
        return matches, answer

    async def by_a_key(self, bare: WebAnswer) -> _Found:
        """One study of a server that answered `bare` where no key was given.

        An empty list where no key gave any; another answer than `bare` where none was a list.
        """
        last: _Found = (None, None)
        keys = (("StudyDate", "18000101", _ALL_DATES), ("PatientID", f"NOBODY{secrets.token_hex(8)}", "*"))
        for key, nobodys, everybodys in keys:
            if not self.inquiry.session.may(Permission.READ_RECORD):
                break
            matches, answer = await self._keyed(key, nobodys, "{impossible}")
            if answer is None:
                break
            if matches is not None and matches.objects:
                self.inquiry.ignores(key)
            elif matches is None and answer.status_code in (bare.status_code, *LOGIN_STATUSES):
                continue  # the key changes nothing
            else:
                matches, answer = await self._keyed(key, everybodys, everybodys)
            if matches is not None and matches.objects:
                self.matching = f"{key}={everybodys}"
                return matches, answer
            last = (matches, answer) if last[0] is None else last
        return last

    async def _keyed(self, key: str, value: str, shown: str) -> _Found:
        return await self.query(f"/studies?{key}={value}&limit=1", f"/studies?{key}={shown}&limit=1", STUDY_UID)

    async def _at_its_end(self, tail: str, shown: str, max_body_bytes: int) -> WebAnswer | None:
        """The answer; where the server leads on to the same path with a slash at its end, the one that stands there."""
        answer = await self._once(tail, shown, max_body_bytes)
        place = (self.inquiry.base + tail).partition("?")[0]
        to = "" if self.redirect is None else (self.redirect.path or "").partition("?")[0]
        if self.slash or to != f"{place}/":
            return answer
        self.slash = "/"
        return await self._once(tail, shown, max_body_bytes)

    async def _once(self, tail: str, shown: str, max_body_bytes: int) -> WebAnswer | None:
        path = self.inquiry.base + self.placed(tail)
        answer = await self.inquiry.ask(path, shown, accept=self.accept, max_body_bytes=max_body_bytes)
        self.redirect = read_redirect(self.inquiry.session, path, answer)
        return answer


def asks_who(answer: WebAnswer) -> bool:
    """Whether a login is asked for: a bare 403 may as well be for want of a key."""
    return answer.status_code == 401 or (answer.status_code == 403 and "www-authenticate" in answer.headers)


def query_in_words(answer: WebAnswer | None, matches: Matches | None) -> str:
    """What the answer to a query means."""
    if matches is not None:
        return "a record" if matches.objects == 1 else "no match" if not matches.objects else "more than the one asked"
    if answer is not None and answer.status_code in LOGIN_STATUSES:
        return "refused without a login"
    return "no answer to the question"
