"""A question of QIDO-RS is put in the form that a server takes: its media type, its slash, and the key that it wants.

Cost: 1 request a question; 1 more once where DICOM's own media type is refused by 406, and 1 more each where every path
is led on to the same with a slash. Keys that a server may want with a query cost at most 4 questions, which bring one
record at most: each key is tried with a value that nobody has before it is asked for all.
"""

import secrets

from leadglass.model.ways import DicomwebWay
from leadglass.model.words import Permission
from leadglass.net.web import WebAnswer
from leadglass.probe.catch_all import LOGIN_STATUSES
from leadglass.probe.dicom_json import DICOM_JSON, STUDY_UID, Matches, read_matches
from leadglass.probe.redirects import Redirect, read_redirect
from leadglass.probe.web_session import Inquiry

MAX_PAGE_BYTES = 65_536  # one study's record is about 2 KiB; a server that ignores `limit` is cut off here
PLAIN_JSON = "application/json"  # what old archives know alone, though PS3.18 8.7.3.5 wants DICOM's type
_NOT_ACCEPTABLE = 406
_ALL_DATES = "19000101-21001231"


def impossible_uid() -> str:
    """A UID that no object has (PS3.5 B.2: 2.25 and a random number)."""
    return f"2.25.{secrets.randbits(120)}"


class Qido:
    """The questions to one root, and what was learnt of the form that they need."""

    def __init__(self, inquiry: Inquiry, template: str) -> None:
        """`template` is the root as it may be shown."""
        self.inquiry = inquiry
        self.template = template
        self.accept = DICOM_JSON
        self.slashed = False
        self.matching = ""  # the key that opens, with the value that fits all
        self.redirect: Redirect | None = None  # where the last question was led, if it was not followed

    @property
    def way(self) -> DicomwebWay:
        """How to count by the questions that were answered."""
        session = self.inquiry.session
        return DicomwebWay(
            port=session.port,
            secure=session.client.secure,
            base=self.inquiry.base,
            slashed=self.slashed,
            accept=self.accept,
            matching=self.matching,
        )

    async def ask(self, path: str, shown: str, max_body_bytes: int) -> WebAnswer | None:
        """The answer, in the other media type where DICOM's is refused."""
        answer = await self._at_its_end(path, shown, max_body_bytes)
        if answer is None or answer.status_code != _NOT_ACCEPTABLE or self.accept == PLAIN_JSON:
            return answer
        self.accept = PLAIN_JSON
        other = await self._at_its_end(path, shown, max_body_bytes)
        return answer if other is None else other

    async def _at_its_end(self, path: str, shown: str, max_body_bytes: int) -> WebAnswer | None:
        """The answer; where the server leads on to the same path with a slash at its end, the one that stands there."""
        answer = await self.inquiry.ask(path, shown, accept=self.accept, max_body_bytes=max_body_bytes)
        self.redirect = read_redirect(self.inquiry.session, path, answer)
        place, mark, query = path.partition("?")
        if self.redirect is None or (self.redirect.path or "").partition("?")[0] != f"{place}/":
            return answer
        self.slashed = True
        path = f"{place}/{mark}{query}"
        answer = await self.inquiry.ask(path, shown, accept=self.accept, max_body_bytes=max_body_bytes)
        self.redirect = read_redirect(self.inquiry.session, path, answer)
        return answer

    async def query(self, tail: str, shown: str, key: str) -> tuple[Matches | None, WebAnswer | None]:
        """One query for one match; what came is counted. `shown` is `tail` without its values."""
        answer = await self.ask(self.inquiry.base + tail, f"{self.template}{shown}", MAX_PAGE_BYTES)
        matches = None if answer is None else read_matches(answer, key)
        if matches is not None:
            self.inquiry.session.received(matches.objects)
            if matches.objects > 1:
                self.inquiry.ignores("limit")
        self.inquiry.note(f"{self.template}{shown}", answer, query_in_words(answer, matches))
        return matches, answer

    async def any_study(self) -> tuple[Matches | None, WebAnswer | None]:
        """One study, whichever."""
        return await self.query("/studies?limit=1", "/studies?limit=1", STUDY_UID)

    async def by_a_key(self, bare: WebAnswer) -> tuple[Matches | None, WebAnswer | None]:
        """One study of a server that answered `bare` where no key was given; an empty list where no key gave any."""
        empty: tuple[Matches | None, WebAnswer | None] = (None, None)
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
            empty = (matches, answer) if matches is not None else empty
        return empty

    async def _keyed(self, key: str, value: str, shown: str) -> tuple[Matches | None, WebAnswer | None]:
        return await self.query(f"/studies?{key}={value}&limit=1", f"/studies?{key}={shown}&limit=1", STUDY_UID)


def query_in_words(answer: WebAnswer | None, matches: Matches | None) -> str:
    """What the answer to a query means."""
    if matches is not None:
        return "a record" if matches.objects == 1 else "no match" if not matches.objects else "more than the one asked"
    if answer is not None and answer.status_code in LOGIN_STATUSES:
        return "refused without a login"
    return "no answer to the question"
